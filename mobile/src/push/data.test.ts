import { uuid } from '@/testing/world';

import { pushDataOf } from './data';

const JOB = uuid(5);
const SHA = 'a'.repeat(40);

test.each<[unknown, unknown]>([
  [
    { job_id: JOB, commit_sha: SHA, url: `/tasks/${JOB}` },
    { kind: 'task', jobId: JOB, commitSha: SHA },
  ],
  [{ job_id: JOB.toUpperCase() }, { kind: 'task', jobId: JOB, commitSha: null }],
  [{ url: `/tasks/${JOB}` }, { kind: 'task', jobId: JOB, commitSha: null }],
  [
    { job_id: JOB, commit_sha: `${SHA}0` },
    { kind: 'task', jobId: JOB, commitSha: null },
  ],
  [
    { job_id: JOB, commit_sha: 'A'.repeat(40) },
    { kind: 'task', jobId: JOB, commitSha: null },
  ],
  [
    { job_id: JOB, url: 'https://evil.example' },
    { kind: 'task', jobId: JOB, commitSha: null },
  ],
  [
    { url: 'https://media.example/clip.mp4?s=1' },
    { kind: 'link', url: 'https://media.example/clip.mp4?s=1' },
  ],
  [{ url: 'http://media.example/clip.mp4' }, null],
  [{ url: 'javascript:alert(1)' }, null],
  [{ url: 'https://sayso.dev@evil.example/' }, null],
  [{ url: 'sayso://tasks/1' }, null],
  [{ url: '//evil.example/tasks' }, null],
  [{ url: `/tasks/${JOB}/../../settings` }, null],
  [{ job_id: '../device', commit_sha: SHA }, null],
  [{ job_id: [JOB] }, null],
  [{ job_id: 7, url: 7 }, null],
  ['{"job_id": 1}', null],
  [null, null],
  [undefined, null],
])('%j is %j', (said, data) => {
  expect(pushDataOf(said)).toEqual(data);
});
