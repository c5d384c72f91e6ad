import { tokenOf, uuid } from '@/testing/world';

import { accountOf } from './account';

test('a token names its account, whatever its expiry and its letters', () => {
  const account = { userId: uuid(1), email: 'zoë@example.com' };
  expect(accountOf(tokenOf(uuid(1), 1, { email: 'zoë@example.com', exp: 0 }))).toEqual(account);
  expect(accountOf(` ${tokenOf(uuid(1).toUpperCase(), 1, { email: account.email })}\n`)).toEqual(
    account,
  );
});

test('an account without an address is one all the same', () => {
  expect(accountOf(tokenOf(uuid(1), 1, { email: null }))).toEqual({ userId: uuid(1), email: '' });
});

test.each([
  [''],
  ['words'],
  ['a.b'],
  ['a.@@@.c'],
  [`a.${Buffer.from('null').toString('base64url')}.c`],
  [`a.${Buffer.from('{').toString('base64url')}.c`],
  [tokenOf('ada')],
])('%j is no token of a person', (token) => {
  expect(accountOf(token)).toBeNull();
});
