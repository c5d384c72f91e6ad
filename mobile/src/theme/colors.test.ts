import config from '../../app.config';

import { boundaryPairs, type Color, type Colors, dark, light, textPairs } from './colors';

/** Relative luminance of a colour (WCAG 2.2). */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(colors: Colors, front: Color, back: Color): number {
  const [dim = 0, bright = 0] = [luminance(colors[front]), luminance(colors[back])].sort(
    (a, b) => a - b,
  );
  return (bright + 0.05) / (dim + 0.05);
}

test('black on white is the greatest contrast there is', () => {
  const extremes = { ...light, ink: '#000000', canvas: '#FFFFFF' };
  expect(contrast(extremes, 'ink', 'canvas')).toBeCloseTo(21);
});

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, colors) => {
  test.each(textPairs)('%s is readable on %s', (front, back) => {
    expect(contrast(colors, front, back)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(boundaryPairs)('%s can be seen on %s', (front, back) => {
    expect(contrast(colors, front, back)).toBeGreaterThanOrEqual(3);
  });
});

test('a phone shows the same colours before the app runs', () => {
  const said = JSON.stringify(config);
  expect(said).toContain(`"color":"${light.accent}"`);
  expect(said).toContain(`"backgroundColor":"${light.canvas}"`);
  expect(said).toContain(`"backgroundColor":"${dark.canvas}"`);
});
