import { Text as NativeText, type TextProps } from 'react-native';

import { type Color, type, useColors, type Variant } from '@/theme';

type Props = TextProps & {
  variant?: Variant;
  color?: Color;
  /** A heading for screen readers, of this level. */
  heading?: 1 | 2 | 3;
};

/** Text of the theme. It grows with the person's text size and is never cut off. */
export function Text({ variant = 'body', color = 'ink', heading, style, ...props }: Props) {
  const colors = useColors();
  return (
    <NativeText
      {...(heading && { role: 'heading', 'aria-level': heading })}
      {...props}
      style={[type[variant], { color: colors[color] }, style]}
    />
  );
}
