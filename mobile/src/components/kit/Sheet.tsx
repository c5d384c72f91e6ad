import { X } from '@/components/icons';
import type { ReactNode } from 'react';
import { KeyboardAvoidingView, Modal, Pressable, ScrollView, StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { strings } from '@/strings';
import { radius, space, useColors, useIsWide, useReducedMotion } from '@/theme';

import { IconButton } from './Button';
import { Text } from './Text';

type Props = {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Stays in sight below what scrolls. */
  actions?: ReactNode;
};

/** A question in front of everything: from below on a phone, in the middle where there is room. */
export function Sheet({ title, isOpen, onClose, children, actions }: Props) {
  const colors = useColors();
  const isWide = useIsWide();
  const insets = useSafeAreaInsets();
  const isStill = useReducedMotion();
  return (
    <Modal
      visible={isOpen}
      transparent
      onRequestClose={onClose}
      animationType={isStill ? 'none' : isWide ? 'fade' : 'slide'}
    >
      <KeyboardAvoidingView
        behavior="padding"
        style={[styles.scrim, isWide && styles.middle, { backgroundColor: colors.scrim }]}
      >
        <Pressable
          style={StyleSheet.absoluteFill}
          onPress={onClose}
          accessible={false}
          aria-hidden
          tabIndex={-1}
        />
        <View
          role="dialog"
          aria-modal
          aria-label={title}
          accessibilityViewIsModal
          style={[
            styles.sheet,
            isWide && styles.dialog,
            {
              backgroundColor: colors.surface,
              paddingBottom: space.xl + (isWide ? 0 : insets.bottom),
            },
          ]}
        >
          <View style={styles.head}>
            <Text variant="title" heading={2} style={styles.title}>
              {title}
            </Text>
            <IconButton icon={X} label={strings.common.close} onPress={onClose} color="muted" />
          </View>
          <ScrollView
            style={styles.scroll}
            contentContainerStyle={styles.body}
            keyboardShouldPersistTaps="handled"
          >
            {children}
          </ScrollView>
          {actions ? <View style={styles.actions}>{actions}</View> : null}
        </View>
      </KeyboardAvoidingView>
    </Modal>
  );
}

const styles = StyleSheet.create({
  scrim: { flex: 1, justifyContent: 'flex-end' },
  middle: { justifyContent: 'center', alignItems: 'center', padding: space.xl },
  sheet: {
    maxHeight: '88%',
    borderTopLeftRadius: radius.l,
    borderTopRightRadius: radius.l,
    paddingTop: space.l,
    paddingHorizontal: space.xl,
  },
  dialog: { width: '100%', maxWidth: 480, borderRadius: radius.l },
  head: { flexDirection: 'row', alignItems: 'flex-start', gap: space.s },
  title: { flex: 1, paddingTop: 6 },
  // Wider than what it holds: a ring around a field is not cut off.
  scroll: { flexGrow: 0, marginHorizontal: -space.l },
  body: { gap: space.l, paddingVertical: space.s, paddingHorizontal: space.l },
  actions: { flexDirection: 'row', flexWrap: 'wrap', gap: space.m, paddingTop: space.xl },
});
