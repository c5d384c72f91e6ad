import { act, fireEvent, screen } from '@testing-library/react-native';
import { AccessibilityInfo } from 'react-native';

import { ApiProblem } from '@/api';
import { strings } from '@/strings';

import { later, recorderError } from '../testing/fakes';
import { aScreen, button, microphone, press } from '../testing/speak';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('pressing', () => {
  test('once starts, and once more sends to the chosen repository', async () => {
    const { recorder, recording, outbox, feel, change, props } = aScreen();
    change({ repos: { ...props.repos, chosen: 'git@github.com:ada/notes.git' } });
    await press();
    expect(recorder.start).toHaveBeenCalledTimes(1);
    expect(outbox.sayVoice).not.toHaveBeenCalled();
    expect(feel.started).toHaveBeenCalledTimes(1);

    await press();
    expect(outbox.sayVoice).toHaveBeenCalledWith(recording, 'git@github.com:ada/notes.git');
    expect(feel.sent).toHaveBeenCalledTimes(1);
  });

  test('and holding sends on letting go', async () => {
    const { outbox } = aScreen();
    await press(900);
    expect(outbox.sayVoice).toHaveBeenCalledTimes(1);
  });

  test('as a screen reader does it, without a finger, starts and sends', async () => {
    const { outbox, recorder } = aScreen();
    fireEvent(microphone(), 'press');
    await act(() => jest.advanceTimersByTimeAsync(50));
    expect(recorder.start).toHaveBeenCalledTimes(1);
    fireEvent(microphone(), 'press');
    await act(() => jest.advanceTimersByTimeAsync(50));
    expect(outbox.sayVoice).toHaveBeenCalledTimes(1);
  });

  test('twice while it is being stored sends once', async () => {
    const { outbox, recorder } = aScreen();
    outbox.sayVoice.mockReturnValue(later<string>().promise);
    await press();
    await press();
    await press();
    expect(outbox.sayVoice).toHaveBeenCalledTimes(1);
    expect(recorder.start).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['left', { x: 100, y: 400 }],
    ['up', { x: 200, y: 300 }],
  ])('and sliding away to the %s cancels', async (_, to) => {
    const { recorder, outbox, feel } = aScreen();
    await press(900, to);
    expect(recorder.cancel).toHaveBeenCalledTimes(1);
    expect(outbox.sayVoice).not.toHaveBeenCalled();
    expect(feel.cancelled).toHaveBeenCalledTimes(1);
    screen.getByText(strings.speak.cancelled);
  });

  test('and trembling a little does not', async () => {
    const { recorder, outbox } = aScreen();
    await press(900, { x: 170, y: 430 });
    expect(recorder.cancel).not.toHaveBeenCalled();
    expect(outbox.sayVoice).toHaveBeenCalledTimes(1);
  });

  test('Cancel sends nothing', async () => {
    const { recorder, outbox } = aScreen();
    await press();
    fireEvent.press(button(strings.speak.cancel));
    expect(recorder.cancel).toHaveBeenCalledTimes(1);
    await act(() => jest.advanceTimersByTimeAsync(70_000));
    expect(outbox.sayVoice).not.toHaveBeenCalled();
  });

  test('Cancel while the microphone is being opened leaves it closed', async () => {
    const { recorder } = aScreen();
    const opened = later<void>();
    recorder.start.mockReturnValue(opened.promise);
    await press();
    fireEvent.press(button(strings.speak.cancel));
    await act(async () => opened.resolve());
    expect(recorder.cancel).toHaveBeenCalledTimes(2);
    microphone();
    expect(screen.queryByRole('timer')).toBeNull();
  });
});

describe('while it records', () => {
  test('time and loudness are shown', async () => {
    const { hears } = aScreen();
    await press();
    act(() => hears(0.25, 7_300));
    screen.getByText('0:07');
    expect(screen.getByLabelText(strings.speak.level).props['aria-valuenow']).toBe(57);
    expect(screen.getByRole('timer', { name: '7 seconds recorded' })).toBeTruthy();
  });

  test('the end is announced in the last ten seconds, once', async () => {
    const announce = jest.spyOn(AccessibilityInfo, 'announceForAccessibility');
    const { hears } = aScreen();
    await press();
    act(() => hears(0.2, 49_000));
    expect(screen.queryByText(/Sends itself/)).toBeNull();
    act(() => hears(0.2, 50_200));
    screen.getByText('Sends itself in 10 s');
    act(() => hears(0.2, 55_000));
    screen.getByText('Sends itself in 5 s');
    expect(announce).toHaveBeenCalledTimes(1);
  });

  test('it sends what it has at 60 seconds', async () => {
    const { outbox, recording } = aScreen();
    await press();
    await act(() => jest.advanceTimersByTimeAsync(59_000));
    expect(outbox.sayVoice).not.toHaveBeenCalled();
    await act(() => jest.advanceTimersByTimeAsync(1_000));
    expect(outbox.sayVoice).toHaveBeenCalledWith(recording, null);
  });

  test('leaving the page frees the microphone', async () => {
    const { recorder } = aScreen();
    await press();
    screen.unmount();
    expect(recorder.cancel).toHaveBeenCalledTimes(1);
  });
});

