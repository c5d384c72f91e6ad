import { usePathname, useRouter } from 'expo-router';
import { Tabs } from 'expo-router/js-tabs';
import { useState } from 'react';
import { Linking, Platform, StyleSheet } from 'react-native';

import { TaskList } from '@/components/tasks/TaskList';
import { useOutbox } from '@/outbox';
import { usePushRouting } from '@/push';
import { stateOf, useTasks } from '@/tasks';
import { useColors, useIsWide } from '@/theme';

import { safeAddress } from '../wording';
import { ListNotice } from './ListNotice';
import { Shell } from './Shell';

const isPage = Platform.OS === 'web';

/** The pages, and the pushes that lead to them. */
export function SignedIn() {
  const router = useRouter();
  const path = usePathname();
  const isWide = useIsWide();
  const colors = useColors();
  const list = useTasks();
  const outbox = useOutbox();
  const [notice, setNotice] = useState<string | null>(null);
  const open = (jobId: string) => {
    setNotice(null);
    router.navigate({ pathname: '/tasks/[jobId]', params: { jobId } });
  };
  usePushRouting({
    open,
    approve: (jobId, approve) =>
      router.navigate({ pathname: '/tasks/[jobId]', params: { jobId, approve } }),
    openUrl: (url) => {
      const address = safeAddress(url);
      if (address) void Linking.openURL(address);
    },
    openList: (sentence) => {
      setNotice(sentence);
      router.navigate('/tasks');
    },
  });
  const needsYou = list.tasks.filter((task) => stateOf(task) === 'needs_you').length;
  const selected = path.startsWith('/tasks/') ? path.slice('/tasks/'.length) : null;
  return (
    <ListNotice value={notice}>
      <Shell
        needsYou={needsYou}
        list={
          isWide && path !== '/settings' ? (
            <TaskList
              list={list}
              outbox={outbox}
              selected={selected}
              onOpen={open}
              onSpeak={() => router.navigate('/')}
              notice={notice}
            />
          ) : null
        }
      >
        <Tabs
          tabBar={() => null}
          screenOptions={({ navigation }) => ({
            headerShown: false,
            animation: 'none',
            sceneStyle: [
              { backgroundColor: colors.canvas },
              // A browser would let keys reach what lies behind.
              isPage && !navigation.isFocused() && styles.gone,
            ],
          })}
        />
      </Shell>
    </ListNotice>
  );
}

const styles = StyleSheet.create({ gone: { display: 'none' } });
