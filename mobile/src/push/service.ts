/** What a phone offers for pushes. */
import type { operations } from '@/api/schema';

export type Registration =
  operations['registerDevice']['requestBody']['content']['application/json'];
export type Device = Pick<Registration, 'token' | 'platform' | 'provider'>;

export type Permission = 'unsupported' | 'not_asked' | 'granted' | 'denied' | 'blocked';

/** A person's answer to a push. */
export type Tap = {
  /** The same for the same tap, however often it is told. */
  id: string;
  /** The button, or null for the push itself. */
  action: string | null;
  data: unknown;
};

export type PushService = {
  permission(): Promise<Permission>;
  ask(): Promise<Permission>;
  /** Makes the buttons and the ways to be heard; before anything is shown. */
  prepare(): Promise<void>;
  /** Where this device is reached. Rejects if that can't be known just now. */
  device(): Promise<Device>;
  onNewDevice(listener: () => void): () => void;
  /** Each tap, also the one that started the app. */
  onTap(listener: (tap: Tap) => void): () => void;
  /** Decides whether what arrives while the app is in front is shown. */
  showInFront(isShown: (data: unknown) => boolean): void;
};

/** Where nothing can be pushed to, such as a browser. */
export const NO_PUSH: PushService = {
  permission: async () => 'unsupported',
  ask: async () => 'unsupported',
  prepare: async () => undefined,
  device: () => Promise.reject(new Error('no pushes here')),
  onNewDevice: () => () => undefined,
  onTap: () => () => undefined,
  showInFront: () => undefined,
};
