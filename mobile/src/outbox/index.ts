import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { Recording } from 'audio-recorder';

import { useCore, useCurrentSession } from '@/core/context';

import type { Entry } from './entry';
import type { Accepted } from './outbox';

export type { Entry } from './entry';

/** What the person at the device has said and what is not accepted yet, oldest first. */
export function useOutbox(): {
  entries: Entry[];
  /** Resolves with the entry's id once it is safely stored; rejects with `storage_full`. */
  sayVoice(recording: Recording, repo: string | null): Promise<string>;
  sayText(text: string, repo: string | null): Promise<string>;
  discard(id: string): Promise<void>;
  retry(id: string): Promise<void>;
} {
  const { outbox, session } = useCore();
  const all = useSyncExternalStore(outbox.subscribe, outbox.get, outbox.get);
  useCurrentSession(); // whose entries are shown changes with it
  const owner = session.owner();
  return useMemo(() => {
    const { sayVoice, sayText, discard, retry } = outbox;
    const entries = all.filter(({ userId }) => userId === owner);
    return { entries, sayVoice, sayText, discard, retry };
  }, [outbox, all, owner]);
}

export function useAccepted(listener: Accepted): void {
  const { outbox, session } = useCore();
  const current = useRef(listener);
  useEffect(() => {
    current.current = listener;
  });
  useEffect(
    () =>
      outbox.onAccepted((entry, jobId) => {
        if (entry.userId === session.owner()) current.current(entry, jobId);
      }),
    [outbox, session],
  );
}
