import { useState } from 'react';

import { ApiProblem } from '@/api';
import { NotUnlocked, stateOf, type TaskDetails, type useDecisions } from '@/tasks';

import { isProven } from './Proof';

/** What a person is asked before something is decided, or told when it can't be any more. */
export type Question =
  | { kind: 'approve' | 'unproven' | 'anyway' | 'reject' | 'undo'; commit: string }
  | { kind: 'cancel' }
  | { kind: 'changed' }
  | { kind: 'too_late' };

export type Asked = {
  question: Question | null;
  problem: ApiProblem | null;
  ask(kind: 'approve' | 'reject' | 'undo' | 'cancel'): void;
  /** Yes to what is asked. */
  confirm(): void;
  close(): void;
};

type Parts = {
  task: TaskDetails | null;
  decisions: ReturnType<typeof useDecisions>;
  refresh: () => Promise<void>;
  onOpen: (jobId: string) => void;
  /** A commit that a push offered for approval: it is asked about at once. */
  offered: string | null;
};

/** One question at a time, about exactly the commit that was on screen when it was asked. */
export function useQuestion({ task, decisions, refresh, onOpen, offered }: Parts): Asked {
  const [asked, setQuestion] = useState<Question | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const show = (next: Question | null) => {
    setProblem(null);
    setQuestion(next);
  };

  const ask: Asked['ask'] = (kind) => {
    const commit = task?.commit_sha;
    if (kind === 'cancel') show({ kind });
    else if (commit && kind === 'approve' && task && !isProven(task))
      show({ kind: 'unproven', commit });
    else if (commit) show({ kind, commit });
  };

  const [taken, setTaken] = useState<string | null>(null);
  const isAsking = task !== null && stateOf(task) === 'needs_you';
  if (offered && isAsking && taken !== offered) {
    setTaken(offered);
    if (offered === task.commit_sha) ask('approve');
    else show({ kind: 'changed' });
  }

  // The change may become another one while the question is being read.
  const isOld = asked !== null && 'commit' in asked && asked.commit !== task?.commit_sha;
  const question: Question | null = isOld ? { kind: 'changed' } : asked;

  const decide = async (answered: Question): Promise<void> => {
    switch (answered.kind) {
      case 'approve':
        return decisions.approve(answered.commit);
      case 'anyway':
        return decisions.approve(answered.commit, { override: true });
      case 'reject':
        return decisions.reject(answered.commit);
      case 'cancel':
        return decisions.cancel();
      case 'undo':
        return onOpen(await decisions.undo());
      case 'unproven':
      case 'changed':
      case 'too_late':
        return;
    }
  };

  const confirm = async () => {
    if (!question || decisions.isBusy) return;
    if (question.kind === 'unproven') return show({ ...question, kind: 'anyway' });
    setProblem(null);
    try {
      await decide(question);
      setQuestion(null);
    } catch (thrown) {
      if (thrown instanceof NotUnlocked) return; // The question stays.
      const why = thrown instanceof ApiProblem ? thrown : new ApiProblem('server');
      if (why.kind !== 'conflict') return setProblem(why);
      await refresh();
      if (why.type === 'stale-commit') show({ kind: 'changed' });
      else if (why.type === 'not_proven' && 'commit' in question)
        show({ kind: 'unproven', commit: question.commit });
      else show({ kind: 'too_late' });
    }
  };

  return { question, problem, ask, confirm: () => void confirm(), close: () => show(null) };
}
