/** The page of one task, with decisions that a test watches. */
import { act, fireEvent, screen } from '@testing-library/react-native';

import type { TaskDetails } from '@/tasks';

import { TaskScreen } from '../details/TaskScreen';
import { aTask, show } from './fakes';

export type Props = Parameters<typeof TaskScreen>[0];

export const DONE = () => Promise.resolve();
export const details = (said: Partial<TaskDetails>): TaskDetails => ({
  ...aTask(said),
  timeline: [],
  ...said,
});

export function aScreen(task: TaskDetails | null, said: Partial<Props> = {}) {
  const decisions = {
    approve: jest.fn<Promise<void>, [string, { override?: boolean }?]>(DONE),
    reject: jest.fn<Promise<void>, [string]>(DONE),
    cancel: jest.fn<Promise<void>, []>(DONE),
    undo: jest.fn<Promise<string>, []>(() => Promise.resolve('undoing')),
    correct: jest.fn<Promise<string>, [string, string | null]>(() => Promise.resolve('entry')),
    isBusy: false,
  };
  const props: Props = {
    details: { task, isLoading: false, problem: null, refresh: jest.fn(DONE) },
    diff: { files: null, isTooLarge: false, problem: null },
    decisions,
    offered: null,
    onBack: jest.fn(),
    onList: jest.fn(),
    onOpen: jest.fn(),
    openUrl: jest.fn(),
    ...said,
  };
  const { again } = show(<TaskScreen {...props} />);
  const change = (next: Partial<Props>) => again(<TaskScreen {...props} {...next} />);
  const becomes = (next: TaskDetails) => change({ details: { ...props.details, task: next } });
  return { props, decisions, change, becomes };
}

export const press = (name: string) =>
  act(async () => fireEvent.press(screen.getByRole('button', { name })));
