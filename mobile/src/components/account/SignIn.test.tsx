import { act, fireEvent, screen } from '@testing-library/react-native';

import { SignInError } from '@/session/errors';
import { strings } from '@/strings';

import { later, show } from '../testing/fakes';
import { SignIn } from './SignIn';

type Session = Parameters<typeof SignIn>[0]['session'];

const DONE = () => Promise.resolve();

function aDoor(said: Partial<Session> = {}) {
  const session = {
    sendCode: jest.fn<Promise<void>, [string]>(DONE),
    verifyCode: jest.fn<Promise<void>, [string, string]>(DONE),
    signInWithToken: jest.fn<Promise<void>, [string]>(DONE),
    signOut: DONE,
  };
  const door = { state: 'signed_out', because: 'never', developerSignIn: false, ...said };
  show(<SignIn session={{ ...door, ...session } as Session} />);
  return session;
}

const press = (name: string) =>
  act(async () => fireEvent.press(screen.getByRole('button', { name })));
const enter = (label: string, text: string) =>
  act(async () => fireEvent.changeText(screen.getByLabelText(label), text));

async function askForCode(): Promise<void> {
  await enter(strings.signIn.email, ' ada@example.com ');
  await press(strings.signIn.sendCode);
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('an address, then the code that was sent to it', async () => {
  const session = aDoor();
  await askForCode();
  expect(session.sendCode).toHaveBeenCalledWith('ada@example.com');
  screen.getByText(strings.signIn.codeText('ada@example.com'));
  await enter(strings.signIn.code, '123456');
  expect(session.verifyCode).toHaveBeenCalledWith('ada@example.com', '123456');
});

test('a pasted code may bring more than digits', async () => {
  const session = aDoor();
  await askForCode();
  await enter(strings.signIn.code, 'Your code: 123 456');
  expect(session.verifyCode).toHaveBeenCalledWith('ada@example.com', '123456');
});

test('a code that is not whole is not tried', async () => {
  const session = aDoor();
  await askForCode();
  await enter(strings.signIn.code, '12345');
  expect(session.verifyCode).not.toHaveBeenCalled();
  expect(screen.getByRole('button', { name: strings.signIn.verify })).toBeDisabled();
});

test('another code can be asked for after a pause', async () => {
  const session = aDoor();
  await askForCode();
  expect(screen.getByRole('button', { name: strings.signIn.resendIn(30) })).toBeDisabled();
  for (let second = 0; second < 30; second++) await act(() => jest.advanceTimersByTimeAsync(1000));
  await press(strings.signIn.resend);
  expect(session.sendCode).toHaveBeenCalledTimes(2);
  screen.getByRole('button', { name: strings.signIn.resendIn(30) });
});

test.each([
  'wrong_code',
  'expired_code',
  'too_many',
  'offline',
  'bad_email',
  'unavailable',
] as const)('%s is said in a sentence', async (code) => {
  const session = aDoor();
  session.sendCode.mockRejectedValue(new SignInError(code));
  await askForCode();
  screen.getByText(strings.signIn.errors[code]);
  expect(screen.queryByText(strings.signIn.codeTitle)).toBeNull();
});

test('pressing twice asks once', async () => {
  const session = aDoor();
  session.sendCode.mockReturnValue(later<void>().promise);
  await askForCode();
  await press(strings.signIn.sendCode);
  expect(session.sendCode).toHaveBeenCalledTimes(1);
});

test('who was signed out in the middle learns that what they said is kept', () => {
  aDoor({ because: 'expired' });
  screen.getByText(strings.signIn.expiredText);
});

test('developers paste a token', async () => {
  const session = aDoor({ developerSignIn: true });
  session.signInWithToken.mockRejectedValueOnce(new SignInError('bad_token'));
  await enter(strings.signIn.token, ' a.b.c\n');
  await press(strings.signIn.useToken);
  expect(session.signInWithToken).toHaveBeenCalledWith('a.b.c');
  screen.getByText(strings.signIn.errors.bad_token);
});

test('nobody else does', () => {
  aDoor();
  expect(screen.queryByLabelText(strings.signIn.token)).toBeNull();
});
