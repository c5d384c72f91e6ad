/** What phones and browsers do alike. */
import AsyncStorage from '@react-native-async-storage/async-storage';
import NetInfo from '@react-native-community/netinfo';
import { randomUUID } from 'expo-crypto';
import { AppState } from 'react-native';

import type { Effects, Signal } from './effects';

// Whether there is a network is enough: nobody else's server is asked whether it leads anywhere.
NetInfo.configure({ reachabilityShouldRun: () => false });

const isOnline: Signal = {
  get: () => lastOnline,
  subscribe: (listener) =>
    NetInfo.addEventListener(({ isConnected }) => {
      // Unknown counts as online: trying tells.
      lastOnline = isConnected !== false;
      listener(lastOnline);
    }),
};
let lastOnline = true;

const isInFront: Signal = {
  get: () => AppState.currentState === 'active',
  subscribe(listener) {
    const subscription = AppState.addEventListener('change', (now) => listener(now === 'active'));
    return () => subscription.remove();
  },
};

export const shared = {
  fetch: (request, init) => fetch(request, init),
  now: () => Date.now(),
  later(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  newId: () => randomUUID(),
  storage: AsyncStorage,
  isOnline,
  isInFront,
} satisfies Partial<Effects>;
