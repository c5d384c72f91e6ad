import type { NativeModule } from 'expo';

import {
  type InterruptionListener,
  type Level,
  type Permission,
  type Recorder,
  RecorderError,
  type Recording,
  type StartOptions,
} from './recording';

/** What `ios/AudioRecorderModule.swift` and `android/…/AudioRecorderModule.kt` offer. */
export type NativeRecorder = Pick<
  InstanceType<typeof NativeModule<NativeEvents>>,
  'addListener'
> & {
  requestPermission(): Promise<Permission>;
  start(maxMs: number | null): Promise<void>;
  stop(): Promise<Recording>;
  cancel(): Promise<void>;
};

type NativeEvents = {
  level: (level: Level) => void;
  interrupted: (event: { code: string; message: string; kept?: Recording | null }) => void;
};

/** The phone's recorder in the module's own terms. */
export function recorderOf(native: NativeRecorder): Recorder {
  let hearLevel: StartOptions['onLevel'];
  native.addListener('level', (level) => hearLevel?.(level));

  return {
    requestPermission: () => named(native.requestPermission()),
    async start({ maxMs, onLevel } = {}) {
      await named(native.start(maxMs ?? null));
      hearLevel = onLevel;
    },
    stop: () => named(native.stop()),
    cancel: () => named(native.cancel()),
    onInterrupted(listener: InterruptionListener) {
      const subscription = native.addListener('interrupted', ({ kept, ...error }) =>
        listener(RecorderError.from(error), kept ?? null),
      );
      return () => subscription.remove();
    },
  };
}

async function named<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (thrown) {
    throw RecorderError.from(thrown);
  }
}
