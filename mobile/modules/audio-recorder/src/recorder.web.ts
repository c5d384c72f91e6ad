import { type Ear, type Microphone, openMicrophone } from './microphone';
import {
  type InterruptionListener,
  RecorderError,
  type Recording,
  type StartOptions,
} from './recording';
import { resampler } from './resampler';
import { encodeWav, peakOf, SAMPLE_RATE, toPcm16 } from './wav';

export { requestPermission } from './microphone';

/** One recording in progress. */
type Take = { microphone: Microphone; samples: () => Int16Array };

let take: Take | undefined;
let before: Promise<unknown> = Promise.resolve();
const listeners = new Set<InterruptionListener>();

/** Start recording. Throws a RecorderError. */
export const start = inTurn(async (options: StartOptions = {}): Promise<void> => {
  if (take) throw new RecorderError('already_recording', 'A recording is in progress.');
  take = await record(options);
});

/** Finish: the recording is the caller's from here on. Throws a RecorderError. */
export const stop = inTurn(async (): Promise<Recording> => {
  const finishing = take;
  await finishing?.microphone.finish();
  // Looked at again, because it may have been interrupted in the meantime.
  if (!finishing || take !== finishing)
    throw new RecorderError('not_recording', 'Nothing is being recorded.');
  take = undefined;
  return recordingOf(finishing.samples());
});

/** Finish and forget what was recorded; nothing happens if nothing is. */
export const cancel = inTurn(async (): Promise<void> => {
  take?.microphone.close();
  take = undefined;
});

/** Hear of a recording that ended by itself; the answer stops the listening. */
export function onInterrupted(listener: InterruptionListener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

async function record({ maxMs = Infinity, onLevel }: StartOptions): Promise<Take> {
  const most = Math.floor((maxMs * SAMPLE_RATE) / 1000);
  const pieces: Int16Array[] = [];
  let length = 0;
  let resample: ReturnType<typeof resampler> | undefined;

  const ear: Ear = {
    hear: (sound) => {
      if (length === most) return;
      resample ??= resampler(microphone.sampleRate, SAMPLE_RATE);
      const piece = toPcm16(resample(sound)).subarray(0, most - length);
      pieces.push(piece);
      length += piece.length;
      onLevel?.({ peak: peakOf(piece), elapsedMs: Math.floor((length * 1000) / SAMPLE_RATE) });
      if (length === most) microphone.close();
    },
    lost: (error) => {
      take = undefined;
      const kept = length > 0 ? recordingOf(joined(pieces)) : null;
      listeners.forEach((listener) => listener(error, kept));
    },
  };
  const microphone = await openMicrophone(ear);
  return { microphone, samples: () => joined(pieces) };
}

function joined(pieces: Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0);
  return whole;
}

function recordingOf(samples: Int16Array): Recording {
  const wav = new Blob([encodeWav(samples)], { type: 'audio/wav' });
  return {
    uri: URL.createObjectURL(wav),
    durationMs: Math.floor((samples.length * 1000) / SAMPLE_RATE),
    bytes: wav.size,
  };
}

/** One after the other, as on the phones: a stop that comes while a start waits is not lost. */
function inTurn<Parameters extends unknown[], Answer>(
  act: (...parameters: Parameters) => Promise<Answer>,
): (...parameters: Parameters) => Promise<Answer> {
  return (...parameters) => {
    const answer = before.then(() => act(...parameters));
    before = answer.catch(() => undefined);
    return answer;
  };
}
