import { noNetwork } from '@/testing/server';
import { createWorld } from '@/testing/world';

import { MOST_BYTES } from './diff';
import { readDiff } from './readDiff';

const DIFF = '--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n';

function setUp(...answers: (() => Response)[]) {
  const asked: Request[] = [];
  const world = createWorld(async (info, init) => {
    asked.push(new Request(info, init));
    return answers.shift()?.() ?? new Response(DIFF);
  });
  const read = (address: string, renewed: string | null = null) =>
    readDiff(world, address, new AbortController().signal, async () => renewed);
  return { asked, read };
}

const expired = () => new Response('<Error><Code>AccessDenied</Code></Error>', { status: 403 });

test('a diff is fetched by its signed address alone', async () => {
  const { read, asked } = setUp();
  expect(await read('https://media.example.com/d?sig=1')).toMatchObject({
    files: [{ path: 'a', added: 1, removed: 1 }],
    isTooLarge: false,
  });
  expect(asked[0]?.headers.has('Authorization')).toBe(false);
  expect(asked[0]?.credentials).toBe('omit');
});

test('an address that has expired is renewed once', async () => {
  const { read, asked } = setUp(expired);
  expect((await read('https://m.example/1', 'https://m.example/2')).files).toHaveLength(1);
  expect(asked.map(({ url }) => url)).toEqual(['https://m.example/1', 'https://m.example/2']);
  const again = setUp(expired, expired);
  await expect(again.read('https://m.example/1', 'https://m.example/2')).rejects.toMatchObject({
    kind: 'not_yours',
  });
  expect(again.asked).toHaveLength(2);
});

test.each([
  [
    'announced',
    () => new Response('x', { headers: { 'Content-Length': `${MOST_BYTES + 1}` } }),
    true,
  ],
  ['found', () => new Response('x'.repeat(MOST_BYTES + 1)), false],
])('what is %s to be too large is not shown', async (_, answer, isGivenUp) => {
  const { read, asked } = setUp(answer);
  expect(await read('https://m.example/1')).toEqual({ files: null, isTooLarge: true });
  expect(asked[0]?.signal.aborted).toBe(isGivenUp);
});

test.each([
  ['no network', noNetwork, 'offline'],
  ['a diff that is gone', () => new Response('', { status: 404 }), 'gone'],
  ['a broken one', () => new Response('--- a/a\n+++ b/a\n@@ -1,9 +1 @@\n x'), 'server'],
])('%s is said', async (_, answer, kind) => {
  await expect(setUp(answer).read('https://m.example/1')).rejects.toMatchObject({ kind });
});

test('an address of another kind is not followed', async () => {
  const { read, asked } = setUp();
  await expect(read('javascript:alert(1)')).rejects.toMatchObject({ kind: 'server' });
  expect(asked).toEqual([]);
});
