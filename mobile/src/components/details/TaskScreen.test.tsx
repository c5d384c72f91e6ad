import { act, fireEvent, screen } from '@testing-library/react-native';

import { ApiProblem, sentenceOf } from '@/api';
import { strings } from '@/strings';
import { NotUnlocked, type TaskDetails } from '@/tasks';

import { aTask, aTaskThatAsks, COMMIT, JOB, later, OTHER_COMMIT, show } from '../testing/fakes';
import { TaskScreen } from './TaskScreen';

type Props = Parameters<typeof TaskScreen>[0];

const DONE = () => Promise.resolve();
const details = (said: Partial<TaskDetails>): TaskDetails => ({
  ...aTask(said),
  timeline: [],
  ...said,
});

function aScreen(task: TaskDetails | null, said: Partial<Props> = {}) {
  const decisions = {
    approve: jest.fn<Promise<void>, [string, { override?: boolean }?]>(DONE),
    reject: jest.fn<Promise<void>, [string]>(DONE),
    cancel: jest.fn<Promise<void>, []>(DONE),
    undo: jest.fn<Promise<string>, []>(() => Promise.resolve('undoing')),
    correct: jest.fn<Promise<string>, [string, string | null]>(() => Promise.resolve('entry')),
    isBusy: false,
  };
  const props: Props = {
    details: { task, isLoading: false, problem: null, refresh: jest.fn(DONE) },
    diff: { files: null, isTooLarge: false, problem: null },
    decisions,
    offered: null,
    onBack: jest.fn(),
    onList: jest.fn(),
    onOpen: jest.fn(),
    openUrl: jest.fn(),
    ...said,
  };
  const { again } = show(<TaskScreen {...props} />);
  const change = (next: Partial<Props>) => again(<TaskScreen {...props} {...next} />);
  const becomes = (next: TaskDetails) => change({ details: { ...props.details, task: next } });
  return { props, decisions, change, becomes };
}

const press = (name: string) =>
  act(async () => fireEvent.press(screen.getByRole('button', { name })));
const { decide } = strings;

describe('Approve', () => {
  test('asks first, naming repository and commit, then merges exactly that', async () => {
    const { decisions } = aScreen(aTaskThatAsks());
    await press(decide.approve);
    screen.getByText(decide.approveText('ada/wordcount', COMMIT.slice(0, 7)));
    expect(decisions.approve).not.toHaveBeenCalled();
    await press(decide.approveYes);
    expect(decisions.approve).toHaveBeenCalledWith(COMMIT);
    expect(screen.queryByText(decide.approveTitle)).toBeNull();
  });

  test('a double tap is one request', async () => {
    const { decisions, change } = aScreen(aTaskThatAsks());
    const answered = later<void>();
    decisions.approve.mockImplementation(() => {
      change({ decisions: { ...decisions, isBusy: true } });
      return answered.promise;
    });
    await press(decide.approve);
    await press(decide.approveYes);
    await press(decide.approveYes);
    expect(decisions.approve).toHaveBeenCalledTimes(1);
    expect(screen.getByRole('button', { name: decide.approveYes })).toBeBusy();
  });

  test('by a push opens with the question', async () => {
    const { decisions } = aScreen(aTaskThatAsks(), { offered: COMMIT });
    screen.getByText(decide.approveTitle);
    await press(decide.approveYes);
    expect(decisions.approve).toHaveBeenCalledWith(COMMIT);
  });

  test('by a push of an older commit says that it changed', () => {
    aScreen(aTaskThatAsks(), { offered: OTHER_COMMIT });
    screen.getByText(decide.changedTitle);
  });

  test('by a push that was answered elsewhere asks nothing', () => {
    aScreen(details({}), { offered: COMMIT });
    expect(screen.queryByText(decide.approveTitle)).toBeNull();
  });

  test('is not about a commit that was never on screen', async () => {
    const { becomes, decisions } = aScreen(aTaskThatAsks());
    await press(decide.approve);
    becomes(aTaskThatAsks({ commit_sha: OTHER_COMMIT }));
    screen.getByText(decide.changedTitle);
    expect(screen.queryByRole('button', { name: decide.approveYes })).toBeNull();
    await press(decide.look);
    expect(decisions.approve).not.toHaveBeenCalled();
  });

  test('of a stale commit refreshes, and asks to look again', async () => {
    const { decisions, props } = aScreen(aTaskThatAsks());
    decisions.approve.mockRejectedValue(new ApiProblem('conflict', 'stale-commit'));
    await press(decide.approve);
    await press(decide.approveYes);
    expect(props.details.refresh).toHaveBeenCalledTimes(1);
    screen.getByText(decide.changedTitle);
  });

  test('that can’t be sent keeps the question, with the reason', async () => {
    const { decisions } = aScreen(aTaskThatAsks());
    decisions.approve.mockRejectedValue(new ApiProblem('offline'));
    await press(decide.approve);
    await press(decide.approveYes);
    screen.getByText(sentenceOf(new ApiProblem('offline')).title);
    screen.getByRole('button', { name: decide.approveYes });
  });

  test('that the owner turned away from is asked again, without a complaint', async () => {
    const { decisions } = aScreen(aTaskThatAsks());
    decisions.approve.mockRejectedValue(new NotUnlocked());
    await press(decide.approve);
    await press(decide.approveYes);
    screen.getByRole('button', { name: decide.approveYes });
    expect(screen.queryByText(sentenceOf(new ApiProblem('server')).title)).toBeNull();
  });
});

