import { uuid } from '@/testing/world';

import { shownFor } from './dataOnly';

const JOB = uuid(5);
const SAID = {
  title: '⚠️ wordcount',
  body: 'Approve “Add --stdin”?',
  categoryId: 'task_approval',
  job_id: JOB,
  tag: JOB,
};
const SHOWN = {
  identifier: JOB,
  title: SAID.title,
  body: SAID.body,
  categoryIdentifier: 'task_approval',
  channelId: 'default',
};

test('what Firebase brings as fields, and Expo as JSON, is shown with its actions', () => {
  expect(shownFor({ data: SAID, notification: null })).toMatchObject(SHOWN);
  expect(shownFor({ data: { ...SAID, dataString: SAID.body } })).toMatchObject(SHOWN);
  const { tag: _, ...inner } = SAID;
  expect(shownFor({ data: { dataString: JSON.stringify(inner) } })).toMatchObject(SHOWN);
});

test('what it leads to is kept with it', () => {
  expect(shownFor({ data: SAID })?.data).toMatchObject({ job_id: JOB });
});

test.each([
  ['quiet', 'quiet'],
  ['a channel that is not ours', 'default'],
  [undefined, 'default'],
])('the channel %j is %s', (channelId, channel) => {
  expect(shownFor({ data: { ...SAID, channelId } })?.channelId).toBe(channel);
});

test('actions that are not ours are not attached', () => {
  expect(shownFor({ data: { ...SAID, categoryId: 'transfer_money' } })).toMatchObject({
    categoryIdentifier: null,
  });
});

test('a clip is shown too', () => {
  const { job_id: _, tag: __, ...clip } = SAID;
  expect(shownFor({ data: { ...clip, url: 'https://m.example/clip' } })).toMatchObject({
    identifier: 'https://m.example/clip',
  });
});

test.each<[string, unknown]>([
  ['what the system has shown', { data: SAID, notification: { title: 'x' } }],
  ['what expo-notifications shows by itself', { data: { ...SAID, message: SAID.body } }],
  ['an answer to a push', { actionIdentifier: 'approve', data: SAID }],
  ['no title', { data: { ...SAID, title: undefined } }],
  ['no body', { data: { ...SAID, body: 7 } }],
  ['what leads nowhere', { data: { ...SAID, job_id: 'x', url: 'x' } }],
  ['broken JSON', { data: { dataString: '{' } }],
  ['nothing', {}],
  ['less than nothing', null],
])('nothing is shown for %s', (_, payload) => {
  expect(shownFor(payload)).toBeNull();
});
