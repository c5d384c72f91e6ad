import { ApiProblem, type ProblemKind } from '@/api';
import { PROBLEM_KINDS } from '@/api/problem';
import { uuid } from '@/testing/world';

import { entryOf, inOrder, keptOf, parseKept, stateAfter, type Kept } from './entry';

const KEPT: Kept = {
  id: uuid(1),
  userId: uuid(2),
  createdAt: '2026-11-29T00:00:00.000Z',
  kind: 'voice',
  text: null,
  repo: 'org/project',
  durationMs: 1200,
  refused: null,
};

const PASSING: Partial<Record<ProblemKind, string>> = {
  offline: 'waiting_for_network',
  timeout: 'retrying',
  too_many: 'retrying',
  server: 'retrying',
  signed_out: 'needs_sign_in',
};

test.each(PROBLEM_KINDS)('what becomes of an entry after %s', (kind) => {
  expect(stateAfter(new ApiProblem(kind))).toBe(PASSING[kind] ?? 'refused');
});

test('an entry is found as it was kept: refused, or on its way', () => {
  expect(entryOf(KEPT, true)).toMatchObject({ state: 'sending', problem: null });
  expect(entryOf(KEPT, false)).toMatchObject({ state: 'waiting_for_network' });
  const refused = { kind: 'silence', type: 'empty-recording', detail: 'Empty.' } as const;
  const entry = entryOf({ ...KEPT, refused }, true);
  expect(entry).toMatchObject({ state: 'refused', problem: refused });
  expect(entry.problem).toBeInstanceOf(ApiProblem);
  expect(keptOf(entry)).toEqual({ ...KEPT, refused });
});

test('a problem that passes is not kept', () => {
  const entry = entryOf(KEPT, true);
  expect(keptOf({ ...entry, state: 'retrying', problem: new ApiProblem('server') })).toEqual(KEPT);
});

test.each([
  [''],
  ['{'],
  ['null'],
  ['[]'],
  [JSON.stringify({ ...KEPT, id: 7 })],
  [JSON.stringify({ ...KEPT, kind: 'video' })],
  [JSON.stringify({ ...KEPT, refused: { kind: 'moon' } })],
  [JSON.stringify({ ...KEPT, text: undefined })],
])('%j is no entry', (text) => {
  expect(parseKept(text)).toBeNull();
});

test('what is said first is sent first, also within one millisecond', () => {
  const [first, second] = [
    { ...KEPT, id: 'a' },
    { ...KEPT, id: 'b' },
  ];
  const earlier = { ...KEPT, id: 'c', createdAt: '2026-11-28T00:00:00.000Z' };
  expect(inOrder([second, first, earlier]).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
});
