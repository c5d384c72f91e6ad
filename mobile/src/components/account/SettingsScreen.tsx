import { LogOut } from '@/components/icons';
import { useState } from 'react';
import { StyleSheet, View } from 'react-native';

import type { usePush } from '@/push';
import type { useRepos } from '@/repos';
import type { Account } from '@/session';
import { strings } from '@/strings';
import { useColors } from '@/theme';

import { Button, Card, Notice, Screen, Text } from '../kit';
import { RepositoryPicker } from '../speak/RepositoryPicker';
import { Choice } from './Choice';
import { QuietHoursSetting } from './QuietHours';

type Props = {
  account: Account;
  push: ReturnType<typeof usePush>;
  repos: ReturnType<typeof useRepos>;
  version: string;
  timeZone: string;
  onSignOut: () => Promise<void>;
  openSettings: () => void;
};

/** Who is signed in, what may make a sound, and where requests go. */
export function SettingsScreen(props: Props) {
  const { settings } = strings;
  return (
    <Screen title={settings.title}>
      <Card title={settings.repository}>
        <View style={styles.start}>
          <RepositoryPicker {...props.repos} />
        </View>
      </Card>
      <Card title={settings.notifications}>
        <Notifications {...props} />
      </Card>
      <Card title={settings.account}>
        <View>
          <Text variant="small" color="muted">
            {settings.signedInAs}
          </Text>
          <Text variant="strong">{props.account.email}</Text>
        </View>
        <Text variant="small" color="muted">
          {settings.signOutText}
        </Text>
        <View style={styles.start}>
          <Button
            label={settings.signOut}
            kind="secondary"
            icon={LogOut}
            onPress={() => void props.onSignOut()}
          />
        </View>
      </Card>
      <Text variant="caption" color="muted" style={styles.version}>
        {`${strings.app} · ${settings.version(props.version)}`}
      </Text>
    </Screen>
  );
}

function Notifications({ push, timeZone, openSettings }: Props) {
  const colors = useColors();
  const { settings } = strings;
  const [isUnsaved, setIsUnsaved] = useState(false);
  const save = (change: Promise<void>) => {
    setIsUnsaved(false);
    change.catch(() => setIsUnsaved(true));
  };
  switch (push.state) {
    case 'unsupported':
      return <Text color="muted">{settings.unsupported}</Text>;
    case 'blocked':
      return (
        <Notice tone="warn" title={settings.denied} text={settings.blocked}>
          <Button label={strings.common.openSettings} kind="secondary" onPress={openSettings} />
        </Notice>
      );
    case 'not_asked':
    case 'denied':
      return (
        <>
          <Text color="muted">{settings.askText}</Text>
          <View style={styles.start}>
            <Button label={settings.ask} onPress={() => void push.ask()} />
          </View>
        </>
      );
    case 'granted':
      return (
        <>
          <Text color="muted">{settings.granted}</Text>
          <Choice
            name={settings.onlyWhenNeeded}
            text={settings.onlyWhenNeededText}
            isOn={push.onlyWhenNeeded}
            onChange={(isOn) => save(push.setOnlyWhenNeeded(isOn))}
          />
          <View style={[styles.rule, { backgroundColor: colors.line }]} />
          <QuietHoursSetting
            hours={push.quietHours}
            timeZone={timeZone}
            onChange={(hours) => save(push.setQuietHours(hours))}
          />
          {isUnsaved ? <Notice tone="bad" title={settings.notSaved} /> : null}
        </>
      );
  }
}

const styles = StyleSheet.create({
  start: { alignItems: 'flex-start' },
  version: { textAlign: 'center' },
  rule: { height: 1 },
});
