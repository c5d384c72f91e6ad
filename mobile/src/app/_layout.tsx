import { StatusBar } from 'expo-status-bar';
import { useEffect, useState } from 'react';
import { SafeAreaProvider } from 'react-native-safe-area-context';

import { SignIn } from '@/components/account/SignIn';
import { Message } from '@/components/shell/Message';
import { SignedIn } from '@/components/shell/SignedIn';
import { SessionProvider, useSession } from '@/session';
import { loadSettings, type Settings, SettingsError } from '@/settings';
import { strings } from '@/strings';
import { loadFont } from '@/theme';

loadFont();

/** Settings first, then who is signed in, then the pages. */
export default function Root() {
  const [settings, setSettings] = useState<Settings | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    loadSettings().then(setSettings, (thrown: unknown) =>
      setFailure(thrown instanceof SettingsError ? thrown.message : strings.start.whatToDo),
    );
  }, [tries]);
  const again = () => {
    setFailure(null);
    setTries(tries + 1);
  };
  return (
    <SafeAreaProvider>
      <StatusBar style="auto" />
      {settings ? (
        <SessionProvider settings={settings}>
          <Door />
        </SessionProvider>
      ) : failure ? (
        <Message
          title={strings.start.failed}
          text={failure}
          action={{ label: strings.common.retry, onPress: again }}
        />
      ) : null}
    </SafeAreaProvider>
  );
}

/** Signing in takes the place of the pages, so that afterwards the address is still the one meant. */
function Door() {
  const session = useSession();
  if (session.state === 'loading') return null;
  if (session.state === 'signed_out') return <SignIn session={session} />;
  return <SignedIn key={session.account.userId} />;
}
