import { useRouter } from 'expo-router';

import { Message } from '@/components/shell/Message';
import { strings } from '@/strings';

/** An address that leads nowhere. */
export default function NotFound() {
  const router = useRouter();
  return (
    <Message
      title={strings.notFound.title}
      text={strings.notFound.whatToDo}
      action={{ label: strings.notFound.action, onPress: () => router.navigate('/') }}
    />
  );
}
