/** What a browser can do. */
import { createStore, del, get, set, values } from 'idb-keyval';

import { createRecordShelf, type Records } from '@/outbox/recordShelf';
import { NO_PUSH } from '@/push/service';

import { arrivedAt, clean } from './arrival.web';
import type { Effects, KeyValue, Links } from './effects';
import { shared } from './shared';

const secrets: KeyValue = {
  getItem: async (key) => localStorage.getItem(key),
  setItem: async (key, value) => localStorage.setItem(key, value),
  removeItem: async (key) => localStorage.removeItem(key),
};

const links: Links = {
  home: () => `${location.origin}/sign-in`,
  subscribe(listener) {
    const tell = () => listener(location.href);
    listener(arrivedAt);
    addEventListener('hashchange', tell);
    return () => removeEventListener('hashchange', tell);
  },
  clean,
};

function outboxRecords(): Records {
  const store = createStore('sayso', 'outbox');
  return {
    get: (id) => get(id, store),
    set: (id, record) => set(id, record, store),
    values: () => values(store),
    del: (id) => del(id, store),
  };
}

async function fetchBlob(uri: string): Promise<Blob> {
  const blob = await (await fetch(uri)).blob();
  URL.revokeObjectURL(uri);
  return blob;
}

async function oneAtATime(name: string, task: () => Promise<void>): Promise<void> {
  // Where a browser has no locks, two tabs may send the same at once: the server makes one task.
  await ('locks' in navigator ? navigator.locks.request(name, task) : task());
}

export function deviceEffects(): Effects {
  return {
    ...shared,
    secrets,
    shelf: createRecordShelf(outboxRecords(), fetchBlob),
    links,
    push: NO_PUSH,
    unlock: async () => true,
    oneAtATime,
  };
}
