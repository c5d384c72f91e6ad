"""What was done once and shall not be done again: mail, and clips that cost money."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, cast

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

REMEMBERED = timedelta(days=180)
"""As long as a clip is kept."""

T = TypeVar("T", str, dict[str, str])


@dataclass(frozen=True)
class Memory:
    """The idempotency table.

    What failed is forgotten and done again. What was killed just after it was done is done again
    too, once the killed call's deadline is over: twice is better than never.
    """

    store: DynamoDBPersistenceLayer
    config: IdempotencyConfig

    @classmethod
    def of(cls, table: str) -> "Memory":
        """The memory in a DynamoDB table."""
        config = IdempotencyConfig(expires_after_seconds=int(REMEMBERED.total_seconds()))
        return cls(DynamoDBPersistenceLayer(table), config)

    def at_work(self, context: LambdaContext) -> None:
        """Say until when this call works: as long as that, it blocks others, even if killed."""
        self.config.register_lambda_context(context)

    def once(self, what: str, key: Sequence[str], do: Callable[[], T]) -> T:
        """Do something, or answer what came of it when it was done.

        Args:
            what: is done.
            key: which of them.
            do: does it; its answer is remembered.

        Raises:
            IdempotencyAlreadyInProgressError: another call is at it right now.
        """

        def done(**_key: Sequence[str]) -> T:
            return do()

        remembered = idempotent_function(
            done,
            data_keyword_argument="key",
            persistence_store=self.store,
            config=self.config,
            key_prefix=what,
        )
        return cast(T, remembered(key=list(key)))
