/**
 * Keeps what was said until the server has accepted it, and sends it: at once, when the network or
 * the person is back, and again after a while.
 */
import type { Recording } from 'audio-recorder';

import { ApiProblem } from '@/api';
import type { Effects } from '@/platform/effects';
import { createStore } from '@/platform/store';

import { backoffMs } from './backoff';
import { entryOf, inOrder, keptOf, stateAfter, type Entry } from './entry';

export type OutboxEffects = Pick<
  Effects,
  'shelf' | 'isOnline' | 'later' | 'random' | 'newId' | 'now' | 'oneAtATime'
> & {
  /** Who is signed in. */
  sender(): string | null;
  /** Whose words are kept: also those of one whose session has just ended. */
  owner(): string | null;
  /** @throws ApiProblem */
  send(entry: Entry, audio: Blob | null): Promise<string>;
};

export type Accepted = (entry: Entry, jobId: string) => void;

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox(effects: OutboxEffects) {
  const { shelf, isOnline, later, random, newId, now, oneAtATime, sender, owner, send } = effects;
  const entries = createStore<readonly Entry[]>([]);
  const listeners = new Set<Accepted>();
  const discarded = new Set<string>();
  let failures = 0;
  let round: Promise<void> | null = null;
  let isAskedAgain = false;
  let stopWaiting = () => {};

  function change(id: string, changes: Partial<Entry>): Entry | undefined {
    const next = entries.get().map((entry) => (entry.id === id ? { ...entry, ...changes } : entry));
    entries.set(next);
    return next.find((entry) => entry.id === id);
  }

  function drop(id: string): void {
    entries.set(entries.get().filter((entry) => entry.id !== id));
  }

  /** What is on the device counts: another tab may have sent, or said, something. */
  async function load(): Promise<void> {
    const before = new Set(entries.get().map(({ id }) => id));
    const kept = (await shelf.all()).filter(({ id }) => !discarded.has(id));
    const shown = new Map(entries.get().map((entry) => [entry.id, entry]));
    const found = kept.map((each) => {
      const entry = shown.get(each.id);
      const isSame = entry && (entry.state === 'refused') === (each.refused !== null);
      return isSame ? entry : entryOf(each, isOnline.get());
    });
    const isNew = ({ id }: Entry) => !before.has(id) && !kept.some((each) => each.id === id);
    entries.set(inOrder([...found, ...entries.get().filter(isNew)]));
  }

  /** Sends all that waits; asked for while that goes on, once more afterwards. */
  function kick(): Promise<void> {
    isAskedAgain = true;
    round ??= (async () => {
      while (isAskedAgain) {
        isAskedAgain = false;
        stopWaiting();
        // A device whose storage can't be read just now is asked again, like a server.
        await oneAtATime('sayso.outbox', sendAll).catch(() => tryLater(new ApiProblem('server')));
      }
    })().finally(() => (round = null));
    return round;
  }

  async function sendAll(): Promise<void> {
    await load();
    const userId = owner();
    const mine = entries.get().filter((each) => each.userId === userId && each.state !== 'refused');
    for (const { id } of mine) {
      const problem = sender() === userId ? await attempt(id) : new ApiProblem('signed_out');
      if (problem?.kind === 'signed_out') {
        mine.forEach((each) => change(each.id, { state: 'needs_sign_in', problem }));
      }
      if (problem && stateAfter(problem) !== 'refused') return tryLater(problem);
    }
    failures = 0;
  }

  async function attempt(id: string): Promise<ApiProblem | null> {
    const entry = change(id, { state: 'sending' });
    if (!entry) return null; // discarded a moment ago
    try {
      const audio = await shelf.audio(id);
      const jobId = await send(entry, audio);
      failures = 0;
      accepted({ ...entry, problem: null, jobId }, jobId);
      await shelf.remove(id);
      return null;
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('server');
      const left = change(id, { state: stateAfter(problem), problem });
      if (left?.state === 'refused') await shelf.update(keptOf(left));
      return problem;
    }
  }

  /** The task is shown before the entry goes, and both in one turn: nothing flickers. */
  function accepted(entry: Entry, jobId: string): void {
    discarded.add(entry.id);
    listeners.forEach((listener) => listener(entry, jobId));
    drop(entry.id);
  }

  function tryLater(problem: ApiProblem): void {
    // Without a session or a network, only their return helps.
    if (problem.kind === 'signed_out') return;
    isAskedAgain = false; // it would fail again just now
    if (problem.kind === 'offline' && !isOnline.get()) return;
    failures += 1;
    stopWaiting = later(backoffMs(failures, random(), problem.retryAfterMs), () => void kick());
  }

  async function say(
    said: Pick<Entry, 'kind' | 'text' | 'repo' | 'durationMs'>,
    recordingUri: string | null,
  ): Promise<string> {
    const userId = owner();
    if (userId === null) throw new ApiProblem('signed_out');
    const kept = {
      ...said,
      id: newId(),
      userId,
      createdAt: new Date(now()).toISOString(),
      refused: null,
    };
    try {
      await shelf.put(kept, recordingUri);
    } catch {
      throw new ApiProblem('storage_full');
    }
    entries.set(inOrder([...entries.get(), entryOf(kept, isOnline.get())]));
    void kick();
    return kept.id;
  }

  return {
    get: entries.get,
    subscribe: entries.subscribe,
    kick,
    /** @returns what stops the outbox. */
    start(): () => void {
      void kick();
      const stop = isOnline.subscribe((isBack) => void (isBack && kick()));
      return () => (stop(), stopWaiting());
    },
    sayVoice: ({ uri, durationMs }: Recording, repo: string | null) =>
      say({ kind: 'voice', text: null, repo, durationMs }, uri),
    sayText: (text: string, repo: string | null) =>
      say({ kind: 'text', text, repo, durationMs: null }, null),
    async discard(id: string): Promise<void> {
      discarded.add(id);
      drop(id);
      await shelf.remove(id);
    },
    async retry(id: string): Promise<void> {
      failures = 0;
      const entry = change(id, { state: 'sending', problem: null });
      if (entry) await shelf.update(keptOf(entry));
      await kick();
    },
    onAccepted(listener: Accepted): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
