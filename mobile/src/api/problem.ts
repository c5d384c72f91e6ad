export type ProblemKind =
  | 'offline'
  | 'timeout'
  | 'signed_out'
  | 'malformed'
  | 'not_yours'
  | 'gone'
  | 'conflict'
  | 'too_long'
  | 'not_wav'
  | 'silence'
  | 'too_many'
  | 'server'
  | 'storage_full';

/** Why something that was asked for did not happen. */
export class ApiProblem extends Error {
  constructor(
    readonly kind: ProblemKind,
    /** The last part of RFC 9457's `type`. */
    readonly type: string | null = null,
    readonly detail: string | null = null,
    readonly retryAfterMs: number | null = null,
  ) {
    super(type ? `${kind}: ${type}` : kind);
  }
}

export type Advice = { title: string; whatToDo: string };

export function sentenceOf(problem: ApiProblem): Advice {
  return { title: problem.kind, whatToDo: problem.detail ?? '' };
}
