import { encodeWav, peakOf, toPcm16 } from '../wav';

const ascii = (file: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...file.subarray(from, to));

describe('a WAV file', () => {
  const file = encodeWav(Int16Array.of(0, 1, -2, 32767, -32768));
  const fields = new DataView(file.buffer);

  test('names its chunks and counts their bytes', () => {
    expect(ascii(file, 0, 4)).toBe('RIFF');
    expect(fields.getUint32(4, true)).toBe(file.length - 8);
    expect(ascii(file, 8, 16)).toBe('WAVEfmt ');
    expect(fields.getUint32(16, true)).toBe(16);
    expect(ascii(file, 36, 40)).toBe('data');
    expect(fields.getUint32(40, true)).toBe(10);
  });

  test('says: PCM, one channel, 16 kHz, 16 bit', () => {
    expect(fields.getUint16(20, true)).toBe(1);
    expect(fields.getUint16(22, true)).toBe(1);
    expect(fields.getUint32(24, true)).toBe(16_000);
    expect(fields.getUint32(28, true)).toBe(32_000);
    expect(fields.getUint16(32, true)).toBe(2);
    expect(fields.getUint16(34, true)).toBe(16);
  });

  test('holds the samples, the lower byte first', () => {
    expect([...file.subarray(44)]).toEqual([0, 0, 1, 0, 0xfe, 0xff, 0xff, 0x7f, 0, 0x80]);
  });

  test('of nothing is a header alone', () => {
    expect(encodeWav(new Int16Array())).toHaveLength(44);
  });
});

test.each([
  [0, 0],
  [0.5, 16384],
  [1, 32767],
  [-1, -32768],
  [1.5, 32767],
  [-1.5, -32768],
])('a sample of %d is %d in 16 bits', (sample, integer) => {
  expect([...toPcm16(Float32Array.of(sample))]).toEqual([integer]);
});

test.each([
  [[], 0],
  [[0, 0], 0],
  [[8192, -16384, 100], 0.5],
  [[-32768], 1],
])('the peak of %j is %d', (samples, peak) => {
  expect(peakOf(Int16Array.from(samples))).toBe(peak);
});
