import { ApiProblem } from '@/api';
import { createWorld, settled, uuid } from '@/testing/world';

import { createOutbox, type OutboxEffects } from './outbox';

const [ADA, BOB] = [uuid(1), uuid(2)];
const RECORDING = { uri: 'blob:sound', durationMs: 1200, bytes: 38_444 };

function setUp(changes: Partial<OutboxEffects> = {}) {
  const world = createWorld(() => Promise.reject(new Error('not used')));
  const sent: { id: string; text: string | null; sound: string | null }[] = [];
  const script: (() => Promise<string> | string)[] = [];
  let user: string | null = ADA;
  let owner = ADA;
  const effects: OutboxEffects = {
    ...world,
    sender: () => user,
    owner: () => owner,
    send: async ({ id, text }, audio) => {
      sent.push({ id, text, sound: audio && (await audio.text()) });
      return (await script.shift()?.()) ?? uuid(9000);
    },
    ...changes,
  };
  const outbox = createOutbox(effects);
  const accepted: string[] = [];
  outbox.onAccepted(({ id }, jobId) => accepted.push(`${id} ${jobId}`));
  return {
    world,
    outbox,
    effects,
    sent,
    accepted,
    next: (...answers: typeof script) => void script.push(...answers),
    signIn: (as: string) => void (user = owner = as),
    expire: () => void (user = null),
    states: () => outbox.get().map(({ state }) => state),
  };
}

const fails = (...problem: ConstructorParameters<typeof ApiProblem>) => {
  return () => Promise.reject(new ApiProblem(...problem));
};

test('what is said is kept before the promise resolves, sent, and gone once it is accepted', async () => {
  const { outbox, sent, accepted, effects } = setUp({});
  const order: string[] = [];
  const put = jest.spyOn(effects.shelf, 'put');
  outbox.subscribe(() => order.push(`${outbox.get().length} shown`));
  outbox.onAccepted(() => order.push('accepted'));
  const id = await outbox.sayVoice(RECORDING, 'org/project');
  expect(put).toHaveBeenCalledWith(
    expect.objectContaining({ id, userId: ADA, repo: 'org/project', durationMs: 1200 }),
    'blob:sound',
  );
  await settled();
  expect(sent).toEqual([{ id, text: null, sound: 'blob:sound' }]);
  expect(accepted).toEqual([`${id} ${uuid(9000)}`]);
  expect(outbox.get()).toEqual([]);
  expect(await effects.shelf.all()).toEqual([]);
  // First the task is there, then the entry goes.
  expect(order.slice(-2)).toEqual(['accepted', '0 shown']);
});

test('a device without room says so, and sends nothing', async () => {
  const { outbox, effects, sent } = setUp();
  jest.spyOn(effects.shelf, 'put').mockRejectedValueOnce(new Error('QuotaExceededError'));
  await expect(outbox.sayText('Add --stdin', null)).rejects.toMatchObject({ kind: 'storage_full' });
  await settled();
  expect([sent, outbox.get()]).toEqual([[], []]);
});

test('offline it waits, and goes once the network is back', async () => {
  const { outbox, world, sent, next, states } = setUp();
  outbox.start();
  world.setOnline(false);
  next(fails('offline'));
  const id = await outbox.sayText('Add --stdin', null);
  await settled();
  expect(states()).toEqual(['waiting_for_network']);
  expect(world.pendingTimers()).toBe(0);
  world.setOnline(true);
  await settled();
  expect(sent.map((each) => each.id)).toEqual([id, id]);
  expect(states()).toEqual([]);
});

test('a broken server is left alone for longer each time', async () => {
  const { outbox, world, sent, next, states } = setUp();
  next(fails('server'), fails('timeout'), fails('offline'));
  await outbox.sayText('Add --stdin', null);
  await settled();
  expect(states()).toEqual(['retrying']);
  const counts: number[] = [];
  for (const ms of [1499, 1, 2999, 1, 5999, 1]) {
    await world.advance(ms);
    counts.push(sent.length);
  }
  expect(counts).toEqual([1, 2, 2, 3, 3, 4]);
  expect(states()).toEqual([]);
});

test('a server that asks for time gets it', async () => {
  const { outbox, world, sent, next, states } = setUp();
  next(fails('too_many', 'too-many-tasks', null, 30_000));
  await outbox.sayText('Add --stdin', null);
  await settled();
  await world.advance(29_999);
  expect([sent.length, states()]).toEqual([1, ['retrying']]);
  await world.advance(1001);
  expect(sent).toHaveLength(2);
});

test('what is refused stays, is never tried by itself, and lets the next pass', async () => {
  const { outbox, world, sent, next, states, effects } = setUp();
  next(fails('silence', 'empty-recording', 'The recording is empty.'));
  const refused = await outbox.sayVoice(RECORDING, null);
  await outbox.sayText('Add --stdin', null);
  await settled();
  expect(outbox.get()).toMatchObject([
    { id: refused, state: 'refused', problem: { kind: 'silence', type: 'empty-recording' } },
  ]);
  outbox.start();
  world.setOnline(false);
  world.setOnline(true);
  await world.advance(3600_000);
  expect(sent).toHaveLength(2);
  // Not after a restart either.
  const later = createOutbox(effects);
  await later.kick();
  expect(sent).toHaveLength(2);
  expect(later.get()).toMatchObject([
    { id: refused, state: 'refused', problem: { kind: 'silence' } },
  ]);
  // Only when somebody asks for it.
  await outbox.retry(refused);
  expect(sent.at(-1)).toMatchObject({ id: refused, sound: 'blob:sound' });
  expect(states()).toEqual([]);
});

