import { ApiProblem } from '@/api';
import { PROBLEM_KINDS } from '@/api/problem';

/** What was said and is not accepted yet. */
export type Entry = {
  /** Its Idempotency-Key, drawn when it is made. */
  id: string;
  userId: string;
  createdAt: string;
  kind: 'voice' | 'text';
  text: string | null;
  repo: string | null;
  durationMs: number | null;
  state: 'sending' | 'waiting_for_network' | 'retrying' | 'needs_sign_in' | 'refused';
  problem: ApiProblem | null;
  jobId: string | null;
};

/** What of an entry outlives the app: of its states only that it was refused. */
export type Kept = Omit<Entry, 'state' | 'problem' | 'jobId'> & {
  refused: Pick<ApiProblem, 'kind' | 'type' | 'detail'> | null;
};

/** Where a problem leaves an entry. What is not passing is never tried again by itself. */
export function stateAfter(problem: ApiProblem): Exclude<Entry['state'], 'sending'> {
  if (problem.kind === 'offline') return 'waiting_for_network';
  if (problem.kind === 'signed_out') return 'needs_sign_in';
  return problem.isPassing ? 'retrying' : 'refused';
}

/** An entry as it is found on the device. */
export function entryOf({ refused, ...kept }: Kept, isOnline: boolean): Entry {
  const problem = refused && new ApiProblem(refused.kind, refused.type, refused.detail);
  const state = refused ? 'refused' : isOnline ? 'sending' : 'waiting_for_network';
  return { ...kept, state, problem, jobId: null };
}

export function keptOf({ state, problem, jobId: _, ...entry }: Entry): Kept {
  const isRefused = state === 'refused' && problem;
  const { kind, type, detail } = problem ?? {};
  return {
    ...entry,
    refused: isRefused && kind ? { kind, type: type ?? null, detail: detail ?? null } : null,
  };
}

/** Reads what an older or half-written file may hold; null if it is no entry. */
export function parseKept(text: string): Kept | null {
  try {
    const said: unknown = JSON.parse(text);
    return isKept(said) ? said : null;
  } catch {
    return null;
  }
}

function isKept(said: unknown): said is Kept {
  if (typeof said !== 'object' || said === null) return false;
  const { id, userId, createdAt, kind, text, repo, durationMs, refused } = said as Partial<Kept>;
  const isTextOrNull = (value: unknown) => value === null || typeof value === 'string';
  return (
    [id, userId, createdAt].every((value) => typeof value === 'string') &&
    (kind === 'voice' || kind === 'text') &&
    [text, repo].every(isTextOrNull) &&
    (durationMs === null || typeof durationMs === 'number') &&
    (refused === null || PROBLEM_KINDS.some((known) => known === refused?.kind))
  );
}

/** Oldest first: in the order in which it was said. */
export function inOrder<E extends Pick<Entry, 'createdAt' | 'id'>>(entries: readonly E[]): E[] {
  const key = ({ createdAt, id }: E) => `${createdAt} ${id}`;
  return [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
