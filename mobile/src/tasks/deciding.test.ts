import { createApi } from '@/api';
import { createServer, noNetwork } from '@/testing/server';
import { createWorld, settled, tokenOf, uuid } from '@/testing/world';

import { acceptedTasks, createQueryClient, keys, listedTask, type Pages } from './cache';
import { createDecider, NotUnlocked } from './deciding';
import { acceptedTask, stateOf, type Task, type TaskDetails } from './state';

const [ADA, JOB] = [uuid(1), uuid(5)];
const SHA = 'a'.repeat(40);

function setUp(task: Partial<Task> = { status: 'pr_opened', needs_approval: true, phase: null }) {
  const server = createServer();
  const world = createWorld(server.fetch);
  const tokens = { current: () => tokenOf(ADA), renew: async () => null, end: () => undefined };
  const api = createApi({ ...world, baseUrl: 'https://api.example.com', tokens });
  const client = createQueryClient();
  const shown = acceptedTask({ job_id: JOB, created_at: '2026-11-29T00:00:00Z', ...task });
  server.add(ADA, shown);
  client.setQueryData<Pages>(keys.list(ADA), {
    pages: [{ tasks: [shown], next: null }],
    pageParams: [null],
  });
  client.setQueryData<TaskDetails>(keys.task(ADA, JOB), { ...shown, timeline: [] });
  const said: string[] = [];
  const unlock = jest.fn(async () => true);
  const decider = createDecider({
    ...world,
    unlock,
    client,
    apiOf: () => api,
    outbox: { sayText: async (text, repo) => (said.push(`${text} @ ${repo}`), 'entry') },
  });
  const state = () => {
    const known = listedTask(client, ADA, JOB);
    return known && stateOf(known);
  };
  return { server, client, decider, unlock, said, state };
}

test('a double tap on Approve asks once: for the lock, and of the server', async () => {
  const { server, decider, unlock, state } = setUp();
  const busy: number[] = [];
  decider.busy.subscribe(() => busy.push(decider.busy.get().length));
  const taps = [1, 2, 3].map(() => decider.approve(ADA, JOB, SHA, false));
  await Promise.all(taps);
  expect([unlock.mock.calls.length, server.count('POST /webhook/approve')]).toEqual([1, 1]);
  expect(server.requests.at(0)?.body).toEqual({ job_id: JOB, commit_sha: SHA, override: false });
  expect(state()).toBe('deciding');
  expect(busy).toEqual([1, 0]);
});

test('another commit, and insisting, are other decisions', async () => {
  const { server, decider } = setUp();
  await Promise.all([
    decider.approve(ADA, JOB, SHA, false),
    decider.approve(ADA, JOB, SHA, true),
    decider.approve(ADA, JOB, 'b'.repeat(40), false),
  ]);
  expect(server.count('POST /webhook/approve')).toBe(3);
});

test('whoever can’t unlock the device approves nothing', async () => {
  const { server, decider, unlock, state } = setUp();
  unlock.mockResolvedValueOnce(false);
  await expect(decider.approve(ADA, JOB, SHA, false)).rejects.toBeInstanceOf(NotUnlocked);
  expect([server.requests.length, state()]).toEqual([0, 'needs_you']);
  await decider.approve(ADA, JOB, SHA, false);
  expect(state()).toBe('deciding');
});

test('rejecting needs no unlocking', async () => {
  const { server, decider, unlock, state } = setUp();
  await decider.reject(ADA, JOB, SHA);
  expect([unlock.mock.calls.length, server.count('POST /webhook/reject'), state()]).toEqual([
    0,
    1,
    'deciding',
  ]);
});

test('a decision that comes too late says so, and shows how it stands', async () => {
  const { server, decider, client, state } = setUp();
  const type = 'https://sayso.dev/problems/stale-commit';
  server.next('POST /webhook/approve', () => server.problem(409, { type }));
  await expect(decider.approve(ADA, JOB, SHA, false)).rejects.toMatchObject({
    kind: 'conflict',
    type: 'stale-commit',
  });
  expect(state()).toBe('needs_you');
  expect(client.getQueryState(keys.task(ADA, JOB))?.isInvalidated).toBe(true);
});

test('a decision that does not arrive changes nothing', async () => {
  const { server, decider, state } = setUp();
  server.next('POST /webhook/approve', noNetwork);
  await expect(decider.approve(ADA, JOB, SHA, false)).rejects.toMatchObject({ kind: 'offline' });
  expect(state()).toBe('needs_you');
});

test('an answer from before a decision does not take it back on screen', async () => {
  const { client, decider, state } = setUp();
  const before = client.getQueryData<Pages>(keys.list(ADA));
  let answer = (_?: Pages) => {};
  const polling = client.fetchQuery({
    queryKey: keys.list(ADA),
    queryFn: () => new Promise<Pages | undefined>((resolve) => (answer = resolve)),
  });
  await decider.approve(ADA, JOB, SHA, false);
  answer(before);
  await polling.catch(() => undefined);
  expect(state()).toBe('deciding');
});

test('what was cancelled is shown so', async () => {
  const { decider, state } = setUp({ status: 'pending', phase: 'propose' });
  await decider.cancel(ADA, JOB);
  expect(state()).toBe('cancelled');
});

test('an undo is a task of its own, and shown at once', async () => {
  const { decider, client } = setUp({ status: 'auto_merged', phase: null });
  expect(await decider.undo(ADA, JOB)).toBe(uuid(7000));
  expect(acceptedTasks(client, ADA)).toMatchObject([{ job_id: uuid(7000), undoes: JOB }]);
});

test.each<[Partial<Task>, number]>([
  [{ status: 'pending', phase: 'propose' }, 1],
  [{ status: 'pr_opened', phase: null, needs_approval: true }, 1],
  [{ status: 'auto_merged', phase: null }, 0],
  [{ status: 'fail', phase: null }, 0],
])(
  'what was heard wrong is stopped if it is under way, then said again: %j',
  async (task, stops) => {
    const { decider, server, said } = setUp(task);
    expect(await decider.correct(ADA, JOB, 'Add --stdin', 'org/project')).toBe('entry');
    expect(server.count(`POST /tasks/${JOB}/cancel`)).toBe(stops);
    expect(said).toEqual(['Add --stdin @ org/project']);
  },
);

test('what can’t be stopped any more is said again; what might still be, is not', async () => {
  const { decider, server, said } = setUp({ status: 'pending', phase: 'deliver' });
  const cancel = `POST /tasks/${JOB}/cancel`;
  server.next(cancel, noNetwork, () => server.problem(409));
  await expect(decider.correct(ADA, JOB, 'Add --stdin', null)).rejects.toMatchObject({
    kind: 'offline',
  });
  expect(said).toEqual([]);
  await decider.correct(ADA, JOB, 'Add --stdin', null);
  expect(said).toHaveLength(1);
  await settled();
});
