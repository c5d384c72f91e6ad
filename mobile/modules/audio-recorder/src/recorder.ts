import { requireNativeModule } from 'expo';

import { type NativeRecorder, recorderOf } from './nativeRecorder';
import type { Recorder } from './recording';

export const recorder: Recorder = recorderOf(requireNativeModule<NativeRecorder>('AudioRecorder'));
