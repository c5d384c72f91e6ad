import { Pencil } from '@/components/icons';

import { StyleSheet, View } from 'react-native';

import { strings } from '@/strings';
import type { Task } from '@/tasks';

import { space } from '@/theme';

import { Button, Card, Notice, Text } from '../kit';

/** Below it, the server asks a person before it merges what it heard. */
const CONFIDENT = 0.6;

/** What was heard, and the way to say that it was something else. */
export function Heard({ task, onCorrect }: { task: Task; onCorrect: () => void }) {
  if (!task.transcript) return null;
  const isUnclear = (task.confidence ?? 1) < CONFIDENT;
  return (
    <Card title={strings.details.heard}>
      <Text variant="heading" selectable>{`“${task.transcript}”`}</Text>
      {isUnclear ? <Notice tone="warn" title={strings.details.unclear} /> : null}
      {task.undoes ? (
        <Text variant="small" color="muted">
          {strings.details.undoes}
        </Text>
      ) : (
        <View style={styles.correct}>
          <Button
            label={strings.details.heardWrong}
            kind="quiet"
            icon={Pencil}
            onPress={onCorrect}
          />
        </View>
      )}
    </Card>
  );
}

const styles = StyleSheet.create({
  // Its words stand in line with those above.
  correct: { alignSelf: 'flex-start', marginLeft: -space.l - 2, marginVertical: -space.s },
});
