/** Tasks as the server tells them, one for each thing that a screen has to show. */
import type { components } from '../../src/api/schema';

type Task = components['schemas']['Task'];
type TaskDetails = components['schemas']['TaskDetails'];
type Repository = components['schemas']['Repository'];

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WORDCOUNT = 'git@github.com:ada/wordcount.git';
const SHOP = 'git@github.com:analytical/engine-api.git';

export const repos: Repository[] = [
  { repo: WORDCOUNT, branch: 'main', is_default: true },
  { repo: SHOP, branch: 'main', is_default: false },
  { repo: 'git@github.com:analytical/loom.git', branch: 'trunk', is_default: false },
  { repo: 'git@github.com:ada/notes.git', branch: 'main', is_default: false },
];

export const manyRepos: Repository[] = [
  ...repos,
  ...['mill', 'punch-cards', 'bernoulli', 'difference'].map((name) => ({
    repo: `git@github.com:analytical/${name}.git`,
    branch: 'main',
    is_default: false,
  })),
];

/** The same for the same number: 8-4-4-4-12. */
export function jobId(number: number): string {
  return `0b7e1c1e-7c53-4f0e-8f1a-52c3d2a6c${String(number).padStart(3, '0')}`;
}

const START = Date.now();

function task(number: number, agoMs: number, said: Partial<Task>): Task {
  const created = new Date(START - agoMs);
  return {
    job_id: jobId(number),
    status: 'auto_merged',
    version: 7,
    phase: null,
    reason: null,
    summary: null,
    subject: null,
    why: null,
    confidence: 0.94,
    repo: WORDCOUNT,
    branch: 'main',
    base_sha: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    commit_sha: `9fceb02d0ae598e95dc970b74767f19372d6${String(number).padStart(4, '0')}`,
    pr_url: null,
    undoes: null,
    files_touched: [],
    lint_passed: true,
    tests_passed: true,
    tests_added: 0,
    notes: null,
    needs_approval: false,
    undelivered: 0,
    created_at: created.toISOString(),
    updated_at: new Date(created.getTime() + 4 * SECOND).toISOString(),
    ...said,
  };
}

export const merged = task(1, 3 * MINUTE, {
  transcript: 'Add a --stdin flag so the tool can read from standard input.',
  subject: 'feat(cli): add --stdin flag',
  summary: 'Merged to main: feat(cli): add --stdin flag.',
  notes: 'Merged to main: feat(cli): add --stdin flag.',
  loc_delta: 5,
  files_touched: ['wordcount/cli.py', 'README.md'],
  tests_added: 3,
  tok_in: 5480,
  tok_out: 912,
  cost_usd: 0.0043,
  duration_ms: 3800,
});

const ASKING: Partial<Task> = {
  status: 'pr_opened',
  needs_approval: true,
  repo: SHOP,
  loc_delta: 9,
  tok_in: 6120,
  tok_out: 1033,
  cost_usd: 0.0061,
  duration_ms: 5200,
};

export const asking = task(2, 40 * SECOND, {
  ...ASKING,
  transcript: 'Keep sessions for thirty days instead of seven.',
  reason: 'blocked_path',
  why: 'it touches security/sessions.py, which is under security/',
  subject: 'feat(sessions): keep sessions for thirty days',
  notes: 'A pull request waits for you: it touches security/sessions.py, which is under security/.',
  pr_url: 'https://github.com/analytical/engine-api/pull/128',
  files_touched: ['security/sessions.py', 'tests/test_sessions.py'],
  tests_added: 1,
});

export const unproven = task(3, 12 * MINUTE, {
  ...ASKING,
  transcript: 'Count words with hyphens as one word.',
  repo: WORDCOUNT,
  reason: 'tests_failed',
  why: 'its tests fail',
  subject: 'feat(counting): count hyphenated words once',
  notes:
    'A pull request waits for you: its tests fail.\nFAILED tests/test_counting.py::test_dashes\nassert count("well-known") == 2\n1 failed, 26 passed in 0.41s',
  pr_url: 'https://github.com/ada/wordcount/pull/41',
  tests_passed: false,
  files_touched: ['wordcount/counting.py'],
});

export const working = task(4, 3 * SECOND, {
  status: 'pending',
  phase: 'test',
  summary: 'Running tests',
  transcript: 'Print the version with --version.',
  commit_sha: null,
  lint_passed: null,
  tests_passed: null,
});

export const failed = task(5, 5 * HOUR, {
  status: 'fail',
  reason: 'no_speech',
  commit_sha: null,
  lint_passed: null,
  tests_passed: null,
  notes: 'I heard no speech in the recording: hold the phone closer and say it again.',
});

const undone = task(6, 26 * HOUR, {
  transcript: 'Undo “fix(io): close files early”.',
  undoes: jobId(9),
  subject: 'revert: fix(io): close files early',
  loc_delta: 12,
  files_touched: ['wordcount/io.py'],
});

const nothing = task(7, 3 * 24 * HOUR, {
  status: 'ok',
  reason: 'nothing_to_do',
  commit_sha: null,
  transcript: 'Sort the output by frequency.',
  notes: 'Nothing needed changing: the output is sorted by frequency already.',
});

const cancelled = task(8, 4 * 24 * HOUR, {
  status: 'fail',
  reason: 'cancelled',
  commit_sha: null,
  transcript: 'Rename the package to tally.',
  notes: 'You cancelled it; nothing was merged.',
});

export const tasks: Task[] = [
  working,
  asking,
  merged,
  unproven,
  failed,
  undone,
  nothing,
  cancelled,
];

const STEPS: readonly (readonly [string, number, string])[] = [
  ['task.uploaded', 0, 'Recording received'],
  ['task.transcribed', 420, ''],
  ['task.dispatched', 510, 'Queued for a runner'],
  ['task.progressed', 760, 'Writing the change'],
  ['task.progressed', 2350, 'Checking style'],
  ['task.progressed', 2480, 'Running tests'],
  ['runner.status', 3800, ''],
];

/** The same task, as long ago as it was when this began: a picture does not age. */
export function fresh(of: Task): Task {
  const later = (moment: string) => new Date(Date.parse(moment) + Date.now() - START).toISOString();
  return { ...of, created_at: later(of.created_at), updated_at: later(of.updated_at) };
}

/** A task with its steps and, if there is a change, the address of its diff. */
export function detailed(of: Task): TaskDetails {
  const isHeard = Boolean(of.transcript);
  const whole = isHeard
    ? STEPS
    : STEPS.filter(([type], at) => at === 0 || type === 'runner.status');
  const steps = of.status === 'pending' ? whole.slice(0, -1) : whole;
  return {
    ...of,
    diff_url: of.commit_sha ? `https://media.sayso.test/${of.job_id}.diff` : null,
    timeline: steps.map(([type, elapsed, text]) => ({
      type,
      phase: null,
      time: new Date(Date.parse(of.created_at) + elapsed).toISOString(),
      elapsed_ms: elapsed,
      text:
        text ||
        (type === 'task.transcribed' ? `“${of.transcript}”` : (of.notes ?? '').split('\n')[0]!),
    })),
  };
}
