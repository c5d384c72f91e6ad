import { useRouter } from 'expo-router';
import { useContext } from 'react';

import { ListNotice } from '@/components/shell/ListNotice';
import { Message } from '@/components/shell/Message';
import { TaskList } from '@/components/tasks/TaskList';
import { useOutbox } from '@/outbox';
import { strings } from '@/strings';
import { useTasks } from '@/tasks';
import { useIsWide } from '@/theme';

/** `/tasks`: the list; where that stands at the side already, a place for the details. */
export default function Tasks() {
  const router = useRouter();
  const list = useTasks();
  const outbox = useOutbox();
  const notice = useContext(ListNotice);
  if (useIsWide()) return <Message title={strings.list.choose} />;
  return (
    <TaskList
      list={list}
      outbox={outbox}
      selected={null}
      onOpen={(jobId) => router.navigate({ pathname: '/tasks/[jobId]', params: { jobId } })}
      onSpeak={() => router.navigate('/')}
      notice={notice}
    />
  );
}
