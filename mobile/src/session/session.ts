/** Who is signed in. Neither the network nor a clock is asked to know it when the app starts. */
import type { SupabaseClient } from '@supabase/supabase-js';

import type { Tokens } from '@/api';
import type { Effects } from '@/platform/effects';
import { createStore } from '@/platform/store';

import { accountOf, type Account } from './account';
import { renewalProblemOf, SignInError, signInErrorOf } from './errors';
import { signInLink } from './link';
import { dropTokens, heldBySupabase, heldTokens, keepDeveloperToken, type Held } from './tokens';

export type Session =
  | { state: 'loading' }
  | { state: 'signed_out'; because: 'never' | 'expired' | 'signed_out' }
  | { state: 'signed_in'; account: Account };

export type SessionEffects = Pick<Effects, 'secrets' | 'links' | 'isInFront' | 'later'> & {
  /** Null where no Supabase was named. */
  auth: SupabaseClient['auth'] | null;
  developerSignIn: boolean;
};

export type SessionStore = ReturnType<typeof createSession>;

/** How long signing out waits for servers that may be out of reach. */
const FAREWELL_MS = 3000;

export function createSession(effects: SessionEffects) {
  const { auth, secrets, links, isInFront, later, developerSignIn } = effects;
  const session = createStore<Session>({ state: 'loading' });
  let held: Held | null = null;
  let last: Account | null = null;
  let renewal: Promise<string | null> | null = null;
  const farewells: (() => Promise<void>)[] = [];

  function adopt(next: Held): void {
    const isSame = held?.account.userId === next.account.userId;
    held = next;
    last = next.account;
    if (!isSame) session.set({ state: 'signed_in', account: next.account });
  }

  function leave(because: 'expired' | 'signed_out'): void {
    if (!held) return;
    held = null;
    if (because === 'signed_out') last = null;
    session.set({ state: 'signed_out', because });
  }

  async function end(refused: string): Promise<void> {
    if (held?.accessToken !== refused) return;
    leave('expired');
    await dropTokens(secrets);
  }

  /** One at a time: every request that was refused meanwhile waits for the same answer. */
  function renew(refused: string): Promise<string | null> {
    if (held && held.accessToken !== refused) return Promise.resolve(held.accessToken);
    renewal ??= renewed(refused).finally(() => (renewal = null));
    return renewal;
  }

  async function renewed(refused: string): Promise<string | null> {
    if (auth && held?.from === 'supabase') {
      const stored = await heldBySupabase(secrets); // another tab may have renewed it
      if (stored && stored.accessToken !== refused) {
        adopt(stored);
        return stored.accessToken;
      }
      const { data, error } = await auth.refreshSession();
      const account = data.session && accountOf(data.session.access_token);
      if (account && data.session) {
        adopt({ account, accessToken: data.session.access_token, from: 'supabase' });
        return data.session.access_token;
      }
      const problem = error && renewalProblemOf(error);
      if (problem) throw problem;
    }
    await end(refused);
    return null;
  }

  function tokensOf(userId: string): Tokens {
    const mine = () => (held?.account.userId === userId ? held.accessToken : null);
    return {
      current: mine,
      async renew(refused) {
        const token = await renew(refused);
        return token === mine() ? token : null; // somebody else may have signed in meanwhile
      },
      end: (refused) => void end(refused),
    };
  }

  async function exchange(code: string): Promise<void> {
    // A link that is old, or was asked for on another device, leaves everything as it is.
    await auth?.exchangeCodeForSession(code).catch(() => undefined);
  }

  async function open(address: string): Promise<void> {
    const link = signInLink(address);
    if (!link) return;
    links.clean();
    if (link.kind === 'code') await exchange(link.code);
    else await signInWithToken(link.token).catch(() => undefined); // not taken here, or none
  }

  async function signInWithToken(token: string): Promise<void> {
    const account = developerSignIn ? accountOf(token) : null;
    if (!account) throw new SignInError('bad_token');
    const accessToken = token.trim();
    // Where nothing may be stored, it holds until the app ends.
    await keepDeveloperToken(secrets, accessToken).catch(() => undefined);
    adopt({ account, accessToken, from: 'developer' });
  }

  function within(task: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const stopClock = later(FAREWELL_MS, resolve);
      const done = () => (stopClock(), resolve());
      task.then(done, done);
    });
  }

  return {
    get: session.get,
    subscribe: session.subscribe,
    tokensOf,
    open,
    signInWithToken,
    /** Whose words may be kept: also those that are spoken while the session ends. */
    owner: () => last?.userId ?? null,
    /** Calls back while signing out, as long as the token still holds; trouble there is ignored. */
    onFarewell: (farewell: () => Promise<void>) => void farewells.push(farewell),

    /** @returns what stops listening to Supabase, links and the app's coming to the front. */
    start(): () => void {
      const stops = [links.subscribe((address) => void open(address))];
      void heldTokens(secrets, developerSignIn).then((found) => {
        if (session.get().state !== 'loading') return; // a link was faster
        if (found) adopt(found);
        else session.set({ state: 'signed_out', because: 'never' });
      });
      if (auth) {
        const { data } = auth.onAuthStateChange((event, given) => {
          const account = given && accountOf(given.access_token);
          if (account && held?.from !== 'developer') {
            adopt({ account, accessToken: given.access_token, from: 'supabase' });
          } else if (event === 'SIGNED_OUT' && held?.from === 'supabase') leave('expired');
        });
        const refreshInFront = () =>
          void (isInFront.get() ? auth.startAutoRefresh() : auth.stopAutoRefresh());
        stops.push(() => data.subscription.unsubscribe(), isInFront.subscribe(refreshInFront));
        refreshInFront();
      }
      return () => stops.forEach((stop) => stop());
    },

    /** @throws SignInError */
    async sendCode(email: string): Promise<void> {
      const address = email.trim();
      if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw new SignInError('bad_email');
      if (!auth) throw new SignInError('unavailable');
      const options = { emailRedirectTo: links.home() };
      const { error } = await auth.signInWithOtp({ email: address, options });
      if (error) throw signInErrorOf(error);
    },

    /** @throws SignInError */
    async verifyCode(email: string, code: string): Promise<void> {
      const token = code.replace(/\s/g, '');
      if (!/^\d{6,10}$/.test(token)) throw new SignInError('wrong_code');
      if (!auth) throw new SignInError('unavailable');
      const { error } = await auth.verifyOtp({ email: email.trim(), token, type: 'email' });
      if (error) throw signInErrorOf(error);
    },

    async signOut(): Promise<void> {
      await within(Promise.all(farewells.map((farewell) => farewell())));
      const from = held?.from;
      leave('signed_out');
      if (auth && from === 'supabase') await within(auth.signOut({ scope: 'local' }));
      await dropTokens(secrets);
    },
  };
}
