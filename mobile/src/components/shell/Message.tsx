import { StyleSheet, View } from 'react-native';

import { space, useColors } from '@/theme';

import { Button, Text } from '../kit';

type Props = { title: string; text?: string; action?: { label: string; onPress: () => void } };

/** A page with nothing but a sentence and, if something can be done, a button. */
export function Message({ title, text, action }: Props) {
  const colors = useColors();
  return (
    <View style={[styles.page, { backgroundColor: colors.canvas }]}>
      <Text variant="title" heading={1} style={styles.centered}>
        {title}
      </Text>
      {text ? (
        <Text color="muted" style={styles.centered}>
          {text}
        </Text>
      ) : null}
      {action ? <Button label={action.label} onPress={action.onPress} /> : null}
    </View>
  );
}

const styles = StyleSheet.create({
  page: {
    flex: 1,
    alignItems: 'center',
    justifyContent: 'center',
    gap: space.l,
    padding: space.xl,
  },
  centered: { textAlign: 'center', maxWidth: 420 },
});
