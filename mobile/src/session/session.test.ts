import { createSupabase, refused } from '@/testing/supabase';
import { noNetwork } from '@/testing/server';
import { createWorld, settled, tokenOf, uuid, type World } from '@/testing/world';

import { SignInError } from './errors';
import { createSession } from './session';
import { createAuth } from './supabase';
import { SUPABASE_KEY } from './tokens';

const [ADA, BOB] = [uuid(1), uuid(2)];
const DAY_MS = 24 * 3600_000;

const stops: (() => void)[] = [];
// Supabase's library writes down what fails; here, that is meant to.
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => {
  stops.splice(0).forEach((stop) => stop());
  jest.restoreAllMocks();
});

function setUp(options: { developerSignIn?: boolean; world?: World; hasSupabase?: boolean } = {}) {
  const supabase = createSupabase(ADA);
  const world = options.world ?? createWorld(supabase.fetch);
  const { developerSignIn = false, hasSupabase = true } = options;
  const settings = { supabaseUrl: 'https://supabase.example.com', supabaseKey: 'key' };
  const auth = hasSupabase ? createAuth(settings, { ...world, fetch: supabase.fetch }) : null;
  const session = createSession({ ...world, auth, developerSignIn });
  const start = async () => {
    const stop = session.start();
    stops.push(() => (stop(), void auth?.stopAutoRefresh()));
    await settled();
  };
  return { supabase, world, session, start };
}

async function signedIn(options: Parameters<typeof setUp>[0] = {}) {
  const made = setUp(options);
  await made.start();
  await made.session.verifyCode('ada@example.com', '123456');
  return made;
}

const codeOf = (task: Promise<unknown>) =>
  task.then(
    () => 'fine',
    (error: unknown) => (error instanceof SignInError ? error.code : error),
  );

test('a code from the e-mail signs in, and a restart without a network finds it so', async () => {
  const { session, supabase, world } = setUp();
  await session.sendCode(' ada@example.com ');
  await session.verifyCode('ada@example.com', '123 456');
  expect(supabase.requests.map(({ body }) => body)).toMatchObject([
    { email: 'ada@example.com' },
    { email: 'ada@example.com', token: '123456', type: 'email' },
  ]);
  const { start, session: later } = setUp({ world });
  await start();
  expect(later.get()).toEqual({
    state: 'signed_in',
    account: { userId: ADA, email: 'ada@example.com' },
  });
});

test('nobody is signed in on a new device, and nothing is asked to know it', async () => {
  const { session, supabase, start } = setUp();
  expect(session.get().state).toBe('loading');
  await start();
  expect(session.get()).toEqual({ state: 'signed_out', because: 'never' });
  expect(supabase.requests).toEqual([]);
});

test.each([
  ['no address', 'ada', undefined, 'bad_email'],
  ['too often', 'a@b.c', () => refused(429, 'over_email_send_rate_limit'), 'too_many'],
  [
    'an address that Supabase refuses',
    'a@b.c',
    () => refused(400, 'email_address_invalid'),
    'bad_email',
  ],
  ['no network', 'a@b.c', noNetwork, 'offline'],
  ['a Supabase that is down', 'a@b.c', () => new Response('', { status: 503 }), 'unavailable'],
])('asking for a code: %s', async (_, email, answer, code) => {
  const { session, supabase } = setUp();
  if (answer) supabase.next(answer);
  expect(await codeOf(session.sendCode(email))).toBe(code);
});

test.each([
  ['letters', 'abcdef', undefined, 'wrong_code'],
  ['an old or another code', '123456', () => refused(403, 'otp_expired'), 'expired_code'],
  ['too often', '123456', () => refused(429, 'over_request_rate_limit'), 'too_many'],
  ['no network', '123456', noNetwork, 'offline'],
])('giving a code: %s', async (_, given, answer, code) => {
  const { session, supabase } = setUp();
  if (answer) supabase.next(answer);
  expect(await codeOf(session.verifyCode('ada@example.com', given))).toBe(code);
  expect(session.get().state).toBe('loading');
});

test('without Supabase nothing hangs', async () => {
  const { session, start } = setUp({ hasSupabase: false, developerSignIn: true });
  await start();
  expect(session.get()).toEqual({ state: 'signed_out', because: 'never' });
  expect(await codeOf(session.sendCode('a@b.c'))).toBe('unavailable');
  expect(await codeOf(session.verifyCode('a@b.c', '123456'))).toBe('unavailable');
});

test('many requests that are refused at once renew the token once', async () => {
  const { session, supabase } = await signedIn();
  const tokens = session.tokensOf(ADA);
  const refusedToken = tokens.current() ?? '';
  const renewed = await Promise.all([1, 2, 3].map(() => tokens.renew(refusedToken)));
  expect(renewed).toEqual([supabase.token(), supabase.token(), supabase.token()]);
  expect(supabase.requests.filter(({ what }) => what.endsWith('refresh_token'))).toHaveLength(1);
  expect(await tokens.renew(refusedToken)).toBe(supabase.token());
});

test.each([[-DAY_MS], [0], [DAY_MS]])(
  'a clock that is %i ms off decides nothing: the server does',
  async (skew) => {
    const { session, supabase } = await signedIn();
    const real = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => real + skew);
    const tokens = session.tokensOf(ADA);
    const token = tokens.current();
    expect(token).toBe(supabase.token());
    expect(await tokens.renew(token ?? '')).toBe(supabase.token());
    expect(supabase.token()).not.toBe(token);
    expect(session.get().state).toBe('signed_in');
  },
);

