import { createClient, type SupabaseClient } from '@supabase/supabase-js';

import type { Effects } from '@/platform/effects';
import type { Settings } from '@/settings';

import { SUPABASE_KEY } from './tokens';

const TIMEOUT_MS = 15_000;

/** Supabase's sign-in; null where none was named. */
export function createAuth(
  { supabaseUrl, supabaseKey }: Pick<Settings, 'supabaseUrl' | 'supabaseKey'>,
  { secrets, fetch, later }: Pick<Effects, 'secrets' | 'fetch' | 'later'>,
): SupabaseClient['auth'] | null {
  if (!supabaseUrl || !supabaseKey) return null;
  const { auth } = createClient(supabaseUrl, supabaseKey, {
    auth: {
      storage: secrets,
      storageKey: SUPABASE_KEY,
      // A link in an e-mail is good only on the device that asked for it.
      flowType: 'pkce',
      // Links are read by session.ts, on phones and on the web alike.
      detectSessionInUrl: false,
    },
    global: {
      fetch: async (request, init) => {
        const giveUp = new AbortController();
        const stopClock = later(TIMEOUT_MS, () => giveUp.abort());
        try {
          const answer = await fetch(request as RequestInfo, { ...init, signal: giveUp.signal });
          return isRenewal(request) && isBusy(answer)
            ? new Response(null, { status: 503 })
            : answer;
        } finally {
          stopClock();
        }
      },
    },
  });
  return auth;
}

/**
 * The library throws a session away if its renewal is answered by anything but a success or 502 to
 * 504. A server that is busy or broken has not ended it, though.
 */
function isBusy({ status }: Response): boolean {
  return status === 429 || status >= 500;
}

function isRenewal(request: RequestInfo | URL): boolean {
  return String(request).includes('grant_type=refresh_token');
}
