import { CloudOff, Keyboard, X } from '@/components/icons';
import { useEffect, useState } from 'react';
import { AccessibilityInfo, Platform, ScrollView, StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import type { Entry, useOutbox } from '@/outbox';
import type { usePush } from '@/push';
import type { Feel } from '@/recording/feel';
import { useKeyboard } from '@/recording/useKeyboard';
import { usePress } from '@/recording/usePress';
import {
  LONGEST,
  type Recorder,
  type RecordingControl,
  useRecording,
  WARNING,
} from '@/recording/useRecording';
import type { useRepos } from '@/repos';
import { strings } from '@/strings';
import type { Task } from '@/tasks';
import { column, space, useColors } from '@/theme';

import { Button, Notice, Text } from '../kit';
import { RequestSheet } from '../RequestSheet';
import { clock } from '../wording';
import { LiveRequest } from './LiveRequest';
import { MicButton } from './MicButton';
import { MicrophoneTrouble } from './MicrophoneTrouble';
import { RepositoryPicker } from './RepositoryPicker';

type Props = {
  recorder: Recorder;
  feel: Feel;
  isSecure: boolean;
  asksByItself: boolean;
  /** Whether this is what the person looks at: keys are for the page in front. */
  isInFront: boolean;
  outbox: ReturnType<typeof useOutbox>;
  /** The job that each accepted entry became. */
  accepted: Readonly<Record<string, string>>;
  tasks: Task[];
  repos: ReturnType<typeof useRepos>;
  push: Pick<ReturnType<typeof usePush>, 'state' | 'ask'>;
  onOpen: (jobId: string) => void;
  openSettings: () => void;
};

/** One button. Press to start, press to send; or hold, and let go. */
export function SpeakScreen(props: Props) {
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const { outbox, repos } = props;
  const [followed, setFollowed] = useState<string | null>(null);
  const [isTyping, setIsTyping] = useState(false);
  const [draft, setDraft] = useState('');

  const control = useRecording({
    ...props,
    say: async (recording) => setFollowed(await outbox.sayVoice(recording, repos.chosen)),
  });
  const { stage, level } = control;
  const press = usePress({ isIdle: () => stage.name === 'idle', ...control });
  useKeyboard(
    { press: press.press, release: press.release, escape: control.cancel },
    props.isInFront && !isTyping,
  );

  const sayText = async (text: string) => {
    setFollowed(await outbox.sayText(text, repos.chosen));
    setDraft('');
    setIsTyping(false);
  };
  const entry = outbox.entries.find(({ id }) => id === followed);
  const jobId = (followed && props.accepted[followed]) ?? entry?.jobId ?? undefined;
  const task = props.tasks.find((one) => one.job_id === jobId);
  const isActive = stage.name === 'recording' || stage.name === 'opening';

  return (
    <ScrollView
      style={{ backgroundColor: colors.canvas }}
      contentContainerStyle={[styles.page, { paddingTop: insets.top + space.l }]}
      scrollEnabled={!isActive}
    >
      <View style={styles.top}>
        <RepositoryPicker {...repos} />
        <Waiting entries={outbox.entries.filter(({ id }) => id !== followed)} />
      </View>
      <View style={styles.middle}>
        <Words control={control} isHeld={press.isHeld} />
        <MicButton stage={stage.name} elapsedMs={level.elapsedMs} peak={level.peak} press={press} />
        {isActive ? (
          <Button
            label={strings.common.cancel}
            spoken={strings.speak.cancel}
            kind="secondary"
            icon={X}
            onPress={control.cancel}
          />
        ) : (
          <Button
            label={strings.speak.typeInstead}
            kind="quiet"
            icon={Keyboard}
            onPress={() => setIsTyping(true)}
          />
        )}
      </View>
      <View style={styles.bottom}>
        <MicrophoneTrouble control={control} openSettings={props.openSettings} />
        {followed && !isActive ? (
          <LiveRequest entry={entry} jobId={jobId} task={task} onOpen={props.onOpen} />
        ) : null}
        {jobId && !isActive && props.push.state === 'not_asked' ? (
          <Notice title={strings.settings.ask} text={strings.settings.askText}>
            <Button
              label={strings.settings.ask}
              kind="secondary"
              onPress={() => void props.push.ask()}
            />
          </Notice>
        ) : null}
      </View>
      <RequestSheet
        title={strings.typed.title}
        {...(Platform.OS === 'web' && { hint: strings.typed.shortcut })}
        send={strings.common.send}
        isOpen={isTyping}
        text={draft}
        setText={setDraft}
        onSend={sayText}
        onClose={() => setIsTyping(false)}
      />
    </ScrollView>
  );
}

/** Above the button: what to do, or how long it has been going on. */
type WordsProps = { control: RecordingControl; isHeld: boolean };

function Words({ control: { stage, level }, isHeld }: WordsProps) {
  const isEnding = stage.name === 'recording' && LONGEST - level.elapsedMs <= WARNING;
  useEffect(() => {
    // Once: a screen reader that counts down would talk over what is being said.
    if (isEnding) AccessibilityInfo.announceForAccessibility(strings.speak.endsIn(WARNING / 1000));
  }, [isEnding]);
  if (stage.name === 'recording') {
    const leftMs = LONGEST - level.elapsedMs;
    const seconds = Math.floor(level.elapsedMs / 1000);
    return (
      <View style={styles.words}>
        <Text variant="clock" role="timer" aria-label={strings.speak.elapsed(seconds)}>
          {clock(level.elapsedMs)}
        </Text>
        <Text color={isEnding ? 'warn' : 'muted'} style={styles.centered}>
          {isEnding
            ? strings.speak.endsIn(Math.max(0, Math.ceil(leftMs / 1000)))
            : isHeld
              ? strings.speak.releaseToSend
              : strings.speak.tapToSend}
        </Text>
      </View>
    );
  }
  const wasCancelled = stage.name === 'idle' && stage.wasCancelled;
  return (
    <View style={styles.words}>
      <Text variant="display" heading={1} style={styles.centered}>
        {strings.speak.title}
      </Text>
      <Text color="muted" aria-live="polite" style={styles.centered}>
        {stage.name === 'opening'
          ? strings.speak.preparing
          : wasCancelled
            ? strings.speak.cancelled
            : strings.speak.hint}
      </Text>
    </View>
  );
}

function Waiting({ entries }: { entries: Entry[] }) {
  const colors = useColors();
  const offline = entries.filter(({ state }) => state === 'waiting_for_network').length;
  const waiting = offline || entries.length;
  if (!waiting) return null;
  return (
    <View style={styles.waiting} role="status">
      <CloudOff size={16} color={colors.warn} aria-hidden />
      <Text variant="caption" color="warn">
        {offline ? strings.speak.waiting(offline) : strings.speak.toSend(waiting)}
      </Text>
    </View>
  );
}

const styles = StyleSheet.create({
  page: {
    flexGrow: 1,
    width: '100%',
    maxWidth: column,
    alignSelf: 'center',
    paddingHorizontal: space.xl,
    paddingBottom: space.xl,
    gap: space.xl,
  },
  top: { alignItems: 'center', gap: space.s },
  waiting: { flexDirection: 'row', alignItems: 'center', gap: 6 },
  middle: { flexGrow: 1, alignItems: 'center', justifyContent: 'center', gap: space.xl },
  words: { alignItems: 'center', gap: space.s, minHeight: 84 },
  centered: { textAlign: 'center' },
  bottom: { gap: space.m },
});
