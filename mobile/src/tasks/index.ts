export { type DiffFile, type DiffLine } from './diff';
export { NotUnlocked } from './deciding';
export { useTask, useTasks } from './hooks';
export { msSince, stateOf, type Task, type TaskDetails, type TaskState } from './state';
export { useDecisions } from './useDecisions';
export { useDiff } from './useDiff';
