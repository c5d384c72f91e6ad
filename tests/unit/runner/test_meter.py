"""Calls are counted as the API reports them, and let through while they can be paid."""

import pytest

from runner.model_proxy.meter import LEAST_ANSWER, Call, Meter
from runner.model_proxy.request import Refused, Request
from runner.spending import Prices, Spent

DEAR = Prices(input=2.0, cache_write=2.5, cache_read=0.2, output=10.0)
CHEAP = Prices(input=0.1, cache_write=0.125, cache_read=0.01, output=0.5)
START = {
    "type": "message_start",
    "message": {
        "usage": {
            "input_tokens": 100,
            "cache_creation_input_tokens": 1000,
            "cache_read_input_tokens": 4000,
            "output_tokens": 1,
        }
    },
}
START_USD = (100 * 2.0 + 1000 * 2.5 + 4000 * 0.2 + 1 * 10.0) / 1e6


def asks(model: str = "dear", most_tokens: int = 100_000, tok_in: int = 2000) -> Request:
    return Request({"model": model, "max_tokens": most_tokens}, tok_in)


def meter(max_usd: float = 0.5, max_calls: int = 10) -> Meter:
    return Meter({"dear": DEAR, "cheap": CHEAP}, max_usd, max_calls)


def says(text: str, kind: str = "text") -> dict[str, object]:
    return {"type": "content_block_delta", "delta": {"type": f"{kind}_delta", kind: text}}


def ends(output: int) -> dict[str, object]:
    return {"type": "message_delta", "usage": {"output_tokens": output}}


def heard(*events: dict[str, object]) -> Call:
    call = meter().begin(asks())
    for event in events:
        call.hear(event)
    return call


def test_a_finished_answer_costs_what_the_api_says() -> None:
    spent = heard(START, says("a" * 9000), ends(700)).spent
    assert (spent.tok_in, spent.tok_out) == (5100, 700)
    assert spent.cost_usd == pytest.approx(START_USD + 699 * 10.0 / 1e6)


@pytest.mark.parametrize("kind", ["text", "thinking", "partial_json"])
def test_an_answer_that_broke_off_costs_what_was_said_rather_too_much(kind: str) -> None:
    spent = heard(START, says("a" * 1000, kind), says("b" * 1000, kind)).spent
    assert (spent.tok_in, spent.tok_out) == (5100, 801)


def test_what_is_said_after_a_count_is_estimated_on_top_of_it() -> None:
    assert heard(START, says("a" * 1000), ends(50), says("a" * 25)).spent.tok_out == 60


def test_a_later_count_of_the_question_replaces_the_first() -> None:
    last = {"type": "message_delta", "usage": {"input_tokens": 90, "output_tokens": 7}}
    assert heard(START, last).spent.tok_in == 5090


@pytest.mark.parametrize(
    "event",
    [
        {"type": "ping"},
        {},
        {"type": "message_delta"},
        {"type": "message_delta", "usage": None},
        {"type": "message_delta", "usage": {"output_tokens": "7", "input_tokens": -5}},
        {"type": "message_delta", "usage": {"output_tokens": True, "input_tokens": None}},
        {"type": "content_block_delta", "delta": None},
        {"type": "content_block_delta", "delta": {"text": 7}},
    ],
)
def test_what_is_no_count_changes_nothing(event: dict[str, object]) -> None:
    assert heard(START, event).spent == heard(START).spent


def test_a_call_that_went_unanswered_may_have_cost_its_question() -> None:
    assert heard().spent == Spent(2000, 0, 2000 * 2.0 / 1e6)


def test_a_call_that_was_not_taken_is_free() -> None:
    call = heard()
    call.free()
    assert call.spent == Spent()


def test_each_model_has_its_price() -> None:
    call = meter().begin(asks("cheap"))
    call.hear(START)
    assert call.spent.cost_usd == pytest.approx((100 * 0.1 + 1000 * 0.125 + 40 + 0.5) / 1e6)


def test_a_model_without_a_price_is_not_asked() -> None:
    with pytest.raises(Refused, match="The models to ask here are: dear, cheap") as refused:
        meter().begin(asks("dearest"))
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("max_usd", "wanted", "gets"),
    [
        (0.5, 100, 100),  # no more than was asked for
        (0.025, 100_000, 2000),  # 0.005 for the question, 0.020 for the answer
        (0.005 + LEAST_ANSWER * 1e-5 + 1e-9, 100_000, LEAST_ANSWER),
    ],
)
def test_an_answer_is_as_long_as_can_be_paid(max_usd: float, wanted: int, gets: int) -> None:
    assert meter(max_usd).begin(asks(most_tokens=wanted)).most_tokens == gets


def test_calls_share_one_budget() -> None:
    shared = meter(max_usd=0.04)
    for _ in range(2):
        call = shared.begin(asks())
        call.hear(START)
        call.hear(ends(1500))
        shared.end(call)
    assert shared.spent.tok_out == 3000
    with pytest.raises(Refused, match="budget is spent"):
        shared.begin(asks())
    assert (shared.is_spent, shared.calls) == (True, 2)


def test_an_answer_is_cut_off_when_it_costs_more_than_is_left() -> None:
    shared = meter(max_usd=0.03)
    call = shared.begin(asks())
    call.hear(START)
    call.hear(says("a" * 2500))
    assert (shared.is_beyond(call), shared.is_spent) == (False, False)
    call.hear(says("a" * 7500))
    assert (shared.is_beyond(call), shared.is_spent) == (True, True)


def test_there_are_so_many_turns_and_no_more() -> None:
    few = meter(max_calls=2)
    few.end(few.begin(asks()))
    few.end(few.begin(asks()))
    with pytest.raises(Refused, match="no more turns"):
        few.begin(asks())
    assert (few.has_no_turn_left, few.is_spent) == (True, False)
