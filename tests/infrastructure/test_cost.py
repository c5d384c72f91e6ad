"""The page about costs says what the prices say."""

import pytest

from cdk import cost


def test_the_page_holds_the_table_of_today():
    page = cost.PAGE.read_text()
    assert cost.inserted(page) == page, "make cost"


@pytest.mark.parametrize("tasks", [100_000, 10_000_000])
def test_a_task_costs_less_than_is_promised_once_there_are_many(tasks: int):
    assert cost.month(tasks).per_task < 0.03


def test_more_tasks_cost_more_in_all_and_less_each():
    few, many = cost.month(100_000), cost.month(10_000_000)
    assert few.total < many.total
    assert few.per_task > many.per_task


def test_one_runner_is_warm_however_little_there_is_to_do():
    assert cost.month(1).runners == 1
    assert cost.month(10_000_000).runners > 10


def test_the_models_prices_are_those_that_the_runner_reckons_with():
    from runner.settings import RunnerSettings

    prices = {name: field.default for name, field in RunnerSettings.model_fields.items()}
    for lane, price in (("quick", cost.QUICK), ("agent", cost.AGENT)):
        assert price == {
            "fresh": prices[f"{lane}_usd_per_million_input"],
            "cached": prices[f"{lane}_usd_per_million_cache_read"],
            "written": prices[f"{lane}_usd_per_million_cache_write"],
            "out": prices[f"{lane}_usd_per_million_output"],
        }
