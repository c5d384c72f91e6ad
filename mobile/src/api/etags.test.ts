import { createEtags } from './etags';

test('an answer is kept with its tag, and without one not at all', () => {
  const etags = createEtags();
  etags.keep('a', '"1"', 'answer');
  expect(etags.headers('a')).toEqual({ 'If-None-Match': '"1"' });
  expect(etags.known('a')).toBe('answer');
  etags.keep('a', null, 'other');
  expect(etags.headers('a')).toEqual({});
});

test('there is an end to what is kept', () => {
  const etags = createEtags(2);
  ['a', 'b', 'c'].forEach((key) => etags.keep(key, '"1"', key));
  expect(['a', 'b', 'c'].map(etags.known)).toEqual([undefined, 'b', 'c']);
});
