import { MicOff } from '@/components/icons';
import { Platform } from 'react-native';

import type { RecordingControl } from '@/recording/useRecording';
import { strings } from '@/strings';

import { Button, Notice } from '../kit';

type Props = { control: RecordingControl; openSettings: () => void };

/** Why the button did not do what was wanted, and what to do. */
export function MicrophoneTrouble({ control, openSettings }: Props) {
  const { stage } = control;
  if (stage.name === 'kept') {
    return (
      <Notice tone="warn" {...strings.microphone[stage.trouble]} text={adviceOn(stage.trouble)}>
        <Button label={strings.common.send} onPress={control.sendKept} />
        <Button label={strings.common.discard} kind="secondary" onPress={control.discardKept} />
      </Notice>
    );
  }
  if (stage.name !== 'idle' || !stage.trouble) return null;
  const isBlocked = stage.trouble === 'permission_blocked';
  // A page can't open the settings of its browser.
  const isPage = Platform.OS === 'web';
  const trouble = isBlocked && isPage ? 'blocked_in_browser' : stage.trouble;
  return (
    <Notice
      tone={trouble === 'too_short' ? 'plain' : 'warn'}
      icon={MicOff}
      title={strings.microphone[trouble].title}
      text={adviceOn(trouble)}
    >
      {isBlocked && !isPage ? (
        <Button label={strings.common.openSettings} kind="secondary" onPress={openSettings} />
      ) : null}
    </Notice>
  );
}

function adviceOn(trouble: keyof typeof strings.microphone): string {
  return strings.microphone[trouble].whatToDo;
}
