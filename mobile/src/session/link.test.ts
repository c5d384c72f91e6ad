import { signInLink } from './link';

test.each([
  ['https://sayso.example/', null],
  ['https://sayso.example/tasks?x=1#top', null],
  ['https://sayso.example/#token=a.b.c', { kind: 'token', token: 'a.b.c' }],
  ['sayso://sign-in?code=abc', { kind: 'code', code: 'abc' }],
  ['sayso://sign-in?code=a%2Bb&x=1#', { kind: 'code', code: 'a+b' }],
  ['sayso://sign-in?token=a.b.c', null],
  ['sayso://sign-in#access_token=a.b.c&refresh_token=d', null],
  ['', null],
])('%s says %j', (address, link) => {
  expect(signInLink(address)).toEqual(link);
});
