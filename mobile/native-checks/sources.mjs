import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const app = fileURLToPath(new URL('..', import.meta.url));
export const recorder = join(app, 'modules/audio-recorder');
export const kotlin = join(recorder, 'android/src/main/java');

/** The paths of all files of a kind below a folder. */
export function files(folder, extension) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name));
}

/** The texts of all files of a kind below a folder, as one. */
export function text(folder, extension) {
  return files(folder, extension)
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
}
