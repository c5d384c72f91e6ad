/** Sound as Sayso's speech service wants it. */
export const SAMPLE_RATE = 16_000;

const HEADER_BYTES = 44;

/**
 * A RIFF file of 16 bit mono PCM ("Multimedia Programming Interface and Data Specifications 1.0",
 * 1991).
 */
export function encodeWav(samples: Int16Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(HEADER_BYTES + samples.byteLength);
  const header = new DataView(file.buffer);
  const text = (at: number, letters: string) =>
    [...letters].forEach((letter, i) => header.setUint8(at + i, letter.charCodeAt(0)));
  text(0, 'RIFF');
  header.setUint32(4, file.byteLength - 8, true);
  text(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true); // PCM
  header.setUint16(22, 1, true); // channels
  header.setUint32(24, SAMPLE_RATE, true);
  header.setUint32(28, SAMPLE_RATE * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  text(36, 'data');
  header.setUint32(40, samples.byteLength, true);
  samples.forEach((sample, i) => header.setInt16(HEADER_BYTES + 2 * i, sample, true));
  return file;
}

/** Samples of -1 to 1 as 16 bit integers; what is beyond is clipped. */
export function toPcm16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) =>
    Math.round(Math.max(-32768, Math.min(32767, sample * 32768))),
  );
}

/** The loudest sample, 0 to 1. */
export function peakOf(samples: Int16Array): number {
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0) / 32768;
}
