import { readFileSync } from 'node:fs';

import { kotlin, recorder, text } from './sources.mjs';

/** Swift, Kotlin and TypeScript name the same module, functions, events and errors. */
export function bridgesAgree() {
  const typescript = text(`${recorder}/src`, '.ts');
  const codes = list(typescript, /const CODES = \[(.*?)\] as const/s);
  const wanted = {
    module: matches(typescript, /requireNativeModule<NativeRecorder>\('(\w+)'\)/g),
    functions: matches(body(typescript, 'type NativeRecorder'), /^ {2}(\w+)\(/gm),
    events: matches(body(typescript, 'type NativeEvents'), /^ {2}(\w+):/gm),
  };
  for (const [language, source] of [
    ['Swift', text(`${recorder}/ios`, '.swift')],
    ['Kotlin', text(kotlin, '.kt')],
  ]) {
    agree(language, 'module', matches(source, /\bName\("(\w+)"\)/g), wanted.module);
    agree(language, 'functions', matches(source, /AsyncFunction\("(\w+)"\)/g), wanted.functions);
    agree(language, 'events', list(source, /\bEvents\((".*?)\)/s), wanted.events);
    agree(language, 'events sent', matches(source, /sendEvent\(\s*"(\w+)"/g), wanted.events);
  }
  const inSwift = matches(
    body(readFileSync(`${recorder}/ios/RecorderError.swift`, 'utf8'), 'enum Code'),
    /case (?:\w+ = ")?(\w+)/g,
  );
  agree('Swift', 'errors', inSwift, codes);
  const inKotlin = matches(text(kotlin, 'RecorderError.kt'), /\("(\w+)"\)/g);
  // A phone with Android can't say that a permission is blocked before it is asked for.
  agree('Kotlin', 'errors', [...inKotlin, 'permission_blocked'], codes);
  return 'Swift, Kotlin and TypeScript name the same functions, events and errors';
}

function agree(language, what, found, wanted) {
  const [here, there] = [found, wanted].map((names) => [...names].sort().join(', '));
  if (here !== there || here === '')
    throw new Error(`${what} of ${language} are [${here}], of TypeScript [${there}]`);
}

function matches(source, pattern) {
  return Array.from(source.matchAll(pattern), ([, name]) => name);
}

/** The quoted words in what a pattern finds. */
function list(source, pattern) {
  return matches(pattern.exec(source)?.[1] ?? '', /["'](\w+)["']/g);
}

/** What stands in the braces of a declaration. */
function body(source, declaration) {
  return new RegExp(`${declaration}[^{]*\\{(.*?)\\n *\\}`, 's').exec(source)?.[1] ?? '';
}
