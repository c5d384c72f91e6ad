import { useFocusEffect, useLocalSearchParams, useRouter } from 'expo-router';
import { useCallback } from 'react';
import { Linking } from 'react-native';

import { TaskScreen } from '@/components/details/TaskScreen';
import { setOpenTask } from '@/push';
import { useDecisions, useDiff, useTask } from '@/tasks';
import { useIsWide } from '@/theme';

/** `/tasks/<id>`; with `?approve=<commit>`, as a push leads here, it asks about that at once. */
export default function Task() {
  const router = useRouter();
  const { jobId, approve } = useLocalSearchParams<{ jobId: string; approve?: string }>();
  const details = useTask(jobId);
  const diff = useDiff(details.task);
  const decisions = useDecisions(jobId);
  const isWide = useIsWide();
  // No banner for what is on screen.
  useFocusEffect(
    useCallback(() => {
      setOpenTask(jobId);
      return () => setOpenTask(null);
    }, [jobId]),
  );
  const toList = () => router.dismissTo('/tasks');
  return (
    <TaskScreen
      key={jobId}
      details={details}
      diff={diff}
      decisions={decisions}
      offered={approve ?? null}
      onBack={isWide ? undefined : toList}
      onList={toList}
      onOpen={(id) => router.navigate({ pathname: '/tasks/[jobId]', params: { jobId: id } })}
      openUrl={(url) => void Linking.openURL(url)}
    />
  );
}
