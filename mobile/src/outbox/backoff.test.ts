import { backoffMs } from './backoff';

test.each([
  [1, 0, null, 1000],
  [1, 0.999, null, 2000],
  [2, 0, null, 2000],
  [5, 0.5, null, 24_000],
  [20, 0, null, 150_000],
  [2000, 0.999, null, 299_850],
  [1, 0, 0, 1000],
  [1, 0, 30_000, 30_000],
  [1, 0.5, 30_000, 31_000],
  [20, 0, 30_000, 150_000],
])('after %i failures, by chance %d, asked for %j ms: %i ms', (failures, random, asked, ms) => {
  const wait = backoffMs(failures, random, asked);
  expect(Math.abs(wait - ms)).toBeLessThanOrEqual(2);
});
