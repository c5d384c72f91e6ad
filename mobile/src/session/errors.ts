import { isAuthError, isAuthRetryableFetchError } from '@supabase/supabase-js';

import { ApiProblem } from '@/api';

export type SignInErrorCode =
  | 'wrong_code'
  | 'expired_code'
  | 'too_many'
  | 'offline'
  | 'bad_token'
  | 'bad_email'
  | 'unavailable';

export class SignInError extends Error {
  constructor(readonly code: SignInErrorCode) {
    super(code);
  }
}

/** Why Supabase let nobody in. It does not tell a wrong code from an old one: `otp_expired`. */
export function signInErrorOf(error: unknown): SignInError {
  if (!isAuthError(error)) return new SignInError('unavailable');
  if (error.status === 429) return new SignInError('too_many');
  if (isAuthRetryableFetchError(error)) {
    return new SignInError(error.status ? 'unavailable' : 'offline');
  }
  if (error.code === 'otp_expired') return new SignInError('expired_code');
  if (error.code === 'email_address_invalid') return new SignInError('bad_email');
  return new SignInError('unavailable');
}

/** Why a token could not be renewed just now; null if it never will be: the session is over. */
export function renewalProblemOf(error: unknown): ApiProblem | null {
  if (!isAuthError(error)) return new ApiProblem('server');
  if (error.status === 429) return new ApiProblem('too_many');
  if (isAuthRetryableFetchError(error)) return new ApiProblem(error.status ? 'server' : 'offline');
  return null;
}
