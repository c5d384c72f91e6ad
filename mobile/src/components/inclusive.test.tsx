/** What every screen owes to people who see, hear or move otherwise. */
import { screen, within } from '@testing-library/react-native';
import { StyleSheet, Text } from 'react-native';

import { touch } from '@/theme';

import { SettingsScreen } from './account/SettingsScreen';
import { SignIn } from './account/SignIn';
import { TaskScreen } from './details/TaskScreen';
import { SpeakScreen } from './speak/SpeakScreen';
import { TaskList } from './tasks/TaskList';
import { aRecorder, aTask, aTaskThatAsks, anEntry, REPOS, show } from './testing/fakes';

const done = () => Promise.resolve();
const id = () => Promise.resolve('id');
const nothing = () => {};
const tasks = [aTaskThatAsks({ job_id: '1' }), aTask({ job_id: '2' })];
const outbox = {
  entries: [anEntry({ state: 'refused' })],
  sayVoice: id,
  sayText: id,
  retry: done,
  discard: done,
};
const repos = { repos: REPOS, chosen: null, choose: nothing, isLoading: false };
const push = {
  state: 'granted',
  ask: done,
  quietHours: { from: '22:00', to: '07:00', time_zone: 'Europe/Berlin' },
  setQuietHours: done,
  onlyWhenNeeded: false,
  setOnlyWhenNeeded: done,
} as const;
const file = {
  path: 'wordcount/cli.py',
  oldPath: null,
  added: 1,
  removed: 0,
  lines: [{ kind: 'added' as const, text: 'new()', oldNumber: null, newNumber: 3 }],
};

const SCREENS = {
  speak: (
    <SpeakScreen
      recorder={aRecorder().recorder}
      feel={{ started: nothing, sent: nothing, cancelled: nothing }}
      isSecure
      asksByItself={false}
      isInFront
      outbox={outbox}
      accepted={{}}
      tasks={tasks}
      repos={repos}
      push={push}
      onOpen={nothing}
      openSettings={nothing}
    />
  ),
  list: (
    <TaskList
      list={{
        tasks,
        isLoading: false,
        isRefreshing: false,
        isStale: false,
        problem: null,
        refresh: done,
        hasMore: true,
        loadMore: done,
      }}
      outbox={outbox}
      selected={null}
      onOpen={nothing}
      onSpeak={nothing}
    />
  ),
  details: (
    <TaskScreen
      details={{ task: aTaskThatAsks(), isLoading: false, problem: null, refresh: done }}
      diff={{ files: [file], isTooLarge: false, problem: null }}
      decisions={{
        approve: done,
        reject: done,
        cancel: done,
        undo: id,
        correct: id,
        isBusy: false,
      }}
      offered={null}
      onBack={nothing}
      onList={nothing}
      onOpen={nothing}
      openUrl={nothing}
    />
  ),
  'sign in': (
    <SignIn
      session={{
        state: 'signed_out',
        because: 'expired',
        sendCode: done,
        verifyCode: done,
        signInWithToken: done,
        signOut: done,
        developerSignIn: true,
      }}
    />
  ),
  settings: (
    <SettingsScreen
      account={{ userId: 'ada', email: 'ada@example.com' }}
      push={push}
      repos={repos}
      version="1.0.0"
      timeZone="Europe/Berlin"
      onSignOut={done}
      openSettings={nothing}
    />
  ),
};

/** What can be pressed. */
const controls = () => ['button', 'link', 'radio'].flatMap((role) => screen.queryAllByRole(role));

describe.each(Object.entries(SCREENS))('%s', (_, element) => {
  beforeEach(() => {
    show(element);
  });

  test('has a heading that says where one is', () => {
    const [first] = screen.getAllByRole('heading');
    expect(first?.props['aria-level']).toBe(1);
  });

  test('is not cut off, however large the text', () => {
    const texts = screen.UNSAFE_getAllByType(Text);
    expect(texts.length).toBeGreaterThan(3);
    for (const { props } of texts) {
      expect(props.numberOfLines).toBeUndefined();
      expect(props.adjustsFontSizeToFit).toBeUndefined();
      expect(props.allowFontScaling).toBeUndefined();
      expect(props.maxFontSizeMultiplier).toBeUndefined();
      expect(StyleSheet.flatten(props.style)?.height).toBeUndefined();
    }
  });

  test('has controls that are named, and large enough for a finger', () => {
    expect(controls().length).toBeGreaterThan(0);
    for (const control of controls()) {
      const { props } = control;
      // By a label, or by the words on it.
      const name = props.accessibilityLabel ?? within(control).queryAllByText(/\S/)[0];
      expect(name).toBeTruthy();
      const { height, minHeight, padding } = StyleSheet.flatten(props.style);
      // A card of a list has no height of its own, but more text than one line.
      const least = Number(height ?? minHeight ?? 2 * Number(padding ?? 0) + 18);
      expect(least).toBeGreaterThanOrEqual(touch);
    }
  });
});
