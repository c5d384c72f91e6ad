/** What only a person may decide. Each decision is on its way once, however often it is tapped. */
import type { QueryClient } from '@tanstack/react-query';

import { ApiProblem, type Api } from '@/api';
import type { Outbox } from '@/outbox/outbox';
import type { Effects } from '@/platform/effects';
import { createStore } from '@/platform/store';
import { strings } from '@/strings';

import { keys, listedTask, showAccepted, updateListed } from './cache';
import { acceptedTask, isUnderWay, type Task, type TaskDetails } from './state';

/** The person at the device did not show that they are its owner: nothing was decided. */
export class NotUnlocked extends Error {}

export type DecidingEffects = Pick<Effects, 'unlock' | 'now'> & {
  client: QueryClient;
  outbox: Pick<Outbox, 'sayText'>;
  apiOf(userId: string): Api;
};

export type Decider = ReturnType<typeof createDecider>;

export function createDecider({ client, outbox, apiOf, unlock, now }: DecidingEffects) {
  const flights = new Map<string, Promise<unknown>>();
  const busy = createStore<readonly string[]>([]);

  /** The same call while one is on its way is that one. */
  function once<T>(userId: string, jobId: string, what: string, act: () => Promise<T>): Promise<T> {
    const key = `${userId} ${jobId} ${what}`;
    const flying = flights.get(key);
    if (flying) return flying as Promise<T>; // the key names the kind of call
    const flight = act().finally(() => {
      flights.delete(key);
      busy.set([...flights.keys()]);
    });
    flights.set(key, flight);
    busy.set([...flights.keys()]);
    return flight;
  }

  /** Shows what was decided until the server tells it itself. */
  async function show(userId: string, jobId: string, changes: Partial<Task>): Promise<void> {
    const queryKeys = [keys.list(userId), keys.task(userId, jobId)];
    // An answer from before the decision must not take it back on screen.
    await Promise.all(queryKeys.map((queryKey) => client.cancelQueries({ queryKey })));
    updateListed(client, userId, jobId, changes);
    client.setQueryData<TaskDetails>(
      keys.task(userId, jobId),
      (task) => task && { ...task, ...changes },
    );
    refresh(userId, jobId);
  }

  function refresh(userId: string, jobId: string): void {
    void client.invalidateQueries({ queryKey: keys.list(userId) });
    void client.invalidateQueries({ queryKey: keys.task(userId, jobId) });
  }

  /** What happened in the meantime is fetched, so that the person sees why not. */
  async function decided<T>(userId: string, jobId: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (problem) {
      if (isOver(problem)) refresh(userId, jobId);
      throw problem;
    }
  }

  function stop(userId: string, jobId: string): Promise<void> {
    return decided(userId, jobId, async () => {
      await apiOf(userId).ask((http, signal) =>
        http.POST('/tasks/{job_id}/cancel', { signal, params: { path: { job_id: jobId } } }),
      );
      const changes = { status: 'fail', reason: 'cancelled', phase: null } as const;
      await show(userId, jobId, { ...changes, needs_approval: false });
    });
  }

  return {
    busy,

    approve: (userId: string, jobId: string, commitSha: string, override: boolean): Promise<void> =>
      once(userId, jobId, `approve ${commitSha} ${override}`, async () => {
        if (!(await unlock(strings.unlock.approve))) throw new NotUnlocked();
        await decided(userId, jobId, () =>
          apiOf(userId).ask((http, signal) =>
            http.POST('/webhook/approve', {
              signal,
              body: { job_id: jobId, commit_sha: commitSha, override },
            }),
          ),
        );
        await show(userId, jobId, { needs_approval: false, phase: 'approved' });
      }),

    reject: (userId: string, jobId: string, commitSha: string): Promise<void> =>
      once(userId, jobId, `reject ${commitSha}`, async () => {
        await decided(userId, jobId, () =>
          apiOf(userId).ask((http, signal) =>
            http.POST('/webhook/reject', {
              signal,
              body: { job_id: jobId, commit_sha: commitSha },
            }),
          ),
        );
        await show(userId, jobId, { needs_approval: false, phase: 'rejected' });
      }),

    cancel: (userId: string, jobId: string): Promise<void> =>
      once(userId, jobId, 'cancel', () => stop(userId, jobId)),

    /** @returns the task that takes this one back. */
    undo: (userId: string, jobId: string): Promise<string> =>
      once(userId, jobId, 'undo', async () => {
        const { job_id: undoing } = await decided(userId, jobId, () =>
          apiOf(userId).ask((http, signal) =>
            http.POST('/tasks/{job_id}/undo', { signal, params: { path: { job_id: jobId } } }),
          ),
        );
        const known = { job_id: undoing, created_at: new Date(now()).toISOString() };
        showAccepted(
          client,
          userId,
          acceptedTask({ ...known, phase: 'understood', undoes: jobId }),
        );
        refresh(userId, jobId);
        return undoing;
      }),

    /**
     * Says a request again in other words, once the misheard one is stopped: were it the other way
     * round, both might be merged.
     *
     * @returns the id in the outbox.
     */
    correct: (userId: string, jobId: string, text: string, repo: string | null): Promise<string> =>
      once(userId, jobId, 'correct', async () => {
        const task =
          client.getQueryData<TaskDetails>(keys.task(userId, jobId)) ??
          listedTask(client, userId, jobId);
        if (!task || isUnderWay(task) || task.needs_approval) {
          await stop(userId, jobId).catch((problem: unknown) => {
            if (!isOver(problem)) throw problem; // otherwise there is nothing to stop any more
          });
        }
        return outbox.sayText(text, repo);
      }),
  };
}

function isOver(problem: unknown): boolean {
  return problem instanceof ApiProblem && ['conflict', 'gone'].includes(problem.kind);
}
