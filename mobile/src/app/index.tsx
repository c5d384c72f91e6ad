import * as AudioRecorder from 'audio-recorder';
import { useIsFocused, useRouter } from 'expo-router';
import { useState } from 'react';
import { Linking, Platform } from 'react-native';

import { SpeakScreen } from '@/components/speak/SpeakScreen';
import { useAccepted, useOutbox } from '@/outbox';
import { usePush } from '@/push';
import { haptics } from '@/recording/feel';
import { useRepos } from '@/repos';
import { useTasks } from '@/tasks';

const isPage = Platform.OS === 'web';

/** `/`: the one button. */
export default function Speak() {
  const router = useRouter();
  const [accepted, setAccepted] = useState<Readonly<Record<string, string>>>({});
  useAccepted((entry, jobId) => setAccepted((before) => ({ ...before, [entry.id]: jobId })));
  return (
    <SpeakScreen
      recorder={AudioRecorder}
      feel={haptics}
      isSecure={!isPage || window.isSecureContext}
      asksByItself={isPage}
      isInFront={useIsFocused()}
      outbox={useOutbox()}
      accepted={accepted}
      tasks={useTasks().tasks}
      repos={useRepos()}
      push={usePush()}
      onOpen={(jobId) => router.navigate({ pathname: '/tasks/[jobId]', params: { jobId } })}
      openSettings={() => void Linking.openSettings()}
    />
  );
}
