import type { Ear, Microphone } from './microphone';
import {
  type InterruptionListener,
  type Permission,
  type Recorder,
  RecorderError,
  type Recording,
  type StartOptions,
} from './recording';
import { resampler } from './resampler';
import { encodeWav, peakOf, SAMPLE_RATE, toPcm16 } from './wav';

/** One recording in progress. */
type Take = { microphone: Microphone; pieces: Int16Array[] };

/** The recorder of a browser, given its microphone; `publish` gives a WAV an address. */
export function recorderOf(
  openMicrophone: (ear: Ear) => Promise<Microphone>,
  requestPermission: () => Promise<Permission>,
  publish: (wav: Uint8Array<ArrayBuffer>) => string,
): Recorder {
  const listeners = new Set<InterruptionListener>();
  const inTurn = turns();
  let take: Take | undefined;

  async function record({ maxMs = Infinity, onLevel }: StartOptions): Promise<Take> {
    const most = Math.floor((maxMs * SAMPLE_RATE) / 1000);
    const pieces: Int16Array[] = [];
    let length = 0;
    let resample: ReturnType<typeof resampler> | undefined;

    const microphone = await openMicrophone({
      hear(sound) {
        if (length === most) return;
        resample ??= resampler(microphone.sampleRate, SAMPLE_RATE);
        const piece = toPcm16(resample(sound)).subarray(0, most - length);
        pieces.push(piece);
        length += piece.length;
        onLevel?.({ peak: peakOf(piece), elapsedMs: milliseconds(length) });
        if (length === most) microphone.close();
      },
      lost(error) {
        take = undefined;
        const kept = length > 0 ? recordingOf(pieces) : null;
        listeners.forEach((listener) => listener(error, kept));
      },
    });
    return { microphone, pieces };
  }

  function recordingOf(pieces: Int16Array[]): Recording {
    const samples = joined(pieces);
    const wav = encodeWav(samples);
    return { uri: publish(wav), durationMs: milliseconds(samples.length), bytes: wav.length };
  }

  return {
    requestPermission,
    start: (options = {}) =>
      inTurn(async () => {
        if (take) throw new RecorderError('already_recording', 'A recording is in progress.');
        take = await record(options);
      }),
    stop: () =>
      inTurn(async () => {
        const finishing = take;
        await finishing?.microphone.finish();
        // Looked at again: it may have been interrupted in the meantime.
        if (!finishing || take !== finishing)
          throw new RecorderError('not_recording', 'Nothing is being recorded.');
        take = undefined;
        return recordingOf(finishing.pieces);
      }),
    cancel: () =>
      inTurn(async () => {
        take?.microphone.close();
        take = undefined;
      }),
    onInterrupted(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** One act after the other, as on the phones: a stop waits for the start that came before it. */
function turns() {
  let before: Promise<unknown> = Promise.resolve();
  return <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    const answer = before.then(act);
    before = answer.catch(() => undefined);
    return answer;
  };
}

function joined(pieces: Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function milliseconds(samples: number): number {
  return Math.floor((samples * 1000) / SAMPLE_RATE);
}
