import { createApp, pass, perform, render } from '@/testing/app';
import { createServer } from '@/testing/server';
import { createWorld, tokenOf, uuid } from '@/testing/world';

import { detailsOf } from './cache';
import { readTask } from './reading';
import { acceptedTask } from './state';
import { useDiff } from './useDiff';

const [ADA, JOB] = [uuid(1), uuid(5)];
const DIFF = '--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x\n+y\n';

async function shown(diffUrl: string | null) {
  const server = createServer();
  const asked: string[] = [];
  const world = createWorld(async (info, init) => {
    const { url } = new Request(info, init);
    if (!url.startsWith('https://media.example/')) return server.fetch(info, init);
    asked.push(url);
    return url.endsWith('expired') ? new Response('', { status: 403 }) : new Response(DIFF);
  });
  const known = acceptedTask({ job_id: JOB, created_at: '2026-11-29T00:00:00Z' });
  server.add(ADA, known);
  const renewed = () =>
    Response.json({ ...known, timeline: [], diff_url: 'https://media.example/fresh' });
  const app = createApp({ server, world });
  const task = { ...detailsOf(known), diff_url: diffUrl };
  const { result } = await render(app, () => useDiff(task));
  await perform(async () => {
    await app.core.session.signInWithToken(tokenOf(ADA));
    await readTask(app.core.reader(ADA), JOB); // it is known, with its tag
    server.next(`GET /tasks/${JOB}`, renewed);
  });
  const tags = server.requests.map(({ headers }) => headers.get('If-None-Match'));
  return { diff: result.current, asked, tags, storage: world.storage };
}

test('the lines of a task are shown', async () => {
  const { diff, asked } = await shown('https://media.example/held');
  expect(diff).toMatchObject({ files: [{ path: 'a.py' }], isTooLarge: false, problem: null });
  expect(asked).toEqual(['https://media.example/held']);
});

test('an address that has expired while the task did not change is renewed', async () => {
  const { diff, asked, tags } = await shown('https://media.example/expired');
  expect(diff.files).toMatchObject([{ path: 'a.py' }]);
  expect(asked).toEqual(['https://media.example/expired', 'https://media.example/fresh']);
  expect(tags).toEqual([null, null]);
});

test('a task without a diff has none, and that is no problem', async () => {
  const { diff, asked } = await shown(null);
  expect([diff, asked]).toEqual([{ files: null, isTooLarge: false, problem: null }, []]);
});

test('what a task changed is not kept on the device', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  const { diff, storage } = await shown('https://media.example/held');
  await pass(1000);
  jest.useRealTimers();
  expect(diff.files).toMatchObject([{ path: 'a.py' }]);
  const kept = await storage.getItem(`sayso.tasks.${ADA}`);
  expect(kept).toContain('clientState');
  expect(kept).not.toContain('a.py');
});
