import { skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';

import { ApiProblem } from '@/api';
import { useCore, useUserId } from '@/core/context';

import { detailsOf, keys, listedTask } from './cache';
import { readPage, readTask } from './reading';
import { isUnderWay, newestFirst, type Task, type TaskDetails } from './state';

const FAST_MS = 1000;
const SLOW_MS = 15_000;

export type Tasks = {
  tasks: Task[];
  isLoading: boolean;
  /** Because somebody asked for it. */
  isRefreshing: boolean;
  /** Shown from what was kept, offline. */
  isStale: boolean;
  problem: ApiProblem | null;
  refresh(): Promise<void>;
  hasMore: boolean;
  loadMore(): Promise<void>;
};

export function useTasks(): Tasks {
  const core = useCore();
  const userId = useUserId();
  const { data: accepted = [] } = useQuery<Task[]>({
    queryKey: keys.accepted(userId ?? ''),
    queryFn: skipToken,
  });
  const list = useInfiniteQuery({
    queryKey: keys.list(userId ?? ''),
    queryFn: userId
      ? ({ pageParam, signal }) => readPage(core.reader(userId), pageParam, signal)
      : skipToken,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? undefined,
    // A poll reads every page that is shown: the more of them, the longer until the next.
    refetchInterval: ({ state }) => {
      if (state.error) return SLOW_MS; // a server in trouble is left alone
      const pages = state.data?.pages ?? [];
      const isBusy = accepted.length > 0 || pages.some((page) => page.tasks.some(isUnderWay));
      return isBusy ? FAST_MS * Math.max(1, pages.length) : SLOW_MS;
    },
  });
  const { data, error, refetch, fetchNextPage } = list;
  const tasks = useMemo(
    () => newestFirst(data?.pages.flatMap((page) => page.tasks) ?? [], accepted),
    [data, accepted],
  );
  const [isRefreshing, refresh] = useRefreshing(refetch);
  const loadMore = useCallback(async () => void (await fetchNextPage()), [fetchNextPage]);
  return {
    tasks,
    isLoading: userId !== null && list.isPending,
    isRefreshing,
    isStale: data !== undefined && isOutOfReach(error),
    problem: problemIn(error),
    refresh,
    hasMore: list.hasNextPage,
    loadMore,
  };
}

export type OneTask = {
  task: TaskDetails | null;
  isLoading: boolean;
  problem: ApiProblem | null;
  refresh(): Promise<void>;
};

export function useTask(jobId: string): OneTask {
  const core = useCore();
  const userId = useUserId();
  // Until it is read, or as long as it can't be: what the list knows.
  const listed = userId === null ? undefined : listedTask(core.client, userId, jobId);
  const known = useMemo(() => (listed ? detailsOf(listed) : null), [listed]);
  const query = useQuery<TaskDetails>({
    queryKey: keys.task(userId ?? '', jobId),
    queryFn: userId ? ({ signal }) => readTask(core.reader(userId), jobId, signal) : skipToken,
    refetchInterval: ({ state }) => {
      if (state.error) return isGone(state.error) ? false : SLOW_MS;
      return state.data && !isUnderWay(state.data) ? SLOW_MS : FAST_MS;
    },
  });
  const [, refresh] = useRefreshing(query.refetch);
  const task = isGone(query.error) ? null : (query.data ?? known);
  return {
    task,
    isLoading: userId !== null && query.isPending && task === null,
    problem: problemIn(query.error),
    refresh,
  };
}

function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.kind === 'gone';
}

function problemIn(error: unknown): ApiProblem | null {
  if (error === null) return null;
  return error instanceof ApiProblem ? error : new ApiProblem('server');
}

function isOutOfReach(error: unknown): boolean {
  return error instanceof ApiProblem && (error.kind === 'offline' || error.kind === 'timeout');
}

function useRefreshing(refetch: () => Promise<unknown>): [boolean, () => Promise<void>] {
  const [isRefreshing, setRefreshing] = useState(false);
  const refresh = useCallback(async () => {
    setRefreshing(true);
    await refetch().finally(() => setRefreshing(false));
  }, [refetch]);
  return [isRefreshing, refresh];
}
