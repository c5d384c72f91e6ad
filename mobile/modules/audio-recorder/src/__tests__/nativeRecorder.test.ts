import { type NativeRecorder, recorderOf } from '../nativeRecorder';
import { RecorderError } from '../recording';

const task = { uri: 'file:///task.wav', durationMs: 1_000, bytes: 32_044 };

function phone() {
  const listeners = new Map<string, Set<(event: unknown) => void>>();
  const native = {
    requestPermission: jest.fn(async () => 'granted' as const),
    start: jest.fn(async () => undefined),
    stop: jest.fn(async () => task),
    cancel: jest.fn(async () => undefined),
    addListener: (name: string, listener: (event: unknown) => void) => {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener));
      return { remove: () => void listeners.get(name)?.delete(listener) };
    },
  };
  return {
    native,
    recorder: recorderOf(native satisfies Omit<NativeRecorder, 'addListener'> as NativeRecorder),
    emit: (name: string, event: unknown) => listeners.get(name)?.forEach((hear) => hear(event)),
  };
}

test('the limit goes to the phone, and null stands for none', async () => {
  const { native, recorder } = phone();
  await recorder.start({ maxMs: 60_000 });
  await recorder.start();
  expect(native.start.mock.calls).toEqual([[60_000], [null]]);
});

test('each recording tells its level to its own listener', async () => {
  const { recorder, emit } = phone();
  const first = jest.fn();
  const second = jest.fn();
  await recorder.start({ onLevel: first });
  emit('level', { peak: 0.5, elapsedMs: 66 });
  await recorder.start({ onLevel: second });
  emit('level', { peak: 0.25, elapsedMs: 67 });
  expect(first.mock.calls).toEqual([[{ peak: 0.5, elapsedMs: 66 }]]);
  expect(second.mock.calls).toEqual([[{ peak: 0.25, elapsedMs: 67 }]]);
});

test('a start that fails leaves the recording in progress its listener', async () => {
  const { native, recorder, emit } = phone();
  const onLevel = jest.fn();
  await recorder.start({ onLevel });
  native.start.mockRejectedValue({ code: 'already_recording', message: 'In progress.' });
  await expect(recorder.start({ onLevel: jest.fn() })).rejects.toThrow(RecorderError);
  emit('level', { peak: 1, elapsedMs: 100 });
  expect(onLevel).toHaveBeenCalledTimes(1);
});

test.each([
  [{ code: 'disk_full', message: 'Full.' }, 'disk_full', 'Full.'],
  [{ code: 'ERR_UNKNOWN', message: 'Odd.' }, 'unavailable', 'Odd.'],
  ['odd', 'unavailable', 'odd'],
])('%j is the named error %s', async (thrown, code, message) => {
  const { native, recorder } = phone();
  native.stop.mockRejectedValue(thrown);
  const error: unknown = await recorder.stop().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RecorderError);
  expect(error).toMatchObject({ code, message });
});

test('what the phone answers comes through', async () => {
  const { native, recorder } = phone();
  await expect(recorder.requestPermission()).resolves.toBe('granted');
  await expect(recorder.stop()).resolves.toEqual(task);
  await recorder.cancel();
  expect(native.cancel).toHaveBeenCalledTimes(1);
});

test('an interruption is a named error with what was kept, until nobody listens', () => {
  const { recorder, emit } = phone();
  const heard = jest.fn();
  const stopListening = recorder.onInterrupted(heard);
  emit('interrupted', { code: 'route_changed', message: 'Unplugged.', kept: task });
  stopListening();
  emit('interrupted', { code: 'interrupted', message: 'A call.', kept: null });
  expect(heard).toHaveBeenCalledTimes(1);
  const [error, kept] = heard.mock.calls[0]!;
  expect(error).toBeInstanceOf(RecorderError);
  expect(error).toMatchObject({ code: 'route_changed', message: 'Unplugged.' });
  expect(kept).toEqual(task);
});
