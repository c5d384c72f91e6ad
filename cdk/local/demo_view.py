"""How the demo looks in a terminal; plain text where there is none."""

from __future__ import annotations

from textwrap import indent
from typing import Any

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

Json = dict[str, Any]

PHONE_WIDTH = 60
BUTTONS = {"task_approval": ("Approve", "Details"), "task_failed": ("Details",)}
"""What the app attaches to a category of pushes."""


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
        """A push as a lock screen shows it, with the buttons of its category."""
        card = Table.grid(expand=True)
        head = Table.grid(expand=True)
        head.add_column()
        head.add_column(justify="right")
        head.add_row(Text("SAYSO", style="dim"), Text(_arrival(push), style="dim"))
        for part in (head, Text(push["title"], style="bold"), Text(push["body"])):
            card.add_row(part)
        if buttons := BUTTONS.get(push.get("categoryId", ""), ()):
            row = Table.grid(expand=True)
            for _ in buttons:
                row.add_column(justify="center", ratio=1)
            row.add_row(*(Text(f"[ {button} ]", style="bold") for button in buttons))
            card.add_row("")
            card.add_row(row)
        self._console.print(Text("\nThe phone", style="bold"))
        self._console.print(Panel(card, width=PHONE_WIDTH, box=box.ROUNDED), soft_wrap=False)

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


def _arrival(push: Json) -> str:
    """Whether the phone made itself heard, was lit, or was left alone."""
    if push.get("sound"):
        return "now, with a sound"
    return "quietly" if push.get("interruptionLevel") == "passive" else "now"
