import type { ReactNode } from 'react';
import { StyleSheet, View } from 'react-native';

import { radius, space, useColors } from '@/theme';

import { Text } from './Text';

/** Things that belong together, under a heading. */
export function Card({ title, children }: { title?: string; children: ReactNode }) {
  const colors = useColors();
  return (
    <View style={styles.section}>
      {title ? (
        <Text variant="label" color="muted" heading={2}>
          {title}
        </Text>
      ) : null}
      <View style={[styles.card, { backgroundColor: colors.surface, borderColor: colors.line }]}>
        {children}
      </View>
    </View>
  );
}

/** A name and what it is. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <View style={styles.fact}>
      <Text variant="small" color="muted">
        {name}
      </Text>
      <View style={styles.value}>{children}</View>
    </View>
  );
}

const styles = StyleSheet.create({
  section: { gap: space.s },
  card: { borderRadius: radius.m, borderWidth: 1, padding: space.l, gap: space.m },
  fact: { flexDirection: 'row', flexWrap: 'wrap', justifyContent: 'space-between', gap: space.s },
  value: { flexShrink: 1, alignItems: 'flex-end' },
});
