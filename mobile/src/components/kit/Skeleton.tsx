import { StyleSheet, View } from 'react-native';

import { strings } from '@/strings';
import { radius, space, useColors } from '@/theme';

import { Pulse } from './Pulse';

/** The shape of rows that are being fetched. */
export function Skeleton({ rows }: { rows: number }) {
  const colors = useColors();
  return (
    <View role="progressbar" aria-label={strings.common.loading} aria-busy style={styles.rows}>
      {Array.from({ length: rows }, (_, row) => (
        <Pulse key={row} style={[styles.row, { backgroundColor: colors.sunken }]} />
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  rows: { gap: space.m },
  row: { height: 92, borderRadius: radius.m },
});
