/** Secrets that are longer than what the device's vault takes at once. */
import type { KeyValue } from './effects';

/**
 * In bytes. SecureStore promises 2048 on every device; a session with its tokens is longer, and is
 * ASCII but for the name of its user.
 */
const LARGEST = 2000;

/**
 * Splits each value into parts. Under the key itself stands which parts are the current ones, and it
 * is written last: whenever the app ends, either the old value is there or the new one.
 *
 * @param vault keys of `A-Z a-z 0-9 . - _`.
 */
export function createChunked(vault: KeyValue, newId: () => string): KeyValue {
  const partOf = (key: string, batch: string, index: number) => `${key}.${batch}.${index}`;

  async function indexOf(key: string): Promise<{ batch: string; count: number } | null> {
    const [batch, count] = (await vault.getItem(key))?.split(' ') ?? [];
    return batch && count ? { batch, count: Number(count) } : null;
  }

  async function sweep(key: string, old: { batch: string; count: number } | null): Promise<void> {
    for (let index = 0; old && index < old.count; index++) {
      await vault.removeItem(partOf(key, old.batch, index));
    }
  }

  return {
    async getItem(key) {
      const found = await indexOf(key);
      if (!found) return null;
      const parts: string[] = [];
      for (let index = 0; index < found.count; index++) {
        const part = await vault.getItem(partOf(key, found.batch, index));
        if (part === null) return null;
        parts.push(part);
      }
      return parts.join('');
    },
    async setItem(key, value) {
      const old = await indexOf(key);
      const batch = newId();
      const parts = split(value);
      for (const [index, part] of parts.entries()) {
        await vault.setItem(partOf(key, batch, index), part);
      }
      await vault.setItem(key, `${batch} ${parts.length}`);
      await sweep(key, old);
    },
    async removeItem(key) {
      const old = await indexOf(key);
      await vault.removeItem(key);
      await sweep(key, old);
    },
  };
}

/** Parts of at most `LARGEST` bytes in UTF-8, cut between characters. */
function split(value: string): string[] {
  const parts = [''];
  let size = 0;
  for (const character of value) {
    const bytes = new TextEncoder().encode(character).length;
    if (size + bytes > LARGEST) {
      parts.push('');
      size = 0;
    }
    parts[parts.length - 1] += character;
    size += bytes;
  }
  return parts;
}
