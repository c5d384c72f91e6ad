import { CloudOff, Mic, RefreshCw } from '@/components/icons';
import { RefreshControl, SectionList, StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { sentenceOf } from '@/api';
import type { Entry, useOutbox } from '@/outbox';
import { strings } from '@/strings';
import { stateOf, type Task, type useTasks } from '@/tasks';
import { column, space, useColors } from '@/theme';

import { Button, IconButton, Notice, Skeleton, Text } from '../kit';
import { Mark } from '../Mark';
import { OutboxRow } from './OutboxRow';
import { TaskRow } from './TaskRow';

type Props = {
  list: ReturnType<typeof useTasks>;
  outbox: Pick<ReturnType<typeof useOutbox>, 'entries' | 'retry' | 'discard'>;
  /** The task whose details are shown beside the list. */
  selected: string | null;
  onOpen: (jobId: string) => void;
  onSpeak: () => void;
  /** Something to say above everything, as after a push for another account. */
  notice?: string | null;
};

type Row = { key: string; entry: Entry } | { key: string; task: Task };

/** Everything that was said, newest first; what needs an answer stands on top. */
export function TaskList({ list, outbox, selected, onOpen, onSpeak, notice }: Props) {
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const { tasks } = list;
  const known = new Set(tasks.map(({ job_id }) => job_id));
  const entries = outbox.entries.filter(({ jobId }) => !jobId || !known.has(jobId));
  const asking = tasks.filter((task) => stateOf(task) === 'needs_you');
  const others = tasks.filter((task) => stateOf(task) !== 'needs_you');
  const sections: { title: string; data: Row[] }[] = [
    { title: strings.list.toSend, data: entries.map((entry) => ({ key: entry.id, entry })) },
    { title: strings.list.needsYou, data: asking.map(rowOf) },
    { title: strings.list.all, data: others.map(rowOf) },
  ].filter(({ data }) => data.length > 0);
  const problem = list.problem && !list.isStale ? sentenceOf(list.problem) : null;

  return (
    <SectionList
      style={{ backgroundColor: colors.canvas }}
      contentContainerStyle={[styles.page, { paddingTop: insets.top + space.l }]}
      sections={sections}
      stickySectionHeadersEnabled={false}
      refreshControl={
        <RefreshControl
          refreshing={list.isRefreshing}
          onRefresh={() => void list.refresh()}
          tintColor={colors.accent}
        />
      }
      ListHeaderComponent={
        <View style={styles.header}>
          <View style={styles.head}>
            <Text variant="display" heading={1} style={styles.grows}>
              {strings.list.title}
            </Text>
            <IconButton
              icon={RefreshCw}
              label={strings.list.refresh}
              color="muted"
              onPress={() => void list.refresh()}
            />
          </View>
          {notice ? <Notice title={notice} /> : null}
          {list.isStale ? <Notice icon={CloudOff} title={strings.list.offline} /> : null}
          {problem ? (
            <Notice tone="bad" title={problem.title} text={problem.whatToDo}>
              <Button
                label={strings.common.retry}
                kind="secondary"
                onPress={() => void list.refresh()}
              />
            </Notice>
          ) : null}
        </View>
      }
      renderSectionHeader={({ section }) => (
        <Text variant="label" color="muted" heading={2} style={styles.section}>
          {section.title}
        </Text>
      )}
      renderItem={({ item }) =>
        'task' in item ? (
          <TaskRow task={item.task} isSelected={item.key === selected} onOpen={onOpen} />
        ) : (
          <OutboxRow
            entry={item.entry}
            onRetry={() => void outbox.retry(item.key)}
            onDiscard={() => void outbox.discard(item.key)}
          />
        )
      }
      ItemSeparatorComponent={Gap}
      ListEmptyComponent={
        list.isLoading ? (
          <Skeleton rows={4} />
        ) : list.problem ? null : (
          <View style={styles.empty}>
            <Mark size={56} />
            <Text variant="title" heading={2} style={styles.centered}>
              {strings.list.empty}
            </Text>
            <Text color="muted" style={styles.centered}>
              {strings.list.emptyWhatToDo}
            </Text>
            <View style={styles.below}>
              <Button label={strings.list.emptyAction} icon={Mic} onPress={onSpeak} />
            </View>
          </View>
        )
      }
      ListFooterComponent={
        list.hasMore && tasks.length > 0 ? (
          <View style={styles.more}>
            <Button
              label={strings.list.more}
              kind="secondary"
              onPress={() => void list.loadMore()}
            />
          </View>
        ) : null
      }
    />
  );
}

function Gap() {
  return <View style={styles.gap} />;
}

function rowOf(task: Task): Row {
  return { key: task.job_id, task };
}

const styles = StyleSheet.create({
  page: {
    width: '100%',
    maxWidth: column,
    alignSelf: 'center',
    paddingHorizontal: space.l,
    paddingBottom: space.huge,
    flexGrow: 1,
  },
  header: { gap: space.m },
  head: { flexDirection: 'row', alignItems: 'center', paddingLeft: space.s },
  grows: { flex: 1 },
  section: { paddingTop: space.xl, paddingBottom: space.s, paddingLeft: space.s },
  gap: { height: space.m },
  empty: {
    flexGrow: 1,
    alignItems: 'center',
    justifyContent: 'center',
    gap: space.m,
    padding: space.xl,
  },
  below: { paddingTop: space.m },
  centered: { textAlign: 'center' },
  more: { paddingTop: space.xl, alignItems: 'center' },
});
