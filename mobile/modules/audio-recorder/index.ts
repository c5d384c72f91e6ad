export { cancel, onInterrupted, requestPermission, start, stop } from './src/recorder';
export { RecorderError } from './src/recording';
export type {
  Level,
  Permission,
  Recording,
  RecorderErrorCode,
  StartOptions,
} from './src/recording';
