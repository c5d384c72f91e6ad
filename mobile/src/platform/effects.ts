/** All that the app's logic does to the world, as parameters: tests hand in their own. */
import type { Shelf } from '@/outbox/shelf';
import type { PushService } from '@/push/service';

/** Text by key, across restarts. */
export type KeyValue = {
  getItem(key: string): Promise<string | null>;
  setItem(key: string, value: string): Promise<void>;
  removeItem(key: string): Promise<void>;
};

/** Something that is so or not, and says when that changes. */
export type Signal = {
  get(): boolean;
  /** @returns what stops listening. */
  subscribe(listener: (now: boolean) => void): () => void;
};

export type Effects = {
  fetch(request: RequestInfo, init?: RequestInit): Promise<Response>;
  /** Milliseconds since the epoch by this device's clock, which may be wrong by a day. */
  now(): number;
  /** Calls back after a while, unless the returned function is called before. */
  later(ms: number, then: () => void): () => void;
  /** From 0 up to 1. */
  random(): number;
  newId(): string;
  storage: KeyValue;
  /** Encrypted where the device can. */
  secrets: KeyValue;
  shelf: Shelf;
  isOnline: Signal;
  isInFront: Signal;
  links: Links;
  push: PushService;
  /** Whether the person at the device is its owner, as far as it can tell; true if it can't. */
  unlock(why: string): Promise<boolean>;
  /** Runs one task of a name at a time, across the tabs of a browser too. */
  oneAtATime(name: string, task: () => Promise<void>): Promise<void>;
};

export type Links = {
  /** Where links in e-mails shall lead. */
  home(): string;
  /** Each address that opens the app, the first one included. */
  subscribe(listener: (address: string) => void): () => void;
  /** Takes what is secret out of the address that a browser shows. */
  clean(): void;
};
