import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';

import { app } from './sources.mjs';

const PERMISSION = 'android.permission.RECORD_AUDIO';
const IN_COPY = ['app.config.ts', 'package.json', 'tsconfig.json', 'assets', 'modules'];

/** Both native projects have the module, and ask for the microphone in the app's own words. */
export async function moduleIsLinked() {
  const copy = mkdtempSync(join(tmpdir(), 'native-checks-'));
  try {
    for (const name of IN_COPY)
      if (existsSync(join(app, name)))
        cpSync(join(app, name), join(copy, name), { recursive: true });
    symlinkSync(join(app, 'node_modules'), join(copy, 'node_modules'));

    linkedOnApple(resolved(copy, 'apple'));
    linkedOnAndroid(resolved(copy, 'android'));
    run(copy, 'expo', 'prebuild', '--no-install');
    const sentence = purpose(copy);
    await asksOnAndroid(copy);
    return `linked on iOS and Android, where it asks: “${sentence}”`;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function resolved(copy, platform) {
  const found = run(copy, 'expo-modules-autolinking', 'resolve', '--platform', platform, '--json');
  const module = JSON.parse(found).modules.find(
    ({ packageName }) => packageName === 'audio-recorder',
  );
  if (!module) throw new Error(`autolinking does not find the module for ${platform}`);
  return module;
}

function linkedOnApple({ pods, modules }) {
  const [pod] = pods;
  const name = modules[0]?.class;
  if (!pod || !existsSync(join(pod.podspecDir, `${name}.swift`)))
    throw new Error(`there is no pod with ${name}.swift`);
}

function linkedOnAndroid({ projects }) {
  const [project] = projects;
  const name = project?.modules[0]?.classifier ?? 'no class';
  const path = `src/main/java/${name.replaceAll('.', '/')}.kt`;
  if (!project || !existsSync(join(project.sourceDir, path)))
    throw new Error(`there is no project with ${path}`);
}

/** Why the app listens, as iOS will say it. */
function purpose(copy) {
  const plist = readFileSync(join(copy, 'ios/Sayso/Info.plist'), 'utf8');
  const [, sentence = ''] =
    /<key>NSMicrophoneUsageDescription<\/key>\s*<string>([^<]*)<\/string>/.exec(plist) ?? [];
  if (!/^Sayso listens only while .+\.$/.test(sentence))
    throw new Error(`Info.plist does not say when Sayso listens: “${sentence}”`);
  return sentence;
}

async function asksOnAndroid(copy) {
  const { AndroidConfig } = createRequire(join(app, 'package.json'))('expo/config-plugins');
  const manifest = await AndroidConfig.Manifest.readAndroidManifestAsync(
    join(copy, 'android/app/src/main/AndroidManifest.xml'),
  );
  if (!AndroidConfig.Permissions.getPermissions(manifest).includes(PERMISSION))
    throw new Error(`AndroidManifest.xml does not ask for ${PERMISSION}`);
}

function run(copy, program, ...args) {
  return execFileSync(join(app, 'node_modules/.bin', program), args, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, CI: '1', EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
