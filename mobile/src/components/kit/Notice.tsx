import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from '@/components/icons';
import type { ReactNode } from 'react';
import { StyleSheet, View } from 'react-native';

import { type Color, radius, space, useColors } from '@/theme';

import { Text } from './Text';

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export const TONES: Record<Tone, { front: Color; back: Color; icon: LucideIcon }> = {
  plain: { front: 'ink', back: 'sunken', icon: Info },
  good: { front: 'accent', back: 'accentSoft', icon: CircleCheck },
  warn: { front: 'warn', back: 'warnSoft', icon: TriangleAlert },
  bad: { front: 'danger', back: 'dangerSoft', icon: CircleAlert },
};

type Props = {
  title: string;
  text?: string | undefined;
  tone?: Tone;
  icon?: LucideIcon;
  /** What can be done about it. */
  children?: ReactNode;
};

/** Something to know, with what to do about it; a screen reader says it when it appears. */
export function Notice({ title, text, tone = 'plain', icon, children }: Props) {
  const colors = useColors();
  const look = TONES[tone];
  const Icon = icon ?? look.icon;
  return (
    <View
      role={tone === 'bad' ? 'alert' : 'status'}
      aria-live={tone === 'bad' ? 'assertive' : 'polite'}
      style={[styles.notice, { backgroundColor: colors[look.back] }]}
    >
      <View style={styles.icon}>
        <Icon size={20} color={colors[look.front]} aria-hidden />
      </View>
      <View style={styles.words}>
        <Text variant="label" color={look.front}>
          {title}
        </Text>
        {text ? <Text variant="small">{text}</Text> : null}
        {children ? <View style={styles.actions}>{children}</View> : null}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  notice: { flexDirection: 'row', gap: space.m, padding: space.l, borderRadius: radius.m },
  icon: { paddingTop: 1 },
  words: { flex: 1, gap: space.xs },
  actions: { flexDirection: 'row', flexWrap: 'wrap', gap: space.s, marginTop: space.s },
});
