/** What a push says. Anybody who knows a push token may have sent it: nothing in it is believed. */
import { UUID } from '@/session/account';

export type PushData =
  | { kind: 'task'; jobId: string; commitSha: string | null }
  /** A clip, for whoever holds the link. */
  | { kind: 'link'; url: string };

const COMMIT = /^[0-9a-f]{40}$/;
const TASK_PATH = /^\/tasks\/([0-9a-f-]{36})$/i;

/** Reads the data of a push; null if it is of no use. */
export function pushDataOf(said: unknown): PushData | null {
  if (typeof said !== 'object' || said === null) return null;
  const { job_id: id, commit_sha: sha, url } = said as Record<string, unknown>;
  // Of a push that was too long for its service, the address alone is left.
  const jobId = id ?? (typeof url === 'string' ? TASK_PATH.exec(url)?.[1] : undefined);
  if (typeof jobId === 'string' && UUID.test(jobId)) {
    const commitSha = typeof sha === 'string' && COMMIT.test(sha) ? sha : null;
    return { kind: 'task', jobId: jobId.toLowerCase(), commitSha };
  }
  return typeof url === 'string' && isSafe(url) ? { kind: 'link', url } : null;
}

/** Whether an address leads to a web page over https, and hides nowhere whose it is. */
function isSafe(address: string): boolean {
  try {
    const { protocol, username, password } = new URL(address);
    return protocol === 'https:' && !username && !password;
  } catch {
    return false;
  }
}
