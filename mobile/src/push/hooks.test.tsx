import { strings } from '@/strings';
import { createApp, perform, render } from '@/testing/app';
import { createServer } from '@/testing/server';
import { createWorld, tokenOf, uuid } from '@/testing/world';

import { usePushRouting } from './hooks';
import { NO_PUSH, type Tap } from './service';

const [ADA, BOB, JOB] = [uuid(1), uuid(2), uuid(5)];

async function setUp(first: Tap | null = null) {
  const server = createServer();
  let tap = (_: Tap) => {};
  const push = {
    ...NO_PUSH,
    onTap: (listener: (tap: Tap) => void) => {
      if (first) listener(first);
      tap = listener;
      return () => (tap = () => {});
    },
  };
  const app = createApp({ server, world: { ...createWorld(server.fetch), push } });
  const seen: string[] = [];
  server.add(ADA, { job_id: JOB });
  await render(app, () =>
    usePushRouting({
      open: (jobId) => seen.push(`open ${jobId}`),
      approve: (jobId, sha) => seen.push(`approve ${jobId} ${sha}`),
      openUrl: (url) => seen.push(url),
      openList: (sentence) => seen.push(sentence),
    }),
  );
  const signIn = (userId: string) =>
    perform(() => app.core.session.signInWithToken(tokenOf(userId)));
  return { seen, signIn, tap: (given: Tap) => perform(() => tap(given)) };
}

const tapOf = (id: string): Tap => ({ id, action: null, data: { job_id: JOB } });

test('the tap that started the app waits for the session, and is followed once', async () => {
  const { seen, signIn, tap } = await setUp(tapOf('first'));
  expect(seen).toEqual([]);
  await signIn(ADA);
  await tap(tapOf('first'));
  expect(seen).toEqual([`open ${JOB}`]);
  await tap(tapOf('second'));
  expect(seen).toEqual([`open ${JOB}`, `open ${JOB}`]);
});

test('a push for another account leads to one’s own list, with a sentence', async () => {
  const { seen, signIn, tap } = await setUp();
  await signIn(BOB);
  await tap(tapOf('first'));
  expect(seen).toEqual([strings.push.notYours]);
});
