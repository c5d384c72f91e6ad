import { parseDiff } from './diff';

const CHANGED = `diff --git a/wordcount/cli.py b/wordcount/cli.py
index 1111111..2222222 100644
--- a/wordcount/cli.py
+++ b/wordcount/cli.py
@@ -1,3 +1,4 @@ def main():
 import sys
-old = 1
+new = 1
+more = 2
 end
@@ -10,2 +11,1 @@
 keep
-gone
\\ No newline at end of file
`;

test('lines are counted and numbered as in both files', () => {
  const [file, ...others] = parseDiff(CHANGED);
  expect(others).toEqual([]);
  expect(file).toMatchObject({ path: 'wordcount/cli.py', oldPath: null, added: 2, removed: 2 });
  expect(file?.lines.map((line) => [line.kind, line.text, line.oldNumber, line.newNumber])).toEqual(
    [
      ['hunk', '@@ -1,3 +1,4 @@', null, null],
      ['context', 'import sys', 1, 1],
      ['removed', 'old = 1', 2, null],
      ['added', 'new = 1', null, 2],
      ['added', 'more = 2', null, 3],
      ['context', 'end', 3, 4],
      ['hunk', '@@ -10,2 +11,1 @@', null, null],
      ['context', 'keep', 10, 11],
      ['removed', 'gone', 11, null],
    ],
  );
});

test.each([
  [
    'a new file',
    'diff --git a/a.py b/a.py\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/a.py\n@@ -0,0 +1 @@\n+x\n',
    { path: 'a.py', oldPath: null, added: 1 },
  ],
  [
    'a deleted file',
    'diff --git a/a.py b/a.py\ndeleted file mode 100644\nindex 1..0\n--- a/a.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n',
    { path: 'a.py', oldPath: null, removed: 1 },
  ],
  [
    'a file that was only renamed',
    'diff --git a/old.py b/new.py\nsimilarity index 100%\nrename from old.py\nrename to new.py\n',
    { path: 'new.py', oldPath: 'old.py', lines: [] },
  ],
  [
    'a file whose mode changed',
    'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n',
    { path: 'run.sh', lines: [] },
  ],
  [
    'a picture',
    'diff --git a/a b.png b/a b.png\nindex 1..2 100644\nBinary files a/a b.png and b/a b.png differ\n',
    { path: 'a b.png', lines: [] },
  ],
  [
    'a name that git quotes',
    'diff --git "a/\\303\\244.py" "b/\\303\\244.py"\n--- "a/\\303\\244.py"\n+++ "b/\\303\\244.py"\n@@ -1 +1 @@\n-x\n+y\n',
    { path: 'ä.py', oldPath: null },
  ],
  [
    'lines that look like headers',
    'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n--- x\n+++ y\n c\n',
    { path: 'a', added: 1, removed: 1 },
  ],
])('%s', (_, text, file) => {
  expect(parseDiff(text)).toMatchObject([file]);
});

test('several files come one after the other', () => {
  const other = CHANGED.replaceAll('cli.py', 'other.py');
  expect(parseDiff(CHANGED + other).map(({ path }) => path)).toEqual([
    'wordcount/cli.py',
    'wordcount/other.py',
  ]);
});

test.each([
  ['an override that turns a line around', 'a\u202eb\u202c', 'a⟨U+202E⟩b⟨U+202C⟩'],
  ['a letter without width', 'is_\u200badmin', 'is_⟨U+200B⟩admin'],
  ['a terminal’s escape', 'a\u001b[31mb', 'a⟨U+001B⟩[31mb'],
  ['a return in the middle', 'a\rb', 'a⟨U+000D⟩b'],
  ['a return at the end', 'a\r', 'a'],
  ['tabs and letters of all scripts', '\tπ = 3 # 🎙', '\tπ = 3 # 🎙'],
])('%s is seen', (_, line, shown) => {
  const [file] = parseDiff(`--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+${line}\n`);
  expect(file?.lines[1]?.text).toBe(shown);
});

test('a line has an end', () => {
  const [file] = parseDiff(`--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+${'x'.repeat(500_000)}\n`);
  expect(file?.lines[1]?.text).toHaveLength(2001);
});

test.each([
  ['nothing', ''],
  ['a page', '<html><body>Not found</body></html>'],
  ['prose', 'Dear Sir or Madam\n\nNo.'],
])('%s has no files', (_, text) => {
  expect(parseDiff(text)).toEqual([]);
});

test.each([
  ['a hunk that ends too early', '--- a/a\n+++ b/a\n@@ -1,9 +1,9 @@\n x\n'],
  ['a hunk of nonsense', '--- a/a\n+++ b/a\n@@ nonsense @@\n x\n'],
  ['half a header', '--- a/a\n@@ -1 +1 @@\n x\n'],
])('%s is refused, not guessed at', (_, text) => {
  expect(() => parseDiff(text)).toThrow();
});

test.each([
  ['many names', `diff --git ${'a/'.repeat(200_000)} b/x\n`],
  ['many quotes', `diff --git "${'\\"'.repeat(200_000)}\n`],
  ['many hunks', `--- a/a\n+++ b/a\n${'@@ -1 +1 @@\n-x\n+y\n'.repeat(50_000)}`],
  ['many headers', '--- a/a\n+++ b/a\n'.repeat(60_000)],
  ['many numbers', `--- a/a\n+++ b/a\n@@ -${'9'.repeat(400_000)},1 +1 @@\n x\n`],
  ['no line ends', ' '.repeat(1_000_000)],
])('a megabyte of %s hangs nothing', (_, text) => {
  // The runner of the tests ends what hangs; what it says does not matter here.
  expect(() => {
    try {
      parseDiff(text);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }).not.toThrow();
});
