import { ArrowLeft } from '@/components/icons';
import type { ReactElement, ReactNode } from 'react';
import { type RefreshControlProps, ScrollView, StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { strings } from '@/strings';
import { column, space, useColors } from '@/theme';

import { IconButton } from './Button';
import { Text } from './Text';

type Props = {
  title: string;
  onBack?: (() => void) | undefined;
  /** Beside the title. */
  aside?: ReactNode;
  children: ReactNode;
  /** Stays in sight below what scrolls. */
  footer?: ReactNode;
  refreshControl?: ReactElement<RefreshControlProps>;
};

/** A page that scrolls, under its title. */
export function Screen({ title, onBack, aside, children, footer, refreshControl }: Props) {
  const colors = useColors();
  const insets = useSafeAreaInsets();
  return (
    <View style={[styles.page, { backgroundColor: colors.canvas }]}>
      <ScrollView
        {...(refreshControl && { refreshControl })}
        keyboardShouldPersistTaps="handled"
        contentContainerStyle={[styles.content, { paddingTop: insets.top + space.l }]}
      >
        <View style={styles.head}>
          {onBack ? (
            <View style={styles.back}>
              <IconButton icon={ArrowLeft} label={strings.nav.back} onPress={onBack} />
            </View>
          ) : null}
          <Text variant={onBack ? 'title' : 'display'} heading={1} style={styles.title}>
            {title}
          </Text>
          {aside}
        </View>
        {children}
      </ScrollView>
      {footer ? (
        <View style={[styles.footer, { backgroundColor: colors.canvas, borderColor: colors.line }]}>
          <View style={styles.footed}>{footer}</View>
        </View>
      ) : null}
    </View>
  );
}

const styles = StyleSheet.create({
  page: { flex: 1 },
  content: {
    width: '100%',
    maxWidth: column,
    alignSelf: 'center',
    paddingHorizontal: space.xl,
    paddingBottom: space.huge,
    gap: space.xl,
  },
  head: { flexDirection: 'row', alignItems: 'center', gap: space.s, minHeight: 44 },
  back: { marginLeft: -space.m },
  title: { flex: 1 },
  footer: { borderTopWidth: 1, paddingVertical: space.m, paddingHorizontal: space.xl },
  footed: {
    flexDirection: 'row',
    flexWrap: 'wrap',
    gap: space.m,
    width: '100%',
    maxWidth: column - 2 * space.xl,
    alignSelf: 'center',
  },
});
