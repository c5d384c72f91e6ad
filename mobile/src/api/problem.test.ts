import { strings } from '@/strings';

import { ApiProblem, PROBLEM_KINDS, problemOf, retryAfterMs, sentenceOf } from './problem';

test.each([
  [400, 'malformed'],
  [401, 'signed_out'],
  [403, 'not_yours'],
  [404, 'gone'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'too_long'],
  [415, 'not_wav'],
  [418, 'malformed'],
  [422, 'silence'],
  [429, 'too_many'],
  [500, 'server'],
  [503, 'server'],
  [301, 'server'],
])('the status %i is %s', (status, kind) => {
  expect(problemOf(status, null).kind).toBe(kind);
});

test('the type is known by its last part, and the server’s sentence is kept', () => {
  const body = { type: 'https://sayso.dev/problems/too_late', detail: 'It is being delivered.' };
  const problem = problemOf(409, body);
  expect([problem.type, problem.detail]).toEqual(['too_late', 'It is being delivered.']);
});

test.each([
  ['<html>502 Bad Gateway</html>'],
  [null],
  [{ type: 7, detail: ['x'] }],
  [{ type: 'https://sayso.dev/problems/<script>' }],
  [{ type: '' }],
])('a body that is no problem+json is no problem: %j', (body) => {
  const problem = problemOf(500, body);
  expect([problem.kind, problem.type, problem.detail]).toEqual(['server', null, null]);
});

test('a sentence of the server has an end', () => {
  expect(problemOf(400, { detail: 'x'.repeat(10_000) }).detail).toHaveLength(500);
});

const NOON = Date.UTC(2026, 10, 29, 12);

test.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['0', 0],
  ['7', 7000],
  ['999999', 600_000],
  ['Sun, 29 Nov 2026 12:00:30 GMT', 30_000],
  ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
  ['Mon, 30 Nov 2026 12:00:00 GMT', 600_000],
])('Retry-After %j is %j ms', (said, ms) => {
  expect(retryAfterMs(said, NOON)).toBe(ms);
});

test.each(PROBLEM_KINDS)('%s says what happened and what to do, unlike any other', (kind) => {
  const { title, whatToDo } = sentenceOf(new ApiProblem(kind));
  expect(title).not.toBe('');
  expect(whatToDo).not.toBe('');
  const others = PROBLEM_KINDS.filter((other) => other !== kind);
  expect(others.map((other) => sentenceOf(new ApiProblem(other)).title)).not.toContain(title);
});

test('a known type has a sentence of its own; an unknown one has that of its kind', () => {
  const { byType, byKind } = strings.problems;
  expect(sentenceOf(new ApiProblem('conflict', 'too_late'))).toEqual(byType.too_late);
  expect(sentenceOf(new ApiProblem('conflict', 'constructor'))).toEqual(byKind.conflict);
});

test('of what it did not understand, the server knows best', () => {
  const problem = new ApiProblem('malformed', 'no-repo', 'Name it org/project.');
  expect(sentenceOf(problem).whatToDo).toBe('Name it org/project.');
});
