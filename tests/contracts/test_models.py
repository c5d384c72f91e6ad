"""The generated models are what the schemas say today."""

from contracts.generate import MODELS, models_source


def test_models_are_fresh() -> None:
    assert MODELS.read_text() == models_source(), "stale: run `make contracts`"
