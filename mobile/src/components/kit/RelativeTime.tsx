import { useEffect, useState } from 'react';

import { msSince } from '@/tasks';

import { ago } from '../wording';
import { Text } from './Text';

const TICK = 5_000;

/** How long ago a moment is; it goes on by itself. */
export function RelativeTime({ moment }: { moment: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(tick);
  }, []);
  return (
    <Text variant="caption" color="muted">
      {ago(msSince(moment, now))}
    </Text>
  );
}
