import { createContext, useContext, useSyncExternalStore } from 'react';

import type { Session } from '@/session/session';

import type { Core } from './core';

export const CoreContext = createContext<Core | null>(null);

export function useCore(): Core {
  const core = useContext(CoreContext);
  if (!core) throw new Error('Nothing of Sayso works outside of <SessionProvider>.');
  return core;
}

export function useCurrentSession(): Session {
  const { session } = useCore();
  return useSyncExternalStore(session.subscribe, session.get, session.get);
}

/** Who is signed in. */
export function useUserId(): string | null {
  const session = useCurrentSession();
  return session.state === 'signed_in' ? session.account.userId : null;
}
