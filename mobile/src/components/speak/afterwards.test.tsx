import { act, fireEvent, screen } from '@testing-library/react-native';

import { ApiProblem, sentenceOf } from '@/api';
import { strings } from '@/strings';
import { acceptedTask } from '@/tasks/state';

import { aTask, anEntry, JOB } from '../testing/fakes';
import { aScreen, button, press } from '../testing/speak';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('what was said is followed', () => {
  test('from on its way to accepted, heard and merged, and leads to its details', async () => {
    const { change, outbox, props } = aScreen();
    await press(900);
    change({ outbox: { ...outbox, entries: [anEntry()] } });
    screen.getByText(strings.outbox.sending);

    const created = { job_id: JOB, created_at: new Date().toISOString() };
    change({ accepted: { entry: JOB }, tasks: [acceptedTask(created)] });
    screen.getByText(strings.live.accepted);

    const heard = aTask({ status: 'pending', phase: 'queued', commit_sha: null });
    change({ accepted: { entry: JOB }, tasks: [heard] });
    screen.getByText('“Add a --stdin flag.”');
    screen.getByText(strings.states.heard);

    change({ accepted: { entry: JOB }, tasks: [aTask()] });
    fireEvent.press(screen.getByRole('link', { name: /Merged/ }));
    expect(props.onOpen).toHaveBeenCalledWith(JOB);
  });

  test.each([
    ['waiting_for_network', null, strings.outbox.waiting_for_network],
    ['refused', new ApiProblem('silence'), strings.outbox.refused],
    ['needs_sign_in', null, strings.outbox.needs_sign_in],
  ] as const)('if it is %s', async (state, problem, words) => {
    const { change, outbox } = aScreen();
    await press(900);
    change({ outbox: { ...outbox, entries: [anEntry({ state, problem })] } });
    screen.getByText(words);
  });

  test('and what else waits is counted', () => {
    const { change, outbox } = aScreen();
    const waiting = anEntry({ id: 'other', state: 'waiting_for_network' });
    change({ outbox: { ...outbox, entries: [waiting] } });
    screen.getByText('1 waiting for network');
  });

  test('and the first time, notifications are offered', async () => {
    const push = { state: 'not_asked' as const, ask: jest.fn(() => Promise.resolve()) };
    const { change } = aScreen({ push });
    expect(screen.queryByRole('button', { name: strings.settings.ask })).toBeNull();
    await press(900);
    change({ push, accepted: { entry: JOB } });
    fireEvent.press(button(strings.settings.ask));
    expect(push.ask).toHaveBeenCalledTimes(1);
  });
});

describe('typing', () => {
  const type = (text: string) => {
    fireEvent.press(button(strings.speak.typeInstead));
    fireEvent.changeText(screen.getByLabelText(strings.typed.label), text);
  };

  test('sends the words, without what surrounds them', async () => {
    const { outbox } = aScreen();
    type('  Add a flag.\n');
    fireEvent.press(button(strings.common.send));
    await act(() => jest.advanceTimersByTimeAsync(1));
    expect(outbox.sayText).toHaveBeenCalledWith('Add a flag.', null);
    expect(screen.queryByLabelText(strings.typed.label)).toBeNull();
  });

  test.each(['ctrlKey', 'metaKey'])('sends by Enter with %s', async (held) => {
    const { outbox } = aScreen();
    type('Add a flag.');
    const field = screen.getByLabelText(strings.typed.label);
    fireEvent(field, 'keyPress', { nativeEvent: { key: 'Enter' } });
    expect(outbox.sayText).not.toHaveBeenCalled();
    fireEvent(field, 'keyPress', { nativeEvent: { key: 'Enter', [held]: true } });
    await act(() => jest.advanceTimersByTimeAsync(1));
    expect(outbox.sayText).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['nothing', '  \n '],
    ['more than the server takes', 'a'.repeat(4001)],
  ])('sends not %s', (_, text) => {
    aScreen();
    type(text);
    expect(button(strings.common.send)).toBeDisabled();
  });

  test('keeps the words if they can’t be stored', async () => {
    const { outbox } = aScreen();
    outbox.sayText.mockRejectedValue(new ApiProblem('storage_full'));
    type('Add a flag.');
    fireEvent.press(button(strings.common.send));
    await act(() => jest.advanceTimersByTimeAsync(1));
    expect(screen.getByLabelText(strings.typed.label).props.value).toBe('Add a flag.');
    screen.getByText(sentenceOf(new ApiProblem('storage_full')).title);
  });
});
