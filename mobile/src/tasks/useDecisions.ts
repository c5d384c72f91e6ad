import { useMemo, useSyncExternalStore } from 'react';

import { ApiProblem } from '@/api';
import { useCore, useUserId } from '@/core/context';

export type Decisions = {
  approve(commitSha: string, options?: { override?: boolean }): Promise<void>;
  reject(commitSha: string): Promise<void>;
  cancel(): Promise<void>;
  undo(): Promise<string>;
  /** Heard wrong: cancels what is still under way and says it again; returns the outbox id. */
  correct(text: string, repo: string | null): Promise<string>;
  isBusy: boolean;
};

/** @throws ApiProblem, or NotUnlocked if the person turned away. */
export function useDecisions(jobId: string): Decisions {
  const { decider } = useCore();
  const userId = useUserId();
  const busy = useSyncExternalStore(decider.busy.subscribe, decider.busy.get, decider.busy.get);
  const actions = useMemo(() => {
    const as = <T>(act: (userId: string) => Promise<T>): Promise<T> =>
      userId === null ? Promise.reject(new ApiProblem('signed_out')) : act(userId);
    return {
      approve: (commitSha: string, options: { override?: boolean } = {}) =>
        as((user) => decider.approve(user, jobId, commitSha, options.override ?? false)),
      reject: (commitSha: string) => as((user) => decider.reject(user, jobId, commitSha)),
      cancel: () => as((user) => decider.cancel(user, jobId)),
      undo: () => as((user) => decider.undo(user, jobId)),
      correct: (text: string, repo: string | null) =>
        as((user) => decider.correct(user, jobId, text, repo)),
    };
  }, [decider, userId, jobId]);
  return { ...actions, isBusy: busy.some((key) => key.startsWith(`${userId} ${jobId} `)) };
}
