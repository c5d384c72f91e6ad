import { createApi } from '@/api';
import { createServer, noNetwork } from '@/testing/server';
import { createWorld, settled, tokenOf, uuid } from '@/testing/world';

import { createPush } from './push';
import type { Device, Permission, PushService } from './service';

const [ADA, BOB] = [uuid(1), uuid(2)];
const HOURS = { from: '22:00', to: '07:00', time_zone: 'Europe/Berlin' };

function setUp(permission: Permission = 'granted') {
  const server = createServer();
  let user: string | null = ADA;
  let device: Device = { token: 'ExponentPushToken[1]', platform: 'ios', provider: 'expo' };
  let isShown = (_: unknown) => true;
  let tellNewDevice = () => {};
  const service: PushService = {
    permission: async () => permission,
    ask: async () => (permission = 'granted'),
    prepare: async () => undefined,
    device: async () => device,
    onNewDevice: (listener) => ((tellNewDevice = listener), () => undefined),
    onTap: () => () => undefined,
    showInFront: (decide) => void (isShown = decide),
  };
  const world = { ...createWorld(server.fetch), push: service };
  const apiOf = (userId: string) =>
    createApi({
      ...world,
      baseUrl: 'https://api.example.com',
      tokens: {
        current: () => (user === userId ? tokenOf(userId) : null),
        renew: async () => null,
        end: () => undefined,
      },
    });
  let open: string | null = null;
  const push = createPush({ ...world, userId: () => user, openTask: () => open, apiOf });
  const told = (what: string) => server.requests.filter((each) => each.what === what);
  return {
    server,
    world,
    push,
    service,
    registered: () => told('PUT /device').map(({ body }) => body),
    forgotten: () => told('DELETE /device').map(({ body }) => body),
    signIn: (userId: string | null) => (user = userId),
    renewDevice: (token: string) => ((device = { ...device, token }), tellNewDevice()),
    isShown: (data: unknown) => isShown(data),
    setOpen: (jobId: string | null) => void (open = jobId),
  };
}

test('nothing is registered before a person agrees', async () => {
  const { push, registered } = setUp('not_asked');
  await push.open(ADA);
  expect([push.get().state, registered()]).toEqual(['not_asked', []]);
  await push.ask();
  expect(push.get().state).toBe('granted');
  expect(registered()).toEqual([
    { token: 'ExponentPushToken[1]', platform: 'ios', provider: 'expo', quiet_hours: null },
  ]);
});

test('a device is registered again on coming to the front, and when its token changes', async () => {
  const { push, registered, world, renewDevice } = setUp();
  await push.open(ADA);
  push.start();
  world.setInFront(false);
  world.setInFront(true);
  await settled();
  renewDevice('ExponentPushToken[2]');
  await settled();
  expect(registered()).toMatchObject([
    { token: 'ExponentPushToken[1]' },
    { token: 'ExponentPushToken[1]' },
    { token: 'ExponentPushToken[2]' },
  ]);
});

test('a permission that was taken away is noticed on coming back', async () => {
  const { push, world, service, registered } = setUp();
  await push.open(ADA);
  push.start();
  jest.spyOn(service, 'permission').mockResolvedValue('blocked');
  world.setInFront(false);
  world.setInFront(true);
  await settled();
  expect([push.get().state, registered().length]).toEqual(['blocked', 1]);
});

test('a registration that fails is made up for later, without a word', async () => {
  const { push, server, world, registered } = setUp();
  server.next('PUT /device', noNetwork);
  await push.open(ADA);
  push.start();
  world.setInFront(false);
  world.setInFront(true);
  await settled();
  expect(registered()).toHaveLength(2);
});

test('signing out forgets the device, though it is being registered just then', async () => {
  const { push, server, forgotten } = setUp();
  let answer = (_: Response) => {};
  server.next('PUT /device', () => new Promise((resolve) => (answer = resolve)));
  void push.open(ADA);
  await settled();
  const forgetting = push.forget();
  await settled();
  answer(new Response(null, { status: 204 }));
  await forgetting;
  expect(server.requests.map(({ what }) => what)).toEqual(['PUT /device', 'DELETE /device']);
  expect(forgotten()).toEqual([{ token: 'ExponentPushToken[1]', provider: 'expo' }]);
});

test('quiet hours are told with every registration, and remembered for each user', async () => {
  const { push, registered, signIn } = setUp();
  await push.open(ADA);
  await push.setQuietHours(HOURS);
  expect(registered().at(-1)).toMatchObject({ quiet_hours: HOURS });
  signIn(BOB);
  await push.open(BOB);
  expect(push.get().quietHours).toBeNull();
  signIn(ADA);
  await push.open(ADA);
  expect(push.get().quietHours).toEqual(HOURS);
  expect(registered().at(-1)).toMatchObject({ quiet_hours: HOURS });
});

test('what the user wants on all devices is told only when it is chosen', async () => {
  const { push, registered } = setUp();
  await push.open(ADA);
  await push.setOnlyWhenNeeded(true);
  await push.setQuietHours(null);
  expect(
    registered().map((body) => (body as { only_when_needed?: boolean }).only_when_needed),
  ).toEqual([undefined, true, undefined]);
  expect(push.get().onlyWhenNeeded).toBe(true);
});

test('a choice that is not saved is taken back, and said', async () => {
  const { push, server } = setUp();
  await push.open(ADA);
  server.next('PUT /device', noNetwork);
  await expect(push.setQuietHours(HOURS)).rejects.toMatchObject({ kind: 'offline' });
  expect(push.get().quietHours).toBeNull();
});

test('a choice before anybody was asked is kept until the device is registered', async () => {
  const { push, registered } = setUp('not_asked');
  await push.open(ADA);
  await push.setQuietHours(HOURS);
  await push.ask();
  expect(registered()).toMatchObject([{ quiet_hours: HOURS }]);
});

test('there is no banner for the task that is open, and one for everything else', () => {
  const { push, isShown, setOpen } = setUp();
  push.start();
  const [open, other] = [{ job_id: uuid(5) }, { job_id: uuid(6) }];
  expect([isShown(open), isShown(other)]).toEqual([true, true]);
  setOpen(uuid(5).toUpperCase());
  expect([
    isShown(open),
    isShown(other),
    isShown({ url: 'https://m.example/1' }),
    isShown(null),
  ]).toEqual([false, true, true, true]);
});
