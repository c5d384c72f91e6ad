import type { ReactNode } from 'react';
import { StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { useColors, useIsWide } from '@/theme';

import { Navigation } from './Navigation';

type Props = {
  needsYou: number;
  /** Stands beside the page where there is room; null where the page needs it all. */
  list: ReactNode;
  children: ReactNode;
};

/** Phone: a page above the navigation. Wide: navigation, list and page side by side. */
export function Shell({ needsYou, list, children }: Props) {
  const colors = useColors();
  const isWide = useIsWide();
  const insets = useSafeAreaInsets();
  return (
    <View
      style={[
        styles.shell,
        isWide && styles.wide,
        { backgroundColor: colors.canvas, paddingRight: insets.right },
        !isWide && { paddingLeft: insets.left },
      ]}
    >
      {isWide ? <Navigation needsYou={needsYou} /> : null}
      {isWide && list ? (
        <View style={[styles.list, { borderColor: colors.line }]}>{list}</View>
      ) : null}
      <View role="main" style={styles.page}>
        {children}
      </View>
      {isWide ? null : <Navigation needsYou={needsYou} />}
    </View>
  );
}

const styles = StyleSheet.create({
  shell: { flex: 1 },
  wide: { flexDirection: 'row' },
  list: { width: 356, borderRightWidth: 1 },
  page: { flex: 1 },
});
