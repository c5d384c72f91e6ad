/** The app without its screens, in a world of its own. */
import { notifyManager } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react-native';
import type { ReactNode } from 'react';

import { createCore } from '@/core/core';
import { CoreProvider } from '@/core/CoreProvider';

import { createServer } from './server';
import { createWorld, settled, type World } from './world';

// What a query has to tell is told at once, whether or not a test fakes its timers.
notifyManager.setScheduler(setImmediate);

export const SETTINGS = {
  apiUrl: 'https://api.example.com',
  supabaseUrl: '',
  supabaseKey: '',
  developerSignIn: true,
};

export function createApp(
  options: { world?: World; server?: ReturnType<typeof createServer> } = {},
) {
  const server = options.server ?? createServer();
  const world = options.world ?? createWorld(server.fetch);
  const core = createCore(SETTINGS, world, null);
  return { server, world, core };
}

export type App = ReturnType<typeof createApp>;

/** Renders hooks inside of the app, which runs for as long as they are rendered. */
export async function render<T>({ core }: Pick<App, 'core'>, hooks: () => T) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <CoreProvider core={core}>{children}</CoreProvider>
  );
  const rendered = renderHook(hooks, { wrapper });
  await quiet();
  return rendered;
}

/** Does something, and lets React and the logic finish what follows from it. */
export async function perform<T>(task: () => T | Promise<T>): Promise<T> {
  let result: T | undefined;
  await act(async () => {
    result = await task();
    await settled();
  });
  return result as T;
}

/** Lets React and the logic finish what they are doing. */
export async function quiet(): Promise<void> {
  await act(settled);
}

/** Lets the libraries' own timers pass, which tests must have faked. */
export async function pass(ms: number): Promise<void> {
  await act(() => jest.advanceTimersByTimeAsync(ms));
  await quiet();
}
