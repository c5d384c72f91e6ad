import type { Ear } from '../microphone';
import { RecorderError } from '../recording';
import { recorderOf } from '../webRecorder';

const HEADER_BYTES = 44;
const A_TENTH = new Float32Array(1_600).fill(0.5);

/** A browser whose microphone hears what the test says, at 16 kHz. */
function browser({ finish = async () => undefined as void } = {}) {
  const ears: Ear[] = [];
  const close = jest.fn();
  const publish = jest.fn((_wav: Uint8Array) => 'blob:task.wav');
  const open = jest.fn(async (ear: Ear) => {
    ears.push(ear);
    return { sampleRate: 16_000, finish, close };
  });
  return {
    recorder: recorderOf(open, async () => 'granted', publish),
    published: () => new Int16Array(publish.mock.lastCall![0].slice(HEADER_BYTES).buffer),
    open,
    close,
    speak: (sound = A_TENTH) => ears.at(-1)?.hear(sound),
    lose: () => ears.at(-1)?.lost(new RecorderError('route_changed', 'Unplugged.')),
  };
}

const code = (name: string) => expect.objectContaining({ code: name });

test('stop gives what was said since start', async () => {
  const { recorder, speak, published } = browser();
  await recorder.start();
  speak(Float32Array.of(0.5, 0.25));
  speak(Float32Array.of(-0.5));
  await expect(recorder.stop()).resolves.toMatchObject({ uri: 'blob:task.wav' });
  expect([...published()]).toEqual([16_384, 8_192, -16_384]);
});

test('what is said until the microphone has finished belongs to it', async () => {
  const { recorder, speak } = browser({ finish: async () => speak() });
  await recorder.start();
  speak();
  await expect(recorder.stop()).resolves.toMatchObject({
    durationMs: 200,
    bytes: HEADER_BYTES + 2 * 3_200,
  });
});

test('the level tells the peak and how much is recorded', async () => {
  const { recorder, speak } = browser();
  const onLevel = jest.fn();
  await recorder.start({ onLevel });
  speak();
  speak(new Float32Array(1_600).fill(-0.25));
  expect(onLevel.mock.calls).toEqual([
    [{ peak: 0.5, elapsedMs: 100 }],
    [{ peak: 0.25, elapsedMs: 200 }],
  ]);
});

test('at the limit it stops growing to the sample, frees the microphone and is no error', async () => {
  const { recorder, speak, close } = browser();
  const interrupted = jest.fn();
  recorder.onInterrupted(interrupted);
  await recorder.start({ maxMs: 150 });
  speak();
  expect(close).not.toHaveBeenCalled();
  speak();
  speak();
  expect(close).toHaveBeenCalledTimes(1);
  expect(interrupted).not.toHaveBeenCalled();
  await expect(recorder.stop()).resolves.toMatchObject({
    durationMs: 150,
    bytes: HEADER_BYTES + 2 * 2_400,
  });
});

test('an interruption hands over what was said, once', async () => {
  const { recorder, speak, lose } = browser();
  const interrupted = jest.fn();
  recorder.onInterrupted(interrupted);
  await recorder.start();
  speak();
  lose();
  expect(interrupted.mock.calls).toEqual([
    [code('route_changed'), expect.objectContaining({ durationMs: 100 })],
  ]);
  await expect(recorder.stop()).rejects.toEqual(code('not_recording'));
});

test('an interruption before a word hands over nothing', async () => {
  const { recorder, lose } = browser();
  const interrupted = jest.fn();
  recorder.onInterrupted(interrupted);
  await recorder.start();
  lose();
  expect(interrupted.mock.calls).toEqual([[code('route_changed'), null]]);
});

test('an interruption while it stops hands the recording to one of the two', async () => {
  const { recorder, speak, lose } = browser({ finish: async () => lose() });
  const interrupted = jest.fn();
  recorder.onInterrupted(interrupted);
  await recorder.start();
  speak();
  await expect(recorder.stop()).rejects.toEqual(code('not_recording'));
  expect(interrupted).toHaveBeenCalledTimes(1);
});

test('a stop that comes before the microphone is open waits for it', async () => {
  const { recorder } = browser();
  const [, recording] = await Promise.all([recorder.start(), recorder.stop()]);
  expect(recording).toMatchObject({ durationMs: 0 });
});

test('one recording at a time', async () => {
  const { recorder, open } = browser();
  await recorder.start();
  await expect(recorder.start()).rejects.toEqual(code('already_recording'));
  expect(open).toHaveBeenCalledTimes(1);
  await recorder.stop();
  await expect(recorder.stop()).rejects.toEqual(code('not_recording'));
});

test('cancel frees the microphone and forgets; the next recording starts empty', async () => {
  const { recorder, speak, close } = browser();
  await recorder.start();
  speak();
  await recorder.cancel();
  expect(close).toHaveBeenCalledTimes(1);
  await recorder.start();
  await expect(recorder.stop()).resolves.toMatchObject({ durationMs: 0 });
});

test('a microphone that does not open leaves nothing behind', async () => {
  const { recorder, open } = browser();
  open.mockRejectedValueOnce(new RecorderError('permission_denied', 'No.'));
  await expect(recorder.start()).rejects.toEqual(code('permission_denied'));
  await expect(recorder.start()).resolves.toBeUndefined();
});
