import { ApiProblem } from '@/api';
import { problemOf } from '@/api/problem';
import type { Effects } from '@/platform/effects';

import { MOST_BYTES, parseDiff, type DiffFile } from './diff';

export type Diff = { files: DiffFile[] | null; isTooLarge: boolean };

const TIMEOUT_MS = 20_000;
const TOO_LARGE: Diff = { files: null, isTooLarge: true };

/**
 * Fetches a diff from its signed address, without any token of ours: the address is a secret itself.
 *
 * @param renewed another address, in place of one that has expired.
 * @throws ApiProblem
 */
export async function readDiff(
  effects: Pick<Effects, 'fetch' | 'later'>,
  address: string,
  signal: AbortSignal,
  renewed: () => Promise<string | null>,
): Promise<Diff> {
  let answer = await fetched(effects, address, signal);
  if (answer.status === 400 || answer.status === 403) {
    const other = await renewed();
    if (other !== null) answer = await fetched(effects, other, signal);
  }
  if (answer.status !== 200) throw problemOf(answer.status, null);
  if (answer.text === null) return TOO_LARGE;
  try {
    return { files: parseDiff(answer.text), isTooLarge: false };
  } catch {
    throw new ApiProblem('server'); // no diff: whoever answered, it was not our storage
  }
}

async function fetched(
  { fetch, later }: Pick<Effects, 'fetch' | 'later'>,
  address: string,
  signal: AbortSignal,
): Promise<{ status: number; text: string | null }> {
  if (!/^https?:\/\//.test(address)) throw new ApiProblem('server');
  const giveUp = new AbortController();
  const stop = () => giveUp.abort();
  const stopClock = later(TIMEOUT_MS, stop);
  signal.addEventListener('abort', stop);
  try {
    const response = await fetch(address, { signal: giveUp.signal, credentials: 'omit' });
    const isLarge = Number(response.headers.get('Content-Length')) > MOST_BYTES;
    if (isLarge) stop();
    const text = isLarge ? null : await response.text();
    return { status: response.status, text: (text?.length ?? 0) > MOST_BYTES ? null : text };
  } catch {
    throw new ApiProblem('offline');
  } finally {
    stopClock();
    signal.removeEventListener('abort', stop);
  }
}