test('what is discarded is gone, also while it is being sent', async () => {
  const { outbox, next, effects, accepted } = setUp();
  let answer = (_: string) => {};
  next(() => new Promise<string>((resolve) => (answer = resolve)));
  const id = await outbox.sayText('Add --stdin', null);
  await settled();
  await outbox.discard(id);
  expect(outbox.get()).toEqual([]);
  answer(uuid(9001));
  await settled();
  // The server was faster: then there is a task, and it is shown.
  expect(accepted).toEqual([`${id} ${uuid(9001)}`]);
  expect(await effects.shelf.all()).toEqual([]);
  await outbox.kick();
  expect(outbox.get()).toEqual([]);
});

test('an app that ends at any moment sends the same key again, and no other', async () => {
  const { outbox, effects, sent, next } = setUp();
  next(() => new Promise(() => undefined)); // it ends before the answer comes
  const id = await outbox.sayText('Add --stdin', null);
  await settled();
  const later = createOutbox(effects);
  later.start();
  await settled();
  expect(sent.map((each) => each.id)).toEqual([id, id]);
  expect(later.get()).toEqual([]);
});

test('what is accepted does not come back, though it can’t be taken off just now', async () => {
  const { outbox, effects, accepted } = setUp();
  jest.spyOn(effects.shelf, 'remove').mockRejectedValueOnce(new Error('InvalidStateError'));
  await outbox.sayText('Add --stdin', null);
  await settled();
  await outbox.kick();
  expect([accepted.length, outbox.get()]).toEqual([1, []]);
});

test('one at a time, in the order in which it was said', async () => {
  const { outbox, sent, next } = setUp();
  let answer = (_: string) => {};
  next(() => new Promise<string>((resolve) => (answer = resolve)));
  await outbox.sayText('first', null);
  await settled();
  await outbox.sayText('second', null);
  void outbox.kick();
  await settled();
  expect(sent.map(({ text }) => text)).toEqual(['first']);
  answer(uuid(9001));
  await settled();
  expect(sent.map(({ text }) => text)).toEqual(['first', 'second']);
});

test('two tabs take turns, and the second finds that all is sent', async () => {
  let turn: Promise<unknown> = Promise.resolve();
  const oneAtATime = (_: string, task: () => Promise<void>) =>
    (turn = turn.then(task)) as Promise<void>;
  const { outbox, effects, sent } = setUp({ oneAtATime });
  const other = createOutbox(effects);
  await outbox.sayText('Add --stdin', null);
  await Promise.all([other.kick(), outbox.kick()]);
  expect(sent).toHaveLength(1);
  expect(other.get()).toEqual([]);
});

test('when the session ends, everything is kept until that user is back', async () => {
  const { outbox, sent, next, signIn, expire, states } = setUp();
  next(() => (expire(), fails('signed_out')()));
  await outbox.sayVoice(RECORDING, null);
  await outbox.sayText('Add --stdin', null);
  await settled();
  expect(states()).toEqual(['needs_sign_in', 'needs_sign_in']);
  signIn(BOB);
  await outbox.kick();
  expect(sent).toHaveLength(1);
  signIn(ADA);
  await outbox.kick();
  expect(sent.map(({ sound, text }) => sound ?? text)).toEqual([
    'blob:sound',
    'blob:sound',
    'Add --stdin',
  ]);
});

test('what is said while the session ends is kept for whoever said it', async () => {
  const { outbox, sent, states } = setUp({ sender: () => null });
  await outbox.sayVoice(RECORDING, null);
  await settled();
  expect([sent, states()]).toEqual([[], ['needs_sign_in']]);
});

test('nobody’s words are not kept', async () => {
  const { outbox } = setUp({ owner: () => null });
  await expect(outbox.sayText('Add --stdin', null)).rejects.toMatchObject({ kind: 'signed_out' });
});

test('storage that can’t be read just now is read again', async () => {
  const { outbox, effects, world, sent } = setUp();
  jest.spyOn(effects.shelf, 'all').mockRejectedValueOnce(new Error('InvalidStateError'));
  await outbox.sayText('Add --stdin', null);
  await settled();
  expect(sent).toHaveLength(0);
  await world.advance(2000);
  expect(sent).toHaveLength(1);
});

test('what is said while the device is being read does not vanish from sight', async () => {
  const { outbox, effects } = setUp({ send: () => new Promise(() => undefined) });
  const all = effects.shelf.all;
  let go = () => {};
  jest.spyOn(effects.shelf, 'all').mockImplementationOnce(async () => {
    const before = await all();
    await new Promise<void>((resolve) => (go = resolve));
    return before;
  });
  void outbox.kick();
  await settled();
  const id = await outbox.sayText('Add --stdin', null);
  go();
  const seen: number[] = [];
  outbox.subscribe(() => seen.push(outbox.get().length));
  await settled();
  expect(seen).not.toContain(0);
  expect(outbox.get()).toMatchObject([{ id }]);
});
