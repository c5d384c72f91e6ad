/** What a phone can do. */
import { Directory, File, Paths } from 'expo-file-system';
import * as Linking from 'expo-linking';
import * as LocalAuthentication from 'expo-local-authentication';
import * as SecureStore from 'expo-secure-store';

import { createFileShelf, type Folder } from '@/outbox/shelf';
import { notifications } from '@/push/notifications';

import { createChunked } from './chunks';
import type { Effects, KeyValue, Links } from './effects';
import { shared } from './shared';

/** Readable while the phone is locked, once it has been unlocked; never on another phone. */
const KEPT = { keychainAccessible: SecureStore.AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY };

const vault: KeyValue = {
  getItem: (key) => SecureStore.getItemAsync(key, KEPT),
  setItem: (key, value) => SecureStore.setItemAsync(key, value, KEPT),
  removeItem: (key) => SecureStore.deleteItemAsync(key, KEPT),
};

const links: Links = {
  home: () => Linking.createURL('sign-in'),
  subscribe(listener) {
    void Linking.getInitialURL().then((address) => address && listener(address));
    const subscription = Linking.addEventListener('url', ({ url }) => listener(url));
    return () => subscription.remove();
  },
  clean: () => undefined,
};

/** A folder among the documents: the system never empties it, and backs it up. */
function outboxFolder(): Folder {
  const directory = new Directory(Paths.document, 'outbox');
  directory.create({ intermediates: true, idempotent: true });
  const at = (name: string) => new File(directory, name);
  return {
    names: () => directory.list().map(({ name }) => name),
    read: (name) => at(name).text(),
    write: (name, text) => at(name).write(text),
    rename: (name, other) => at(name).moveSync(at(other)),
    moveIn(uri, name) {
      const source = new File(uri);
      if (!source.exists) return false;
      source.moveSync(at(name));
      return true;
    },
    // Expo's fetch takes its files as parts of a form; React Native's `{ uri }` it does not.
    blob: (name) => at(name),
    remove: (name) => at(name).delete(),
  };
}

async function unlock(why: string): Promise<boolean> {
  const level = await LocalAuthentication.getEnrolledLevelAsync();
  if (level === LocalAuthentication.SecurityLevel.NONE) return true;
  const { success } = await LocalAuthentication.authenticateAsync({ promptMessage: why });
  return success;
}

export function deviceEffects(): Effects {
  return {
    ...shared,
    secrets: createChunked(vault, shared.newId),
    shelf: createFileShelf(outboxFolder()),
    links,
    push: notifications,
    unlock,
    oneAtATime: (_, task) => task(), // there is one app, and its outbox goes one by one itself
  };
}
