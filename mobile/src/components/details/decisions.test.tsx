import { screen } from '@testing-library/react-native';

import { ApiProblem, sentenceOf } from '@/api';
import { strings } from '@/strings';
import { NotUnlocked } from '@/tasks';

import { aScreen, details, press } from '../testing/details';
import { aTaskThatAsks, COMMIT, later, OTHER_COMMIT } from '../testing/fakes';

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
