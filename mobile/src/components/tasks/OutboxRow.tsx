import { RotateCw, Trash } from '@/components/icons';
import { useState } from 'react';
import { StyleSheet, View } from 'react-native';

import { sentenceOf } from '@/api';
import type { Entry } from '@/outbox';
import { strings } from '@/strings';
import { radius, space, useColors } from '@/theme';

import { Button, RelativeTime, Sheet, Text } from '../kit';
import { StateBadge } from '../StateBadge';
import { projectOf, shortened } from '../wording';

type Props = { entry: Entry; onRetry: () => void; onDiscard: () => void };

/** Something said that is not accepted yet. */
export function OutboxRow({ entry, onRetry, onDiscard }: Props) {
  const colors = useColors();
  const [isAsked, setIsAsked] = useState(false);
  const problem = entry.problem ? sentenceOf(entry.problem) : null;
  const isOnItsWay = entry.state === 'sending';
  const said = entry.text
    ? shortened(entry.text, 160)
    : strings.live.voice(Math.round((entry.durationMs ?? 0) / 1000));
  return (
    <View style={[styles.row, { backgroundColor: colors.surface, borderColor: colors.line }]}>
      <View style={styles.head}>
        <StateBadge
          state={entry.state === 'refused' ? 'failed' : 'to_send'}
          word={strings.outbox[entry.state]}
        />
        <RelativeTime moment={entry.createdAt} />
      </View>
      <Text variant="strong">{said}</Text>
      {problem ? (
        <Text variant="small">{`${problem.title}. ${problem.whatToDo}`}</Text>
      ) : isOnItsWay ? null : (
        <Text variant="small" color="muted">
          {strings.outbox.kept}
        </Text>
      )}
      {entry.repo ? (
        <Text variant="caption" color="muted">
          {projectOf(entry.repo)}
        </Text>
      ) : null}
      {isOnItsWay ? null : (
        <View style={styles.actions}>
          <Button label={strings.common.retry} kind="secondary" icon={RotateCw} onPress={onRetry} />
          <Button
            label={strings.common.discard}
            spoken={`${strings.outbox.discard}: ${said}`}
            kind="quiet"
            icon={Trash}
            onPress={() => setIsAsked(true)}
          />
        </View>
      )}
      <Sheet
        title={strings.outbox.discardTitle}
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        actions={
          <>
            <Button label={strings.outbox.discardYes} kind="danger" onPress={onDiscard} grows />
            <Button
              label={strings.decide.keep}
              kind="secondary"
              onPress={() => setIsAsked(false)}
              grows
            />
          </>
        }
      >
        <Text>{strings.outbox.discardText}</Text>
      </Sheet>
    </View>
  );
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
  actions: { flexDirection: 'row', flexWrap: 'wrap', gap: space.s, marginTop: space.xs },
});
