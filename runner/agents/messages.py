"""The Messages API: one streamed call that ends with its job, and what it cost."""

import time
from dataclasses import dataclass
from http import HTTPStatus

import httpx2
from anthropic import Anthropic, APIError, APIStatusError
from anthropic.types import Message
from aws_lambda_powertools import Logger

from runner.deadline import Deadline
from runner.failure import Failure
from runner.spending import Prices, Spent

logger = Logger(service="runner")

PAUSES = (0.5, 2.0, 8.0)
"""Seconds between tries; longer if the API says so."""
_BROKEN = (APIError, httpx2.HTTPError, httpx2.StreamError, ValueError)


@dataclass(frozen=True)
class Model:
    """Which model is asked, and what that costs."""

    name: str
    prices: Prices
    silence_seconds: float
    """How long the API may say nothing."""

    def spent_on(self, message: Message) -> Spent:
        """What the API reported for a message."""
        usage = message.usage
        return self.prices.spent(
            read=usage.input_tokens,
            cache_written=usage.cache_creation_input_tokens or 0,
            cache_read=usage.cache_read_input_tokens or 0,
            output=usage.output_tokens,
        )


@dataclass(frozen=True)
class Question:
    """One call; what never changes, what a repository's jobs have in common, and the rest."""

    rules: str
    common: str
    asked: str
    most_tokens: int
    """Of the answer, with what the model thinks before it."""


class Messages:
    """Asks one model."""

    def __init__(self, model: Model, api_key: str, base_url: str) -> None:
        """Get ready; nothing is asked yet."""
        self.model = model
        # The client would retry, but it waits as long as a server tells it to, past any deadline.
        self._client = Anthropic(api_key=api_key, base_url=base_url, max_retries=0)

    def ask(self, question: Question, deadline: Deadline) -> Message:
        """The model's whole message; a busy or failing API is asked again while there is time.

        Raises:
            Failure: `model_unavailable`, `timed_out`.
        """
        for pause in (*PAUSES, None):
            try:
                message = self._stream(question, deadline)
            except _BROKEN as error:
                deadline.check()
                wait = _wait(error, pause)
                if wait is None or deadline.remaining(at_most=wait) < wait:
                    raise _unavailable(error) from error
                time.sleep(wait)
            else:
                break
        if message.stop_reason is None:
            # It is not asked again: what was said until here has its price already.
            raise Failure(
                "model_unavailable",
                "The model did not finish its answer; try again in a few minutes.",
                self.model.spent_on(message),
            )
        return message

    def _stream(self, question: Question, deadline: Deadline) -> Message:
        """A message, without a `stop_reason` if it broke off; raises if there was none at all."""
        request = self._client.messages.stream(
            model=self.model.name,
            max_tokens=question.most_tokens,
            system=[
                {"type": "text", "text": question.rules},
                {
                    "type": "text",
                    "text": question.common,
                    "cache_control": {"type": "ephemeral"},
                },
            ],
            messages=[{"role": "user", "content": question.asked}],
            timeout=deadline.remaining(at_most=self.model.silence_seconds),
        )
        message: Message | None = None
        try:
            # The client gives up on silence, never on a stream that goes on.
            with request as stream, deadline.ending(stream.close):
                for event in stream:
                    if message or event.type == "message_start":
                        message = stream.current_message_snapshot
        except _BROKEN:
            if message is None:
                raise
            logger.warning("the model's answer broke off", exc_info=True)
        if message is None:
            raise httpx2.RemoteProtocolError("the stream ended before it began")
        return message


def _wait(error: Exception, pause: float | None) -> float | None:
    """Seconds until it may go better; None if it will not."""
    if pause is None or _refusal(error):
        return None
    said = (
        error.response.headers.get("retry-after", "") if isinstance(error, APIStatusError) else ""
    )
    return max(pause, float(said)) if said.isdecimal() else pause


def _refusal(error: Exception) -> int | None:
    """The status that says that asking again is of no use."""
    status = error.status_code if isinstance(error, APIStatusError) else 0
    return status if status in range(400, 500) and status != HTTPStatus.TOO_MANY_REQUESTS else None


def _unavailable(error: Exception) -> Failure:
    status = _refusal(error)
    logger.warning("the model can't be asked", status=status, error=type(error).__name__)
    if status is None:
        return Failure("model_unavailable", "The model is busy; try again in a few minutes.")
    return Failure(
        "model_unavailable",
        f"The model's API refuses Sayso ({status}); whoever runs Sayso must look at its key and "
        "the model's name.",
    )
