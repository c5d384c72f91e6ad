/** A diff as lines to show. It was written by a model and a repository: anything may be in it. */
// jsdiff: takes linear time on whatever it is given, and knows git's renames, quotes and modes.
import { parsePatch } from 'diff';

export type DiffLine = {
  kind: 'context' | 'added' | 'removed' | 'hunk';
  text: string;
  oldNumber: number | null;
  newNumber: number | null;
};
export type DiffFile = {
  path: string;
  /** What it was called before; null if it is called the same, or was not there. */
  oldPath: string | null;
  added: number;
  removed: number;
  lines: DiffLine[];
};

export const MOST_BYTES = 1_000_000;
/** Of one line: what is longer was not written to be read. */
const LONGEST_LINE = 2000;

/** @throws Error if it is no unified diff. */
export function parseDiff(text: string): DiffFile[] {
  return parsePatch(text.replace(/\n$/, ''))
    .filter((file) => file.hunks.length > 0 || file.isGit)
    .map((file) => {
      const [before, after] = [pathOf(file.oldFileName), pathOf(file.newFileName)];
      const lines = file.hunks.flatMap(linesOf);
      const count = (kind: DiffLine['kind']) => lines.filter((line) => line.kind === kind).length;
      return {
        path: shown(after ?? before ?? ''),
        oldPath: before && after && before !== after ? shown(before) : null,
        added: count('added'),
        removed: count('removed'),
        lines,
      };
    });
}

type Hunk = ReturnType<typeof parsePatch>[number]['hunks'][number];

function linesOf(hunk: Hunk): DiffLine[] {
  const { oldStart, oldLines, newStart, newLines } = hunk;
  if (![oldStart, oldLines, newStart, newLines].every(Number.isSafeInteger)) {
    throw new Error('a hunk that says nowhere where it belongs');
  }
  const title = `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`;
  const lines: DiffLine[] = [{ kind: 'hunk', text: title, oldNumber: null, newNumber: null }];
  let [oldNumber, newNumber] = [oldStart, newStart];
  for (const line of hunk.lines) {
    const text = shown(line.slice(1));
    if (line.startsWith('+')) {
      lines.push({ kind: 'added', text, oldNumber: null, newNumber: newNumber++ });
    } else if (line.startsWith('-')) {
      lines.push({ kind: 'removed', text, oldNumber: oldNumber++, newNumber: null });
    } else if (!line.startsWith('\\')) {
      lines.push({ kind: 'context', text, oldNumber: oldNumber++, newNumber: newNumber++ });
    }
  }
  return lines;
}

/** `a/cli.py` is cli.py; git's name for nothing is none. */
function pathOf(name: string | undefined): string | null {
  return !name || name === '/dev/null' ? null : name.replace(/^[ab]\//, '');
}

/**
 * A line as it is safe to show: marks that reorder it ("Trojan Source") and control characters
 * become visible, so that nobody approves something other than what is read.
 */
function shown(text: string): string {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  const cut = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
  return cut.replace(HIDDEN, (mark) => `⟨${codeOf(mark)}⟩`);
}

const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function codeOf(mark: string): string {
  return `U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
