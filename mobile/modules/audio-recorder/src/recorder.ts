import { type NativeModule, requireNativeModule } from 'expo';

import {
  type InterruptionListener,
  type Level,
  type Permission,
  RecorderError,
  type Recording,
  type StartOptions,
} from './recording';

type Events = {
  level: (level: Level) => void;
  interrupted: (event: { code: string; message: string; kept: Recording | null }) => void;
};

declare class AudioRecorderModule extends NativeModule<Events> {
  requestPermission(): Promise<Permission>;
  start(maxMs: number | null): Promise<void>;
  stop(): Promise<Recording>;
  cancel(): Promise<void>;
}

const native = requireNativeModule<AudioRecorderModule>('AudioRecorder');

let hearLevel: StartOptions['onLevel'];
native.addListener('level', (level) => hearLevel?.(level));

/** Ask for the microphone, if that was not answered before. */
export function requestPermission(): Promise<Permission> {
  return named(native.requestPermission());
}

/** Start recording. Throws a RecorderError. */
export async function start({ maxMs, onLevel }: StartOptions = {}): Promise<void> {
  await named(native.start(maxMs ?? null));
  hearLevel = onLevel;
}

/** Finish: the recording is the caller's from here on. Throws a RecorderError. */
export function stop(): Promise<Recording> {
  return named(native.stop());
}

/** Finish and forget what was recorded; nothing happens if nothing is. */
export function cancel(): Promise<void> {
  return named(native.cancel());
}

/** Hear of a recording that ended by itself; the answer stops the listening. */
export function onInterrupted(listener: InterruptionListener): () => void {
  const subscription = native.addListener('interrupted', ({ kept, ...error }) =>
    listener(RecorderError.from(error), kept),
  );
  return () => subscription.remove();
}

async function named<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (thrown) {
    throw RecorderError.from(thrown);
  }
}
