import { recorder } from './src/recorder';

export const { requestPermission, start, stop, cancel, onInterrupted } = recorder;
export { RecorderError } from './src/recording';
export type {
  Level,
  Permission,
  Recording,
  RecorderErrorCode,
  StartOptions,
} from './src/recording';
