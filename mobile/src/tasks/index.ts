import type { ApiProblem } from '@/api';
import type { components } from '@/api/schema';

export type Task = components['schemas']['Task'];
export type TaskDetails = components['schemas']['TaskDetails'];

export type TaskState =
  | 'to_send'
  | 'waiting'
  | 'heard'
  | 'working'
  | 'testing'
  | 'delivering'
  | 'merged'
  | 'nothing_to_do'
  | 'needs_you'
  | 'deciding'
  | 'failed'
  | 'cancelled'
  | 'rejected';

export type DiffLine = {
  kind: 'context' | 'added' | 'removed' | 'hunk';
  text: string;
  oldNumber: number | null;
  newNumber: number | null;
};
export type DiffFile = {
  path: string;
  oldPath: string | null;
  added: number;
  removed: number;
  lines: DiffLine[];
};

export function stateOf(task: Task): TaskState {
  throw new Error(`not here yet: ${task.status}`);
}

/** Milliseconds since a moment of the server, not below zero however wrong the device's clock is. */
export function msSince(moment: string, now: number): number {
  return Math.max(0, now - Date.parse(moment));
}

export function useTasks(): {
  tasks: Task[];
  isLoading: boolean;
  isRefreshing: boolean;
  /** Shown from what was kept, offline. */
  isStale: boolean;
  problem: ApiProblem | null;
  refresh(): Promise<void>;
  hasMore: boolean;
  loadMore(): Promise<void>;
} {
  throw new Error('not here yet');
}

export function useTask(jobId: string): {
  task: TaskDetails | null;
  isLoading: boolean;
  problem: ApiProblem | null;
  refresh(): Promise<void>;
} {
  throw new Error(`not here yet: ${jobId}`);
}

export function useDiff(task: TaskDetails | null): {
  files: DiffFile[] | null;
  isTooLarge: boolean;
  problem: ApiProblem | null;
} {
  throw new Error(`not here yet: ${task?.job_id}`);
}

export function useDecisions(jobId: string): {
  approve(commitSha: string, options?: { override?: boolean }): Promise<void>;
  reject(commitSha: string): Promise<void>;
  cancel(): Promise<void>;
  undo(): Promise<string>;
  /** Heard wrong: cancels what is still under way and says it again; returns the outbox id. */
  correct(text: string, repo: string | null): Promise<string>;
  isBusy: boolean;
} {
  throw new Error(`not here yet: ${jobId}`);
}
