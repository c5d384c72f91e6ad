import { createElement, Fragment, type JSX, type ReactNode } from 'react';

import type { Settings } from '@/settings';

export type Account = { userId: string; email: string };

export type Session =
  | { state: 'loading' }
  | { state: 'signed_out'; because: 'never' | 'expired' | 'signed_out' }
  | { state: 'signed_in'; account: Account };

export class SignInError extends Error {
  constructor(
    readonly code:
      | 'wrong_code'
      | 'expired_code'
      | 'too_many'
      | 'offline'
      | 'bad_token'
      | 'bad_email'
      | 'unavailable',
  ) {
    super(code);
  }
}

export function SessionProvider(props: { settings: Settings; children: ReactNode }): JSX.Element {
  return createElement(Fragment, null, props.children);
}

export function useSession(): Session & {
  sendCode(email: string): Promise<void>;
  verifyCode(email: string, code: string): Promise<void>;
  signInWithToken(token: string): Promise<void>;
  signOut(): Promise<void>;
  developerSignIn: boolean;
} {
  throw new Error('not here yet');
}
