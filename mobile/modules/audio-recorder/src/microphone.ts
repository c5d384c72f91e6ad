import { addCapture, CAPTURE } from './captureWorklet';
import { type Permission, RecorderError } from './recording';

/** What a microphone tells whoever listens to it. */
export type Ear = {
  hear: (samples: Float32Array) => void;
  lost: (error: RecorderError) => void;
};

/** A browser's microphone that is being listened to. */
export type Microphone = {
  sampleRate: number;
  /** Settles when the last sample was heard; the microphone is free then. */
  finish: () => Promise<void>;
  /** Free the microphone at once. */
  close: () => void;
};

/** Ask for the microphone, if that was not answered before. */
export async function requestPermission(): Promise<Permission> {
  try {
    (await stream()).getTracks().forEach((track) => track.stop());
    return 'granted';
  } catch (thrown) {
    const error = RecorderError.from(thrown);
    if (error.code === 'permission_denied') return 'denied';
    if (error.code === 'permission_blocked') return 'blocked';
    throw error;
  }
}

/**
 * Open the microphone; `ear` hears it from then on, in the browser's own sample rate, and learns
 * once if it is lost. Throws a RecorderError.
 */
export async function openMicrophone(ear: Ear): Promise<Microphone> {
  // Made first: on iOS a context sounds only if it is made while the press is being handled.
  const context = typeof AudioContext === 'undefined' ? undefined : new AudioContext();
  let sound: MediaStream | undefined;
  try {
    sound = await stream();
    if (!context) throw new RecorderError('unavailable', 'This browser has no AudioContext.');
    await context.resume();
    await addCapture(context);
    return listen(context, sound, ear);
  } catch (thrown) {
    release(context, sound);
    throw RecorderError.from(thrown);
  }
}

function listen(context: AudioContext, sound: MediaStream, ear: Ear): Microphone {
  const capture = new AudioWorkletNode(context, CAPTURE, { numberOfOutputs: 0 });
  let finished: () => void;
  const everything = new Promise<void>((resolve) => (finished = resolve));
  const close = () => {
    context.onstatechange = null;
    capture.port.onmessage = null;
    release(context, sound);
    finished();
  };
  const lose = (code: RecorderError['code'], message: string) => () => {
    close();
    ear.lost(new RecorderError(code, message));
  };

  capture.port.onmessage = ({ data }: MessageEvent<Float32Array | null>) => {
    if (data) ear.hear(data);
    else close();
  };
  capture.onprocessorerror = lose('interrupted', 'The browser stopped recording.');
  const stopped = lose('interrupted', 'The browser stopped the sound.');
  context.onstatechange = () => context.state !== 'running' && stopped();
  for (const track of sound.getAudioTracks()) {
    track.onended = lose('route_changed', 'The microphone went away.');
    track.onmute = lose('interrupted', 'The microphone was taken away or muted.');
  }
  context.createMediaStreamSource(sound).connect(capture);

  return {
    sampleRate: context.sampleRate,
    finish: () => {
      capture.port.postMessage(null);
      return everything;
    },
    close,
  };
}

function release(context?: AudioContext, sound?: MediaStream): void {
  for (const track of sound?.getTracks() ?? []) {
    track.onended = track.onmute = null;
    track.stop();
  }
  if (context && context.state !== 'closed') void context.close();
}

async function stream(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia)
    throw new RecorderError(
      'unavailable',
      'A browser records on https:// and on localhost only: open Sayso there.',
    );
  try {
    return await navigator.mediaDevices.getUserMedia({
      // Echo cancellation would swallow words while something plays; there is no echo to cancel.
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true },
    });
  } catch (thrown) {
    throw await refusal(thrown);
  }
}

/** What a refusal of getUserMedia means (W3C "Media Capture and Streams", 10.2). */
async function refusal(thrown: unknown): Promise<RecorderError> {
  switch (thrown instanceof Error ? thrown.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return (await isBlocked())
        ? new RecorderError('permission_blocked', 'The browser may not use the microphone here.')
        : new RecorderError('permission_denied', 'The microphone was not allowed.');
    case 'NotFoundError':
      return new RecorderError('unavailable', 'No microphone was found.');
    case 'NotReadableError':
    case 'AbortError':
      return new RecorderError('unavailable', 'Another program is using the microphone.');
    default:
      return RecorderError.from(thrown);
  }
}

async function isBlocked(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' })).state === 'denied';
  } catch {
    return false; // A browser that can't say will ask again.
  }
}
