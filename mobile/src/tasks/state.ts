/** What a task is doing, in the words of the app. Pure. */
import type { components } from '@/api/schema';

export type Task = components['schemas']['Task'];
export type TaskDetails = components['schemas']['TaskDetails'];

export type TaskState =
  /** Only what is still in the outbox. */
  | 'to_send'
  | 'waiting'
  | 'heard'
  | 'working'
  | 'testing'
  | 'delivering'
  | 'merged'
  | 'nothing_to_do'
  | 'needs_you'
  /** Approved or rejected, and on its way. */
  | 'deciding'
  | 'failed'
  | 'cancelled'
  | 'rejected';

/** The phases of services/status/fold.py; one that is newer than this app counts as work. */
const PHASES: Readonly<Record<string, TaskState>> = {
  heard: 'waiting',
  understood: 'heard',
  queued: 'heard',
  checkout: 'working',
  propose: 'working',
  lint: 'testing',
  test: 'testing',
  deliver: 'delivering',
};

export function stateOf(task: Task): TaskState {
  switch (task.status) {
    case 'pending':
      return task.phase ? (PHASES[task.phase] ?? 'working') : 'waiting';
    case 'auto_merged':
      return 'merged';
    case 'ok':
      return task.commit_sha ? 'merged' : 'nothing_to_do';
    case 'pr_opened':
      return task.needs_approval ? 'needs_you' : 'deciding';
    case 'fail':
      if (task.reason === 'cancelled' || task.reason === 'rejected') return task.reason;
      return 'failed';
  }
}

const UNDER_WAY: readonly TaskState[] = [
  'waiting',
  'heard',
  'working',
  'testing',
  'delivering',
  'deciding',
];

/** Whether something is being done about it right now. */
export function isUnderWay(task: Task): boolean {
  return UNDER_WAY.includes(stateOf(task));
}

/** Milliseconds since a moment of the server; not below zero, however wrong the device's clock. */
export function msSince(moment: string, now: number): number {
  return Math.max(0, now - Date.parse(moment)) || 0;
}

/**
 * One list of several pages: each task once, as its newest version; newest first by the server's
 * clock, and what was accepted a moment ago, which the server does not list yet, before all others.
 *
 * @param accepted in the order in which they were.
 */
export function newestFirst(listed: readonly Task[], accepted: readonly Task[]): Task[] {
  const newest = new Map<string, Task>();
  for (const task of listed) {
    const other = newest.get(task.job_id);
    if (!other || other.version < task.version) newest.set(task.job_id, task);
  }
  const order = (task: Task) => Date.parse(task.created_at) || 0;
  const sorted = [...newest.values()].sort(
    (a, b) => order(b) - order(a) || (a.job_id < b.job_id ? 1 : -1),
  );
  return [...accepted.filter(({ job_id: id }) => !newest.has(id)).reverse(), ...sorted];
}

/** A task of which nothing is known but that it was accepted. */
export function acceptedTask(known: Pick<Task, 'job_id' | 'created_at'> & Partial<Task>): Task {
  return {
    status: 'pending',
    version: 0,
    phase: 'heard',
    updated_at: known.created_at,
    needs_approval: false,
    undelivered: 0,
    ...known,
  };
}
