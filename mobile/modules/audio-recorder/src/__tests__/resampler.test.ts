import { resampler } from '../resampler';

const RATE = 16_000;
const RATES = [8_000, 44_100, 48_000, 96_000];

function tone(hertz: number, rate: number, seconds = 1): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, i) =>
    Math.sin((2 * Math.PI * hertz * i) / rate),
  );
}

/** Without the filter's start and end. */
const middle = (samples: Float32Array) => samples.subarray(1_000, 15_000);

function loudness(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
}

test.each(RATES)('a second of %d Hz is a second of 16 kHz, less half a filter', (rate) => {
  const { length } = resampler(rate, RATE)(tone(440, rate));
  expect(length).toBeLessThanOrEqual(RATE);
  expect(length).toBeGreaterThan(RATE - 100);
});

test.each(RATES)('a tone of 1 kHz at %d Hz comes out in phase and as loud', (rate) => {
  const heard = middle(resampler(rate, RATE)(tone(1_000, rate)));
  const wanted = middle(tone(1_000, RATE));
  const error = heard.map((sample, i) => sample - wanted[i]!);
  expect(loudness(error)).toBeLessThan(0.001);
});

test.each([
  [44_100, 8_200],
  [44_100, 12_000],
  [48_000, 8_200],
  [48_000, 9_000],
  [48_000, 15_000],
  [48_000, 17_000],
])('at %d Hz, a tone of %d Hz does not come back as another one', (rate, hertz) => {
  expect(loudness(middle(resampler(rate, RATE)(tone(hertz, rate))))).toBeLessThan(0.001);
});

test('speech up to 6.5 kHz passes', () => {
  expect(loudness(middle(resampler(48_000, RATE)(tone(6_500, 48_000))))).toBeCloseTo(
    Math.SQRT1_2,
    2,
  );
});

test.each([1, 127, 128, 3_200])('pieces of %d samples give what the whole gives', (size) => {
  const whole = tone(700, 44_100, 0.25);
  const resample = resampler(44_100, RATE);
  const pieces: number[] = [];
  for (let at = 0; at < whole.length; at += size)
    pieces.push(...resample(whole.subarray(at, at + size)));
  expect(pieces).toEqual([...resampler(44_100, RATE)(whole)]);
});

test('nothing changes if the rate is right already', () => {
  const samples = tone(440, RATE, 0.1);
  expect(resampler(RATE, RATE)(samples)).toEqual(samples);
});
