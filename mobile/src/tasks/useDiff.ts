import { skipToken, useQuery } from '@tanstack/react-query';

import { ApiProblem } from '@/api';
import { useCore, useUserId } from '@/core/context';

import { keys } from './cache';
import { readDiff, type Diff } from './readDiff';
import { readTask } from './reading';
import type { TaskDetails } from './state';

/** The lines that a task changed; its signed address is renewed if it has expired. */
export function useDiff(task: TaskDetails | null): Diff & { problem: ApiProblem | null } {
  const core = useCore();
  const userId = useUserId();
  const address = task?.diff_url;
  const query = useQuery<Diff>({
    queryKey: keys.diff(userId ?? '', task?.job_id ?? '', task?.version ?? 0),
    queryFn:
      userId && task && address
        ? ({ signal }) =>
            readDiff(core.effects, address, signal, async () => {
              const reader = core.reader(userId);
              reader.api.forget(`task ${task.job_id}`); // an unchanged task has an old address
              return (await readTask(reader, task.job_id, signal)).diff_url ?? null;
            })
        : skipToken,
    staleTime: Infinity,
  });
  const { data = { files: null, isTooLarge: false }, error } = query;
  const problem = error instanceof ApiProblem ? error : error && new ApiProblem('server');
  return { ...data, problem };
}
