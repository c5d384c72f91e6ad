import { StyleSheet, TextInput, type TextInputProps, View } from 'react-native';

import { radius, space, touch, type, useColors } from '@/theme';

import { Text } from './Text';

type Props = Omit<TextInputProps, 'style'> & { label: string; error?: string | null };

/** A labelled field; what is wrong with it stands below, and is said. */
export function Field({ label, error, ...props }: Props) {
  const colors = useColors();
  return (
    <View style={styles.field}>
      <Text variant="label" aria-hidden>
        {label}
      </Text>
      <TextInput
        aria-label={label}
        placeholderTextColor={colors.muted}
        {...props}
        style={[
          styles.input,
          type.body,
          props.multiline && styles.tall,
          {
            color: colors.ink,
            backgroundColor: colors.surface,
            borderColor: error ? colors.danger : colors.outline,
          },
        ]}
      />
      {error ? (
        <Text variant="small" color="danger" role="alert" aria-live="assertive">
          {error}
        </Text>
      ) : null}
    </View>
  );
}

const styles = StyleSheet.create({
  field: { gap: space.s },
  input: {
    minHeight: touch + 6,
    borderWidth: 1,
    borderRadius: radius.m,
    paddingHorizontal: space.l,
    paddingVertical: space.m,
  },
  tall: { minHeight: 132, textAlignVertical: 'top' },
});
