/** Bad input, from one end of the logic to the other. */
import { useOutbox } from '@/outbox';
import { useSession } from '@/session/useSession';
import { useTask, useTasks } from '@/tasks';
import { createApp, pass, perform, quiet, render } from '@/testing/app';
import { noNetwork, silence } from '@/testing/server';
import { tokenOf, uuid } from '@/testing/world';

const [ADA, BOB] = [uuid(1), uuid(2)];
const RECORDING = { uri: 'blob:sound', durationMs: 1200, bytes: 38_444 };
const DAY_MS = 24 * 3600_000;

function useAll() {
  return { session: useSession(), outbox: useOutbox(), list: useTasks() };
}

async function signedIn(app = createApp()) {
  const rendered = await render(app, useAll);
  await perform(() => app.core.session.signInWithToken(tokenOf(ADA)));
  return { ...app, ...rendered, now: () => rendered.result.current };
}

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] }));
afterEach(() => jest.useRealTimers());

test('offline, then reconnected: exactly one task, and it is in the list at once', async () => {
  const { world, server, now } = await signedIn();
  await perform(() => world.setOnline(false));
  server.next('POST /task', noNetwork);
  await perform(() => now().outbox.sayVoice(RECORDING, 'org/project'));
  expect(now().outbox.entries).toMatchObject([
    { state: 'waiting_for_network', repo: 'org/project' },
  ]);
  expect(server.accepted.size).toBe(0);
  await perform(() => world.setOnline(true));
  expect(server.accepted.size).toBe(1);
  expect(now().outbox.entries).toEqual([]);
  expect(now().list.tasks).toMatchObject([{ status: 'pending', repo: 'org/project' }]);
  const [made] = server.accepted.values();
  expect([...(made?.form.keys() ?? [])]).toEqual(['audio', 'repo']);
  expect(made?.form.get('repo')).toBe('org/project');
});

test('an answer that is lost after the server accepted: the same key again, one task', async () => {
  const { world, server, now } = await signedIn();
  server.next('POST /task', async (request) => {
    await server.take(request); // accepted, but nobody hears of it
    return noNetwork();
  });
  await perform(() => now().outbox.sayVoice(RECORDING, null));
  expect([server.accepted.size, now().outbox.entries.length]).toEqual([1, 1]);
  await perform(() => world.advance(2000));
  expect(server.count('POST /task')).toBe(2);
  expect([server.accepted.size, now().outbox.entries.length]).toEqual([1, 0]);
  const [made] = server.accepted.values();
  expect(await (made?.form.get('audio') as Blob).text()).toBe('blob:sound');
});

test('an upload that takes too long is given up, and sent again as the same', async () => {
  const { world, server, now } = await signedIn();
  server.next('POST /task', silence);
  await perform(() => now().outbox.sayVoice(RECORDING, null));
  await perform(() => world.advance(60_000));
  expect(now().outbox.entries).toMatchObject([{ state: 'retrying', problem: { kind: 'timeout' } }]);
  await perform(() => world.advance(2000));
  expect([server.accepted.size, now().outbox.entries.length]).toEqual([1, 0]);
});

test('a 401 in the middle that no token helps against: sign-in, the recording kept', async () => {
  const { server, now, core } = await signedIn();
  server.refuse(tokenOf(ADA));
  await perform(() => now().outbox.sayVoice(RECORDING, null));
  expect(now().session).toMatchObject({ state: 'signed_out', because: 'expired' });
  expect(now().outbox.entries).toMatchObject([{ state: 'needs_sign_in', userId: ADA }]);
  expect(server.accepted.size).toBe(0);
  await perform(() => core.session.signInWithToken(tokenOf(ADA, 2)));
  expect([server.accepted.size, now().outbox.entries.length]).toEqual([1, 0]);
});

test.each([
  [400, 'malformed'],
  [413, 'too_long'],
  [415, 'not_wav'],
  [422, 'silence'],
])('a recording that is refused with %i is kept and not sent again', async (status, kind) => {
  const { world, server, now } = await signedIn();
  server.next('POST /task', () => server.problem(status));
  await perform(() => now().outbox.sayVoice(RECORDING, null));
  expect(now().outbox.entries).toMatchObject([{ state: 'refused', problem: { kind } }]);
  await perform(() => world.setInFront(false));
  await perform(() => world.setInFront(true));
  expect(server.count('POST /task')).toBe(1);
});

test.each([[429], [500], [503]])('a %i passes, and the recording with it', async (status) => {
  const { world, server, now } = await signedIn();
  server.next('POST /task', () => server.problem(status));
  await perform(() => now().outbox.sayVoice(RECORDING, null));
  expect(now().outbox.entries).toMatchObject([{ state: 'retrying' }]);
  await perform(() => world.setInFront(false));
  await perform(() => world.setInFront(true));
  expect([server.accepted.size, now().outbox.entries.length]).toEqual([1, 0]);
});

test.each([
  ['the page of a hotel’s network', () => new Response('<html>Welcome!</html>')],
  ['somebody else’s JSON', () => Response.json({ ok: true })],
  ['an answer without words', () => new Response(null, { status: 204 })],
])('%s accepts nothing', async (_, answer) => {
  const { server, now } = await signedIn();
  server.next('POST /task', answer);
  await perform(() => now().outbox.sayVoice(RECORDING, null));
  expect(now().outbox.entries).toMatchObject([{ state: 'retrying' }]);
});

