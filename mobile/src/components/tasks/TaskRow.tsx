import { Pressable, StyleSheet, View } from 'react-native';

import { strings } from '@/strings';
import { stateOf, type Task } from '@/tasks';
import { radius, space, useColors } from '@/theme';

import { RelativeTime, Text } from '../kit';
import { StateBadge } from '../StateBadge';
import { count, projectOf, sentenceOfTask, shortened } from '../wording';

type Props = { task: Task; isSelected: boolean; onOpen: (jobId: string) => void };

/** One task in the list: what was said, where, and what became of it. */
export function TaskRow({ task, isSelected, onOpen }: Props) {
  const colors = useColors();
  const state = stateOf(task);
  const said = shortened(task.transcript ?? strings.list.untitled, 160);
  const project = task.repo ? projectOf(task.repo) : null;
  const size = state === 'merged' && task.loc_delta !== null ? sizeOf(task) : null;
  const why = state === 'needs_you' || state === 'failed' ? sentenceOfTask(task, state) : null;
  return (
    <Pressable
      role="link"
      aria-current={isSelected ? 'page' : undefined}
      accessibilityHint={strings.live.details}
      onPress={() => onOpen(task.job_id)}
      style={({ pressed }) => [
        styles.row,
        { backgroundColor: colors.surface, borderColor: isSelected ? colors.accent : colors.line },
        pressed && { backgroundColor: colors.sunken },
      ]}
    >
      <View style={styles.head}>
        <StateBadge state={state} />
        <RelativeTime moment={task.created_at} />
      </View>
      <Text variant="strong">{said}</Text>
      {why ? <Text variant="small">{shortened(why, 140)}</Text> : null}
      <Text variant="caption" color="muted">
        {[project, size].filter(Boolean).join(' · ')}
      </Text>
    </Pressable>
  );
}

function sizeOf(task: Task): string {
  return strings.list.size(count(task.loc_delta ?? 0), task.files_touched?.length ?? 0);
}

const styles = StyleSheet.create({
  row: { borderRadius: radius.m, borderWidth: 1, padding: space.l, gap: space.s },
  head: {
    flexDirection: 'row',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: space.s,
  },
});
