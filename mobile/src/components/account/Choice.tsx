import { StyleSheet, Switch, View } from 'react-native';

import { space, useColors } from '@/theme';

import { Text } from '../kit';

type Props = {
  name: string;
  text: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
};

/** Something that is on or off. */
export function Choice({ name, text, isOn, onChange }: Props) {
  const colors = useColors();
  return (
    <View style={styles.choice}>
      <View style={styles.grows}>
        <Text variant="strong">{name}</Text>
        <Text variant="small" color="muted">
          {text}
        </Text>
      </View>
      <Switch
        aria-label={name}
        accessibilityHint={text}
        value={isOn}
        onValueChange={onChange}
        trackColor={{ true: colors.accent, false: colors.outline }}
        thumbColor={colors.surface}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  choice: { flexDirection: 'row', alignItems: 'center', gap: space.l, minHeight: 48 },
  grows: { flex: 1 },
});
