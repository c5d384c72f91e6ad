/** What screens are given in tests: fakes of the hooks, a recorder without a microphone. */
import type { RecorderError, Recording } from 'audio-recorder';
import { render } from '@testing-library/react-native';
import type { ReactElement } from 'react';
import { SafeAreaProvider } from 'react-native-safe-area-context';

import type { Entry } from '@/outbox';
import type { Recorder } from '@/recording/useRecording';
import type { Repository } from '@/repos';
import type { Task, TaskDetails } from '@/tasks';

export const COMMIT = '9fceb02d0ae598e95dc970b74767f19372d61af8';
export const OTHER_COMMIT = '1111111d0ae598e95dc970b74767f19372d61af8';
export const JOB = '0b7e1c1e-7c53-4f0e-8f1a-52c3d2a6c001';

const METRICS = {
  frame: { x: 0, y: 0, width: 390, height: 844 },
  insets: { top: 47, left: 0, right: 0, bottom: 34 },
};

export function show(element: ReactElement) {
  const wrapped = (inner: ReactElement) => (
    <SafeAreaProvider initialMetrics={METRICS}>{inner}</SafeAreaProvider>
  );
  const screen = render(wrapped(element));
  return { ...screen, again: (next: ReactElement) => screen.rerender(wrapped(next)) };
}

export function aTask(said: Partial<Task> = {}): Task {
  return {
    job_id: JOB,
    status: 'auto_merged',
    version: 3,
    transcript: 'Add a --stdin flag.',
    repo: 'git@github.com:ada/wordcount.git',
    branch: 'main',
    commit_sha: COMMIT,
    lint_passed: true,
    tests_passed: true,
    files_touched: ['wordcount/cli.py'],
    loc_delta: 42,
    needs_approval: false,
    undelivered: 0,
    created_at: new Date().toISOString(),
    updated_at: new Date().toISOString(),
    ...said,
  };
}

export function aTaskThatAsks(said: Partial<Task> = {}): TaskDetails {
  return {
    ...aTask({
      status: 'pr_opened',
      needs_approval: true,
      why: 'it touches security/keys.py',
      pr_url: 'https://github.com/ada/wordcount/pull/7',
      ...said,
    }),
    timeline: [],
  };
}

export function anEntry(said: Partial<Entry> = {}): Entry {
  return {
    id: 'entry',
    userId: 'ada',
    createdAt: new Date().toISOString(),
    kind: 'voice',
    text: null,
    repo: null,
    durationMs: 4200,
    state: 'sending',
    problem: null,
    jobId: null,
    ...said,
  };
}

export const REPOS: Repository[] = [
  { repo: 'git@github.com:ada/wordcount.git', branch: 'main', is_default: true },
  { repo: 'git@github.com:ada/notes.git', branch: 'trunk', is_default: false },
];

/** What a recorder throws; the class itself wants a phone. */
export function recorderError(code: RecorderError['code']): RecorderError {
  return Object.assign(new Error(code), { name: 'RecorderError' as const, code });
}

/** A recorder that hears what a test tells it. */
export function aRecorder() {
  let interrupted: (error: RecorderError, kept: Recording | null) => void = () => {};
  let onLevel: (level: { peak: number; elapsedMs: number }) => void = () => {};
  const recording: Recording = { uri: 'file:///task.wav', durationMs: 4200, bytes: 134_444 };
  const recorder = {
    requestPermission: jest.fn<ReturnType<Recorder['requestPermission']>, []>(() =>
      Promise.resolve('granted'),
    ),
    start: jest.fn<Promise<void>, Parameters<Recorder['start']>>((options) => {
      onLevel = options?.onLevel ?? onLevel;
      return Promise.resolve();
    }),
    stop: jest.fn<Promise<Recording>, []>(() => Promise.resolve(recording)),
    cancel: jest.fn<Promise<void>, []>(() => Promise.resolve()),
    onInterrupted: (listener: typeof interrupted) => {
      interrupted = listener;
      return () => {};
    },
  } satisfies Recorder;
  return {
    recorder,
    recording,
    hears: (peak: number, elapsedMs: number) => onLevel({ peak, elapsedMs }),
    isInterrupted: (error: RecorderError, kept: Recording | null) => interrupted(error, kept),
  };
}

/** A promise that a test settles. */
export function later<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (why: Error) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
