import { useColorScheme, useWindowDimensions } from 'react-native';

import { type Colors, dark, light } from './colors';
import { wideFrom } from './tokens';

export type { Color, Colors } from './colors';
export { loadFont } from './font';
export { column, hasDriver, radius, space, touch, type, type Variant } from './tokens';
export { useReducedMotion } from './useReducedMotion';

/** The colours of the system's scheme. */
export function useColors(): Colors {
  return useColorScheme() === 'dark' ? dark : light;
}

/** Whether list and details have room beside each other. */
export function useIsWide(): boolean {
  return useWindowDimensions().width >= wideFrom;
}
