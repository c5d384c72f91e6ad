import { memory } from '@/testing/world';

import { createChunked } from './chunks';

function setUp() {
  const vault = memory();
  let count = 0;
  const chunked = createChunked(vault, () => `batch-${++count}`);
  return { vault, chunked };
}

test.each([
  ['nothing', ''],
  ['a little', 'a.b.c'],
  ['exactly one part', 'x'.repeat(2000)],
  ['a session', 'x'.repeat(9000)],
  ['what is longer in bytes than in letters', '🎙é'.repeat(1500)],
])('%s comes back as it was, in parts that fit', async (_, value) => {
  const { vault, chunked } = setUp();
  await chunked.setItem('key', value);
  expect(await chunked.getItem('key')).toBe(value);
  const sizes = [...vault.all.values()].map((part) => Buffer.byteLength(part));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2000);
});

test('a new value takes the place of the old one, and nothing is left of a removed one', async () => {
  const { vault, chunked } = setUp();
  await chunked.setItem('key', 'x'.repeat(9000));
  await chunked.setItem('key', 'short');
  expect(await chunked.getItem('key')).toBe('short');
  expect(vault.all.size).toBe(2);
  await chunked.removeItem('key');
  expect(await chunked.getItem('key')).toBeNull();
  expect(vault.all.size).toBe(0);
});

test('the app may end at any step of writing: either the old value is there or the new one', async () => {
  const [old, next] = ['o'.repeat(5000), 'n'.repeat(7000)];
  const seen = new Set<string | null>();
  for (let steps = 0; steps < 12; steps++) {
    const { vault, chunked } = setUp();
    await chunked.setItem('key', old);
    let left = steps;
    const step = <A extends unknown[]>(act: (...given: A) => Promise<void>) => {
      return (...given: A) => (left-- > 0 ? act(...given) : Promise.reject(new Error('ended')));
    };
    const dying = { ...vault, setItem: step(vault.setItem), removeItem: step(vault.removeItem) };
    await createChunked(dying, () => 'other')
      .setItem('key', next)
      .catch(() => undefined);
    seen.add(await chunked.getItem('key'));
  }
  expect(seen).toEqual(new Set([old, next]));
});

test('a part that is gone makes the whole unknown, not shorter', async () => {
  const { vault, chunked } = setUp();
  await chunked.setItem('key', 'x'.repeat(5000));
  await vault.removeItem('key.batch-1.1');
  expect(await chunked.getItem('key')).toBeNull();
});
