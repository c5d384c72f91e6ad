import type { Level, Permission, RecorderError, Recording, StartOptions } from 'audio-recorder';
import { useCallback, useEffect, useRef, useState } from 'react';

import type { Feel } from './feel';

/** What records. */
export type Recorder = {
  requestPermission(): Promise<Permission>;
  start(options?: StartOptions): Promise<void>;
  stop(): Promise<Recording>;
  cancel(): Promise<void>;
  onInterrupted(listener: (error: RecorderError, kept: Recording | null) => void): () => void;
};

/** A recording ends here, and what was said is sent; milliseconds. */
export const LONGEST = 60_000;
/** The end is announced so long before it; milliseconds. */
export const WARNING = 10_000;
/** Nobody says anything in less; milliseconds. */
export const SHORTEST = 400;

/** Why there is no recording, or why it has to be decided what becomes of one. */
export type Trouble =
  | 'too_short'
  | 'permission_denied'
  | 'permission_blocked'
  | 'unavailable'
  | 'insecure'
  | 'disk_full'
  | 'interrupted'
  | 'route_changed'
  | 'nothing_kept'
  | 'not_stored';

export type Stage =
  | { name: 'idle'; trouble: Trouble | null; wasCancelled?: boolean }
  | { name: 'opening' }
  | { name: 'recording' }
  | { name: 'storing' }
  /** A recording that nobody asked to send: the person decides. */
  | { name: 'kept'; trouble: Trouble; recording: Recording };

export type RecordingControl = {
  stage: Stage;
  level: Level;
  start(): void;
  send(): void;
  cancel(): void;
  sendKept(): void;
  discardKept(): void;
};

type Parts = {
  recorder: Recorder;
  feel: Feel;
  /** Stores what was said; the recording is safe once it resolves. */
  say(recording: Recording): Promise<void>;
  /** Whether the page may use a microphone at all. */
  isSecure: boolean;
  /** A browser asks by itself when recording starts; to ask before would open the microphone twice. */
  asksByItself: boolean;
};

const IDLE: Stage = { name: 'idle', trouble: null };
const SILENCE: Level = { peak: 0, elapsedMs: 0 };

/** What a recorder threw, as what to tell; that it has no recording is no more than that. */
function troubleOf(thrown: unknown): Trouble {
  const { code } = thrown as Partial<RecorderError>;
  if (code === undefined) return 'unavailable';
  return code === 'not_recording' || code === 'already_recording' ? 'nothing_kept' : code;
}

/** What the button does: one recording at a time, from the first press until it is safely stored. */
export function useRecording(parts: Parts): RecordingControl {
  const [stage, setShown] = useState<Stage>(IDLE);
  const [level, setLevel] = useState<Level>(SILENCE);
  // Presses come faster than renders: what decides is what is true now.
  const now = useRef<Stage>(IDLE);
  // A call may come between the press and the recorder's answer: then the interruption has it.
  const isAwaited = useRef(false);
  const latest = useRef(parts);
  useEffect(() => {
    latest.current = parts;
  });

  const setStage = useCallback((next: Stage) => {
    now.current = next;
    setShown(next);
  }, []);

  /** Whether it moved on, or did not get there; asked anew after every wait. */
  const isNot = useCallback((name: Stage['name']) => now.current.name !== name, []);

  const fail = useCallback((trouble: Trouble) => setStage({ name: 'idle', trouble }), [setStage]);

  const store = useCallback(
    async (recording: Recording) => {
      setStage({ name: 'storing' });
      try {
        await latest.current.say(recording);
        setStage(IDLE);
      } catch {
        setStage({ name: 'kept', trouble: 'not_stored', recording });
      }
    },
    [setStage],
  );

  const start = useCallback(async () => {
    if (now.current.name !== 'idle') return;
    const { recorder, feel, isSecure, asksByItself } = latest.current;
    if (!isSecure) return fail('insecure');
    setStage({ name: 'opening' });
    isAwaited.current = false;
    setLevel(SILENCE);
    try {
      const permission = asksByItself ? 'granted' : await recorder.requestPermission();
      if (isNot('opening')) return;
      if (permission !== 'granted') return fail(`permission_${permission}`);
      await recorder.start({
        maxMs: LONGEST,
        onLevel: setLevel,
      });
      // Cancelled while the microphone was being opened.
      if (isNot('opening')) return await recorder.cancel();
      feel.started();
      setStage({ name: 'recording' });
    } catch (thrown) {
      if (!isNot('opening')) fail(troubleOf(thrown));
    }
  }, [fail, isNot, setStage]);

  const send = useCallback(async () => {
    if (isNot('recording')) return;
    const { recorder, feel } = latest.current;
    setStage({ name: 'storing' });
    isAwaited.current = true;
    try {
      const recording = await recorder.stop();
      isAwaited.current = false;
      if (recording.durationMs < SHORTEST) return fail('too_short');
      feel.sent();
      await store(recording);
    } catch (thrown) {
      if (!isNot('storing')) fail(troubleOf(thrown));
    }
  }, [fail, isNot, setStage, store]);

  const cancel = useCallback(() => {
    if (isNot('recording') && isNot('opening')) return;
    const { recorder, feel } = latest.current;
    setStage({ name: 'idle', trouble: null, wasCancelled: true });
    feel.cancelled();
    recorder.cancel().catch(() => {}); // Nothing of it is kept, whatever the recorder says.
  }, [isNot, setStage]);

  useEffect(
    () =>
      latest.current.recorder.onInterrupted((error, kept) => {
        if (isNot('recording') && isNot('opening') && !isAwaited.current) return;
        isAwaited.current = false;
        if (error.code === 'disk_full' && !kept) return fail('disk_full');
        if (!kept || kept.durationMs < SHORTEST) return fail('nothing_kept');
        const trouble = error.code === 'route_changed' ? 'route_changed' : 'interrupted';
        setStage({ name: 'kept', trouble, recording: kept });
      }),
    [fail, isNot, setStage],
  );

  useEffect(() => {
    if (stage.name !== 'recording') return;
    const limit = setTimeout(() => void send(), LONGEST);
    return () => clearTimeout(limit);
  }, [send, stage.name]);

  // Leaving the page in the middle of a sentence frees the microphone.
  useEffect(() => () => cancel(), [cancel]);

  return {
    stage,
    level,
    start: () => void start(),
    send: () => void send(),
    cancel,
    sendKept: () => {
      if (now.current.name === 'kept') void store(now.current.recording);
    },
    discardKept: () => {
      if (now.current.name === 'kept') setStage(IDLE);
    },
  };
}
