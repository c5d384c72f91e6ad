import { fireEvent, screen } from '@testing-library/react-native';

import { ApiProblem } from '@/api';
import { strings } from '@/strings';

import { aScreen, details, DONE, press, type Props } from '../testing/details';
import { aTaskThatAsks, COMMIT, JOB } from '../testing/fakes';

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
