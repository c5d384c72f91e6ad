"""Paying once: a message that comes again finds the answer of the first time."""

from typing import cast

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.serialization.dataclass import DataclassSerializer

from services.transcribe.heard import Heard
from services.transcribe.listener import Transcribe


def paid_once(
    transcribe: Transcribe, store: DynamoDBPersistenceLayer, config: IdempotencyConfig
) -> Transcribe:
    """The same, but asked again for the same `job_id` it answers from a DynamoDB table.

    This spares money, and nothing else rests on it: a call that failed is made again, and were
    the table emptied, the words would be bought a second time and said under the same event id.

    Args:
        transcribe: the paid call.
        store: the idempotency table.
        config: for how long; it must know the Lambda context, so that a call that died with its
            Lambda blocks the next one only until that Lambda's deadline.
    """
    spared = idempotent_function(
        transcribe,
        data_keyword_argument="job_id",
        persistence_store=store,
        config=config,
        output_serializer=DataclassSerializer(model=Heard),
        key_prefix="transcribe",
    )
    return cast(Transcribe, spared)
