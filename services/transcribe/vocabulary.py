"""The words of a repository's code, so that speech recognition expects them."""

from collections.abc import Callable

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from pydantic import BaseModel, ValidationError

LONGEST_PROMPT = 600
"""Characters. Whisper reads the last 224 tokens of a prompt; identifiers take one for about three
characters, and what is cut off would be the start, where the most useful words are."""
LONGEST_WORD = 60

logger = Logger()


class Vocabulary(BaseModel):
    """What the runner writes from the code's own identifiers, most useful first."""

    words: list[str]


def hints(read: Callable[[str], bytes], repo: str | None) -> str:
    """A prompt for the recognition: as many of the repository's words as it takes in.

    A hint is worth no failure: without a repository, or with a vocabulary that is missing or
    broken, it is empty.

    Args:
        read: gives the object of a key; raises ClientError.
        repo: `git@github.com:org/project.git`, or None if the request names none.
    """
    if repo is None:
        return ""
    project = repo.removeprefix("git@github.com:").removesuffix(".git")
    try:
        vocabulary = Vocabulary.model_validate_json(read(f"vocabulary/{project}.json"))
    except (ClientError, ValidationError) as missing:
        logger.info("no vocabulary", repo=repo, why=type(missing).__name__)
        return ""
    return prompt(vocabulary.words)


def prompt(words: list[str]) -> str:
    """The first words, comma separated, in at most `LONGEST_PROMPT` characters."""
    text = ""
    for word in words:
        # The code is a stranger's: only what could be spoken as a word gets through.
        if not word.isprintable() or not 0 < len(word.strip()) <= LONGEST_WORD:
            continue
        longer = f"{text}, {word.strip()}" if text else word.strip()
        if len(longer) > LONGEST_PROMPT:
            break
        text = longer
    return text
