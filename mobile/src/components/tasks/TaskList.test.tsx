import { act, fireEvent, screen, within } from '@testing-library/react-native';

import { ApiProblem, sentenceOf } from '@/api';
import { strings } from '@/strings';
import { aTask, aTaskThatAsks, anEntry, show } from '../testing/fakes';

import { TaskList } from './TaskList';

type Props = Parameters<typeof TaskList>[0];

function aList(list: Partial<Props['list']> = {}, said: Partial<Props> = {}) {
  const props: Props = {
    list: {
      tasks: [],
      isLoading: false,
      isRefreshing: false,
      isStale: false,
      problem: null,
      refresh: jest.fn(() => Promise.resolve()),
      hasMore: false,
      loadMore: jest.fn(() => Promise.resolve()),
      ...list,
    },
    outbox: {
      entries: [],
      retry: jest.fn(() => Promise.resolve()),
      discard: jest.fn(() => Promise.resolve()),
    },
    selected: null,
    onOpen: jest.fn(),
    onSpeak: jest.fn(),
    ...said,
  };
  show(<TaskList {...props} />);
  return props;
}

const task = (id: string, words: string) => aTask({ job_id: id, transcript: words });
/** The texts of each row, as a screen reader reads them. */
const rows = () =>
  screen.getAllByRole('link').map((row) =>
    within(row)
      .getAllByText(/./)
      .map(({ props }) => String(props.children)),
  );

test('what needs an answer stands first, and the rest keeps its order', () => {
  aList({
    tasks: [
      task('1', 'newest'),
      aTaskThatAsks({ job_id: '2', transcript: 'asks' }),
      task('3', 'oldest'),
    ],
  });
  expect(rows().map(([, , said]) => said)).toEqual(['asks', 'newest', 'oldest']);
  screen.getByRole('heading', { name: strings.list.needsYou });
});

test('a row tells what was said, its state in words, where, and how much', () => {
  aList({ tasks: [task('1', 'Add a flag.')] });
  expect(rows()).toEqual([
    ['Merged', 'just now', 'Add a flag.', 'ada/wordcount · 42 lines in 1 file'],
  ]);
  screen.getByText(strings.states.merged);
});

test('a row that asks, or failed, tells why', () => {
  const failed = aTask({
    status: 'fail',
    notes: 'I heard nothing: say it again.\nlog',
    commit_sha: null,
  });
  aList({ tasks: [aTaskThatAsks({ job_id: '2' }), failed] });
  screen.getByText('It touches security/keys.py.');
  screen.getByText('I heard nothing: say it again.');
});

test('a row leads to its details', () => {
  const { onOpen } = aList({ tasks: [task('7', 'Add a flag.')] });
  fireEvent.press(screen.getByRole('link'));
  expect(onOpen).toHaveBeenCalledWith('7');
});

test('time goes on by itself', async () => {
  jest.useFakeTimers();
  aList({ tasks: [aTask({ created_at: new Date().toISOString() })] });
  screen.getByText('just now');
  await act(() => jest.advanceTimersByTimeAsync(2 * 60_000));
  screen.getByText('2 min ago');
  jest.useRealTimers();
});

describe('what is not sent yet', () => {
  const refused = anEntry({
    state: 'refused',
    text: 'Add a flag.',
    problem: new ApiProblem('too_long'),
  });

  test('stands on top, with the reason', () => {
    const props = aList({ tasks: [task('1', 'x')] }, { outbox: outboxOf(refused) });
    screen.getByText(strings.outbox.refused);
    const { title, whatToDo } = sentenceOf(new ApiProblem('too_long'));
    screen.getByText(`${title}. ${whatToDo}`);
    fireEvent.press(screen.getByRole('button', { name: strings.common.retry }));
    expect(props.outbox.retry).toHaveBeenCalledWith('entry');
  });

  test('is discarded only after a second answer', () => {
    const props = aList({}, { outbox: outboxOf(refused) });
    fireEvent.press(screen.getByRole('button', { name: /^Discard what you said/ }));
    expect(props.outbox.discard).not.toHaveBeenCalled();
    fireEvent.press(screen.getByRole('button', { name: strings.outbox.discardYes }));
    expect(props.outbox.discard).toHaveBeenCalledWith('entry');
  });

  test('can’t be touched while it is on its way', () => {
    aList({}, { outbox: outboxOf(anEntry()) });
    screen.getByText('Recording, 4 s');
    expect(screen.queryByRole('button', { name: strings.common.retry })).toBeNull();
  });

  test('is not shown twice once the list knows it', () => {
    aList({ tasks: [task('1', 'Add a flag.')] }, { outbox: outboxOf(anEntry({ jobId: '1' })) });
    expect(screen.queryByText(strings.outbox.sending)).toBeNull();
  });

  function outboxOf(...entries: Props['outbox']['entries']): Props['outbox'] {
    const done = () => Promise.resolve();
    return { entries, retry: jest.fn(done), discard: jest.fn(done) };
  }
});

describe('states of the list', () => {
  test('empty: it says how to begin', () => {
    const { onSpeak } = aList();
    fireEvent.press(screen.getByRole('button', { name: strings.list.emptyAction }));
    expect(onSpeak).toHaveBeenCalledTimes(1);
  });

  test('loading', () => {
    aList({ isLoading: true });
    screen.getByLabelText(strings.common.loading);
    expect(screen.queryByText(strings.list.empty)).toBeNull();
  });

  test('offline: what was here before is shown, and said to be that', () => {
    aList({ isStale: true, problem: new ApiProblem('offline'), tasks: [aTask()] });
    screen.getByText(strings.list.offline);
    screen.getByRole('link');
    expect(screen.queryByText(sentenceOf(new ApiProblem('offline')).title)).toBeNull();
  });

  test('failed: with the way out', () => {
    const { list } = aList({ problem: new ApiProblem('server') });
    screen.getByText(sentenceOf(new ApiProblem('server')).title);
    expect(screen.queryByText(strings.list.empty)).toBeNull();
    fireEvent.press(screen.getByRole('button', { name: strings.common.retry }));
    expect(list.refresh).toHaveBeenCalledTimes(1);
  });

  test('pulled down, or by the button, it is refreshed', () => {
    const { list } = aList({ tasks: [aTask()] });
    fireEvent.press(screen.getByRole('button', { name: strings.list.refresh }));
    expect(list.refresh).toHaveBeenCalledTimes(1);
  });

  test('earlier ones are a press away, if there are any', () => {
    const { list } = aList({ tasks: [aTask()], hasMore: true });
    fireEvent.press(screen.getByRole('button', { name: strings.list.more }));
    expect(list.loadMore).toHaveBeenCalledTimes(1);
  });

  test('a push for another account is explained', () => {
    aList({ tasks: [aTask()] }, { notice: 'That was for another account.' });
    screen.getByText('That was for another account.');
  });
});

test('the open one is marked beside the list', () => {
  aList({ tasks: [task('1', 'a'), task('2', 'b')] }, { selected: '2' });
  const [first, second] = screen.getAllByRole('link');
  expect(first?.props['aria-current']).toBeUndefined();
  expect(second?.props['aria-current']).toBe('page');
  expect(within(second!).getByText('b')).toBeTruthy();
});
