import { StyleSheet, View } from 'react-native';

import { strings } from '@/strings';
import type { TaskDetails } from '@/tasks';
import { radius, space, useColors } from '@/theme';

import { Card, Pulse, Text } from '../kit';
import { duration } from '../wording';

/** Each step with the seconds since the task began. */
export function Timeline({ steps, isLive }: { steps: TaskDetails['timeline']; isLive: boolean }) {
  const colors = useColors();
  return (
    <Card title={strings.details.steps}>
      <View role="list">
        {steps.map((step, at) => {
          const isLast = at === steps.length - 1;
          return (
            <View key={`${step.type} ${step.time} ${at}`} role="listitem" style={styles.step}>
              <View style={styles.rail}>
                {isLast && isLive ? (
                  <Pulse style={[styles.dot, { backgroundColor: colors.accent }]} />
                ) : (
                  <View style={[styles.dot, { backgroundColor: colors.outline }]} />
                )}
                {isLast ? null : <View style={[styles.line, { backgroundColor: colors.line }]} />}
              </View>
              <Text variant="small" style={styles.text}>
                {step.text}
              </Text>
              <Text variant="small" color="muted" style={styles.time}>
                {duration(step.elapsed_ms)}
              </Text>
            </View>
          );
        })}
      </View>
    </Card>
  );
}

const styles = StyleSheet.create({
  step: { flexDirection: 'row', gap: space.m },
  rail: { width: 10, alignItems: 'center', paddingTop: 6 },
  dot: { width: 10, height: 10, borderRadius: radius.round },
  line: { flexGrow: 1, width: 2, marginBottom: -6 },
  text: { flex: 1, paddingBottom: space.m },
  time: { fontVariant: ['tabular-nums'] },
});
