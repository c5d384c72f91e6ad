/** Why something that was asked for did not happen; what programs and people need to know of it. */
import { strings } from '@/strings';

export const PROBLEM_KINDS = [
  'offline',
  'timeout',
  'signed_out',
  'malformed',
  'not_yours',
  'gone',
  'conflict',
  'too_long',
  'not_wav',
  'silence',
  'too_many',
  'server',
  'storage_full',
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

export class ApiProblem extends Error {
  constructor(
    readonly kind: ProblemKind,
    /** The last part of RFC 9457's `type`. */
    readonly type: string | null = null,
    /** The server's own sentence. */
    readonly detail: string | null = null,
    /** How long the server asks to be left alone. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(type ? `${kind}: ${type}` : kind);
  }

  /** Whether the same may well succeed a little later, without anybody doing anything. */
  get isPassing(): boolean {
    return ['offline', 'timeout', 'too_many', 'server'].includes(this.kind);
  }
}

export type Advice = { title: string; whatToDo: string };

/** What a person is told, and what they may do about it. */
export function sentenceOf(problem: ApiProblem): Advice {
  const { byType, byKind } = strings.problems;
  const known: Advice | undefined = problem.type
    ? new Map(Object.entries<Advice>(byType)).get(problem.type)
    : undefined;
  if (known) return known;
  const { title, whatToDo } = byKind[problem.kind];
  // Nothing of ours is as exact as what the server says about a request that it did not understand.
  return {
    title,
    whatToDo: problem.kind === 'malformed' ? (problem.detail ?? whatToDo) : whatToDo,
  };
}

const KINDS: Readonly<Record<number, ProblemKind>> = {
  400: 'malformed',
  401: 'signed_out',
  403: 'not_yours',
  404: 'gone',
  408: 'timeout',
  409: 'conflict',
  413: 'too_long',
  415: 'not_wav',
  422: 'silence',
  429: 'too_many',
};

/**
 * Reads a refusal. Its body may be anything: a proxy may have answered in the server's place.
 *
 * @param body parsed JSON, or the text that could not be parsed.
 * @param now milliseconds since the epoch; a `Retry-After` may name a moment.
 */
export function problemOf(
  status: number,
  body: unknown,
  retryAfter: string | null = null,
  now = 0,
): ApiProblem {
  const kind = KINDS[status] ?? (status >= 400 && status < 500 ? 'malformed' : 'server');
  const said = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const type =
    typeof said.type === 'string' ? (/[\w-]{1,100}$/.exec(said.type)?.[0] ?? null) : null;
  const detail = typeof said.detail === 'string' ? said.detail.slice(0, LONGEST_DETAIL) : null;
  return new ApiProblem(kind, type, detail, retryAfterMs(retryAfter, now));
}

const LONGEST_DETAIL = 500;
const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * `Retry-After` in milliseconds, at most ten minutes: nobody waits longer for their own words, and
 * the device's clock may be wrong by a day.
 */
export function retryAfterMs(said: string | null, now: number): number | null {
  if (!said) return null;
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), LONGEST_WAIT_MS);
}
