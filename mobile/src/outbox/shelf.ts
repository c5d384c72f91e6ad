/** Where what was said is safe until it is accepted: on the device, across restarts. */
import { parseKept, type Kept } from './entry';

export type Shelf = {
  /**
   * Takes an entry in, and moves its recording out of the recorder's hands.
   *
   * @param recordingUri null for text.
   * @returns when it would survive the end of the app. Rejects if there is no room.
   */
  put(kept: Kept, recordingUri: string | null): Promise<void>;
  /** Writes what changed about an entry that is still there. */
  update(kept: Kept): Promise<void>;
  all(): Promise<Kept[]>;
  /** The recording, as a part of a form. */
  audio(id: string): Promise<Blob | null>;
  remove(id: string): Promise<void>;
};

/** One flat folder. The app may end between any two calls, and while it writes. */
export type Folder = {
  names(): string[];
  read(name: string): Promise<string>;
  /** Writes a new file; if the app ends meanwhile, a part of it. */
  write(name: string, text: string): void;
  /** As a whole or not at all; there is nothing of the other name. */
  rename(name: string, other: string): void;
  /** Moves a file from elsewhere in; false if there is none. */
  moveIn(uri: string, name: string): boolean;
  blob(name: string): Blob;
  remove(name: string): void;
};

/**
 * A shelf of files: `<id>.json` says what the entry is and where its recording comes from, and
 * `<id>.wav` is the recording. The note is written first: whenever the app ends, the recording is
 * either in its place, or the next start finds it where the note says. `<id>.draft` is a note that
 * is being written, and counts if there is no other.
 */
export function createFileShelf(folder: Folder): Shelf {
  const note = (id: string) => `${id}.json`;
  const wav = (id: string) => `${id}.wav`;
  const draft = (id: string) => `${id}.draft`;
  const has = (name: string) => folder.names().includes(name);

  function write(kept: Kept, source: string | null): void {
    if (has(draft(kept.id))) folder.remove(draft(kept.id));
    folder.write(draft(kept.id), JSON.stringify({ ...kept, source }));
    if (has(note(kept.id))) folder.remove(note(kept.id));
    folder.rename(draft(kept.id), note(kept.id));
  }

  function remove(id: string): void {
    // The note first: what has none is not sent, and swept away by the next start.
    [draft(id), note(id), wav(id)].filter(has).forEach(folder.remove);
  }

  async function found(id: string): Promise<Kept | null> {
    const text = await folder.read(note(id));
    const kept = parseKept(text);
    if (!kept || kept.id !== id) return null;
    if (kept.kind === 'text' || has(wav(id))) return kept;
    const { source } = JSON.parse(text) as { source?: unknown };
    if (typeof source === 'string' && folder.moveIn(source, wav(id))) return kept;
    remove(id); // there is nothing left to send
    return null;
  }

  return {
    async put(kept, recordingUri) {
      try {
        write(kept, recordingUri);
        if (recordingUri !== null && !folder.moveIn(recordingUri, wav(kept.id))) {
          throw new Error('the recording is gone');
        }
      } catch (error) {
        remove(kept.id);
        throw error;
      }
    },
    async update(kept) {
      if (has(note(kept.id))) write(kept, null);
    },
    async all() {
      const idsOf = (kind: string) =>
        folder
          .names()
          .filter((name) => name.endsWith(kind))
          .map((name) => name.slice(0, -kind.length));
      for (const id of idsOf('.draft')) {
        if (has(note(id)) || !parseKept(await folder.read(draft(id)))) folder.remove(draft(id));
        else folder.rename(draft(id), note(id));
      }
      const ids = idsOf('.json');
      const entries = await Promise.all(ids.map(found));
      idsOf('.wav')
        .filter((id) => !has(note(id)))
        .forEach((id) => folder.remove(wav(id)));
      return entries.filter((kept) => kept !== null);
    },
    async audio(id) {
      return has(wav(id)) ? folder.blob(wav(id)) : null;
    },
    async remove(id) {
      remove(id);
    },
  };
}
