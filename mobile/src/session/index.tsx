import { useMemo, useState, type JSX, type ReactNode } from 'react';

import { useCore, useCurrentSession } from '@/core/context';
import { createCore } from '@/core/core';
import { CoreProvider } from '@/core/CoreProvider';
import { deviceEffects } from '@/platform/device';
import type { Settings } from '@/settings';

import type { Session } from './session';
import { createAuth } from './supabase';

export type { Account } from './account';
export { SignInError } from './errors';
export type { Session } from './session';

/** Everything below it may use the hooks of session, outbox, tasks, repos and push. */
export function SessionProvider(props: { settings: Settings; children: ReactNode }): JSX.Element {
  const { settings, children } = props;
  const [core] = useState(() => {
    const effects = deviceEffects();
    return createCore(settings, effects, createAuth(settings, effects));
  });
  return <CoreProvider core={core}>{children}</CoreProvider>;
}

export function useSession(): Session & {
  /** @throws SignInError, like those that follow */
  sendCode(email: string): Promise<void>;
  verifyCode(email: string, code: string): Promise<void>;
  signInWithToken(token: string): Promise<void>;
  signOut(): Promise<void>;
  developerSignIn: boolean;
} {
  const { session, developerSignIn } = useCore();
  const current = useCurrentSession();
  return useMemo(() => {
    const { sendCode, verifyCode, signInWithToken, signOut } = session;
    return { ...current, sendCode, verifyCode, signInWithToken, signOut, developerSignIn };
  }, [session, current, developerSignIn]);
}
