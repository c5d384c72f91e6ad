import { strings } from '@/strings';
import type { Task } from '@/tasks';

import { Button, Sheet, Text } from '../kit';
import { Problem } from '../RequestSheet';
import { projectOf, shortCommit } from '../wording';
import type { Asked, Question } from './useQuestion';

type Props = { asked: Asked; task: Task; isBusy: boolean };

/** The confirmation: it names the repository and the commit, and what the answer leads to. */
export function QuestionSheet({ asked, task, isBusy }: Props) {
  const { question, problem, confirm, close } = asked;
  if (!question) return null;
  const { title, text, yes, isGrave } = wordsOf(question, task);
  const isNews = question.kind === 'changed' || question.kind === 'too_late';
  return (
    <Sheet
      title={title}
      isOpen
      onClose={close}
      actions={
        isNews ? (
          <Button label={yes} onPress={close} grows />
        ) : (
          <>
            <Button
              label={yes}
              kind={isGrave ? 'danger' : 'primary'}
              isBusy={isBusy}
              onPress={confirm}
              grows
            />
            <Button label={strings.decide.keep} kind="secondary" onPress={close} grows />
          </>
        )
      }
    >
      <Text>{text}</Text>
      {question.kind === 'unproven' || question.kind === 'anyway' ? <Failing task={task} /> : null}
      {problem ? <Problem problem={problem} /> : null}
    </Sheet>
  );
}

function Failing({ task }: { task: Task }) {
  const { decide } = strings;
  const failing = [
    task.lint_passed === false ? decide.lintFails : null,
    task.tests_passed === false ? decide.testsFail : null,
  ].filter((line) => line !== null);
  return (
    <>
      {(failing.length ? failing : [decide.notRun]).map((line) => (
        <Text key={line} variant="strong" color="danger">
          {line}
        </Text>
      ))}
    </>
  );
}

type Words = { title: string; text: string; yes: string; isGrave?: boolean };

function wordsOf(question: Question, task: Task): Words {
  const { decide } = strings;
  const repo = projectOf(task.repo ?? '') || strings.repos.defaultName;
  const commit = 'commit' in question ? shortCommit(question.commit) : '';
  switch (question.kind) {
    case 'approve':
      return {
        title: decide.approveTitle,
        text: decide.approveText(repo, commit),
        yes: decide.approveYes,
      };
    case 'unproven':
      return {
        title: decide.unprovenTitle,
        text: decide.unprovenText(repo, commit),
        yes: decide.unprovenNext,
      };
    case 'anyway':
      return {
        title: decide.anywayTitle,
        text: decide.anywayText(repo, commit),
        yes: decide.anywayYes,
        isGrave: true,
      };
    case 'reject':
      return {
        title: decide.rejectTitle,
        text: decide.rejectText(repo, commit),
        yes: decide.rejectYes,
        isGrave: true,
      };
    case 'undo':
      return { title: decide.undoTitle, text: decide.undoText(repo, commit), yes: decide.undoYes };
    case 'cancel':
      return {
        title: decide.cancelTitle,
        text: decide.cancelText(repo),
        yes: decide.cancelYes,
        isGrave: true,
      };
    case 'changed':
      return { title: decide.changedTitle, text: decide.changedText, yes: decide.look };
    case 'too_late':
      return { title: decide.tooLate, text: decide.tooLateText, yes: decide.look };
  }
}
