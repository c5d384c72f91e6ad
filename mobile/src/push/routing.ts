/** Where a tap on a push leads. */
import { ApiProblem } from '@/api';
import { strings } from '@/strings';

import { pushDataOf } from './data';
import type { Tap } from './service';

export type PushHandlers = {
  open(jobId: string): void;
  approve(jobId: string, commitSha: string): void;
  openUrl(url: string): void;
  /** The list, with a sentence: the push was for another account. */
  openList(sentence: string): void;
};

export const APPROVE = 'approve';

/**
 * Follows a tap.
 *
 * @param look asks the server for the task in the name of whoever is signed in.
 */
export async function follow(
  { action, data }: Tap,
  look: (jobId: string) => Promise<unknown>,
  handlers: PushHandlers,
): Promise<void> {
  const push = pushDataOf(data);
  if (!push) return;
  if (push.kind === 'link') return handlers.openUrl(push.url);
  try {
    await look(push.jobId);
  } catch (problem) {
    const isForeign = problem instanceof ApiProblem && problem.kind === 'gone';
    if (isForeign) return handlers.openList(strings.push.notYours);
    // Out of reach: the task's own screen says so, and shows what is known.
  }
  if (action === APPROVE && push.commitSha !== null) handlers.approve(push.jobId, push.commitSha);
  else handlers.open(push.jobId);
}
