/** The parts of the app's logic, each built once from the settings and what the device can do. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { focusManager, onlineManager, type QueryClient } from '@tanstack/react-query';

import { createApi, type Api } from '@/api';
import { createOutbox, type Outbox } from '@/outbox/outbox';
import { send } from '@/outbox/send';
import type { Effects } from '@/platform/effects';
import { openTask } from '@/push/openTask';
import { createPush, type Push } from '@/push/push';
import { createChoice, type Choice } from '@/repos/choice';
import { createSession, type SessionStore } from '@/session/session';
import type { Settings } from '@/settings';
import { createKeeper, createQueryClient, showAccepted, type Keeper } from '@/tasks/cache';
import { createDecider, type Decider } from '@/tasks/deciding';
import type { Reader } from '@/tasks/reading';
import { acceptedTask } from '@/tasks/state';

export type Core = {
  effects: Effects;
  developerSignIn: boolean;
  session: SessionStore;
  outbox: Outbox;
  decider: Decider;
  push: Push;
  choice: Choice;
  client: QueryClient;
  keeper: Keeper;
  /** Asks in one user's name; as somebody else it is `signed_out`. */
  apiOf(userId: string): Api;
  reader(userId: string): Reader;
  /** @returns what stops everything. */
  start(): () => void;
};

/** @param auth Supabase's; null where none was named. */
export function createCore(
  { apiUrl, developerSignIn }: Settings,
  effects: Effects,
  auth: SupabaseClient['auth'] | null,
): Core {
  const { storage, fetch, later, now, isInFront, isOnline } = effects;
  const client = createQueryClient();
  const keeper = createKeeper(client, storage, now);
  const choice = createChoice(storage);
  const session = createSession({ ...effects, auth, developerSignIn });
  const apis = new Map<string, Api>();

  function userId(): string | null {
    const current = session.get();
    return current.state === 'signed_in' ? current.account.userId : null;
  }

  function apiOf(user: string): Api {
    const tokens = session.tokensOf(user);
    const api = apis.get(user) ?? createApi({ baseUrl: apiUrl, fetch, later, now, tokens });
    apis.set(user, api);
    return api;
  }

  const outbox = createOutbox({
    ...effects,
    sender: userId,
    owner: session.owner,
    send: (entry, audio) => send(apiOf(entry.userId), entry, audio),
  });
  outbox.onAccepted(({ userId: user, createdAt, kind, text, repo }, jobId) =>
    showAccepted(
      client,
      user,
      acceptedTask({
        job_id: jobId,
        created_at: createdAt,
        phase: kind === 'text' ? 'understood' : 'heard',
        transcript: text,
        repo,
      }),
    ),
  );
  const decider = createDecider({ ...effects, client, outbox, apiOf });
  const push = createPush({ ...effects, userId, apiOf, openTask: openTask.get });
  session.onFarewell(push.forget);

  /** Opens what belongs to whoever has signed in; hides it, or wipes it, when they are gone. */
  let opened: string | null = null;
  function follow(): void {
    const current = session.get();
    const user = userId();
    if (user === opened) return;
    const before = opened;
    opened = user;
    apis.clear();
    void choice.open(user);
    if (user !== null) {
      void keeper.open(user);
      void push.open(user);
      void outbox.kick();
    } else if (before !== null) {
      const isFarewell = current.state === 'signed_out' && current.because === 'signed_out';
      if (isFarewell) void keeper.wipe(before);
      else keeper.close();
    }
  }

  return {
    effects,
    developerSignIn,
    session,
    outbox,
    decider,
    push,
    choice,
    client,
    keeper,
    apiOf,
    reader: (user) => ({ api: apiOf(user), client, userId: user }),
    start() {
      onlineManager.setOnline(isOnline.get());
      focusManager.setFocused(isInFront.get());
      const stops = [
        session.subscribe(follow),
        isOnline.subscribe((now) => onlineManager.setOnline(now)),
        isInFront.subscribe((now) => focusManager.setFocused(now)),
        isInFront.subscribe((isBack) => void (isBack && outbox.kick())),
        session.start(),
        outbox.start(),
        push.start(),
      ];
      follow();
      return () => stops.forEach((stop) => stop());
    },
  };
}