describe('a change that is not proven', () => {
  const failing = aTaskThatAsks({ tests_passed: false });

  test('says what fails, and is merged only after a second answer', async () => {
    const { decisions } = aScreen(failing);
    await press(decide.approve);
    screen.getByText(decide.unprovenTitle);
    screen.getByText(decide.testsFail);
    expect(screen.queryByText(decide.lintFails)).toBeNull();
    await press(decide.unprovenNext);
    expect(decisions.approve).not.toHaveBeenCalled();
    await press(decide.anywayYes);
    expect(decisions.approve).toHaveBeenCalledWith(COMMIT, { override: true });
  });

  test('that the server finds unproven is asked about like one', async () => {
    const { decisions } = aScreen(aTaskThatAsks());
    decisions.approve.mockRejectedValueOnce(new ApiProblem('conflict', 'not_proven'));
    await press(decide.approve);
    await press(decide.approveYes);
    screen.getByText(decide.unprovenTitle);
  });

  test('shows the output of what failed', () => {
    aScreen(aTaskThatAsks({ tests_passed: false, notes: 'It asks: its tests fail.\n1 failed' }));
    screen.getByText('1 failed');
  });
});

describe('other decisions', () => {
  test('Reject closes exactly what was shown', async () => {
    const { decisions } = aScreen(aTaskThatAsks());
    await press(decide.reject);
    screen.getByText(decide.rejectText('ada/wordcount', COMMIT.slice(0, 7)));
    await press(decide.rejectYes);
    expect(decisions.reject).toHaveBeenCalledWith(COMMIT);
  });

  test('Not now decides nothing', async () => {
    const { decisions } = aScreen(aTaskThatAsks());
    await press(decide.reject);
    await press(decide.keep);
    expect(decisions.reject).not.toHaveBeenCalled();
    expect(screen.queryByText(decide.rejectTitle)).toBeNull();
  });

  test.each(['heard', 'queued', 'propose', 'test'])('Cancel while it is at %s', async (phase) => {
    const { decisions } = aScreen(details({ status: 'pending', phase, commit_sha: null }));
    await press(decide.cancel);
    await press(decide.cancelYes);
    expect(decisions.cancel).toHaveBeenCalledTimes(1);
  });

  test('that come too late say so', async () => {
    const { decisions, props } = aScreen(details({ status: 'pending', phase: 'test' }));
    decisions.cancel.mockRejectedValue(new ApiProblem('conflict', 'too_late'));
    await press(decide.cancel);
    await press(decide.cancelYes);
    screen.getByText(decide.tooLate);
    expect(props.details.refresh).toHaveBeenCalledTimes(1);
  });

  test('Undo leads to the task that takes it back', async () => {
    const { decisions, props } = aScreen(details({}));
    await press(decide.undo);
    screen.getByText(decide.undoText('ada/wordcount', COMMIT.slice(0, 7)));
    await press(decide.undoYes);
    expect(decisions.undo).toHaveBeenCalledTimes(1);
    expect(props.onOpen).toHaveBeenCalledWith('undoing');
  });

  test.each([
    ['failed', details({ status: 'fail' })],
    ['on its way', aTaskThatAsks({ needs_approval: false, phase: 'approved' })],
    ['nothing to do', details({ status: 'ok', commit_sha: null })],
  ])('there is none when it is %s', (_, task) => {
    aScreen(task);
    for (const name of [decide.approve, decide.reject, decide.cancel, decide.undo])
      expect(screen.queryByRole('button', { name })).toBeNull();
  });
});

