/** What was said, as a 16 kHz, mono, 16 bit PCM `task.wav`; whoever gets it owns it. */
export type Recording = {
  /** `file://` on a phone, `blob:` on the web. */
  uri: string;
  durationMs: number;
  bytes: number;
};

/** `blocked`: only the settings of the system, or of the browser, can change it. */
export type Permission = 'granted' | 'denied' | 'blocked';

/** How loud it is, 0 to 1, and how much is recorded; 10 to 15 times a second. */
export type Level = { peak: number; elapsedMs: number };

export type StartOptions = {
  /** The recording stops growing there, and `stop` gives it. */
  maxMs?: number;
  onLevel?: (level: Level) => void;
};

/** `kept` is what was recorded until then, or null if that was nothing. */
export type InterruptionListener = (error: RecorderError, kept: Recording | null) => void;

const CODES = [
  'permission_denied',
  'permission_blocked',
  'interrupted',
  'route_changed',
  'disk_full',
  'unavailable',
  'not_recording',
  'already_recording',
] as const;

export type RecorderErrorCode = (typeof CODES)[number];

export class RecorderError extends Error {
  override readonly name = 'RecorderError';

  constructor(
    readonly code: RecorderErrorCode,
    message: string,
  ) {
    super(message);
  }

  /** What a native function or a browser threw, by its `code` if that is one of ours. */
  static from(thrown: unknown): RecorderError {
    if (thrown instanceof RecorderError) return thrown;
    const { code, message } = thrown as { code?: unknown; message?: unknown };
    return new RecorderError(
      CODES.find((known) => known === code) ?? 'unavailable',
      typeof message === 'string' ? message : String(thrown),
    );
  }
}

/** One recording at a time. Every promise may be rejected with a RecorderError. */
export type Recorder = {
  /** Ask for the microphone, if that was not answered before. */
  requestPermission(): Promise<Permission>;
  start(options?: StartOptions): Promise<void>;
  /** Finish: the recording is the caller's from here on. */
  stop(): Promise<Recording>;
  /** Finish and forget what was recorded; nothing happens if nothing is. */
  cancel(): Promise<void>;
  /** Hear of a recording that ended by itself; the answer stops the listening. */
  onInterrupted(listener: InterruptionListener): () => void;
};
