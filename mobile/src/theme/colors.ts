/**
 * One accent, which is also the colour of "done"; amber asks, red failed. Nothing is told by colour
 * alone. colors.test.ts computes the contrast of every pair that text is set in.
 */
export type Colors = typeof light;
export type Color = keyof Colors;

export const light = {
  canvas: '#F8F6F2',
  surface: '#FFFFFF',
  sunken: '#F0EDE6',
  line: '#E4E0D7',
  outline: '#85887F',
  ink: '#1A1D1B',
  muted: '#5B5F59',
  accent: '#0A6B53',
  onAccent: '#FFFFFF',
  accentSoft: '#DDF0E8',
  warn: '#7E4C00',
  warnSoft: '#FBECD0',
  danger: '#A8231B',
  onDanger: '#FFFFFF',
  dangerSoft: '#FBE5E2',
  added: '#0B5B3C',
  addedSoft: '#E0F3E7',
  removed: '#96201A',
  removedSoft: '#FCE8E6',
  scrim: '#0C100EA6',
};

export const dark: Colors = {
  canvas: '#101311',
  surface: '#191D1A',
  sunken: '#0A0C0B',
  line: '#2B312D',
  outline: '#737C75',
  ink: '#EDF0EB',
  muted: '#A5ADA6',
  accent: '#62D4B0',
  onAccent: '#04251A',
  accentSoft: '#14352A',
  warn: '#F2B760',
  warnSoft: '#35280F',
  danger: '#FF978E',
  onDanger: '#3A0906',
  dangerSoft: '#3B1B18',
  added: '#8CE0B6',
  addedSoft: '#12301F',
  removed: '#FFA59D',
  removedSoft: '#3A1C19',
  scrim: '#000000B3',
};

/** What text (or a sign that carries meaning) is set in, on what. */
export const textPairs: readonly (readonly [Color, Color])[] = [
  ['ink', 'canvas'],
  ['ink', 'surface'],
  ['ink', 'sunken'],
  ['muted', 'canvas'],
  ['muted', 'surface'],
  ['muted', 'sunken'],
  ['accent', 'canvas'],
  ['accent', 'surface'],
  ['accent', 'sunken'],
  ['accent', 'accentSoft'],
  ['ink', 'accentSoft'],
  ['muted', 'accentSoft'],
  ['onAccent', 'accent'],
  ['warn', 'canvas'],
  ['warn', 'surface'],
  ['warn', 'sunken'],
  ['warn', 'warnSoft'],
  ['ink', 'warnSoft'],
  ['danger', 'canvas'],
  ['danger', 'surface'],
  ['danger', 'sunken'],
  ['danger', 'dangerSoft'],
  ['ink', 'dangerSoft'],
  ['onDanger', 'danger'],
  ['added', 'addedSoft'],
  ['added', 'surface'],
  ['removed', 'removedSoft'],
  ['removed', 'surface'],
];

/** What bounds a control, on what: 3:1 is enough (WCAG 2.2, 1.4.11). */
export const boundaryPairs: readonly (readonly [Color, Color])[] = [
  ['outline', 'canvas'],
  ['outline', 'surface'],
  ['accent', 'canvas'],
  ['accent', 'surface'],
];