describe('nothing is sent, and it is said why,', () => {
  test('if it was too short', async () => {
    const { recorder, outbox } = aScreen();
    recorder.stop.mockResolvedValue({ uri: 'file:///task.wav', durationMs: 390, bytes: 12_524 });
    await press();
    await press();
    expect(outbox.sayVoice).not.toHaveBeenCalled();
    screen.getByText(strings.microphone.too_short.title);
  });

  test.each(['denied', 'blocked'] as const)('if the microphone is %s', async (answer) => {
    const { recorder } = aScreen();
    recorder.requestPermission.mockResolvedValue(answer);
    await press();
    expect(recorder.start).not.toHaveBeenCalled();
    screen.getByText(strings.microphone[`permission_${answer}`].title);
  });

  test('and if it is blocked, the settings are a press away', async () => {
    const openSettings = jest.fn();
    const { recorder } = aScreen({ openSettings });
    recorder.requestPermission.mockResolvedValue('blocked');
    await press();
    fireEvent.press(button(strings.common.openSettings));
    expect(openSettings).toHaveBeenCalledTimes(1);
  });

  test.each(['unavailable', 'disk_full'] as const)(
    'if recording is impossible: %s',
    async (code) => {
      const { recorder } = aScreen();
      recorder.start.mockRejectedValue(recorderError(code));
      await press();
      screen.getByText(strings.microphone[code].title);
    },
  );

  test('if the page is insecure, before anything is asked', async () => {
    const { recorder } = aScreen({ isSecure: false });
    await press();
    expect(recorder.requestPermission).not.toHaveBeenCalled();
    screen.getByText(strings.microphone.insecure.title);
  });
});

test('a browser is not asked for the microphone twice', async () => {
  const { recorder } = aScreen({ asksByItself: true });
  await press();
  expect(recorder.requestPermission).not.toHaveBeenCalled();
  expect(recorder.start).toHaveBeenCalledTimes(1);
});

describe('a call in the middle', () => {
  test('keeps what was said, to be sent', async () => {
    const { isInterrupted, recording, outbox } = aScreen();
    await press();
    act(() => isInterrupted(recorderError('interrupted'), recording));
    screen.getByText(strings.microphone.interrupted.title);
    expect(outbox.sayVoice).not.toHaveBeenCalled();
    fireEvent.press(button(strings.common.send));
    await act(() => jest.advanceTimersByTimeAsync(1));
    expect(outbox.sayVoice).toHaveBeenCalledWith(recording, null);
  });

  test('or to be discarded', async () => {
    const { isInterrupted, recording, outbox } = aScreen();
    await press();
    act(() => isInterrupted(recorderError('route_changed'), recording));
    fireEvent.press(button(strings.common.discard));
    expect(screen.queryByText(strings.microphone.route_changed.title)).toBeNull();
    expect(outbox.sayVoice).not.toHaveBeenCalled();
  });

  test.each(['before', 'after'])('%s the recorder answers a send: it is kept too', async (when) => {
    const { isInterrupted, recorder, recording } = aScreen();
    let refuse: (why: Error) => void = () => {};
    recorder.stop.mockReturnValueOnce(new Promise((_, reject) => (refuse = reject)));
    await press();
    await press();
    const refused = () => act(async () => refuse(recorderError('not_recording')));
    if (when === 'after') await refused();
    act(() => isInterrupted(recorderError('interrupted'), recording));
    if (when === 'before') await refused();
    screen.getByText(strings.microphone.interrupted.title);
    button(strings.common.send);
  });

  test('that left nothing says so', async () => {
    const { isInterrupted } = aScreen();
    await press();
    act(() => isInterrupted(recorderError('interrupted'), null));
    screen.getByText(strings.microphone.nothing_kept.title);
  });
});

test('what the device has no room for is kept, and can be sent again', async () => {
  const { outbox, recording } = aScreen();
  outbox.sayVoice.mockRejectedValueOnce(new ApiProblem('storage_full'));
  await press();
  await press();
  screen.getByText(strings.microphone.not_stored.title);
  fireEvent.press(button(strings.common.send));
  await act(() => jest.advanceTimersByTimeAsync(1));
  expect(outbox.sayVoice).toHaveBeenCalledTimes(2);
  expect(outbox.sayVoice).toHaveBeenLastCalledWith(recording, null);
  expect(screen.queryByText(strings.microphone.not_stored.title)).toBeNull();
});
