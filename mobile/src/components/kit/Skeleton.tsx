import { useEffect, useState } from 'react';
import { Animated, StyleSheet, View } from 'react-native';

import { strings } from '@/strings';
import { radius, space, useColors, useReducedMotion } from '@/theme';

/** The shape of rows that are being fetched. */
export function Skeleton({ rows }: { rows: number }) {
  const colors = useColors();
  const isStill = useReducedMotion();
  const [pulse] = useState(() => new Animated.Value(1));
  useEffect(() => {
    if (isStill) return;
    const to = (toValue: number) =>
      Animated.timing(pulse, { toValue, duration: 700, useNativeDriver: true });
    const beat = Animated.loop(Animated.sequence([to(0.5), to(1)]));
    beat.start();
    return () => beat.stop();
  }, [isStill, pulse]);
  return (
    <View role="progressbar" aria-label={strings.common.loading} aria-busy style={styles.rows}>
      {Array.from({ length: rows }, (_, row) => (
        <Animated.View
          key={row}
          style={[styles.row, { backgroundColor: colors.sunken, opacity: pulse }]}
        />
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  rows: { gap: space.m },
  row: { height: 92, borderRadius: radius.m },
});
