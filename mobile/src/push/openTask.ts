import { createStore } from '@/platform/store';

/** The task that is open on screen: there is one screen, and one such task, in the whole app. */
export const openTask = createStore<string | null>(null);
