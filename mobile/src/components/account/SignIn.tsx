import { useEffect, useState } from 'react';
import { ScrollView, StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import type { useSession } from '@/session';
import { SignInError } from '@/session/errors';
import { strings } from '@/strings';
import { space, useColors } from '@/theme';

import { Button, Field, Notice, Text } from '../kit';
import { Mark } from '../Mark';

/** Another code can be asked for after so long; seconds. */
const PAUSE = 30;
const DIGITS = 6;

type Props = { session: ReturnType<typeof useSession> };

/** An address, then the code that was sent to it; for developers, a token. */
export function SignIn({ session }: Props) {
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const [email, setEmail] = useState('');
  const [isSent, setIsSent] = useState(false);
  const because = session.state === 'signed_out' ? session.because : 'never';
  return (
    <ScrollView
      style={{ backgroundColor: colors.canvas }}
      contentContainerStyle={[styles.page, { paddingTop: insets.top + space.huge }]}
      keyboardShouldPersistTaps="handled"
    >
      <View style={styles.column}>
        <Mark size={64} />
        {because === 'expired' ? (
          <Notice title={strings.signIn.expiredTitle} text={strings.signIn.expiredText} />
        ) : null}
        {because === 'signed_out' ? <Notice title={strings.signIn.signedOut} /> : null}
        {isSent ? (
          <Code session={session} email={email} onOther={() => setIsSent(false)} />
        ) : (
          <Email
            session={session}
            email={email}
            setEmail={setEmail}
            onSent={() => setIsSent(true)}
          />
        )}
        {session.developerSignIn ? <Developer session={session} /> : null}
      </View>
    </ScrollView>
  );
}

type EmailProps = Props & {
  email: string;
  setEmail: (email: string) => void;
  onSent: () => void;
};

function Email({ session, email, setEmail, onSent }: EmailProps) {
  const { isBusy, error, attempt } = useAttempt();
  const send = () => attempt(() => session.sendCode(email.trim()).then(onSent));
  return (
    <View style={styles.form}>
      <Text variant="display" heading={1}>
        {strings.signIn.title}
      </Text>
      <Text color="muted">{strings.signIn.subtitle}</Text>
      <Field
        label={strings.signIn.email}
        value={email}
        onChangeText={setEmail}
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        autoCorrect={false}
        onSubmitEditing={send}
        error={error}
      />
      <Button
        label={strings.signIn.sendCode}
        onPress={send}
        isBusy={isBusy}
        isDisabled={email.trim() === ''}
      />
    </View>
  );
}

function Code({ session, email, onOther }: Props & { email: string; onOther: () => void }) {
  const [code, setCode] = useState('');
  const [left, setLeft] = useState(PAUSE);
  const { isBusy, error, attempt } = useAttempt();
  useEffect(() => {
    if (left === 0) return;
    const second = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(second);
  }, [left]);
  const verify = (digits: string) => attempt(() => session.verifyCode(email.trim(), digits));
  const change = (typed: string) => {
    // A pasted code may bring spaces, or the words around it.
    const digits = typed.replace(/\D/g, '').slice(0, DIGITS);
    setCode(digits);
    if (digits.length === DIGITS && digits !== code) verify(digits);
  };
  return (
    <View style={styles.form}>
      <Text variant="display" heading={1}>
        {strings.signIn.codeTitle}
      </Text>
      <Text color="muted">{strings.signIn.codeText(email.trim())}</Text>
      <Field
        label={strings.signIn.code}
        value={code}
        onChangeText={change}
        inputMode="numeric"
        autoComplete="one-time-code"
        textContentType="oneTimeCode"
        autoFocus
        onSubmitEditing={() => verify(code)}
        error={error}
      />
      <Button
        label={strings.signIn.verify}
        onPress={() => verify(code)}
        isBusy={isBusy}
        isDisabled={code.length < DIGITS}
      />
      <Button
        label={left > 0 ? strings.signIn.resendIn(left) : strings.signIn.resend}
        kind="quiet"
        isDisabled={left > 0}
        onPress={() => attempt(() => session.sendCode(email.trim()).then(() => setLeft(PAUSE)))}
      />
      <Button label={strings.signIn.otherEmail} kind="quiet" onPress={onOther} />
    </View>
  );
}

function Developer({ session }: Props) {
  const [token, setToken] = useState('');
  const { isBusy, error, attempt } = useAttempt();
  return (
    <View style={styles.form}>
      <Text variant="heading" heading={2}>
        {strings.signIn.developer}
      </Text>
      <Text color="muted" variant="small">
        {strings.signIn.developerText}
      </Text>
      <Field
        label={strings.signIn.token}
        value={token}
        onChangeText={setToken}
        autoCapitalize="none"
        autoCorrect={false}
        error={error}
      />
      <Button
        label={strings.signIn.useToken}
        kind="secondary"
        isBusy={isBusy}
        isDisabled={token.trim() === ''}
        onPress={() => attempt(() => session.signInWithToken(token.trim()))}
      />
    </View>
  );
}

/** One try at a time, and the sentence of what went wrong with the last. */
function useAttempt() {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const attempt = (what: () => Promise<void>) => {
    if (isBusy) return;
    setIsBusy(true);
    setError(null);
    what()
      .catch((thrown: unknown) => {
        const code = thrown instanceof SignInError ? thrown.code : 'unavailable';
        setError(strings.signIn.errors[code]);
      })
      .finally(() => setIsBusy(false));
  };
  return { isBusy, error, attempt };
}

const styles = StyleSheet.create({
  page: { flexGrow: 1, paddingHorizontal: space.xl, paddingBottom: space.huge },
  column: { width: '100%', maxWidth: 420, alignSelf: 'center', gap: space.xl },
  form: { gap: space.l },
});
