import * as SplashScreen from 'expo-splash-screen';
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
// The first picture stays until it is known what to show.
void SplashScreen.preventAutoHideAsync();

/** Settings first, then who is signed in, then the pages. */
export default function Root() {
  const [settings, setSettings] = useState<Settings | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    loadSettings().then(setSettings, (thrown: unknown) => {
      setFailure(thrown instanceof SettingsError ? thrown.message : strings.start.whatToDo);
      void SplashScreen.hideAsync();
    });
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
  const isKnown = session.state !== 'loading';
  useEffect(() => {
    if (isKnown) void SplashScreen.hideAsync();
  }, [isKnown]);
  if (session.state === 'loading') return null;
  if (session.state === 'signed_out') return <SignIn session={session} />;
  return <SignedIn key={session.account.userId} />;
}
