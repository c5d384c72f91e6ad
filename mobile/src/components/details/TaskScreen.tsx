import { ExternalLink } from '@/components/icons';
import { type ReactNode, useState } from 'react';
import { RefreshControl, StyleSheet, View } from 'react-native';

import { sentenceOf } from '@/api';
import { strings } from '@/strings';
import {
  stateOf,
  type TaskDetails,
  type TaskState,
  type useDecisions,
  type useDiff,
  type useTask,
} from '@/tasks';
import { space } from '@/theme';

import { Button, Card, Notice, Screen, Skeleton, Text } from '../kit';
import { Problem, RequestSheet } from '../RequestSheet';
import { STATES } from '../StateBadge';
import { commitAddress, count, safeAddress } from '../wording';
import { Diff } from './Diff';
import { Figures } from './Figures';
import { Heard } from './Heard';
import { Outcome } from './Outcome';
import { Proof } from './Proof';
import { QuestionSheet } from './QuestionSheet';
import { Timeline } from './Timeline';
import { type Asked, useQuestion } from './useQuestion';

type Props = {
  details: ReturnType<typeof useTask>;
  diff: ReturnType<typeof useDiff>;
  decisions: ReturnType<typeof useDecisions>;
  /** A commit that a push offered for approval. */
  offered: string | null;
  onBack?: (() => void) | undefined;
  onList: () => void;
  onOpen: (jobId: string) => void;
  openUrl: (url: string) => void;
};

/** One task: what was said, what became of it, why, and what can be done about it. */
export function TaskScreen({ details, decisions, ...props }: Props) {
  const { task, problem, refresh } = details;
  const [isRefreshing, setIsRefreshing] = useState(false);
  const [correction, setCorrection] = useState<string | null>(null);
  const asked = useQuestion({
    task,
    decisions,
    refresh,
    onOpen: props.onOpen,
    offered: props.offered,
  });
  const pull = async () => {
    setIsRefreshing(true);
    await refresh();
    setIsRefreshing(false);
  };
  const state = task && stateOf(task);
  return (
    <Screen
      title={strings.details.title}
      onBack={props.onBack}
      refreshControl={<RefreshControl refreshing={isRefreshing} onRefresh={() => void pull()} />}
      footer={task && state ? actionsOf(state, task, asked) : null}
    >
      {task && state ? (
        <>
          {problem ? <Problem problem={problem} /> : null}
          <Outcome task={task} state={state} />
          {task.undelivered > 0 ? <Notice title={strings.details.undelivered} /> : null}
          <Heard task={task} onCorrect={() => setCorrection(task.transcript ?? '')} />
          {task.commit_sha ? <Proof task={task} /> : null}
          <Change task={task} diff={props.diff} openUrl={props.openUrl} />
          <Timeline steps={task.timeline} isLive={STATES[state].isLive} />
          <Figures task={task} />
          <QuestionSheet asked={asked} task={task} isBusy={decisions.isBusy} />
          <RequestSheet
            title={strings.details.correctTitle}
            hint={state === 'merged' ? strings.details.correctMerged : strings.details.correctHint}
            send={strings.details.sendAgain}
            isOpen={correction !== null}
            text={correction ?? ''}
            setText={setCorrection}
            onSend={async (text) => {
              await decisions.correct(text, task.repo ?? null);
              setCorrection(null);
              props.onList();
            }}
            onClose={() => setCorrection(null)}
          />
        </>
      ) : problem ? (
        <Missing problem={problem} onList={props.onList} onRetry={() => void refresh()} />
      ) : (
        <Skeleton rows={4} />
      )}
    </Screen>
  );
}

/** What a person can do about it now; null if nothing. */
function actionsOf(state: TaskState, task: TaskDetails, asked: Asked): ReactNode {
  const { decide } = strings;
  switch (state) {
    case 'needs_you':
      return (
        <>
          <Button label={decide.approve} onPress={() => asked.ask('approve')} grows />
          <Button
            label={decide.reject}
            kind="secondary"
            onPress={() => asked.ask('reject')}
            grows
          />
        </>
      );
    case 'waiting':
    case 'heard':
    case 'working':
    case 'testing':
      return (
        <Button label={decide.cancel} kind="secondary" onPress={() => asked.ask('cancel')} grows />
      );
    case 'merged':
      return task.commit_sha ? (
        <Button label={decide.undo} kind="secondary" onPress={() => asked.ask('undo')} grows />
      ) : null;
    default:
      return null;
  }
}

type ChangeProps = {
  task: TaskDetails;
  diff: Props['diff'];
  openUrl: Props['openUrl'];
};

function Change({ task, diff, openUrl }: ChangeProps) {
  const files = task.files_touched ?? [];
  const commit = commitAddress(task.repo ?? null, task.commit_sha ?? null);
  const request = safeAddress(task.pr_url);
  if (files.length === 0 && !diff.files?.length && !request && !commit) return null;
  return (
    <Card title={strings.details.change}>
      {files.length > 0 && typeof task.loc_delta === 'number' ? (
        <Text>{strings.list.size(count(task.loc_delta), files.length)}</Text>
      ) : null}
      {diff.files ? (
        <Diff key={task.commit_sha} files={diff.files} isAsked={stateOf(task) === 'needs_you'} />
      ) : (
        <View style={styles.files}>
          {files.map((path) => (
            <Text key={path} variant="mono">
              {path}
            </Text>
          ))}
          {diff.isTooLarge ? <Text color="muted">{strings.details.tooLarge}</Text> : null}
          {diff.problem ? <Text color="muted">{strings.details.noDiff}</Text> : null}
        </View>
      )}
      <View style={styles.links}>
        {request ? (
          <Button
            label={strings.details.openPullRequest}
            hint={strings.details.opensBrowser}
            kind="quiet"
            icon={ExternalLink}
            onPress={() => openUrl(request)}
          />
        ) : null}
        {commit ? (
          <Button
            label={strings.details.openCommit}
            hint={strings.details.opensBrowser}
            kind="quiet"
            icon={ExternalLink}
            onPress={() => openUrl(commit)}
          />
        ) : null}
      </View>
    </Card>
  );
}

type MissingProps = {
  problem: NonNullable<Props['details']['problem']>;
  onList: () => void;
  onRetry: () => void;
};

function Missing({ problem, onList, onRetry }: MissingProps) {
  const { details, common } = strings;
  const { title, whatToDo } =
    problem.kind === 'gone'
      ? { title: details.gone, whatToDo: details.goneWhatToDo }
      : problem.kind === 'not_yours'
        ? { title: details.notYours, whatToDo: details.notYoursWhatToDo }
        : sentenceOf(problem);
  const isFinal = problem.kind === 'gone' || problem.kind === 'not_yours';
  return (
    <Notice tone={isFinal ? 'plain' : 'bad'} title={title} text={whatToDo}>
      {isFinal ? null : <Button label={common.retry} onPress={onRetry} />}
      <Button label={details.toList} kind="secondary" onPress={onList} />
    </Notice>
  );
}

const styles = StyleSheet.create({
  files: { gap: space.xs },
  links: { flexDirection: 'row', flexWrap: 'wrap', gap: space.s, marginLeft: -space.m },
});
