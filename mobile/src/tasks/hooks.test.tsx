import { createApp, pass, perform, render } from '@/testing/app';
import { noNetwork } from '@/testing/server';
import { tokenOf, uuid } from '@/testing/world';

import { useTask, useTasks } from './hooks';
import { useDecisions } from './useDecisions';

const ADA = uuid(1);
const JOB = uuid(5);

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] }));
afterEach(() => jest.useRealTimers());

async function signedIn<T>(hooks: () => T) {
  const app = createApp();
  await app.core.session.signInWithToken(tokenOf(ADA));
  const begin = async () => {
    const { result, unmount } = await render(app, hooks);
    return { now: () => result.current, unmount };
  };
  return { ...app, begin };
}

test('the list is asked for every second while something is under way, else every 15', async () => {
  const { server, begin } = await signedIn(useTasks);
  server.add(ADA, { job_id: JOB, phase: 'propose' });
  await begin();
  const before = server.count('GET /tasks');
  await pass(3000);
  expect(server.count('GET /tasks') - before).toBe(3);
  Object.assign(server.tasks[0] ?? {}, { status: 'auto_merged', phase: null, version: 9 });
  await pass(1000);
  const settled = server.count('GET /tasks');
  await pass(14_000);
  expect(server.count('GET /tasks') - settled).toBe(0);
  await pass(1000);
  expect(server.count('GET /tasks') - settled).toBe(1);
});

test.each([
  ['the list', 'GET /tasks'],
  ['a task', `GET /tasks/${JOB}`],
])(
  'a server in trouble is asked for %s every 15 seconds, whatever is under way',
  async (_, what) => {
    const { server, begin } = await signedIn(() => ({ list: useTasks(), one: useTask(JOB) }));
    server.add(ADA, { job_id: JOB, phase: 'propose' });
    await begin();
    const broken = () => server.problem(500);
    server.next(what, broken, broken, broken, broken);
    await pass(3000); // the first, and the one try more of it
    const before = server.count(what);
    await pass(14_000);
    expect(server.count(what) - before).toBeLessThanOrEqual(2);
    expect(server.count(what) - before).toBeGreaterThan(0);
  },
);

test('nothing is asked in the background, and all is looked up on coming back', async () => {
  const { server, world, begin } = await signedIn(useTasks);
  server.add(ADA, { job_id: JOB, phase: 'propose' });
  const { now } = await begin();
  await perform(() => world.setInFront(false));
  const before = server.count('GET /tasks');
  await pass(60_000);
  expect(server.count('GET /tasks')).toBe(before);
  Object.assign(server.tasks[0] ?? {}, { phase: 'test', version: 9 });
  await perform(() => world.setInFront(true));
  expect(now().tasks).toMatchObject([{ phase: 'test' }]);
});

test('an unchanged list renders nothing anew', async () => {
  const { server, begin } = await signedIn(useTasks);
  server.add(ADA, { job_id: JOB, phase: 'propose' });
  const { now } = await begin();
  const { tasks } = now();
  await pass(2000);
  expect(now().tasks).toBe(tasks);
});

test('pages come one after the other, each task once', async () => {
  const { server, begin } = await signedIn(useTasks);
  const page = (ids: number[], next: string | null) => () =>
    Response.json({
      tasks: ids.map((id) => ({
        job_id: uuid(id),
        version: 1,
        created_at: `2026-11-29T00:00:${id}Z`,
      })),
      next,
    });
  server.next(
    'GET /tasks',
    page([30, 29], 'after-29'),
    page([30, 29], 'after-29'),
    page([29, 28], null),
  );
  const { now } = await begin();
  expect([now().tasks.length, now().hasMore]).toEqual([2, true]);
  await perform(() => now().loadMore());
  const ids = now().tasks.map(({ job_id: id }) => Number(id.slice(-2)));
  expect([ids, now().hasMore]).toEqual([[30, 29, 28], false]);
});

