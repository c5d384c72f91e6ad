/** Reads tasks from the server into the cache. */
import type { QueryClient } from '@tanstack/react-query';

import { ApiProblem, type Api } from '@/api';
import { UUID } from '@/session/account';

import { acceptedTasks, detailsOf, dropListed, dropTask, updateListed, type Page } from './cache';
import type { TaskDetails } from './state';

export type Reader = { api: Api; client: QueryClient; userId: string };

export async function readPage(
  { api, client, userId }: Reader,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page> {
  const page = await api.read<Page>(
    `tasks ${cursor}`,
    (http, abort, headers) =>
      http.GET('/tasks', {
        signal: abort,
        headers,
        params: { query: cursor === null ? {} : { cursor } },
      }),
    signal && { signal },
  );
  if (!Array.isArray(page.tasks)) throw new ApiProblem('server');
  dropListed(client, userId, page.tasks);
  return page;
}

/**
 * @throws ApiProblem of the kind `gone` if there is no such task of this user; it is then in no
 *   list any more.
 */
export async function readTask(
  { api, client, userId }: Reader,
  jobId: string,
  signal?: AbortSignal,
): Promise<TaskDetails> {
  if (!UUID.test(jobId)) throw new ApiProblem('gone');
  try {
    const task = await api.read<TaskDetails>(
      `task ${jobId}`,
      (http, abort, headers) =>
        http.GET('/tasks/{job_id}', {
          signal: abort,
          headers,
          params: { path: { job_id: jobId } },
        }),
      signal && { signal },
    );
    const { timeline: _, diff_url: __, ...listed } = task;
    updateListed(client, userId, jobId, listed);
    return task;
  } catch (problem) {
    if (!(problem instanceof ApiProblem)) throw problem;
    const accepted = acceptedTasks(client, userId).find(({ job_id: id }) => id === jobId);
    // Accepted a moment ago: the server lists it as soon as it has read its own queue.
    if (problem.kind === 'gone' && accepted) return detailsOf(accepted);
    if (problem.kind !== 'gone' && problem.kind !== 'not_yours') throw problem;
    dropTask(client, userId, jobId);
    throw new ApiProblem('gone', problem.type, problem.detail);
  }
}
