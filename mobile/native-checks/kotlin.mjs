import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { files, kotlin } from './sources.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const home = dirname(createRequire(import.meta.url).resolve('kotlin-compiler/package.json'));
const library = join(home, 'lib/kotlin-stdlib.jar');
/** Ten times what it takes: a recording that never ends is an error too. */
const LONGEST_MS = 120_000;

/** The Kotlin compiles against the stubs, without a warning, and writes what it should. */
export function kotlinCompiles() {
  const classes = mkdtempSync(join(tmpdir(), 'native-checks-'));
  try {
    java(
      files(join(home, 'lib'), '.jar'),
      'org.jetbrains.kotlin.cli.jvm.K2JVMCompiler',
      ...['-kotlin-home', home, '-Werror', '-d', classes],
      ...[kotlin, join(here, 'stubs'), join(here, 'behaviour')],
    );
    const shown = java([classes, library], 'dev.sayso.audiorecorder.BehaviourKt');
    return `${files(kotlin, '.kt').length} Kotlin files compile; ${shown.trim()}`;
  } finally {
    rmSync(classes, { recursive: true });
  }
}

function java(path, ...args) {
  const run = spawnSync('java', ['-Xmx768m', '-cp', path.join(delimiter), ...args], {
    encoding: 'utf8',
    timeout: LONGEST_MS,
  });
  if (run.error?.code === 'ENOENT')
    throw new Error(
      'there is no Java: apt-get install --no-install-recommends default-jre-headless',
    );
  if (run.status !== 0) throw new Error(`\n${run.error ?? ''}${run.stdout}${run.stderr}`);
  return run.stdout;
}
