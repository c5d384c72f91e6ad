"""How the demo looks in a terminal; plain text where there is none."""

from __future__ import annotations

from textwrap import indent
from typing import Any

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

Json = dict[str, Any]

PHONE_WIDTH = 60


class View:
    """Writes the story of one request, line by line as it happens."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(quiet=quiet, highlight=False, soft_wrap=True)

    def note(self, text: str) -> None:
        """A remark."""
        self._console.print(Text(text, style="dim"))

    def asks(self, what: str, how: str) -> None:
        """The developer speaks or types."""
        line = Text.assemble(("\nThe developer ", "bold"), what, (f"  {how}", "dim"))
        self._console.print(line)

    def step(self, entry: Json) -> None:
        """One entry of the task's timeline."""
        name = entry["phase"] or entry["type"]
        cells = (
            (f"{entry['elapsed_ms']:>7} ms  ", "cyan"),
            (f"{name:<16}  ", "bold"),
            entry["text"],
        )
        self._console.print(Text.assemble(*cells))

    def heard(self, transcript: str | None, confidence: float | None) -> None:
        """What was understood."""
        if transcript:
            how_sure = f"  confidence {confidence:.2f}" if confidence is not None else ""
            self._console.print(
                Text.assemble(("\nHeard ", "bold"), f"“{transcript}”", (how_sure, "dim"))
            )

    def written(self, by: str, tok_in: int, tok_out: int, cost_usd: float) -> None:
        """Who wrote the change, and for how much."""
        price = f"  {tok_in} tokens in, {tok_out} out, ${cost_usd:.4f}"
        self._console.print(Text.assemble(("Written by ", "bold"), by, (price, "dim")))

    def diff(self, text: str) -> None:
        """The change."""
        self._console.print(Text("\nThe change", style="bold"))
        if self._console.is_terminal:
            self._console.print(Syntax(text, "diff", theme="ansi_dark", background_color="default"))
        else:
            self._console.print(Text(text))

    def commit(self, text: str, where: str) -> None:
        """A commit as `git show` tells it."""
        self._console.print(Text.assemble(("\nThe commit, ", "bold"), (where, "green")))
        self._console.print(Text(indent(text.strip(), "  ")))

    def pull_request(self, url: str, summary: str | None) -> None:
        """A pull request that waits for a person."""
        self._console.print(Text.assemble(("\nThe pull request ", "bold"), url))
        self._console.print(Text(indent(summary or "", "  ")))

    def push(self, push: Json) -> None:
        """A push as a lock screen shows it."""
        body = Text(push["body"])
        if "approv" in push.get("categoryId", ""):
            body.append("\n\n[ Approve ]   [ Details ]", style="bold")
        self._console.print(Text("\nThe phone", style="bold"))
        title = Text(push["title"], style="bold")
        self._console.print(
            Panel(body, title=title, title_align="left", width=PHONE_WIDTH, box=box.ROUNDED),
            soft_wrap=False,
        )

    def ends(self, request_ms: int, total_ms: int) -> None:
        """How long it took, and what next."""
        self._console.print(
            Text.assemble(
                ("\nDone", "bold green"),
                f" in {total_ms / 1000:.1f} s; from the upload to the outcome"
                f" {request_ms / 1000:.1f} s.",
                ("  The system is still up: `make down` stops it.", "dim"),
            )
        )
