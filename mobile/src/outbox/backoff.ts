const FIRST_MS = 2000;
const LONGEST_MS = 5 * 60_000;

/**
 * How long to wait before the next try: up to twice as long each time, at least half of that, so
 * that many phones do not come back at once; and never sooner than the server asks for.
 *
 * @param failures in a row, at least 1.
 * @param random from 0 up to 1.
 */
export function backoffMs(failures: number, random: number, retryAfterMs: number | null): number {
  const most = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  const wait = most / 2 + (most / 2) * random;
  return Math.round(Math.max(wait, (retryAfterMs ?? 0) + FIRST_MS * random));
}
