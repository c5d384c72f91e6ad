import { act, fireEvent, screen } from '@testing-library/react-native';

import { strings } from '@/strings';

import { REPOS, show } from '../testing/fakes';
import { moved } from './QuietHours';
import { SettingsScreen } from './SettingsScreen';

type Props = Parameters<typeof SettingsScreen>[0];

const DONE = () => Promise.resolve();
const { settings } = strings;

function aScreen(push: Partial<Props['push']> = {}) {
  const props = {
    account: { userId: 'ada', email: 'ada@example.com' },
    push: {
      state: 'granted',
      ask: jest.fn(DONE),
      quietHours: null,
      setQuietHours: jest.fn(DONE),
      onlyWhenNeeded: false,
      setOnlyWhenNeeded: jest.fn(DONE),
      ...push,
    } as Props['push'],
    repos: { repos: REPOS, chosen: null, choose: jest.fn(), isLoading: false },
    version: '1.0.0',
    timeZone: 'Europe/Berlin',
    onSignOut: jest.fn(DONE),
    openSettings: jest.fn(),
  } satisfies Props;
  show(<SettingsScreen {...props} />);
  return props;
}

const press = (name: string) => fireEvent.press(screen.getByRole('button', { name }));
const turn = (name: string, isOn: boolean) =>
  act(async () => fireEvent(screen.getByRole('switch', { name }), 'valueChange', isOn));

test('who is signed in can sign out', () => {
  const { onSignOut } = aScreen();
  screen.getByText('ada@example.com');
  press(settings.signOut);
  expect(onSignOut).toHaveBeenCalledTimes(1);
});

test.each(['not_asked', 'denied'] as const)('notifications are asked for when %s', (state) => {
  const { push } = aScreen({ state });
  press(settings.ask);
  expect(push.ask).toHaveBeenCalledTimes(1);
});

test('blocked ones lead to the settings of the system', () => {
  const { openSettings } = aScreen({ state: 'blocked' });
  press(strings.common.openSettings);
  expect(openSettings).toHaveBeenCalledTimes(1);
});

test('a device that has none says so', () => {
  aScreen({ state: 'unsupported' });
  screen.getByText(settings.unsupported);
});

test('only what needs an answer', async () => {
  const { push } = aScreen();
  await turn(settings.onlyWhenNeeded, true);
  expect(push.setOnlyWhenNeeded).toHaveBeenCalledWith(true);
});

test('quiet hours begin as a night in the time zone of the device', async () => {
  const { push } = aScreen();
  await turn(settings.quietHours, true);
  expect(push.setQuietHours).toHaveBeenCalledWith({
    from: '22:00',
    to: '07:00',
    time_zone: 'Europe/Berlin',
  });
});

test('and are moved by half an hour, past midnight', () => {
  const { push } = aScreen({
    quietHours: { from: '23:30', to: '07:00', time_zone: 'Asia/Tokyo' },
  });
  press(settings.later(settings.from));
  expect(push.setQuietHours).toHaveBeenLastCalledWith({
    from: '00:00',
    to: '07:00',
    time_zone: 'Europe/Berlin',
  });
  press(settings.earlier(settings.until));
  expect(push.setQuietHours).toHaveBeenLastCalledWith(
    expect.objectContaining({ from: '23:30', to: '06:30' }),
  );
});

test('what could not be saved is said', async () => {
  aScreen({ setOnlyWhenNeeded: () => Promise.reject(new Error('offline')) });
  await turn(settings.onlyWhenNeeded, true);
  screen.getByText(settings.notSaved);
});

test.each([
  ['00:00', -30, '23:30'],
  ['23:45', 30, '00:15'],
  ['06:30', 30, '07:00'],
])('%s moved by %d minutes is %s', (time, minutes, other) => {
  expect(moved(time, minutes)).toBe(other);
});
