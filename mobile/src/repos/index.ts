import { skipToken, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

import { ApiProblem, type Api } from '@/api';
import type { components } from '@/api/schema';
import { useCore, useUserId } from '@/core/context';
import { keys } from '@/tasks/cache';

export type Repository = components['schemas']['Repository'];

export function useRepos(): {
  repos: Repository[];
  /** Null is the default one. */
  chosen: string | null;
  choose(repo: string | null): void;
  isLoading: boolean;
} {
  const { apiOf, choice } = useCore();
  const userId = useUserId();
  const { data: repos = [], isPending } = useQuery<Repository[]>({
    queryKey: keys.repos(userId ?? ''),
    queryFn: userId ? () => readRepos(apiOf(userId)) : skipToken,
  });
  const remembered = useSyncExternalStore(choice.subscribe, choice.get, choice.get);
  return {
    repos,
    chosen: stillThere(remembered, repos),
    choose: choice.choose,
    isLoading: userId !== null && isPending,
  };
}

/** A choice holds as long as its repository is listed, or nobody knows what is. */
export function stillThere(chosen: string | null, repos: readonly Repository[]): string | null {
  return repos.length === 0 || repos.some(({ repo }) => repo === chosen) ? chosen : null;
}

async function readRepos(api: Api): Promise<Repository[]> {
  const { repos } = await api.ask((http, signal) => http.GET('/repos', { signal }));
  if (!Array.isArray(repos)) throw new ApiProblem('server');
  return repos;
}
