/** Zero crossings of the low-pass filter on each side: 1 kHz wide from passing to stopping. */
const ZERO_CROSSINGS = 32;
/** Of the lower one of the two Nyquist frequencies. */
const CUTOFF = 0.92;

export type Resampler = (samples: Float32Array) => Float32Array;

/**
 * A resampler of one sound that comes piece by piece; it keeps what it still needs between them.
 * Tones that the new rate can't carry are filtered out first, or they would come back as others.
 *
 * Own code, because `OfflineAudioContext` aliases and the ports of libsamplerate are WebAssembly,
 * which a page's content security policy may refuse.
 *
 * A windowed sinc in polyphase form (Crochiere and Rabiner, "Multirate Digital Signal Processing",
 * 1983); the last milliseconds, half a filter long, stay inside.
 */
export function resampler(from: number, to: number): Resampler {
  if (from === to) return (samples) => samples;
  const divisor = gcd(from, to);
  const step = from / divisor; // in units of 1 / phases of an input sample
  const phases = to / divisor;
  const cutoff = CUTOFF * Math.min(1, to / from);
  const half = Math.ceil(ZERO_CROSSINGS / cutoff);
  const filters = Array.from({ length: phases }, (_, phase) =>
    filter(phase / phases, half, cutoff),
  );

  let input = new Float32Array(half - 1); // silence before the first sample
  let position = 0;
  return (samples) => {
    input = concat(input, samples);
    const output: number[] = [];
    for (; Math.floor(position / phases) + 2 * half <= input.length; position += step) {
      const start = Math.floor(position / phases);
      const taps = filters[position % phases]!;
      let sum = 0;
      for (let i = 0; i < taps.length; i++) sum += taps[i]! * input[start + i]!;
      output.push(sum);
    }
    const done = Math.min(Math.floor(position / phases), input.length);
    input = input.slice(done);
    position -= done * phases;
    return Float32Array.from(output);
  };
}

/** The taps for an output that lies `fraction` of a sample behind the middle of its inputs. */
function filter(fraction: number, half: number, cutoff: number): Float32Array {
  const taps = Float32Array.from({ length: 2 * half }, (_, i) => {
    const x = i - (half - 1) - fraction;
    return sinc(cutoff * x) * blackman(x / half);
  });
  const gain = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map((tap) => tap / gain);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** For x of -1 to 1. */
function blackman(x: number): number {
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function concat(a: Float32Array, b: Float32Array): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
