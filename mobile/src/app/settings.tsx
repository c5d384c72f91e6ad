import Constants from 'expo-constants';
import { Linking } from 'react-native';

import { SettingsScreen } from '@/components/account/SettingsScreen';
import { usePush } from '@/push';
import { useRepos } from '@/repos';
import { useSession } from '@/session';

/** `/settings`. */
export default function Settings() {
  const session = useSession();
  const push = usePush();
  const repos = useRepos();
  if (session.state !== 'signed_in') return null;
  return (
    <SettingsScreen
      account={session.account}
      push={push}
      repos={repos}
      version={Constants.expoConfig?.version ?? ''}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      onSignOut={session.signOut}
      openSettings={() => void Linking.openSettings()}
    />
  );
}
