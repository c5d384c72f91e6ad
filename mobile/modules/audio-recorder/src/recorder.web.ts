import { openMicrophone, requestPermission } from './microphone';
import type { Recorder } from './recording';
import { recorderOf } from './webRecorder';

export const recorder: Recorder = recorderOf(openMicrophone, requestPermission, (wav) =>
  URL.createObjectURL(new Blob([wav], { type: 'audio/wav' })),
);
