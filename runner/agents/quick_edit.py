"""The quick lane: a model is asked once, and what it answers is written or honestly refused."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runner.agents.agent import Brief, Proposal
from runner.agents.context import choose, tokens
from runner.agents.edits import Edit, EditFailed, apply
from runner.agents.messages import Messages, Question
from runner.agents.prompt import RULES, Declined, question, read, repository
from runner.deadline import Deadline
from runner.failure import Failure

LEAST_ANSWER = 1_000
"""Tokens; a job that can't pay for so many is not begun."""


@dataclass(frozen=True)
class QuickEdit:
    """Asks for search/replace edits of the files that a request is about."""

    messages: Messages
    context_tokens: int
    """Of the files that are shown; the list of all paths takes a quarter as many at most."""
    answer_tokens: int
    """With what the model thinks before it answers."""
    name: str = "quick_edit"

    def propose(self, brief: Brief, work_tree: Path, deadline: Deadline) -> Proposal:
        """Do what the brief says in the work tree; see `Agent.propose`.

        Raises:
            Failure: `declined`, `edit_does_not_apply`, `model_unavailable`, `budget_too_small`,
                `timed_out`.
        """
        message = self.messages.ask(self._question(brief, work_tree), deadline)
        spent = self.messages.model.spent_on(message)
        if message.stop_reason == "refusal":
            raise Failure("declined", "The model refuses this; ask in another way.", spent)
        if message.stop_reason != "end_turn":
            raise Failure("declined", "The change is too long for a quick edit.", spent)
        reply = "".join(block.text for block in message.content if block.type == "text")
        try:
            answer = read(reply)
            write(work_tree, answer.edits)
        except Declined as declined:
            raise Failure("declined", f"This is no small edit: {declined}", spent) from declined
        except EditFailed as failed:
            sentence = f"The model's edit does not fit the code ({failed}); say it again."
            raise Failure("edit_does_not_apply", sentence, spent) from failed
        return Proposal(answer.subject, answer.rationale, spent)

    def _question(self, brief: Brief, work_tree: Path) -> Question:
        context = choose(work_tree, brief.task, self.context_tokens)
        common = repository(context, self.context_tokens // 4)
        asked = question(brief, context)
        size = tokens(RULES + common + asked)
        affordable = self.messages.model.prices.output_tokens_for(brief.max_usd, size)
        if affordable < LEAST_ANSWER:
            raise Failure(
                "budget_too_small",
                f"${brief.max_usd:g} does not pay for asking the model; allow more for a job.",
            )
        return Question(RULES, common, asked, min(affordable, self.answer_tokens))


def write(work_tree: Path, edits: list[Edit]) -> None:
    """Apply edits to the files of a work tree: all of them, or none.

    Raises:
        EditFailed: one does not fit, or leaves the work tree.
    """
    texts: dict[Path, str] = {}
    try:
        for edit in edits:
            path = inside(work_tree, edit.path)
            texts[path] = apply(texts[path] if path in texts else _text(path), edit)
        for path, content in [(path, text.encode()) for path, text in texts.items()]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except (OSError, UnicodeError) as error:
        raise EditFailed(f"{path.name} can't be read or written as text") from error


def inside(work_tree: Path, name: str) -> Path:
    """The place of a file that may be written.

    Raises:
        EditFailed: it is outside, in a git directory, or behind a link, wherever that leads.
    """
    path = PurePosixPath(name)
    place = work_tree.resolve() / path
    is_plain = name.isprintable() and "\\" not in name and not path.is_absolute()
    is_ours = not {"..", ".git"} & {part.casefold() for part in path.parts}
    steps = [place, *place.parents][: len(path.parts)]
    if not (steps and is_plain and is_ours) or any(step.is_symlink() for step in steps):
        raise EditFailed(f"{name!r} is not a file of the project")
    return place


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
