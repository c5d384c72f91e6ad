"""The fixtures are what their readers take them for."""

import re
import shutil
import subprocess
import sys
import wave
from pathlib import Path
from typing import NamedTuple

import pytest

TESTS = Path(__file__).parents[1]
SAMPLE_REPO = TESTS / "fixtures" / "sample-repo"
SPEECH = TESTS / "fixtures" / "speech"
PATCHES = TESTS / "mocks" / "patches"


class Verdict(NamedTuple):
    """What ruff and pytest say of the sample repository with a patch, and where it reaches."""

    lint: bool
    tests: bool
    security: bool


VERDICTS = {
    "add-json": Verdict(lint=True, tests=True, security=False),
    "add-stdin": Verdict(lint=True, tests=True, security=False),
    "add-version": Verdict(lint=True, tests=True, security=False),
    "document-exit-status": Verdict(lint=True, tests=True, security=False),
    "failing-lint": Verdict(lint=False, tests=True, security=False),
    "failing-tests": Verdict(lint=True, tests=False, security=False),
    "nothing-to-do": Verdict(lint=True, tests=True, security=False),
    "risky-security": Verdict(lint=True, tests=True, security=True),
}
REQUESTS = ["add-json", "add-stdin", "add-version", "failing-tests", "risky"]
NOT_SPEECH = ["music", "noise", "silence", "tone"]


@pytest.fixture
def sample_repo(tmp_path):
    repo = tmp_path / "sample-repo"
    shutil.copytree(SAMPLE_REPO, repo, ignore=shutil.ignore_patterns(".*_cache", "__pycache__"))
    git(repo, "init", "--quiet")
    git(repo, "add", "--all")
    return repo


def git(repo, *arguments):
    """Run git in `repo`; what it printed. Its failure is the test's."""
    command = ["git", "-C", repo, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def succeeds(repo, tool, *arguments):
    """Whether a Python tool, run in `repo`, is content; 1 means findings, more a broken set-up."""
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=repo,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode == 0


def header(patch):
    """The header lines of a patch as (field, text) pairs."""
    text = (PATCHES / f"{patch}.diff").read_text(encoding="utf-8").partition("\n\n")[0]
    return [tuple(line.split(": ", 1)) for line in text.splitlines()]


def test_every_patch_and_recording_is_in_the_tables():
    assert {path.stem for path in PATCHES.iterdir()} == set(VERDICTS)
    assert {path.stem for path in SPEECH.glob("*.wav")} == {*REQUESTS, *NOT_SPEECH}


@pytest.mark.parametrize("patch", VERDICTS)
def test_a_patch_applies_and_gets_its_verdict(patch, sample_repo):
    git(sample_repo, "apply", "--intent-to-add", "--allow-empty", PATCHES / f"{patch}.diff")
    touched = git(sample_repo, "diff", "--name-only").splitlines()
    verdict = Verdict(
        lint=succeeds(sample_repo, "ruff", "check", "--no-cache"),
        tests=succeeds(sample_repo, "pytest", "-q", "--disable-plugin-autoload"),
        security=any(path.startswith("security/") for path in touched),
    )
    assert verdict == VERDICTS[patch]
    assert bool(touched) is (patch != "nothing-to-do")


@pytest.mark.parametrize("patch", VERDICTS)
def test_a_patch_says_what_it_answers_and_how_it_is_committed(patch):
    fields = header(patch)
    assert [field for field, _ in fields if field != "Also"] == ["Task", "Subject", "Rationale"]
    assert all(text for _, text in fields)
    assert re.fullmatch(r"(feat|docs|chore)(\([a-z]+\))?: .{1,50}", dict(fields)["Subject"])


@pytest.mark.parametrize("recording", [*REQUESTS, *NOT_SPEECH])
def test_a_recording_is_16_khz_mono_16_bit_pcm_of_honest_length(recording):
    path = SPEECH / f"{recording}.wav"
    with wave.open(str(path)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (16_000, 1, 2)
        assert len(wav.readframes(wav.getnframes())) == 2 * wav.getnframes()
        assert path.stat().st_size == 44 + 2 * wav.getnframes()
        assert 1 <= wav.getnframes() / 16_000 <= 5


@pytest.mark.parametrize("recording", [*REQUESTS, *NOT_SPEECH])
def test_only_silence_is_digital_zero(recording):
    with wave.open(str(SPEECH / f"{recording}.wav")) as wav:
        heard = any(wav.readframes(wav.getnframes()))
    assert heard is (recording != "silence")


@pytest.mark.parametrize("recording", REQUESTS)
def test_the_words_that_were_meant_are_beside_the_recording(recording):
    assert (SPEECH / f"{recording}.txt").read_text(encoding="utf-8").endswith(".\n")


def test_the_mock_transcript_is_the_request_for_stdin():
    utterance = TESTS / "fixtures" / "utterance.txt"
    assert utterance.read_text() == (SPEECH / "add-stdin.txt").read_text()
    assert "--stdin" not in (SAMPLE_REPO / "wordcount" / "cli.py").read_text()
