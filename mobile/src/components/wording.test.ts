import {
  ago,
  clock,
  commitAddress,
  duration,
  price,
  projectOf,
  safeAddress,
  sentenceOfTask,
  shortened,
} from './wording';
import { aTask, aTaskThatAsks, COMMIT } from './testing/fakes';

test.each([
  ['git@github.com:ada/wordcount.git', 'ada/wordcount'],
  ['https://github.com/ada/wordcount', 'ada/wordcount'],
  ['https://github.com/ada/wordcount.git/', 'ada/wordcount'],
  ['ada/wordcount', 'ada/wordcount'],
])('%s is called %s', (repo, name) => {
  expect(projectOf(repo)).toBe(name);
});

test.each([
  ['git@github.com:ada/wordcount.git', COMMIT, `https://github.com/ada/wordcount/commit/${COMMIT}`],
  ['https://github.com/ada/wordcount', COMMIT, `https://github.com/ada/wordcount/commit/${COMMIT}`],
  ['git@gitlab.com:ada/wordcount.git', COMMIT, null],
  ['git@github.com.evil.org:ada/wordcount.git', COMMIT, null],
  ['git@github.com:ada/../wordcount.git', COMMIT, null],
  ['git@github.com:ada/wordcount.git', 'main', null],
  [null, COMMIT, null],
])('the commit of %s at %s is at %s', (repo, sha, address) => {
  expect(commitAddress(repo, sha)).toBe(address);
});

test.each([
  ['https://github.com/ada/wordcount/pull/7', 'https://github.com/ada/wordcount/pull/7'],
  ['http://github.com/ada', null],
  ['javascript:alert(1)', null],
  ['sayso://tasks/1', null],
  ['https://github.com@evil.org/', null],
  ['no address', null],
  [null, null],
])('%s may be opened as %s', (address, opened) => {
  expect(safeAddress(address)).toBe(opened);
});

test.each([
  [0, 'just now'],
  [4_999, 'just now'],
  [59_000, '59 s ago'],
  [60_000, '1 min ago'],
  [3 * 3_600_000, '3 h ago'],
  [30 * 3_600_000, 'yesterday'],
  [72 * 3_600_000, '3 days ago'],
])('%d ms are %s', (ms, words) => {
  expect(ago(ms)).toBe(words);
});

test.each([
  [3_800, '3.8 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 0 s'],
  [125_400, '2 min 5 s'],
])('%d ms take %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test.each([
  [0, '0:00'],
  [9_999, '0:09'],
  [60_000, '1:00'],
])('%d ms on the clock are %s', (ms, words) => {
  expect(clock(ms)).toBe(words);
});

test.each([
  [0, '$0'],
  [0.0004, 'under $0.001'],
  [0.0043, '$0.004'],
  [1.5, '$1.50'],
])('%d dollars are %s', (usd, words) => {
  expect(price(usd)).toBe(words);
});

test('a long text is cut between words', () => {
  expect(shortened('one two three', 9)).toBe('one two…');
  expect(shortened('one two', 7)).toBe('one two');
});

test.each([
  ['why it asks, as a sentence', aTaskThatAsks(), 'needs_you', 'It touches security/keys.py.'],
  ['what was done', aTask({ subject: 'feat: x', notes: 'Merged.' }), 'merged', 'feat: x'],
  ['the first line of a failure', aTask({ notes: 'No.\nlog' }), 'failed', 'No.'],
  ['what is being done', aTask({ summary: 'Running tests' }), 'testing', 'Running tests'],
] as const)('a task tells %s', (_, task, state, words) => {
  expect(sentenceOfTask(task, state)).toBe(words);
});
