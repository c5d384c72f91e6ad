/** Which repository a user speaks to; remembered on the device, each user's by itself. */
import type { KeyValue } from '@/platform/effects';
import { createStore } from '@/platform/store';

export type Choice = ReturnType<typeof createChoice>;

export function createChoice(storage: KeyValue) {
  const chosen = createStore<string | null>(null);
  const nameOf = (userId: string) => `sayso.repo.${userId}`;
  let owner: string | null = null;

  return {
    get: chosen.get,
    subscribe: chosen.subscribe,
    async open(userId: string | null): Promise<void> {
      owner = userId;
      chosen.set(null);
      const remembered = userId && (await storage.getItem(nameOf(userId)).catch(() => null));
      // A choice that is made while the old one is read counts.
      if (owner === userId && remembered && chosen.get() === null) chosen.set(remembered);
    },
    choose(repo: string | null): void {
      if (owner === null) return;
      chosen.set(repo);
      const name = nameOf(owner);
      // Not remembered on a full device: it is chosen again the next time.
      void (repo === null ? storage.removeItem(name) : storage.setItem(name, repo)).catch(() => {});
    },
  };
}
