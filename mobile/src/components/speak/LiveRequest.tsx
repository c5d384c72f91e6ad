import { ChevronRight } from '@/components/icons';
import { useEffect, useState } from 'react';
import { Animated, Pressable, StyleSheet, View } from 'react-native';

import { sentenceOf } from '@/api';
import type { Entry } from '@/outbox';
import { strings } from '@/strings';
import { stateOf, type Task, type TaskState } from '@/tasks';
import { hasDriver, radius, space, useColors, useReducedMotion } from '@/theme';

import { Text } from '../kit';
import { StateBadge } from '../StateBadge';
import { projectOf, sentenceOfTask, shortened } from '../wording';

type Props = {
  /** As long as it is not accepted. */
  entry: Entry | undefined;
  /** Once it is accepted. */
  jobId: string | undefined;
  /** Once the list knows it. */
  task: Task | undefined;
  onOpen: (jobId: string) => void;
};

/** What was just said, from "on its way" to what became of it, always in the same place. */
export function LiveRequest({ entry, jobId, task, onOpen }: Props) {
  const colors = useColors();
  const { state, word, words, note } = shown(entry, jobId, task);
  const card = (
    <View style={[styles.card, { backgroundColor: colors.surface, borderColor: colors.line }]}>
      <View style={styles.grows}>
        <MovesOn key={word ?? state}>
          <StateBadge state={state} {...(word && { word })} />
        </MovesOn>
        {words ? <Text variant="strong">{words}</Text> : null}
        {note ? (
          <Text variant="small" color="muted">
            {note}
          </Text>
        ) : null}
      </View>
      {jobId ? <ChevronRight size={22} color={colors.muted} aria-hidden /> : null}
    </View>
  );
  return (
    <View aria-live="polite">
      {jobId ? (
        <Pressable
          role="link"
          accessibilityHint={strings.live.details}
          onPress={() => onOpen(jobId)}
          style={({ pressed }) => pressed && styles.pressed}
        >
          {card}
        </Pressable>
      ) : (
        card
      )}
    </View>
  );
}

type Shown = { state: TaskState; word?: string; words: string | null; note: string | null };

function shown(entry: Props['entry'], jobId: Props['jobId'], task: Props['task']): Shown {
  const words = task?.transcript ?? entry?.text ?? null;
  const said = words && `“${shortened(words, 140)}”`;
  const state = task && stateOf(task);
  if (task && state && state !== 'waiting') {
    const where = task.repo ? projectOf(task.repo) : null;
    return { state, words: said, note: sentenceOfTask(task, state) ?? where };
  }
  if (task || jobId || !entry) {
    return {
      state: 'heard',
      word: strings.live.accepted,
      words: said,
      note: said ? null : strings.live.listening,
    };
  }
  const problem = entry.problem ? sentenceOf(entry.problem) : null;
  return {
    state: entry.state === 'refused' ? 'failed' : 'to_send',
    word: strings.outbox[entry.state],
    words: said,
    note:
      entry.state === 'sending'
        ? null
        : problem
          ? `${problem.title}. ${problem.whatToDo}`
          : strings.outbox.kept,
  };
}

/** A state that follows another comes in from below. */
function MovesOn({ children }: { children: React.ReactNode }) {
  const isStill = useReducedMotion();
  const [way] = useState(() => new Animated.Value(0));
  useEffect(() => {
    if (isStill) way.setValue(1);
    else Animated.spring(way, { toValue: 1, useNativeDriver: hasDriver, friction: 9 }).start();
  }, [isStill, way]);
  const translateY = way.interpolate({ inputRange: [0, 1], outputRange: [10, 0] });
  return (
    <Animated.View style={{ opacity: way, transform: [{ translateY }] }}>{children}</Animated.View>
  );
}

const styles = StyleSheet.create({
  card: {
    flexDirection: 'row',
    alignItems: 'center',
    gap: space.m,
    padding: space.l,
    borderRadius: radius.m,
    borderWidth: 1,
  },
  grows: { flex: 1, gap: space.s },
  pressed: { opacity: 0.8 },
});
