/** What is kept of a session between two starts, read without the network and without a clock. */
import type { KeyValue } from '@/platform/effects';

import { accountOf, type Account } from './account';

export const SUPABASE_KEY = 'sayso.session';
const DEVELOPER_KEY = 'sayso.developer';

export type Held = { account: Account; accessToken: string; from: 'supabase' | 'developer' };

export async function heldTokens(
  secrets: KeyValue,
  developerSignIn: boolean,
): Promise<Held | null> {
  return (developerSignIn && (await heldByDeveloper(secrets))) || heldBySupabase(secrets);
}

/** What Supabase's library stored, possibly in another tab a moment ago. */
export async function heldBySupabase(secrets: KeyValue): Promise<Held | null> {
  try {
    const stored: unknown = JSON.parse((await secrets.getItem(SUPABASE_KEY)) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return null;
    const { access_token: token } = stored as Record<string, unknown>;
    const account = typeof token === 'string' ? accountOf(token) : null;
    return account && { account, accessToken: token as string, from: 'supabase' };
  } catch {
    return null; // half written, or unreadable since the device's lock was changed: sign in again
  }
}

async function heldByDeveloper(secrets: KeyValue): Promise<Held | null> {
  const token = await secrets.getItem(DEVELOPER_KEY).catch(() => null);
  const account = token && accountOf(token);
  return account ? { account, accessToken: token, from: 'developer' } : null;
}

export function keepDeveloperToken(secrets: KeyValue, token: string): Promise<void> {
  return secrets.setItem(DEVELOPER_KEY, token);
}

export async function dropTokens(secrets: KeyValue): Promise<void> {
  for (const key of [DEVELOPER_KEY, SUPABASE_KEY, `${SUPABASE_KEY}-code-verifier`]) {
    await secrets.removeItem(key);
  }
}
