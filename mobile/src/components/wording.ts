/** Figures and names as people read them: pure texts. */
import type { Task, TaskState } from '@/tasks';
import { strings } from '@/strings';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `org/project` of any of git's addresses. */
export function projectOf(repo: string): string {
  return repo.replace(/^git@[^:]+:|^https:\/\/[^/]+\//, '').replace(/(\.git)?\/?$/, '');
}

/** A commit as git shows it. */
export function shortCommit(sha: string): string {
  return sha.slice(0, 7);
}

/** At most so many characters, cut between words; the whole stands in the details. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/\s+\S*$/, '')}…`;
}

/** How long ago, of milliseconds. */
export function ago(ms: number): string {
  const { time } = strings;
  if (ms < 5_000) return time.now;
  if (ms < MINUTE) return time.seconds(Math.floor(ms / 1000));
  if (ms < HOUR) return time.minutes(Math.floor(ms / MINUTE));
  if (ms < DAY) return time.hours(Math.floor(ms / HOUR));
  if (ms < 2 * DAY) return time.yesterday;
  return time.days(Math.floor(ms / DAY));
}

/** Milliseconds as `3.8 s` or `2 min 5 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Seconds of a recording as `0:07`. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** US dollars, as exact as matters. */
export function price(usd: number): string {
  if (usd === 0) return '$0';
  return usd < 0.001 ? 'under $0.001' : `$${usd.toFixed(usd < 1 ? 3 : 2)}`;
}

export function count(number: number): string {
  return number.toLocaleString('en');
}

/** Where the commit can be read: GitHub only, since of other hosts we don't know the address. */
export function commitAddress(repo: string | null, sha: string | null): string | null {
  const project =
    /^(?:git@github\.com:|https:\/\/github\.com\/)([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
      repo ?? '',
    )?.[1];
  return project && sha && /^[0-9a-f]{40}$/.test(sha)
    ? `https://github.com/${project}/commit/${sha}`
    : null;
}

/** An address that may be opened: https, and nothing that hides another host before an `@`. */
export function safeAddress(address: string | null | undefined): string | null {
  try {
    const url = new URL(address ?? '');
    return url.protocol === 'https:' && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

/** What became of it, or is becoming of it, in one sentence. */
export function sentenceOfTask(task: Task, state: TaskState): string | null {
  const first = (task.notes ?? '').split('\n')[0] ?? '';
  switch (state) {
    case 'needs_you':
      return task.why ? `${sentence(task.why)}` : first || task.summary || null;
    case 'merged':
      return task.subject ?? (first || null);
    case 'nothing_to_do':
    case 'failed':
    case 'cancelled':
    case 'rejected':
      return first || task.summary || null;
    default:
      return task.summary ?? null;
  }
}

function sentence(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1) + (/[.!?]$/.test(clause) ? '' : '.');
}
