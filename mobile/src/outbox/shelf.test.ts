import { records, uuid } from '@/testing/world';

import type { Kept } from './entry';
import { createRecordShelf } from './recordShelf';
import { createFileShelf, type Folder, type Shelf } from './shelf';

const VOICE: Kept = {
  id: uuid(1),
  userId: uuid(2),
  createdAt: '2026-11-29T00:00:00.000Z',
  kind: 'voice',
  text: null,
  repo: null,
  durationMs: 1200,
  refused: null,
};
const TEXT: Kept = { ...VOICE, id: uuid(3), kind: 'text', text: 'Add --stdin', durationMs: null };
const RECORDING = 'file:///cache/task.wav';

class Ended extends Error {}

/** A disk that outlives the app; `steps` is how many more writes the app lives to see. */
function disk(steps = Infinity) {
  const elsewhere = new Map([[RECORDING, 'sound']]);
  const files = new Map<string, string>();
  let left = steps;
  function step(): void {
    if (left-- <= 0) throw new Ended();
  }
  const folder: Folder = {
    names: () => [...files.keys()],
    read: async (name) => files.get(name) ?? '',
    write(name, text) {
      if (left <= 0) files.set(name, text.slice(0, 20));
      step();
      files.set(name, text);
    },
    rename(name, other) {
      step();
      if (files.has(other)) throw new Error(`${other} is there`);
      files.set(other, files.get(name) ?? '');
      files.delete(name);
    },
    moveIn(uri, name) {
      step();
      const sound = elsewhere.get(uri);
      if (sound === undefined) return false;
      files.set(name, sound);
      elsewhere.delete(uri);
      return true;
    },
    blob: (name) => new Blob([files.get(name) ?? '']),
    remove(name) {
      step();
      files.delete(name);
    },
  };
  return { folder, files, elsewhere, restart: () => void (left = Infinity) };
}

const SHELVES: [string, () => Shelf][] = [
  ['files', () => createFileShelf(disk().folder)],
  ['records', () => createRecordShelf(records(), async () => new Blob(['sound']))],
];

describe.each(SHELVES)('a shelf of %s', (_, create) => {
  test('gives back what was put on it, with its recording', async () => {
    const shelf = create();
    await shelf.put(VOICE, RECORDING);
    await shelf.put(TEXT, null);
    expect(await shelf.all()).toEqual([
      expect.objectContaining(VOICE),
      expect.objectContaining(TEXT),
    ]);
    expect(await (await shelf.audio(VOICE.id))?.text()).toBe('sound');
    expect(await shelf.audio(TEXT.id)).toBeNull();
  });

  test('remembers a refusal, and leaves the recording alone', async () => {
    const shelf = create();
    await shelf.put(VOICE, RECORDING);
    const refused = { kind: 'silence', type: null, detail: null } as const;
    await shelf.update({ ...VOICE, refused });
    expect(await shelf.all()).toMatchObject([{ id: VOICE.id, refused }]);
    expect(await (await shelf.audio(VOICE.id))?.text()).toBe('sound');
  });

  test('what was taken off does not come back', async () => {
    const shelf = create();
    await shelf.put(VOICE, RECORDING);
    await shelf.put(TEXT, null);
    for (const kept of [VOICE, TEXT]) {
      await shelf.remove(kept.id);
      await shelf.update(kept);
    }
    expect(await shelf.all()).toEqual([]);
    expect(await shelf.audio(VOICE.id)).toBeNull();
  });
});

test.each([
  [0, false],
  [1, true],
  [2, true],
  [3, true],
])(
  'an app that ends after %i steps of keeping loses no recording; it is kept: %s',
  async (steps, isKept) => {
    const { folder, files, elsewhere, restart } = disk(steps);
    await createFileShelf(folder)
      .put(VOICE, RECORDING)
      .catch(() => undefined);
    restart();
    const found = await createFileShelf(folder).all();
    expect(found).toHaveLength(isKept ? 1 : 0);
    expect(files.get(`${VOICE.id}.wav`)).toBe(isKept ? 'sound' : undefined);
    expect(elsewhere.get(RECORDING)).toBe(isKept ? undefined : 'sound');
    expect([...files.keys()].filter((name) => name.endsWith('.draft'))).toEqual([]);
  },
);

test.each(Array.from({ length: 3 }, (_, steps) => [steps]))(
  'an app that ends after %i steps of remembering a refusal still has the entry',
  async (steps) => {
    const kept = disk();
    await createFileShelf(kept.folder).put(VOICE, RECORDING);
    const dying = disk(steps);
    kept.files.forEach((text, name) => dying.files.set(name, text));
    const refused = { kind: 'silence', type: null, detail: null } as const;
    await createFileShelf(dying.folder)
      .update({ ...VOICE, refused })
      .catch(() => undefined);
    dying.restart();
    expect(await createFileShelf(dying.folder).all()).toMatchObject([{ id: VOICE.id }]);
  },
);

test.each([[0], [1]])(
  'an app that ends after %i steps of taking off sends nothing half',
  async (steps) => {
    const dying = disk();
    const shelf = createFileShelf(dying.folder);
    await shelf.put(VOICE, RECORDING);
    const again = disk(steps);
    dying.files.forEach((text, name) => again.files.set(name, text));
    await createFileShelf(again.folder)
      .remove(VOICE.id)
      .catch(() => undefined);
    again.restart();
    const found = await createFileShelf(again.folder).all();
    expect(found.length).toBe(again.files.has(`${VOICE.id}.wav`) ? 1 : 0);
  },
);

test('a full disk is told, and leaves the recording with the recorder', async () => {
  const { folder, files, elsewhere } = disk();
  const full = {
    ...folder,
    write: () => {
      throw new Error('ENOSPC');
    },
  };
  await expect(createFileShelf(full).put(VOICE, RECORDING)).rejects.toThrow('ENOSPC');
  expect([files.size, elsewhere.get(RECORDING)]).toEqual([0, 'sound']);
});

test('a recording that is nowhere is no entry', async () => {
  const { folder, elsewhere } = disk();
  elsewhere.clear();
  const shelf = createFileShelf(folder);
  await expect(shelf.put(VOICE, RECORDING)).rejects.toThrow('gone');
  expect(await shelf.all()).toEqual([]);
});

test('a file that somebody else left there harms nothing', async () => {
  const { folder, files } = disk();
  files
    .set('.DS_Store', 'x')
    .set('x.json', '{')
    .set(`${uuid(9)}.json`, JSON.stringify(VOICE));
  const shelf = createFileShelf(folder);
  await shelf.put(TEXT, null);
  expect(await shelf.all()).toMatchObject([{ id: TEXT.id }]);
});
