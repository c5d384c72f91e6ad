import { uuid } from '@/testing/world';

import { acceptedTask, isUnderWay, msSince, newestFirst, stateOf, type Task } from './state';

const NOW = '2026-11-29T00:00:00Z';

function task(changes: Partial<Task>): Task {
  return acceptedTask({ job_id: uuid(1), created_at: NOW, ...changes });
}

test.each<[Partial<Task>, string, boolean]>([
  [{ status: 'pending', phase: null }, 'waiting', true],
  [{ status: 'pending', phase: 'heard' }, 'waiting', true],
  [{ status: 'pending', phase: 'understood' }, 'heard', true],
  [{ status: 'pending', phase: 'queued' }, 'heard', true],
  [{ status: 'pending', phase: 'checkout' }, 'working', true],
  [{ status: 'pending', phase: 'propose' }, 'working', true],
  [{ status: 'pending', phase: 'lint' }, 'testing', true],
  [{ status: 'pending', phase: 'test' }, 'testing', true],
  [{ status: 'pending', phase: 'deliver' }, 'delivering', true],
  [{ status: 'pending', phase: 'a phase of next year' }, 'working', true],
  [{ status: 'auto_merged', commit_sha: 'a'.repeat(40) }, 'merged', false],
  [{ status: 'ok', commit_sha: 'a'.repeat(40) }, 'merged', false],
  [{ status: 'ok', commit_sha: null }, 'nothing_to_do', false],
  [{ status: 'pr_opened', phase: null, needs_approval: true }, 'needs_you', false],
  [{ status: 'pr_opened', phase: 'approved' }, 'deciding', true],
  [{ status: 'pr_opened', phase: 'test' }, 'deciding', true],
  [{ status: 'fail', reason: 'tests_failed' }, 'failed', false],
  [{ status: 'fail', reason: null }, 'failed', false],
  [{ status: 'fail', reason: 'cancelled' }, 'cancelled', false],
  [{ status: 'fail', reason: 'rejected' }, 'rejected', false],
])('%j is %s', (changes, state, isBusy) => {
  expect(stateOf(task(changes))).toBe(state);
  expect(isUnderWay(task(changes))).toBe(isBusy);
});

const HOUR_MS = 3600_000;

test.each([
  [NOW, 0, 0],
  [NOW, HOUR_MS, HOUR_MS],
  [NOW, -24 * HOUR_MS, 0],
  ['yesterday', 0, 0],
])('since %s, with a clock that is %i ms ahead, %i ms have passed', (moment, ahead, ms) => {
  expect(msSince(moment, Date.parse(NOW) + ahead)).toBe(ms);
});

describe('the list', () => {
  const at = (id: number, minute: number, version = 1) =>
    task({ job_id: uuid(id), created_at: `2026-11-29T00:0${minute}:00Z`, version });
  const ids = (tasks: Task[]) => tasks.map(({ job_id: id }) => Number(id.slice(-12)));

  test('is newest first by the server’s clock, and the same each time', () => {
    const listed = [at(1, 1), at(3, 2), at(2, 2), at(4, 3)];
    expect(ids(newestFirst(listed, []))).toEqual([4, 3, 2, 1]);
    expect(ids(newestFirst([...listed].reverse(), []))).toEqual([4, 3, 2, 1]);
  });

  test('has each task once, as its newest version', () => {
    const shown = newestFirst([at(1, 1, 3), at(1, 1, 4), at(1, 1, 2)], []);
    expect(shown.map(({ version }) => version)).toEqual([4]);
  });

  test('begins with what was just accepted, however wrong this device’s clock is', () => {
    const old = task({ job_id: uuid(8), created_at: '2026-11-27T00:00:00Z' });
    const older = task({ job_id: uuid(9), created_at: '2026-11-30T00:00:00Z' });
    expect(ids(newestFirst([at(1, 1)], [older, old]))).toEqual([8, 9, 1]);
  });

  test('shows what was accepted as the server lists it, once it does', () => {
    expect(newestFirst([at(1, 1, 5)], [at(1, 0, 0)]).map(({ version }) => version)).toEqual([5]);
  });
});
