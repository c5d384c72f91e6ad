/** The world as tests make it: its clock, its network and its storage do what they are told. */
import { createRecordShelf } from '@/outbox/recordShelf';
import type { Effects, KeyValue, Signal } from '@/platform/effects';
import { createStore } from '@/platform/store';
import { NO_PUSH } from '@/push/service';

export type World = Effects & {
  /** Lets time pass: what was to be called back is, in its order. */
  advance(ms: number): Promise<void>;
  setClock(now: number): void;
  setOnline(isOnline: boolean): void;
  setInFront(isInFront: boolean): void;
  /** Opens the app by an address. */
  follow(address: string): void;
  pendingTimers(): number;
};

export function createWorld(fetch: Effects['fetch']): World {
  const isOnline = createStore(true);
  const isInFront = createStore(true);
  const timers = new Map<number, { at: number; then: () => void }>();
  const listeners = new Set<(address: string) => void>();
  let elapsed = 0;
  let started = Date.UTC(2026, 10, 29);
  let count = 0;

  return {
    fetch,
    now: () => started + elapsed,
    later(ms, then) {
      const id = ++count;
      timers.set(id, { at: elapsed + ms, then });
      return () => timers.delete(id);
    },
    random: () => 0.5,
    newId: () => uuid(++count),
    storage: memory(),
    secrets: memory(),
    shelf: createRecordShelf(records(), async (uri) => new Blob([uri])),
    isOnline: signalOf(isOnline),
    isInFront: signalOf(isInFront),
    links: {
      home: () => 'sayso://sign-in',
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      clean: () => undefined,
    },
    push: NO_PUSH,
    unlock: async () => true,
    oneAtATime: (_, task) => task(),

    async advance(ms) {
      const until = elapsed + ms;
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= until);
        const [first] = due.sort(([, a], [, b]) => a.at - b.at);
        if (!first) break;
        timers.delete(first[0]);
        elapsed = first[1].at;
        first[1].then();
        await settled();
      }
      elapsed = until;
      await settled();
    },
    setClock: (now) => void (started = now - elapsed),
    setOnline: isOnline.set,
    setInFront: isInFront.set,
    follow: (address) => listeners.forEach((listener) => listener(address)),
    pendingTimers: () => timers.size,
  };
}

/** Waits until whatever is being done is done: nothing here takes time of the real clock. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

export function memory(): KeyValue & { all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    getItem: async (key) => all.get(key) ?? null,
    setItem: async (key, value) => void all.set(key, value),
    removeItem: async (key) => void all.delete(key),
  };
}

export function uuid(number: number): string {
  return `5a150000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A token as Supabase gives them out; nobody here checks its signature. */
export function tokenOf(userId: string, serial = 1, claims: object = {}): string {
  const part = (said: object) => Buffer.from(JSON.stringify(said)).toString('base64url');
  const payload = { sub: userId, email: 'ada@example.com', exp: 1, ...claims };
  return `${part({ alg: 'ES256' })}.${part(payload)}.signature${serial}`;
}

function signalOf(store: ReturnType<typeof createStore<boolean>>): Signal {
  return { get: store.get, subscribe: (listener) => store.subscribe(() => listener(store.get())) };
}

export function records() {
  const all = new Map<string, { kept: string; audio: Blob | null }>();
  return {
    get: async (id: string) => all.get(id),
    set: async (id: string, record: { kept: string; audio: Blob | null }) =>
      void all.set(id, record),
    values: async () => [...all.values()],
    del: async (id: string) => void all.delete(id),
  };
}
