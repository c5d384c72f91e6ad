import type { components } from '@/api/schema';

export type Repository = components['schemas']['Repository'];

export function useRepos(): {
  repos: Repository[];
  /** Null is the default one. */
  chosen: string | null;
  choose(repo: string | null): void;
  isLoading: boolean;
} {
  throw new Error('not here yet');
}
