import { useMemo } from 'react';

import { useCore, useCurrentSession } from '@/core/context';

import type { Session } from './session';

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
