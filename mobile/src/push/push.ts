/** Whether, where and how this device is told about its user's tasks. */
import { ApiProblem, type Api } from '@/api';
import type { components } from '@/api/schema';
import type { Effects } from '@/platform/effects';
import { createStore } from '@/platform/store';

import { pushDataOf } from './data';
import type { Device, Permission, Registration } from './service';

export type QuietHours = components['schemas']['QuietHours'];

export type PushState = {
  state: Permission;
  /** Of this device. */
  quietHours: QuietHours | null;
  /** Of the user, on all their devices; as it was last chosen here. */
  onlyWhenNeeded: boolean;
};

export type PushEffects = Pick<Effects, 'push' | 'storage' | 'isInFront'> & {
  /** Who is signed in. */
  userId(): string | null;
  /** The task that is open on screen. */
  openTask(): string | null;
  apiOf(userId: string): Api;
};

export type Push = ReturnType<typeof createPush>;

const NOTHING_CHOSEN = { quietHours: null, onlyWhenNeeded: false };

export function createPush({ push, storage, isInFront, userId, openTask, apiOf }: PushEffects) {
  const state = createStore<PushState>({ state: 'not_asked', ...NOTHING_CHOSEN });
  const nameOf = (user: string) => `sayso.push.${user}`;
  let registered: { userId: string; device: Device } | null = null;
  /** One thing at a time: a device is not forgotten before it is registered. */
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const next = queue.then(task, task);
    queue = next.catch(() => undefined);
    return next;
  }

  /** @throws ApiProblem */
  async function tell(changes: Pick<Registration, 'only_when_needed'> = {}): Promise<void> {
    const user = userId();
    if (user === null || state.get().state !== 'granted') return;
    const device = await push.device().catch(() => {
      throw new ApiProblem('offline'); // Apple, Google or Expo are out of reach
    });
    await apiOf(user).ask((http, signal) =>
      http.PUT('/device', {
        signal,
        body: { ...device, quiet_hours: state.get().quietHours, ...changes },
      }),
    );
    registered = { userId: user, device };
  }

  /** What can't be told now is told the next time: when the app starts, or comes to the front. */
  async function register(): Promise<void> {
    const permission = await push.permission();
    state.set({ ...state.get(), state: permission });
    await inTurn(() => tell()).catch(() => undefined);
  }

  async function forget(): Promise<void> {
    await inTurn(async () => {
      if (!registered) return;
      const { userId: user, device } = registered;
      registered = null;
      const { token, provider } = device;
      await apiOf(user).ask((http, signal) =>
        http.DELETE('/device', { signal, body: { token, provider } }),
      );
    });
  }

  async function load(user: string): Promise<void> {
    const chosen = parsed(await storage.getItem(nameOf(user)).catch(() => null));
    if (userId() === user) state.set({ ...state.get(), ...chosen });
  }

  /** Keeps a choice once the server knows it. */
  async function choose(
    choice: Partial<Omit<PushState, 'state'>>,
    changes: Pick<Registration, 'only_when_needed'> = {},
  ): Promise<void> {
    const user = userId();
    if (user === null) throw new ApiProblem('signed_out');
    const { state: _, ...before } = state.get();
    const chosen = { ...before, ...choice };
    state.set({ ...state.get(), ...chosen });
    try {
      await inTurn(() => tell(changes));
      await storage.setItem(nameOf(user), JSON.stringify(chosen));
    } catch (problem) {
      if (userId() === user) state.set({ ...state.get(), ...before });
      throw problem;
    }
  }

  return {
    get: state.get,
    subscribe: state.subscribe,
    forget,
    setQuietHours: (quietHours: QuietHours | null) => choose({ quietHours }),
    setOnlyWhenNeeded: (onlyWhenNeeded: boolean) =>
      choose({ onlyWhenNeeded }, { only_when_needed: onlyWhenNeeded }),

    async ask(): Promise<void> {
      state.set({ ...state.get(), state: await push.ask() });
      await register();
    },

    /** For whoever has just signed in. */
    async open(user: string): Promise<void> {
      state.set({ ...state.get(), ...NOTHING_CHOSEN });
      await load(user);
      await register();
    },

    /** @returns what stops listening. */
    start(): () => void {
      // A banner would only cover what it is about.
      push.showInFront((data) => {
        const told = pushDataOf(data);
        return told?.kind !== 'task' || told.jobId !== openTask()?.toLowerCase();
      });
      void push.prepare().catch(() => undefined); // pushes still come, without their buttons
      const stops = [
        push.onNewDevice(() => void register()),
        isInFront.subscribe((isBack) => void (isBack && register())),
      ];
      return () => stops.forEach((stop) => stop());
    },
  };
}

function parsed(text: string | null): Omit<PushState, 'state'> {
  try {
    const said = JSON.parse(text ?? 'null') as Partial<PushState> | null;
    const { quietHours = null, onlyWhenNeeded = false } = said ?? {};
    return { quietHours, onlyWhenNeeded };
  } catch {
    return NOTHING_CHOSEN;
  }
}
