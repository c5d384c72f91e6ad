import { IsRestoringProvider, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore, type JSX, type ReactNode } from 'react';

import { CoreContext } from './context';
import type { Core } from './core';

/** Runs the app's logic for as long as it is on screen. */
export function CoreProvider(props: { core: Core; children: ReactNode }): JSX.Element {
  const { core, children } = props;
  const { get, subscribe } = core.keeper.isReading;
  const isReading = useSyncExternalStore(subscribe, get, get);
  useEffect(() => core.start(), [core]);
  return (
    <CoreContext.Provider value={core}>
      <QueryClientProvider client={core.client}>
        <IsRestoringProvider value={isReading}>{children}</IsRestoringProvider>
      </QueryClientProvider>
    </CoreContext.Provider>
  );
}
