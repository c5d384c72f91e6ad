"""A request goes through the real client to a scripted model, and ends like any other job."""

import json
import logging
from collections.abc import Iterator

import pytest

from runner.agents.messages import Messages, Model
from runner.agents.quick_edit import LEAST_ANSWER, QuickEdit
from runner.spending import Prices
from tests.integration.runner.messages_api import USAGE, MessagesApi, Reply, messages_api
from tests.integration.runner.world import World, job

KEY = "sk-ant-a-key-of-the-tests"
PRICES = Prices(input=0.10, cache_write=0.125, cache_read=0.01, output=0.50)
COST = (1200 * 0.10 + 3000 * 0.125 + 500 * 0.01 + 700 * 0.50) / 1e6


def block(path: str, search: str, replace: str) -> str:
    """One edit, as a model writes it."""
    return f"{path}\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n\n"


HEAD = "Subject: feat(cli): add --stdin flag\nRationale: Text can now be piped in.\n\n"
ADD_STDIN = (
    HEAD
    + block(
        "wordcount/cli.py",
        '        "files", nargs="+", type=Path, metavar="FILE", help="text file to count"\n    )\n',
        '        "files", nargs="*", type=Path, metavar="FILE", help="text file to count"\n    )\n'
        '    parser.add_argument("--stdin", action="store_true", help="count standard input")\n',
    )
    + block(
        "wordcount/cli.py",
        "    args = build_parser().parse_args(argv)\n",
        "    parser = build_parser()\n"
        "    args = parser.parse_args(argv)\n"
        "    if not (args.files or args.stdin):\n"
        '        parser.error("name at least one FILE, or give --stdin")\n',
    )
    + block(
        "wordcount/cli.py",
        "    status = 0\n",
        "    status = 0\n"
        "    if args.stdin:\n"
        '        rows.append(("(standard input)", count(sys.stdin)))\n',
    )
    + block(
        "README.md",
        "| `--no-header` | leave out the column names |\n",
        "| `--no-header` | leave out the column names |\n| `--stdin` | count standard input |\n",
    )
)
NO_KEY_IN_THE_BOX = """\
import io
import os
from pathlib import Path

from wordcount.cli import main


def test_stdin_is_counted(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("one two"))
    assert main(["--no-header", "--words", "--stdin"]) == 0
    assert capsys.readouterr().out == "2  (standard input)\\n"


def test_nobody_left_a_key_here():
    environments = Path("/proc").glob("[0-9]*/environ")
    readable = [each for each in environments if os.access(each, os.R_OK)]
    assert readable
    assert not [each for each in readable if b"sk-ant" in each.read_bytes()]
"""
MERGED = Reply(ADD_STDIN + block("tests/test_stdin.py", "", NO_KEY_IN_THE_BOX))
NOT_THERE = Reply(HEAD + block("wordcount/cli.py", "no such line\n", "x\n"))


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with messages_api() as api:
        yield api


@pytest.fixture
def agent(api: MessagesApi, monkeypatch: pytest.MonkeyPatch) -> QuickEdit:
    # As in a real runner's environment, from where nothing may leak into a box.
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    messages = Messages(Model("a-model", PRICES, silence_seconds=5), KEY, api.url)
    return QuickEdit(messages, context_tokens=32_000, answer_tokens=16_000)


def test_an_edit_is_merged_and_paid(
    world: World,
    api: MessagesApi,
    agent: QuickEdit,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG, "anthropic")
    api.replies = [MERGED]
    status = world.do(job(), agent)
    assert (status.status, status.reason) == ("auto_merged", None), status.notes
    assert world.log()[0] == "feat(cli): add --stdin flag (tests included)"
    assert status.files_touched == ["README.md", "tests/test_stdin.py", "wordcount/cli.py"]
    assert (status.tok_in, status.tok_out) == (4700, 700)
    assert status.cost_usd == pytest.approx(COST)
    assert api.keys == [f"Bearer {KEY}"]
    told = caplog.text + "".join(capfd.readouterr()) + status.model_dump_json()
    assert KEY not in told + json.dumps(api.asked) + world.repository.git("log", "-p", "main")