test.each([[-DAY_MS], [DAY_MS]])('a clock that is %i ms off changes nothing', async (skew) => {
  const app = createApp();
  app.world.setClock(Date.UTC(2026, 10, 29) + skew);
  const { server, now } = await signedIn(app);
  server.add(ADA, { job_id: uuid(5), created_at: '2026-11-29T00:00:00Z' });
  await perform(() => now().outbox.sayText('Add --stdin', null));
  await perform(() => now().list.refresh());
  expect(server.accepted.size).toBe(1);
  expect(now().list.tasks.map(({ job_id: id }) => id)).toEqual([uuid(9000), uuid(5)]);
  expect(now().session.state).toBe('signed_in');
});

test('what two users know, say and choose never meets', async () => {
  const { server, now, core } = await signedIn();
  server.add(ADA, { job_id: uuid(5), transcript: 'Ada’s' });
  server.add(BOB, { job_id: uuid(6), transcript: 'Bob’s' });
  await perform(() => now().list.refresh());
  core.choice.choose('org/adas');
  server.next('POST /task', () => server.problem(422));
  await perform(() => now().outbox.sayText('Ada’s words', null));
  expect(now().list.tasks).toMatchObject([{ transcript: 'Ada’s' }]);
  expect(now().outbox.entries).toMatchObject([{ text: 'Ada’s words' }]);

  await perform(() => now().session.signOut());
  expect([now().list.tasks, now().outbox.entries]).toEqual([[], []]);

  await perform(() => core.session.signInWithToken(tokenOf(BOB)));
  expect(now().list.tasks).toMatchObject([{ transcript: 'Bob’s' }]);
  expect([now().outbox.entries, core.choice.get()]).toEqual([[], null]);

  await perform(() => now().session.signOut());
  await perform(() => core.session.signInWithToken(tokenOf(ADA)));
  expect(now().outbox.entries).toMatchObject([{ text: 'Ada’s words', state: 'refused' }]);
  expect(core.choice.get()).toBe('org/adas');
  // What was forgotten is asked for as if it had never been known.
  const tags = server.requests
    .filter(({ what }) => what === 'GET /tasks')
    .map(({ headers }) => headers.has('If-None-Match'));
  expect(tags).toEqual([false, true, false, false]);
});

test('what is accepted for one user when another is here already is not kept for the other', async () => {
  const { world, server, now, core } = await signedIn();
  let answer = (_: Response) => {};
  server.next('POST /task', () => new Promise((resolve) => (answer = resolve)));
  await perform(() => now().outbox.sayText('Ada’s words', null));
  await perform(() => now().session.signOut());
  await perform(() => core.session.signInWithToken(tokenOf(BOB)));
  await perform(() => answer(Response.json({ job_id: uuid(9000) }, { status: 202 })));
  await pass(1000);
  expect(now().list.tasks).toEqual([]);
  const kept = await world.storage.getItem(`sayso.tasks.${BOB}`);
  expect(kept).toContain(BOB);
  expect(kept).not.toContain('Ada’s words');
});

test('what was known outlives a problem, and the problem does not outlive the app', async () => {
  const first = await signedIn();
  first.server.add(ADA, { job_id: uuid(5), transcript: 'Add --stdin' });
  await perform(() => first.now().list.refresh());
  first.server.next('GET /tasks', noNetwork);
  await perform(() => first.now().list.refresh());
  await pass(1000);
  first.unmount();

  const never = createApp({ world: { ...first.world, fetch: () => new Promise(() => undefined) } });
  const { result } = await render(never, useTasks);
  expect(result.current).toMatchObject({ problem: null, tasks: [{ transcript: 'Add --stdin' }] });
});

test('what was known is there after a restart without a network, and says that it is old', async () => {
  const first = await signedIn();
  first.server.add(ADA, { job_id: uuid(5), transcript: 'Add --stdin' });
  await perform(() => first.now().list.refresh());
  await pass(1000); // what is known is written once a second
  first.unmount();

  const { world } = first;
  await perform(() => world.setOnline(false));
  const { server } = createApp();
  const offline = createApp({ world: { ...world, fetch: async () => noNetwork() }, server });
  const { result } = await render(offline, () => ({ list: useTasks(), one: useTask(uuid(5)) }));
  await quiet();
  expect(result.current.list.tasks).toMatchObject([{ transcript: 'Add --stdin' }]);
  expect(result.current.list).toMatchObject({ isStale: true, problem: { kind: 'offline' } });
  expect(result.current.one.task).toMatchObject({ transcript: 'Add --stdin' });
});

test('signing out wipes what was known from the device', async () => {
  const { world, server, now } = await signedIn();
  server.add(ADA, { job_id: uuid(5), transcript: 'a secret' });
  await perform(() => now().list.refresh());
  await pass(1000);
  const kept = () => world.storage.getItem(`sayso.tasks.${ADA}`);
  expect(await kept()).toContain('a secret');
  await perform(() => now().list.refresh());
  await perform(() => now().session.signOut());
  await pass(1000);
  await quiet();
  expect(await kept()).toBeNull();
});
