"""What an agent's calls cost, and when they have cost enough. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runner.agents.context import tokens
from runner.model_proxy.request import Refused, Request
from runner.spending import NOTHING, Prices, Spent

LEAST_ANSWER = 500
"""Tokens; a budget that can't pay for so many is spent."""

_KINDS = (
    "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens",
)  # fmt: skip
_SAID = ("text", "thinking", "partial_json")


@dataclass
class Call:
    """One call; until the API reports, its question is taken to cost what was estimated."""

    prices: Prices
    most_tokens: int
    """Of the answer: what is left of the budget pays for no more."""
    _usage: dict[str, int]
    _unreported: int = 0
    """Tokens of the answer that the API has not counted yet."""

    def hear(self, event: Mapping[str, Any]) -> None:
        """Take note of an event of the answer's stream."""
        match event.get("type"):
            case "message_start":
                self.report(event.get("message"))
            case "message_delta":
                self.report(event)
            case "content_block_delta":
                delta = event.get("delta")
                said = [delta.get(name) for name in _SAID] if isinstance(delta, dict) else []
                self._unreported += sum(tokens(text) for text in said if isinstance(text, str))

    def report(self, message: object) -> None:
        """Take note of what the API counted: a later count of a kind is that of the whole call."""
        usage = message.get("usage") if isinstance(message, dict) else None
        if not isinstance(usage, dict):
            return
        counted = {kind: usage[kind] for kind in _KINDS if _is_count(usage.get(kind))}
        self._usage |= counted
        if "output_tokens" in counted:
            self._unreported = 0

    def free(self) -> None:
        """The API did not answer: it asks nothing for that."""
        self._usage = {}
        self._unreported = 0

    @property
    def spent(self) -> Spent:
        """What the API reported, and an estimate of what it has not reported yet."""
        read, cache_written, cache_read, output = (self._usage.get(kind, 0) for kind in _KINDS)
        return self.prices.spent(read, cache_written, cache_read, output + self._unreported)


@dataclass
class Meter:
    """What one session may spend; its calls are made one after the other."""

    prices: Mapping[str, Prices]
    """By the name of the model; no other is asked."""
    max_usd: float
    max_calls: int
    spent: Spent = NOTHING
    calls: int = 0
    is_spent: bool = False
    """Whether the session was refused something for want of money."""
    has_no_turn_left: bool = False
    """Whether the session was refused a call because it had made so many."""
    _left: float = field(init=False)

    def __post_init__(self) -> None:
        self._left = self.max_usd

    def begin(self, request: Request) -> Call:
        """Let a call pass.

        Raises:
            Refused: its model has no price here, or there were calls enough, or it can't be paid.
        """
        prices = self.prices.get(request.model)
        if prices is None:
            known = ", ".join(self.prices)
            raise Refused(400, "invalid_request_error", f"The models to ask here are: {known}.")
        if self.calls >= self.max_calls:
            self.has_no_turn_left = True
            raise Refused(403, "permission_error", "There are no more turns.")
        affordable = prices.output_tokens_for(self._left, request.tok_in)
        if affordable < LEAST_ANSWER:
            self.is_spent = True
            raise Refused(403, "permission_error", "The budget is spent.")
        self.calls += 1
        return Call(prices, min(affordable, request.most_tokens), {"input_tokens": request.tok_in})

    def is_beyond(self, call: Call) -> bool:
        """Whether a call that goes on has cost more than was left."""
        if call.spent.cost_usd <= self._left:
            return False
        self.is_spent = True
        return True

    def end(self, call: Call) -> None:
        """A call has ended, however it did."""
        self.spent += call.spent
        self._left = self.max_usd - self.spent.cost_usd


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0