describe('heard wrong?', () => {
  test('sends the corrected words to the same repository', async () => {
    const { decisions, props } = aScreen(aTaskThatAsks());
    await press(strings.details.heardWrong);
    const field = screen.getByLabelText(strings.typed.label);
    expect(field.props.value).toBe('Add a --stdin flag.');
    fireEvent.changeText(field, 'Add an --stdin flag.');
    await press(strings.details.sendAgain);
    expect(decisions.correct).toHaveBeenCalledWith(
      'Add an --stdin flag.',
      'git@github.com:ada/wordcount.git',
    );
    expect(props.onList).toHaveBeenCalledTimes(1);
  });

  test('words that were not clear are said to be', () => {
    aScreen(aTaskThatAsks({ confidence: 0.4 }));
    screen.getByText(strings.details.unclear);
  });

  test('clear ones are not', () => {
    aScreen(aTaskThatAsks({ confidence: 0.9 }));
    expect(screen.queryByText(strings.details.unclear)).toBeNull();
  });
});

describe('what is told', () => {
  test('steps with their seconds, figures, and what a phone did not hear', () => {
    const time = new Date().toISOString();
    aScreen(
      details({
        timeline: [
          { type: 'task.uploaded', time, elapsed_ms: 0, text: 'Recording received' },
          { type: 'task.progressed', time, elapsed_ms: 2350, text: 'Running tests' },
        ],
        duration_ms: 65_000,
        tok_in: 5480,
        tok_out: 912,
        cost_usd: 0.0043,
        undelivered: 1,
        tests_added: 3,
      }),
    );
    for (const text of [
      'Running tests',
      '2.4 s',
      '1 min 5 s',
      '5,480 in, 912 out',
      '$0.004',
      '+3 tests',
    ])
      screen.getByText(text);
    screen.getByText(strings.details.undelivered);
  });

  test('links lead to https only', async () => {
    const { props } = aScreen(aTaskThatAsks({ pr_url: 'javascript:alert(1)' }));
    expect(screen.queryByRole('button', { name: strings.details.openPullRequest })).toBeNull();
    await press(strings.details.openCommit);
    expect(props.openUrl).toHaveBeenCalledWith(`https://github.com/ada/wordcount/commit/${COMMIT}`);
  });

  test.each([
    ['gone', strings.details.gone],
    ['not_yours', strings.details.notYours],
  ] as const)('a task that is %s, with the way to the list', async (kind, title) => {
    const { props } = aScreen(null, {
      details: { task: null, isLoading: false, problem: new ApiProblem(kind), refresh: DONE },
    });
    screen.getByText(title);
    await press(strings.details.toList);
    expect(props.onList).toHaveBeenCalledTimes(1);
  });

  test('what can’t be fetched can be tried again', async () => {
    const refresh = jest.fn(DONE);
    aScreen(null, {
      details: { task: null, isLoading: false, problem: new ApiProblem('offline'), refresh },
    });
    await press(strings.common.retry);
    expect(refresh).toHaveBeenCalledTimes(1);
  });
});

describe('the change', () => {
  const file = {
    path: 'wordcount/cli.py',
    oldPath: null,
    added: 1,
    removed: 1,
    lines: [
      { kind: 'removed', text: 'old()', oldNumber: 3, newNumber: null },
      { kind: 'added', text: 'new()', oldNumber: null, newNumber: 3 },
    ],
  } satisfies NonNullable<Props['diff']['files']>[number];
  const diff = (lines = file.lines) => ({
    files: [{ ...file, lines }],
    isTooLarge: false,
    problem: null,
  });

  test('is open where it has to be read, with signs besides colours', () => {
    aScreen(aTaskThatAsks(), { diff: diff() });
    screen.getByText('− old()');
    screen.getByText('+ new()');
  });

  test('is folded where it need not be', async () => {
    aScreen(details({ job_id: JOB }), { diff: diff() });
    expect(screen.queryByText('+ new()')).toBeNull();
    await press(strings.details.showChange);
    screen.getByText('+ new()');
    await press(strings.details.hideChange);
    expect(screen.queryByText('+ new()')).toBeNull();
  });

  test('is folded when it is large, and unfolds file by file', async () => {
    const many = Array.from({ length: 300 }, () => file.lines)
      .flat()
      .slice(0, 300);
    aScreen(aTaskThatAsks(), { diff: diff(many) });
    expect(screen.queryAllByText('+ new()')).toHaveLength(0);
    await press('wordcount/cli.py');
    expect(screen.getAllByText('+ new()')).toHaveLength(150);
  });

  test('that is too large to show leaves its files', () => {
    aScreen(details({}), { diff: { files: null, isTooLarge: true, problem: null } });
    screen.getByText('wordcount/cli.py');
    screen.getByText(strings.details.tooLarge);
  });
});
