import type { Recording } from 'audio-recorder';

import type { ApiProblem } from '@/api';

/** What was said and is not accepted yet. */
export type Entry = {
  /** Its Idempotency-Key, drawn when it is made. */
  id: string;
  userId: string;
  createdAt: string;
  kind: 'voice' | 'text';
  text: string | null;
  repo: string | null;
  durationMs: number | null;
  state: 'sending' | 'waiting_for_network' | 'retrying' | 'needs_sign_in' | 'refused';
  problem: ApiProblem | null;
  jobId: string | null;
};

export function useOutbox(): {
  entries: Entry[];
  /** Resolves with the entry's id once it is safely stored; rejects with `storage_full`. */
  sayVoice(recording: Recording, repo: string | null): Promise<string>;
  sayText(text: string, repo: string | null): Promise<string>;
  discard(id: string): Promise<void>;
  retry(id: string): Promise<void>;
} {
  throw new Error('not here yet');
}

export function useAccepted(listener: (entry: Entry, jobId: string) => void): void {
  throw new Error(`not here yet: ${listener.name}`);
}
