import { openTask } from './openTask';

export { usePush, usePushRouting } from './hooks';
export type { QuietHours } from './push';

/** Tells which task is open on screen: there is no banner for it. */
export const setOpenTask = (jobId: string | null): void => openTask.set(jobId);
