import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';

import { useCore, useUserId } from '@/core/context';
import { readTask } from '@/tasks/reading';

import type { PushState, QuietHours } from './push';
import { follow, type PushHandlers } from './routing';
import type { Tap } from './service';

export function usePush(): PushState & {
  ask(): Promise<void>;
  setQuietHours(hours: QuietHours | null): Promise<void>;
  setOnlyWhenNeeded(only: boolean): Promise<void>;
} {
  const { push } = useCore();
  const state = useSyncExternalStore(push.subscribe, push.get, push.get);
  return useMemo(() => {
    const { ask, setQuietHours, setOnlyWhenNeeded } = push;
    return { ...state, ask, setQuietHours, setOnlyWhenNeeded };
  }, [push, state]);
}

/** Follows taps on pushes, the one that started the app too, as soon as somebody is signed in. */
export function usePushRouting(handlers: PushHandlers): void {
  const core = useCore();
  const userId = useUserId();
  const current = useRef(handlers);
  const followed = useRef(new Set<string>());
  const waiting = useRef<Tap[]>([]);
  useEffect(() => {
    current.current = handlers;
  });
  useEffect(() => {
    const followAll = () => {
      if (userId === null) return;
      for (const tap of waiting.current.splice(0)) {
        void follow(tap, (jobId) => readTask(core.reader(userId), jobId), current.current);
      }
    };
    followAll();
    return core.effects.push.onTap((tap) => {
      if (followed.current.has(tap.id)) return;
      followed.current.add(tap.id);
      waiting.current.push(tap);
      followAll();
    });
  }, [core, userId]);
}
