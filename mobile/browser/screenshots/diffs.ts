/** What the tasks of fixtures.ts change; a context line begins with a space, even an empty one. */
import { asking, merged, unproven } from './fixtures';

const sessions = [
  'diff --git a/security/sessions.py b/security/sessions.py',
  'index 1b9ad6c..9fceb02 100644',
  '--- a/security/sessions.py',
  '+++ b/security/sessions.py',
  '@@ -8,9 +8,9 @@ from datetime import timedelta',
  ' ',
  ' from engine.clock import now',
  ' ',
  '-LIFETIME = timedelta(days=7)',
  '+LIFETIME = timedelta(days=30)',
  ' ',
  ' ',
  ' def is_alive(session: Session) -> bool:',
  '-    """Whether a session is younger than a week."""',
  '+    """Whether a session is younger than thirty days."""',
  '     return now() - session.began < LIFETIME',
  'diff --git a/tests/test_sessions.py b/tests/test_sessions.py',
  'index 8d1c8b6..5e1c309 100644',
  '--- a/tests/test_sessions.py',
  '+++ b/tests/test_sessions.py',
  '@@ -21,1 +21,6 @@ def test_a_new_session_is_alive(clock):',
  '     assert is_alive(Session(began=clock.now()))',
  '+',
  '+',
  '+def test_a_session_of_twenty_nine_days_is_alive(clock):',
  '+    session = Session(began=clock.now() - timedelta(days=29))',
  '+    assert is_alive(session)',
  '',
];

const stdin = [
  'diff --git a/wordcount/cli.py b/wordcount/cli.py',
  'index 3f1d1a9..c0ffee1 100644',
  '--- a/wordcount/cli.py',
  '+++ b/wordcount/cli.py',
  '@@ -14,3 +14,5 @@ def main(argv: list[str] | None = None) -> int:',
  '     options = parser.parse_args(argv)',
  '-    text = options.file.read_text()',
  '+    source = sys.stdin if options.stdin else options.file.open()',
  '+    with source:',
  '+        text = source.read()',
  '     print(count(text))',
  'diff --git a/README.md b/README.md',
  'index 7d1a1f0..b0a7b0a 100644',
  '--- a/README.md',
  '+++ b/README.md',
  '@@ -9,1 +9,2 @@ ## Use',
  ' `wordcount FILE` counts the words of a file.',
  '+`wordcount --stdin` reads from standard input.',
  '',
];

const hyphens = [
  'diff --git a/wordcount/counting.py b/wordcount/counting.py',
  'index 2b1d1a9..d00dad1 100644',
  '--- a/wordcount/counting.py',
  '+++ b/wordcount/counting.py',
  '@@ -4,2 +4,2 @@ import re',
  '-WORD = re.compile(r"\\w+")',
  '+WORD = re.compile(r"\\w+(?:-\\w+)*")',
  ' ',
  '',
];

/** By the task's id. */
export const diffs: Readonly<Record<string, string>> = {
  [asking.job_id]: sessions.join('\n'),
  [merged.job_id]: stdin.join('\n'),
  [unproven.job_id]: hyphens.join('\n'),
};