test('what another tab has renewed is taken, not renewed again', async () => {
  const { session, supabase, world } = await signedIn();
  const token = session.tokensOf(ADA).current() ?? '';
  await world.secrets.setItem(SUPABASE_KEY, JSON.stringify(supabase.session()));
  expect(await session.tokensOf(ADA).renew(token)).toBe(supabase.token());
  expect(supabase.requests.filter(({ what }) => what.endsWith('refresh_token'))).toHaveLength(0);
});

test('a session that Supabase ended is over', async () => {
  const { session, supabase } = await signedIn();
  const tokens = session.tokensOf(ADA);
  supabase.next(() => refused(400, 'refresh_token_not_found'));
  expect(await tokens.renew(tokens.current() ?? '')).toBeNull();
  expect(session.get()).toEqual({ state: 'signed_out', because: 'expired' });
  expect(session.owner()).toBe(ADA);
});

test.each([
  ['out of reach', noNetwork, 'offline'],
  ['busy', () => refused(429, 'over_request_rate_limit'), 'server'],
  ['broken', () => new Response('', { status: 500 }), 'server'],
])('a Supabase that is %s ends no session', async (_, answer, kind) => {
  const { session, supabase } = await signedIn();
  const tokens = session.tokensOf(ADA);
  supabase.next(...Array.from({ length: 20 }, () => answer));
  jest.useFakeTimers();
  const renewal = tokens.renew(tokens.current() ?? '').catch((problem: unknown) => problem);
  await jest.advanceTimersByTimeAsync(60_000); // its library tries again by itself for a while
  jest.useRealTimers();
  expect(await renewal).toMatchObject({ kind });
  expect(session.get().state).toBe('signed_in');
});

test('a new token that is refused too ends the session, on the device as well', async () => {
  const { session, world } = await signedIn();
  const tokens = session.tokensOf(ADA);
  tokens.end('another token');
  expect(session.get().state).toBe('signed_in');
  tokens.end(tokens.current() ?? '');
  await settled();
  expect(session.get()).toEqual({ state: 'signed_out', because: 'expired' });
  expect(await world.secrets.getItem(SUPABASE_KEY)).toBeNull();
});

test('signing out says farewell while the token holds, then forgets it', async () => {
  const { session, supabase, world } = await signedIn();
  const seen: (string | null)[] = [];
  const tokens = session.tokensOf(ADA);
  session.onFarewell(async () => void seen.push(tokens.current()));
  session.onFarewell(() => Promise.reject(new Error('out of reach')));
  await session.signOut();
  expect(seen).toEqual([supabase.token()]);
  expect(session.get()).toEqual({ state: 'signed_out', because: 'signed_out' });
  expect([tokens.current(), session.owner()]).toEqual([null, null]);
  expect(await world.secrets.getItem(SUPABASE_KEY)).toBeNull();
  expect(supabase.requests.at(-1)?.what).toBe('/auth/v1/logout');
});

test('servers that never answer hold nobody back who signs out', async () => {
  const { session, world } = await signedIn({ developerSignIn: true });
  session.onFarewell(() => new Promise(() => undefined));
  const signingOut = session.signOut();
  await world.advance(3000);
  await signingOut;
  expect(session.get()).toMatchObject({ state: 'signed_out' });
});

test('one user’s token is never another’s', async () => {
  const { session } = await signedIn({ developerSignIn: true });
  const tokens = session.tokensOf(ADA);
  const adas = tokens.current() ?? '';
  await session.signInWithToken(tokenOf(BOB));
  expect(tokens.current()).toBeNull();
  expect(await tokens.renew(adas)).toBeNull();
});

test('a developer’s token holds until the server refuses it, also after a restart', async () => {
  const { session, world, start } = setUp({ developerSignIn: true });
  await start();
  const expired = tokenOf(BOB, 1, { exp: 1 });
  await session.signInWithToken(` ${expired}\n`);
  const { session: later, start: startLater } = setUp({ developerSignIn: true, world });
  await startLater();
  expect(later.get()).toMatchObject({ state: 'signed_in', account: { userId: BOB } });
  expect(await later.tokensOf(BOB).renew(expired)).toBeNull();
  expect(later.get()).toEqual({ state: 'signed_out', because: 'expired' });
});

test('a developer’s token is taken only where that is set, and only if it is one', async () => {
  const off = setUp();
  expect(await codeOf(off.session.signInWithToken(tokenOf(ADA)))).toBe('bad_token');
  const on = setUp({ developerSignIn: true });
  expect(await codeOf(on.session.signInWithToken('words'))).toBe('bad_token');
});

test('a link with a token signs in and leaves the address, where that is set', async () => {
  for (const developerSignIn of [true, false]) {
    const { session, world, start } = setUp({ developerSignIn });
    const clean = jest.spyOn(world.links, 'clean');
    await start();
    world.follow(`https://sayso.example/#token=${tokenOf(BOB)}`);
    await settled();
    expect(session.get().state).toBe(developerSignIn ? 'signed_in' : 'signed_out');
    expect(clean).toHaveBeenCalledTimes(1);
  }
});

test('a link from an e-mail signs in on the device that asked for it, and on no other', async () => {
  const { session, supabase, world, start } = setUp();
  await start();
  world.follow('sayso://sign-in?code=abc');
  await settled();
  expect(session.get().state).toBe('signed_out');
  await session.sendCode('ada@example.com');
  world.follow('sayso://sign-in?code=abc');
  await settled();
  expect(session.get().state).toBe('signed_in');
  expect(supabase.requests.at(-1)).toMatchObject({
    what: '/auth/v1/token pkce',
    body: { auth_code: 'abc', code_verifier: expect.any(String) },
  });
});
