import { ApiProblem } from '@/api';
import { strings } from '@/strings';
import { uuid } from '@/testing/world';

import { follow } from './routing';

const JOB = uuid(5);
const SHA = 'a'.repeat(40);
const DATA = { job_id: JOB, commit_sha: SHA };

async function followed(action: string | null, data: unknown, look: () => Promise<unknown>) {
  const seen: string[] = [];
  const looked: string[] = [];
  await follow({ id: '1', action, data }, (jobId) => (looked.push(jobId), look()), {
    open: (jobId) => seen.push(`open ${jobId}`),
    approve: (jobId, sha) => seen.push(`approve ${jobId} ${sha}`),
    openUrl: (url) => seen.push(`url ${url}`),
    openList: (sentence) => seen.push(`list: ${sentence}`),
  });
  return { seen, looked };
}

const mine = async () => ({});
const fails = (kind: 'gone' | 'offline') => () => Promise.reject(new ApiProblem(kind));
const notYours = `list: ${strings.push.notYours}`;

test.each<[string, string | null, unknown, () => Promise<unknown>, string[]]>([
  ['the push itself', null, DATA, mine, [`open ${JOB}`]],
  ['Details', 'details', DATA, mine, [`open ${JOB}`]],
  ['Approve', 'approve', DATA, mine, [`approve ${JOB} ${SHA}`]],
  ['Approve without a commit', 'approve', { job_id: JOB }, mine, [`open ${JOB}`]],
  ['an action that is not ours', 'wipe', DATA, mine, [`open ${JOB}`]],
  ['a clip', null, { url: 'https://m.example/1' }, mine, ['url https://m.example/1']],
  ['a push for another account', null, DATA, fails('gone'), [notYours]],
  ['Approve for another account', 'approve', DATA, fails('gone'), [notYours]],
  ['a push without a network', null, DATA, fails('offline'), [`open ${JOB}`]],
  ['foreign data', 'approve', { job_id: '1; drop', commit_sha: SHA }, mine, []],
  ['no data', null, undefined, mine, []],
])('%s', async (_, action, data, look, seen) => {
  expect((await followed(action, data, look)).seen).toEqual(seen);
});

test('the server is asked about a task, never about anything else', async () => {
  expect((await followed(null, DATA, mine)).looked).toEqual([JOB]);
  expect((await followed(null, { url: 'https://m.example/1' }, mine)).looked).toEqual([]);
});
