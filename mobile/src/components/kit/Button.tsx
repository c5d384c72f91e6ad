import type { LucideIcon } from '@/components/icons';
import { ActivityIndicator, Pressable, StyleSheet } from 'react-native';

import { type Color, radius, space, touch, useColors } from '@/theme';

import { Text } from './Text';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

type Props = {
  label: string;
  onPress: () => void;
  kind?: ButtonKind;
  icon?: LucideIcon;
  hint?: string;
  /** A screen reader's label where the visible one does not stand alone. */
  spoken?: string;
  isBusy?: boolean;
  isDisabled?: boolean;
  grows?: boolean;
};

const LOOKS: Record<ButtonKind, { front: Color; back: Color | null; border: Color | null }> = {
  primary: { front: 'onAccent', back: 'accent', border: null },
  secondary: { front: 'ink', back: 'surface', border: 'outline' },
  quiet: { front: 'accent', back: null, border: null },
  danger: { front: 'onDanger', back: 'danger', border: null },
};

/** A button with words; while it is busy it can't be pressed again. */
export function Button({ label, onPress, kind = 'primary', icon: Icon, ...props }: Props) {
  const colors = useColors();
  const look = LOOKS[kind];
  const isOff = props.isBusy || props.isDisabled;
  return (
    <Pressable
      role="button"
      aria-label={props.spoken ?? label}
      aria-busy={props.isBusy}
      aria-disabled={isOff}
      accessibilityHint={props.hint}
      disabled={isOff}
      onPress={onPress}
      style={({ pressed }) => [
        styles.button,
        props.grows && styles.grows,
        {
          backgroundColor: look.back ? colors[look.back] : 'transparent',
          borderColor: look.border ? colors[look.border] : 'transparent',
        },
        pressed && styles.pressed,
        props.isDisabled && styles.off,
      ]}
    >
      {props.isBusy ? (
        <ActivityIndicator color={colors[look.front]} />
      ) : (
        Icon && <Icon size={18} color={colors[look.front]} aria-hidden />
      )}
      <Text variant="label" color={look.front} style={styles.label}>
        {label}
      </Text>
    </Pressable>
  );
}

type IconButtonProps = {
  icon: LucideIcon;
  label: string;
  onPress: () => void;
  hint?: string;
  color?: Color;
};

/** A button that is a sign; its words are for screen readers. */
export function IconButton({ icon: Icon, label, onPress, hint, color = 'ink' }: IconButtonProps) {
  const colors = useColors();
  return (
    <Pressable
      role="button"
      aria-label={label}
      accessibilityHint={hint}
      onPress={onPress}
      style={({ pressed }) => [styles.icon, pressed && { backgroundColor: colors.sunken }]}
    >
      <Icon size={22} color={colors[color]} aria-hidden />
    </Pressable>
  );
}

const styles = StyleSheet.create({
  button: {
    minHeight: touch + 4,
    minWidth: touch,
    paddingHorizontal: space.l + 2,
    paddingVertical: space.m,
    borderRadius: radius.m,
    borderWidth: 1,
    flexDirection: 'row',
    alignItems: 'center',
    justifyContent: 'center',
    gap: space.s,
  },
  grows: { flexGrow: 1 },
  label: { flexShrink: 1, textAlign: 'center' },
  pressed: { opacity: 0.8 },
  off: { opacity: 0.45 },
  icon: {
    width: touch,
    height: touch,
    borderRadius: radius.round,
    alignItems: 'center',
    justifyContent: 'center',
  },
});
