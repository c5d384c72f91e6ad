import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';

import { app, files, recorder } from './sources.mjs';

// As WebAssembly, because the package tree-sitter-swift downloads a program when it is installed.
const GRAMMAR = '@repomix/tree-sitter-wasms/out/tree-sitter-swift.wasm';

/** Every Swift file parses, with nothing wrong and nothing missing in it. */
export async function swiftParses() {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(createRequire(import.meta.url).resolve(GRAMMAR)));

  const paths = files(`${recorder}/ios`, '.swift');
  for (const path of paths) {
    const wrong = firstError(parser.parse(readFileSync(path, 'utf8')).rootNode);
    if (wrong) {
      const { row, column } = wrong.startPosition;
      const what = wrong.isMissing ? `${wrong.type} is missing` : 'this does not parse';
      throw new Error(`${relative(app, path)}:${row + 1}:${column + 1}: ${what}`);
    }
  }
  if (paths.length === 0) throw new Error('there is no Swift');
  return `${paths.length} Swift files parse`;
}

function firstError(node) {
  if (node.isError || node.isMissing) return node;
  if (!node.hasError) return undefined;
  for (const child of node.children) {
    const wrong = firstError(child);
    if (wrong) return wrong;
  }
  return node;
}
