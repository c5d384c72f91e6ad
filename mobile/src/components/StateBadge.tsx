import {
  Ban,
  CircleCheck,
  CircleMinus,
  CircleX,
  Clock,
  CloudUpload,
  Ear,
  FlaskConical,
  GitMerge,
  Hand,
  type LucideIcon,
  PencilLine,
  Send,
} from '@/components/icons';
import { StyleSheet, View } from 'react-native';

import { strings } from '@/strings';
import { radius, space, useColors } from '@/theme';
import type { TaskState } from '@/tasks';

import { Pulse, Text, type Tone, TONES } from './kit';

export const STATES: Record<TaskState, { icon: LucideIcon; tone: Tone; isLive: boolean }> = {
  to_send: { icon: CloudUpload, tone: 'plain', isLive: true },
  waiting: { icon: Clock, tone: 'plain', isLive: true },
  heard: { icon: Ear, tone: 'plain', isLive: true },
  working: { icon: PencilLine, tone: 'plain', isLive: true },
  testing: { icon: FlaskConical, tone: 'plain', isLive: true },
  delivering: { icon: GitMerge, tone: 'plain', isLive: true },
  merged: { icon: CircleCheck, tone: 'good', isLive: false },
  nothing_to_do: { icon: CircleMinus, tone: 'plain', isLive: false },
  needs_you: { icon: Hand, tone: 'warn', isLive: false },
  deciding: { icon: Send, tone: 'plain', isLive: true },
  failed: { icon: CircleX, tone: 'bad', isLive: false },
  cancelled: { icon: Ban, tone: 'plain', isLive: false },
  rejected: { icon: CircleX, tone: 'plain', isLive: false },
};

type Props = {
  state: TaskState;
  word?: string;
  /** On a ground of its own colour already. */
  isBare?: boolean;
};

/** A state as a sign and a word: its colour only repeats what they say. */
export function StateBadge({ state, word, isBare }: Props) {
  const colors = useColors();
  const { icon: Icon, tone, isLive } = STATES[state];
  const look = TONES[tone];
  const sign = <Icon size={15} color={colors[look.front]} aria-hidden />;
  return (
    <View style={[styles.badge, !isBare && [styles.pill, { backgroundColor: colors[look.back] }]]}>
      {isLive ? <Pulse>{sign}</Pulse> : sign}
      <Text variant="caption" color={look.front} style={styles.word}>
        {word ?? strings.states[state]}
      </Text>
    </View>
  );
}

const styles = StyleSheet.create({
  badge: {
    flexDirection: 'row',
    alignItems: 'center',
    alignSelf: 'flex-start',
    gap: 6,
    maxWidth: '100%',
  },
  pill: { paddingVertical: 4, paddingHorizontal: 10, borderRadius: radius.round },
  word: { fontWeight: '600', flexShrink: 1, marginRight: space.xs / 2 },
});
