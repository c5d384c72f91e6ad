import { requireNativeModule } from 'expo';

import { RecorderError } from '../recording';

type Listener = (event: unknown) => void;

const mockListeners: Record<string, Set<Listener>> = { level: new Set(), interrupted: new Set() };
const mockNative = {
  requestPermission: jest.fn(),
  start: jest.fn(),
  stop: jest.fn(),
  cancel: jest.fn(),
  addListener: (name: string, listener: Listener) => {
    mockListeners[name]!.add(listener);
    return { remove: () => mockListeners[name]!.delete(listener) };
  },
};
jest.mock('expo', () => ({ requireNativeModule: jest.fn(() => mockNative) }));

const { cancel, onInterrupted, start, stop } =
  require('../recorder') as typeof import('../recorder');

const emit = (name: string, event: unknown) =>
  mockListeners[name]!.forEach((listener) => listener(event));
const task = { uri: 'file:///task.wav', durationMs: 1_000, bytes: 32_044 };

beforeEach(() => jest.resetAllMocks());

test('the native module has the name that the bridges give it', () => {
  jest.isolateModules(() => {
    jest.mocked(requireNativeModule).mockReturnValue(mockNative);
    require('../recorder');
  });
  expect(requireNativeModule).toHaveBeenCalledWith('AudioRecorder');
});

test('the limit goes to the phone, and null stands for none', async () => {
  await start({ maxMs: 60_000 });
  await start();
  expect(mockNative.start.mock.calls).toEqual([[60_000], [null]]);
});

test('each recording tells its level to its own listener', async () => {
  const first = jest.fn();
  const second = jest.fn();
  await start({ onLevel: first });
  emit('level', { peak: 0.5, elapsedMs: 66 });
  await start({ onLevel: second });
  emit('level', { peak: 0.25, elapsedMs: 66 });
  expect(first.mock.calls).toEqual([[{ peak: 0.5, elapsedMs: 66 }]]);
  expect(second.mock.calls).toEqual([[{ peak: 0.25, elapsedMs: 66 }]]);
});

test('a start that fails leaves the recording in progress its listener', async () => {
  const onLevel = jest.fn();
  await start({ onLevel });
  mockNative.start.mockRejectedValue({ code: 'already_recording', message: 'In progress.' });
  await expect(start({ onLevel: jest.fn() })).rejects.toThrow(RecorderError);
  emit('level', { peak: 1, elapsedMs: 100 });
  expect(onLevel).toHaveBeenCalledTimes(1);
});

test.each([
  [{ code: 'disk_full', message: 'Full.' }, 'disk_full', 'Full.'],
  [{ code: 'ERR_UNKNOWN', message: 'Odd.' }, 'unavailable', 'Odd.'],
  ['odd', 'unavailable', 'odd'],
])('%j is the named error %s', async (thrown, code, message) => {
  mockNative.stop.mockRejectedValue(thrown);
  const error: unknown = await stop().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RecorderError);
  expect(error).toMatchObject({ code, message });
});

test('what the phone answers comes through', async () => {
  mockNative.stop.mockResolvedValue(task);
  await expect(stop()).resolves.toEqual(task);
  await cancel();
  expect(mockNative.cancel).toHaveBeenCalledTimes(1);
});

test('an interruption is a named error with what was kept, until nobody listens', () => {
  const heard = jest.fn();
  const stopListening = onInterrupted(heard);
  emit('interrupted', { code: 'route_changed', message: 'Unplugged.', kept: task });
  stopListening();
  emit('interrupted', { code: 'interrupted', message: 'A call.', kept: null });
  expect(heard).toHaveBeenCalledTimes(1);
  const [error, kept] = heard.mock.calls[0]!;
  expect(error).toMatchObject({
    name: 'RecorderError',
    code: 'route_changed',
    message: 'Unplugged.',
  });
  expect(kept).toEqual(task);
});
