import { parseKept } from './entry';
import type { Shelf } from './shelf';

type Stored = { kept: string; audio: Blob | null };

/** A database of whole records, as idb-keyval offers it over IndexedDB. */
export type Records = {
  get(id: string): Promise<Stored | undefined>;
  set(id: string, record: Stored): Promise<void>;
  values(): Promise<Stored[]>;
  del(id: string): Promise<void>;
};

/** A shelf of records: an entry and its recording are written as one, in one transaction. */
export function createRecordShelf(
  records: Records,
  fetchBlob: (uri: string) => Promise<Blob>,
): Shelf {
  return {
    async put(kept, recordingUri) {
      const audio = recordingUri === null ? null : await fetchBlob(recordingUri);
      await records.set(kept.id, { kept: JSON.stringify(kept), audio });
    },
    async update(kept) {
      const found = await records.get(kept.id);
      if (found) await records.set(kept.id, { ...found, kept: JSON.stringify(kept) });
    },
    async all() {
      const found = await records.values();
      return found.map((record) => parseKept(record.kept)).filter((kept) => kept !== null);
    },
    audio: async (id) => (await records.get(id))?.audio ?? null,
    remove: (id) => records.del(id),
  };
}