def test_the_model_is_asked_with_the_brief_the_files_and_a_cached_prefix(
    world: World, api: MessagesApi, agent: QuickEdit
) -> None:
    api.replies = [NOT_THERE] * 2
    world.do(job("Let --no-header say what it does."), agent)
    world.do(job("Say more in table.py."), agent)
    first, second = api.asked
    assert first["system"] == second["system"]
    assert first["system"][-1]["cache_control"] == {"type": "ephemeral"}
    assert "\nwordcount/table.py" in first["system"][-1]["text"]
    assert first["stream"] is True
    asked = first["messages"][0]["content"]
    assert '<file path="wordcount/cli.py">\n"""The command line' in asked
    assert '<file path="tests/test_cli.py">' in asked
    assert "\nProject: wordcount\nTask: Let --no-header say what it does.\n" in asked
    assert "\nRepository map (top-level): .gitignore README.md pyproject.toml security/" in asked


def test_a_busy_api_is_asked_again(world: World, api: MessagesApi, agent: QuickEdit) -> None:
    api.replies = [Reply(status=529), Reply(status=429, headers={"retry-after": "1"}), MERGED]
    status = world.do(job(), agent)
    assert (status.status, len(api.asked)) == ("auto_merged", 3)
    assert status.cost_usd == pytest.approx(COST)


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ([Reply("DECLINE: It needs a database.")], "declined"),
        ([Reply(stop_reason="refusal")], "declined"),
        ([Reply(ADD_STDIN, stop_reason="max_tokens")], "declined"),
        ([NOT_THERE], "edit_does_not_apply"),
        ([Reply(HEAD + block("../x.py", "", "x\n"))], "edit_does_not_apply"),
        ([Reply("")], "edit_does_not_apply"),
        ([Reply("I am sorry, Dave.")], "edit_does_not_apply"),
        ([Reply(status=401)], "model_unavailable"),
        ([Reply(status=529, headers={"retry-after": "3600"})], "model_unavailable"),
        ([Reply(status=529)] * 4, "model_unavailable"),
    ],
)
def test_what_cannot_be_done_fails_with_a_sentence_and_its_price(
    world: World, api: MessagesApi, agent: QuickEdit, replies: list[Reply], reason: str
) -> None:
    is_paid = replies[0].status == 200
    api.replies = list(replies)
    status = world.do(job(), agent)
    assert (status.status, status.reason, api.replies) == ("fail", reason, []), status.notes
    assert status.notes.endswith((".", "!"))
    assert KEY not in status.notes
    assert (status.cost_usd, status.tok_in) == ((pytest.approx(COST), 4700) if is_paid else (0, 0))
    assert world.log() == ["feat: count words"]


@pytest.mark.parametrize("broken", [{"breaks_off": True}, {"pings": True}])
def test_an_answer_without_an_end_costs_what_was_said_and_no_more_time(
    world: World, api: MessagesApi, agent: QuickEdit, broken: dict[str, bool]
) -> None:
    api.replies = [Reply(ADD_STDIN, **broken)]
    status = world.do(job(max_seconds=3), agent)
    assert (status.status, status.reason) == ("fail", "model_unavailable")
    assert (status.tok_in, status.tok_out) == (4700, USAGE["output_tokens"])
    assert status.duration_ms < 4000


def test_nobody_listens(world: World) -> None:
    messages = Messages(Model("a-model", PRICES, silence_seconds=5), KEY, "http://127.0.0.1:9")
    status = world.do(job(max_seconds=5), QuickEdit(messages, 32_000, 16_000))
    assert (status.status, status.reason) == ("fail", "model_unavailable")


def test_the_answer_may_cost_what_the_job_may(
    world: World, api: MessagesApi, agent: QuickEdit
) -> None:
    api.replies = [NOT_THERE] * 2
    world.do(job(max_usd=0.003), agent)
    world.do(job(max_usd=1), agent)
    assert LEAST_ANSWER < api.asked[0]["max_tokens"] < 0.003 / 0.5e-6
    assert api.asked[1]["max_tokens"] == 16_000
    status = world.do(job(max_usd=0.0005), agent)
    assert (status.reason, len(api.asked)) == ("budget_too_small", 2)


def test_code_that_is_right_already_is_left_alone(
    world: World, api: MessagesApi, agent: QuickEdit
) -> None:
    api.replies = [Reply("Subject: feat: x\nRationale: It is there.\n")]
    status = world.do(job(), agent)
    assert (status.status, status.reason) == ("ok", "nothing_to_do")
    assert status.cost_usd == pytest.approx(COST)
