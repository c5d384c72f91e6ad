"""Whether a request means: take back what was merged last. Pure."""

import re

_WHAT = (
    r"(?:that|it|this|the change|what you (?:just )?did"
    r"|(?:the|my|your) (?:last|latest|previous) (?:change|commit|merge|one|task))"
)
_UNDO = re.compile(
    rf"(?:(?:no|oh no|oops|please|hey|ok|okay|sayso|can you|could you|now) )*"
    rf"(?:(?:undo|revert|roll back|take back)(?: {_WHAT})?|(?:take|roll) {_WHAT} back)"
    rf"(?: (?:again|now|please|for me))*"
)
_NOT_WORDS = re.compile(r"[^a-z ]+")


def asks_to_undo(text: str) -> bool:
    """Whether the whole request is to undo; one that only speaks of undoing is for an agent."""
    words = " ".join(_NOT_WORDS.sub(" ", text.casefold()).split())
    return _UNDO.fullmatch(words) is not None