test('pulling to refresh is seen until it is done, also offline', async () => {
  const { server, begin } = await signedIn(useTasks);
  const { now } = await begin();
  expect(now().isRefreshing).toBe(false);
  server.next('GET /tasks', noNetwork);
  await perform(() => now().refresh());
  expect(now()).toMatchObject({ isRefreshing: false, isStale: true, problem: { kind: 'offline' } });
});

test('nobody is shown an empty list while it is still being read', async () => {
  const { server, begin } = await signedIn(useTasks);
  const never = () => new Promise<Response>(() => undefined);
  server.next('GET /tasks', never, never);
  const { now } = await begin();
  expect(now()).toMatchObject({ tasks: [], isLoading: true });
});

test.each([
  [403, 'somebody else’s'],
  [404, 'gone'],
])(
  'a task that is answered with %i is gone, from the list too, and not asked for again',
  async (status) => {
    const { server, begin } = await signedIn(() => ({ list: useTasks(), one: useTask(JOB) }));
    server.add(ADA, { job_id: JOB });
    const { now } = await begin();
    expect([now().list.tasks.length, now().one.task?.job_id]).toEqual([1, JOB]);
    server.tasks.splice(0);
    server.next(`GET /tasks/${JOB}`, () => server.problem(status));
    await perform(() => now().one.refresh());
    expect(now().one).toMatchObject({ task: null, problem: { kind: 'gone' } });
    expect(now().list.tasks).toEqual([]);
    const before = server.count(`GET /tasks/${JOB}`);
    await pass(60_000);
    expect(server.count(`GET /tasks/${JOB}`)).toBe(before);
  },
);

test('an id that is none is gone without asking', async () => {
  const { server, begin } = await signedIn(() => useTask('../device'));
  const { now } = await begin();
  expect(now()).toMatchObject({ task: null, problem: { kind: 'gone' } });
  expect(server.requests).toEqual([]);
});

test('a task that was accepted a moment ago is not gone, though nobody lists it yet', async () => {
  const { server, core, begin } = await signedIn(() => ({
    list: useTasks(),
    one: useTask(uuid(9000)),
  }));
  await core.outbox.sayText('Add --stdin', 'org/project');
  const { now } = await begin();
  expect(now().one).toMatchObject({
    problem: null,
    task: { transcript: 'Add --stdin', timeline: [] },
  });
  await pass(3000);
  expect(now().list.tasks).toMatchObject([{ job_id: uuid(9000) }]);
  // Once the server lists it, the server's word counts.
  server.add(ADA, { job_id: uuid(9000), phase: 'propose', version: 3 });
  await pass(2000);
  expect(now().list.tasks).toMatchObject([{ phase: 'propose', version: 3 }]);
  server.tasks.splice(0);
  await pass(2000);
  expect(now().list.tasks).toEqual([]);
});

test('what the details know is in the list as well', async () => {
  const { server, begin } = await signedIn(() => ({ list: useTasks(), one: useTask(JOB) }));
  server.add(ADA, { job_id: JOB, phase: 'propose', version: 2 });
  const { now } = await begin();
  Object.assign(server.tasks[0] ?? {}, { phase: 'test', version: 3 });
  server.next('GET /tasks', noNetwork);
  await perform(() => now().one.refresh());
  expect(now().list.tasks).toMatchObject([{ phase: 'test' }]);
});

test('a decision is busy while it is on its way, for its own task only', async () => {
  const { server, begin } = await signedIn(
    () => [useDecisions(JOB), useDecisions(uuid(6))] as const,
  );
  const { now } = await begin();
  let answer = (_: Response) => {};
  server.next('POST /webhook/reject', () => new Promise((resolve) => (answer = resolve)));
  let rejecting: Promise<void> | undefined;
  await perform(() => void (rejecting = now()[0].reject('a'.repeat(40))));
  expect(now().map(({ isBusy }) => isBusy)).toEqual([true, false]);
  await perform(() => answer(Response.json({ job_id: JOB, status: 'pr_opened' }, { status: 202 })));
  await rejecting;
  expect(now().map(({ isBusy }) => isBusy)).toEqual([false, false]);
});
