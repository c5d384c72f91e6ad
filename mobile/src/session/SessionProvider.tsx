import { useState, type JSX, type ReactNode } from 'react';

import { createCore } from '@/core/core';
import { CoreProvider } from '@/core/CoreProvider';
import { deviceEffects } from '@/platform/device';
import type { Settings } from '@/settings';

import { createAuth } from './supabase';

/** Everything below it may use the hooks of session, outbox, tasks, repos and push. */
export function SessionProvider(props: { settings: Settings; children: ReactNode }): JSX.Element {
  const { settings, children } = props;
  const [core] = useState(() => {
    const effects = deviceEffects();
    return createCore(settings, effects, createAuth(settings, effects));
  });
  return <CoreProvider core={core}>{children}</CoreProvider>;
}
