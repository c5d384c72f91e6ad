"""The base of every model: what is received is frozen, and unknown fields are let through."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """One message or a part of one.

    A schema may grow: fields that this side does not know yet are dropped, not refused.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)
