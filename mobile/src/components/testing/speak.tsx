/** The page with the button, and the finger on it; timers are a test's own. */
import { act, fireEvent, screen } from '@testing-library/react-native';

import { SpeakScreen } from '../speak/SpeakScreen';
import { aRecorder, REPOS, show } from './fakes';

type Props = Parameters<typeof SpeakScreen>[0];

export function aScreen(said: Partial<Props> = {}) {
  const ear = aRecorder();
  const feel = { started: jest.fn(), sent: jest.fn(), cancelled: jest.fn() };
  const outbox = {
    entries: [],
    sayVoice: jest.fn(() => Promise.resolve('entry')),
    sayText: jest.fn(() => Promise.resolve('entry')),
    discard: jest.fn(() => Promise.resolve()),
    retry: jest.fn(() => Promise.resolve()),
  };
  const props: Props = {
    recorder: ear.recorder,
    feel,
    isSecure: true,
    asksByItself: false,
    isInFront: true,
    outbox,
    accepted: {},
    tasks: [],
    repos: { repos: REPOS, chosen: null, choose: jest.fn(), isLoading: false },
    push: { state: 'granted', ask: jest.fn(() => Promise.resolve()) },
    onOpen: jest.fn(),
    openSettings: jest.fn(),
    ...said,
  };
  const { again } = show(<SpeakScreen {...props} />);
  const change = (next: Partial<Props>) => again(<SpeakScreen {...props} {...next} />);
  return { ...ear, feel, outbox, props, change };
}

const at = (x: number, y: number) => ({ nativeEvent: { pageX: x, pageY: y } });
export const button = (name: string | RegExp) => screen.getByRole('button', { name });
export const microphone = () => button(/^(Speak|Send what you said)$/);

/** A finger comes down, stays, and goes. */
export async function press(heldMs = 80, slide?: { x: number; y: number }): Promise<void> {
  fireEvent(microphone(), 'pressIn', at(200, 400));
  await act(() => jest.advanceTimersByTimeAsync(heldMs));
  if (slide) fireEvent(microphone(), 'pressMove', at(slide.x, slide.y));
  fireEvent(microphone(), 'press');
  fireEvent(microphone(), 'pressOut');
  await act(() => jest.advanceTimersByTimeAsync(1));
}
