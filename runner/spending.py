"""What models cost: what was spent, and what it will be at most."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Spent:
    """What a model's API reported; amounts of several calls add up."""

    tok_in: int = 0
    """Tokens that it read, from a cache or not."""
    tok_out: int = 0
    cost_usd: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.tok_in + other.tok_in,
            self.tok_out + other.tok_out,
            self.cost_usd + other.cost_usd,
        )


NOTHING = Spent()


@dataclass(frozen=True)
class Prices:
    """US dollars for a million tokens."""

    input: float
    cache_write: float
    cache_read: float
    output: float

    def spent(self, read: int, cache_written: int, cache_read: int, output: int) -> Spent:
        """The price of tokens of each kind."""
        millionths = (
            read * self.input
            + cache_written * self.cache_write
            + cache_read * self.cache_read
            + output * self.output
        )
        return Spent(read + cache_written + cache_read, output, millionths / 1e6)

    def output_tokens_for(self, usd: float, tok_in: int) -> int:
        """How many tokens of an answer the money pays, however the question is charged."""
        left = usd - tok_in * max(self.input, self.cache_write) / 1e6
        return max(int(left / self.output * 1e6), 0)
