/** What is known of one user's tasks, in memory and on the device. */
import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister';
import { QueryClient, type InfiniteData, type Query } from '@tanstack/react-query';
import {
  persistQueryClientRestore,
  persistQueryClientSubscribe,
  type PersistedClient,
} from '@tanstack/react-query-persist-client';

import { ApiProblem } from '@/api';
import type { operations } from '@/api/schema';
import type { KeyValue } from '@/platform/effects';
import { createStore } from '@/platform/store';

import type { Task, TaskDetails } from './state';

export type Page = operations['listTasks']['responses'][200]['content']['application/json'];
export type Pages = InfiniteData<Page, string | null>;

/** Everything is filed below its user: two users' tasks never meet. */
export const keys = {
  list: (userId: string) => [userId, 'tasks'],
  accepted: (userId: string) => [userId, 'accepted'],
  task: (userId: string, jobId: string) => [userId, 'task', jobId],
  diff: (userId: string, jobId: string, version: number) => [userId, 'diff', jobId, version],
  repos: (userId: string) => [userId, 'repos'],
};

/** Changes whenever what is kept is no longer what this app understands. */
const BUSTER = '1';
const WEEK_MS = 7 * 24 * 3600_000;
const MOST_ACCEPTED = 20;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        gcTime: Infinity, // what is not on screen is still shown at once, and offline
        // A device that takes itself for offline may be wrong: asking tells, and never hangs.
        networkMode: 'always',
        refetchOnReconnect: true,
        // A broken answer is asked for once more; everything else waits for the next poll.
        retry: (failures, problem) =>
          failures < 1 && problem instanceof ApiProblem && problem.kind === 'server',
      },
    },
  });
}

export type Keeper = ReturnType<typeof createKeeper>;

/**
 * Keeps the cache of whoever is signed in on the device.
 *
 * @param now milliseconds since the epoch, for housekeeping only.
 */
export function createKeeper(client: QueryClient, storage: KeyValue, now: () => number) {
  const isReading = createStore(false);
  let close = () => {};
  const nameOf = (userId: string) => `sayso.tasks.${userId}`;

  return {
    /** Whether what is kept is still being read: until then, nothing is fetched. */
    isReading,
    async open(userId: string): Promise<void> {
      close();
      isReading.set(true);
      let isOpen = true;
      let stop = () => {};
      close = () => {
        isOpen = false;
        isReading.set(false);
        stop();
        client.clear();
      };
      const persister = createAsyncStoragePersister({
        // A write that is late comes to nothing: it must not bring back what was wiped.
        storage: { ...storage, setItem: async (k, v) => isOpen && storage.setItem(k, v) },
        key: nameOf(userId),
        serialize: (cache) => JSON.stringify(withoutProblems(cache)),
      });
      const options = {
        queryClient: client,
        persister,
        buster: BUSTER,
        maxAge: Infinity,
        dehydrateOptions: {
          shouldDehydrateQuery: ({ queryKey: [owner, kind], state }: Query) =>
            owner === userId && // an answer may come late, for whoever was here before
            kind !== 'diff' && // large, and fetched again by its address
            state.data !== undefined &&
            now() - state.dataUpdatedAt < WEEK_MS,
        },
      };
      // What can't be read any more is thrown away by the library, and fetched again.
      await persistQueryClientRestore(options).catch(() => undefined);
      if (!isOpen) return;
      stop = persistQueryClientSubscribe(options);
      isReading.set(false);
    },
    /** Hides what is known. */
    close: () => close(),
    /** Forgets it, on the device too. */
    async wipe(userId: string): Promise<void> {
      close();
      await storage.removeItem(nameOf(userId));
    },
  };
}

/** What was known before a problem stays known; the problem itself is looked for anew. */
function withoutProblems(cache: PersistedClient): PersistedClient {
  const queries = cache.clientState.queries.map((query) => ({
    ...query,
    state: { ...query.state, status: 'success' as const, error: null, fetchFailureReason: null },
  }));
  return { ...cache, clientState: { mutations: [], queries } };
}

export function acceptedTasks(client: QueryClient, userId: string): Task[] {
  return client.getQueryData<Task[]>(keys.accepted(userId)) ?? [];
}

/** Shows a task that the server has accepted and does not list yet. */
export function showAccepted(client: QueryClient, userId: string, task: Task): void {
  const others = acceptedTasks(client, userId).filter(({ job_id: id }) => id !== task.job_id);
  client.setQueryData<Task[]>(keys.accepted(userId), [...others, task].slice(-MOST_ACCEPTED));
}

export function dropListed(client: QueryClient, userId: string, listed: readonly Task[]): void {
  const accepted = acceptedTasks(client, userId);
  const left = accepted.filter((task) => !listed.some(({ job_id: id }) => id === task.job_id));
  if (left.length < accepted.length) client.setQueryData(keys.accepted(userId), left);
}

/** Writes into the list what is known more exactly; what is older changes nothing. */
export function updateListed(
  client: QueryClient,
  userId: string,
  jobId: string,
  known: Partial<Task>,
): void {
  const listed = listedTask(client, userId, jobId);
  if (!listed || listed.version >= (known.version ?? Infinity)) return;
  const change = (task: Task) => (task.job_id === jobId ? { ...task, ...known } : task);
  client.setQueryData<Task[]>(keys.accepted(userId), (tasks) => tasks?.map(change));
  client.setQueryData<Pages>(keys.list(userId), (list) => mapPages(list, (all) => all.map(change)));
}

/** Takes out what is not there any more, or never was this user's. */
export function dropTask(client: QueryClient, userId: string, jobId: string): void {
  const others = (tasks: Task[]) => tasks.filter(({ job_id: id }) => id !== jobId);
  client.setQueryData<Task[]>(keys.accepted(userId), (tasks) => tasks && others(tasks));
  client.setQueryData<Pages>(keys.list(userId), (list) => mapPages(list, others));
}

export function listedTask(client: QueryClient, userId: string, jobId: string): Task | undefined {
  const pages = client.getQueryData<Pages>(keys.list(userId))?.pages ?? [];
  const listed = pages.flatMap((page) => page.tasks);
  return [...listed, ...acceptedTasks(client, userId)].find(({ job_id: id }) => id === jobId);
}

/** A task of the list as details of which the timeline is still to come. */
export function detailsOf(task: Task): TaskDetails {
  return { timeline: [], ...task };
}

function mapPages(list: Pages | undefined, change: (tasks: Task[]) => Task[]): Pages | undefined {
  return (
    list && {
      ...list,
      pages: list.pages.map((page) => ({ ...page, tasks: change(page.tasks) })),
    }
  );
}
