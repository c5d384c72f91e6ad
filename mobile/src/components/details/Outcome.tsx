import { StyleSheet, View } from 'react-native';

import { strings } from '@/strings';
import type { Task, TaskState } from '@/tasks';
import { radius, space, useColors } from '@/theme';

import { RelativeTime, Text, TONES } from '../kit';
import { StateBadge, STATES } from '../StateBadge';
import { projectOf, sentenceOfTask } from '../wording';

/** Where the task stands, in one look: the state, the reason in words, the place. */
export function Outcome({ task, state }: { task: Task; state: TaskState }) {
  const colors = useColors();
  const { tone } = STATES[state];
  const where = task.repo && [projectOf(task.repo), task.branch].filter(Boolean).join(' · ');
  return (
    <View
      aria-live="polite"
      style={[
        styles.outcome,
        { backgroundColor: colors[tone === 'plain' ? 'surface' : TONES[tone].back] },
        { borderColor: tone === 'plain' ? colors.line : 'transparent' },
      ]}
    >
      <View style={styles.head}>
        <StateBadge state={state} isBare={tone !== 'plain'} />
        <RelativeTime moment={task.updated_at} />
      </View>
      <Text variant="title" heading={2}>
        {sentenceOfTask(task, state) ?? strings.states[state]}
      </Text>
      {task.subject && state === 'needs_you' ? <Text>{task.subject}</Text> : null}
      {where ? (
        <Text variant="small" color="muted">
          {where}
        </Text>
      ) : null}
    </View>
  );
}

const styles = StyleSheet.create({
  outcome: { borderRadius: radius.l, borderWidth: 1, padding: space.xl - 4, gap: space.m },
  head: {
    flexDirection: 'row',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: space.s,
  },
});
