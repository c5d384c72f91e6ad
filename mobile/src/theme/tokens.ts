import { Platform, type TextStyle } from 'react-native';

/** Distances in points, on a grid of 4. */
export const space = { xs: 4, s: 8, m: 12, l: 16, xl: 24, xxl: 32, huge: 48 } as const;

export const radius = { s: 8, m: 14, l: 22, round: 999 } as const;

/** No control is smaller to a finger, in points. */
export const touch = 44;

/** Where animations run beside JavaScript; a browser has no such place. */
export const hasDriver = Platform.OS !== 'web';

/** Text is no wider than what is pleasant to read, in points. */
export const column = 680;

/** From this width on, list and details stand side by side, in points. */
export const wideFrom = 760;

// Phones have a good typeface, which follows the person's settings; a browser gets ours (font.web.ts).
const family = Platform.select({
  web: { fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif' },
  default: {},
});

const mono = Platform.select({
  ios: 'Menlo',
  web: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  default: 'monospace',
});

export const type = {
  display: { ...family, fontSize: 34, lineHeight: 40, fontWeight: '700', letterSpacing: -0.8 },
  title: { ...family, fontSize: 24, lineHeight: 30, fontWeight: '700', letterSpacing: -0.5 },
  heading: { ...family, fontSize: 18, lineHeight: 25, fontWeight: '600', letterSpacing: -0.2 },
  body: { ...family, fontSize: 17, lineHeight: 25, fontWeight: '400' },
  strong: { ...family, fontSize: 17, lineHeight: 25, fontWeight: '600' },
  small: { ...family, fontSize: 15, lineHeight: 21, fontWeight: '400' },
  label: { ...family, fontSize: 15, lineHeight: 21, fontWeight: '600' },
  caption: { ...family, fontSize: 13, lineHeight: 18, fontWeight: '500' },
  clock: {
    ...family,
    fontSize: 44,
    lineHeight: 52,
    fontWeight: '300',
    letterSpacing: -1,
    fontVariant: ['tabular-nums'],
  },
  mono: { fontFamily: mono, fontSize: 13, lineHeight: 20, fontWeight: '400' },
} satisfies Record<string, TextStyle>;

export type Variant = keyof typeof type;
