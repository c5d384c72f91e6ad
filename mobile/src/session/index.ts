export type { Account } from './account';
export { SignInError } from './errors';
export type { Session } from './session';
export { SessionProvider } from './SessionProvider';
export { useSession } from './useSession';
