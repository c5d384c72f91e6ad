/** Every state worth looking at, and how a person gets there. */
import type { Page } from 'playwright-core';

import { asking, failed, jobId, manyRepos, merged, unproven, working } from './fixtures';
import { json, problem, usual, type World } from './world';

export type State = {
  name: string;
  /** Where it begins. */
  path: string;
  world?: Partial<World>;
  /** Begins signed out. */
  isStranger?: boolean;
  /** The microphone is refused. */
  isDeaf?: boolean;
  go?: (page: Page) => Promise<void>;
  /** Kept in docs/app: theme and size, as `light-phone`. */
  kept: readonly string[];
};

const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .filter({ visible: true })
    .first()
    .click();
const said = (transcript: string | null) => ({ ...working, job_id: jobId(99), transcript });
const request = 'Add a --stdin flag so the tool can read from standard input.';

/** The browser's own microphone beeps now and then. */
const isLoud = () =>
  Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')) > 40;

async function speak(page: Page, ms: number): Promise<void> {
  await press(page, 'Speak');
  await page.getByRole('timer').waitFor();
  await page.waitForTimeout(ms);
}

async function type(page: Page): Promise<void> {
  await press(page, 'Type instead');
  await page.getByLabel('What should change?').fill(request);
}

export const states: State[] = [
  { name: 'speak', path: '/', kept: ['light-phone', 'dark-phone', 'dark-tablet'] },
  {
    name: 'recording',
    path: '/',
    go: async (page) => {
      await speak(page, 2500);
      await page.waitForFunction(isLoud);
    },
    kept: ['light-phone', 'dark-phone'],
  },
  {
    name: 'on-its-way',
    path: '/',
    world: { accepts: () => new Promise(() => {}) },
    go: async (page) => {
      await type(page);
      await press(page, 'Send');
      await page.getByText('On its way').first().waitFor();
    },
    kept: ['light-phone'],
  },
  {
    name: 'accepted',
    path: '/',
    world: { tasks: [merged] },
    go: async (page) => {
      await speak(page, 1200);
      await press(page, 'Send what you said');
      await page.getByText('Accepted').first().waitFor();
    },
    kept: ['dark-phone'],
  },
  {
    name: 'live',
    path: '/',
    world: { tasks: [said(request), asking, merged] },
    go: async (page) => {
      await speak(page, 1200);
      await press(page, 'Send what you said');
      await page.getByText('Testing').first().waitFor();
    },
    kept: ['light-phone'],
  },
  {
    name: 'too-short',
    path: '/',
    go: async (page) => {
      await press(page, 'Speak');
      await page.getByRole('timer').waitFor();
      await press(page, 'Send what you said');
    },
    kept: ['light-phone'],
  },
  {
    name: 'microphone-blocked',
    path: '/',
    isDeaf: true,
    go: (page) => press(page, 'Speak'),
    kept: ['light-phone'],
  },
  { name: 'typed', path: '/', go: type, kept: ['light-phone'] },
  {
    name: 'repositories',
    path: '/',
    world: { repos: manyRepos },
    go: (page) => press(page, /^Repository:/),
    kept: ['dark-phone'],
  },
  { name: 'list', path: '/tasks', kept: ['light-phone', 'dark-phone'] },
  { name: 'list-empty', path: '/tasks', world: { tasks: [] }, kept: ['light-phone'] },
  {
    name: 'list-offline',
    path: '/tasks',
    go: async (page) => {
      await page.getByText('Recent').waitFor();
      await page.unrouteAll();
      await page.context().setOffline(true);
      await page.getByRole('link', { name: 'Speak' }).click();
      await type(page);
      await press(page, 'Send');
      await page.getByText('Waiting for network').first().waitFor();
      await page.getByRole('link', { name: /^Tasks/ }).click();
    },
    kept: ['light-phone'],
  },
  {
    name: 'refused',
    path: '/',
    world: {
      accepts: (route) =>
        problem(route, 422, 'digital-silence', 'There is no sound in the recording.'),
    },
    go: async (page) => {
      await speak(page, 1200);
      await press(page, 'Send what you said');
      await page.waitForTimeout(800);
      await page.getByRole('link', { name: /^Tasks/ }).click();
    },
    kept: ['dark-phone'],
  },
  {
    name: 'details',
    path: `/tasks/${asking.job_id}`,
    kept: ['light-phone', 'light-tablet', 'dark-tablet'],
  },
  {
    name: 'diff',
    path: `/tasks/${asking.job_id}`,
    go: (page) => page.getByText('LIFETIME = timedelta(days=30)').scrollIntoViewIfNeeded(),
    kept: ['light-phone', 'dark-phone'],
  },
  { name: 'merged', path: `/tasks/${merged.job_id}`, kept: ['dark-phone'] },
  {
    name: 'steps',
    path: `/tasks/${merged.job_id}`,
    go: (page) => page.getByText('Running tests').scrollIntoViewIfNeeded(),
    kept: ['light-phone'],
  },
  { name: 'failed', path: `/tasks/${failed.job_id}`, kept: ['light-phone'] },
  {
    name: 'heard-wrong',
    path: `/tasks/${merged.job_id}`,
    go: (page) => press(page, 'Heard wrong?'),
    kept: ['dark-phone'],
  },
  { name: 'working', path: `/tasks/${working.job_id}`, kept: ['light-phone'] },
  { name: 'unproven', path: `/tasks/${unproven.job_id}`, kept: ['dark-phone'] },
  {
    name: 'approve',
    path: `/tasks/${asking.job_id}?approve=${asking.commit_sha}`,
    kept: ['light-phone', 'dark-tablet'],
  },
  {
    name: 'merge-anyway',
    path: `/tasks/${unproven.job_id}`,
    go: async (page) => {
      await press(page, 'Approve');
      await press(page, 'Merge anyway…');
    },
    kept: ['dark-phone'],
  },
  { name: 'gone', path: `/tasks/${jobId(50)}`, kept: ['light-phone'] },
  { name: 'sign-in', path: '/', isStranger: true, kept: ['light-phone'] },
  { name: 'settings', path: '/settings', kept: ['light-phone'] },
  { name: 'not-found', path: '/nowhere', kept: ['dark-phone'] },
];

export { json, usual };
