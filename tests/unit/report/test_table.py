"""The CSV: its columns, its totals, and cells that a spreadsheet must not compute."""

import csv
import io

import pytest

from services.report.table import to_csv
from tests.unit.report.sums import DAY, NOTHING, total, totals


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_users_come_first_then_each_status_then_everything():
    text = to_csv(DAY, totals(total("ada@example.org", "auto_merged")))
    assert text.splitlines() == [
        "date,user,status,tasks,tok_in,tok_out,duration_ms,cost_usd",
        "2026-11-22,ada@example.org,auto_merged,2,3000,700,8400,0.012300",
        "2026-11-22,(all),auto_merged,2,3000,700,8400,0.012300",
        "2026-11-22,(all),(all),2,3000,700,8400,0.012300",
    ]


def test_a_day_without_tasks_has_its_zeros():
    assert to_csv(DAY, NOTHING).splitlines()[1:] == ["2026-11-22,(all),(all),0,0,0,0,0.000000"]


def test_sums_beyond_32_bits_stay_whole():
    [row, *_] = rows(to_csv(DAY, totals(total("a@b.c", "ok", tok_in=2**40, cost_usd=1e-6))))
    assert (row["tok_in"], row["cost_usd"]) == ("1099511627776", "0.000001")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_an_address_that_looks_like_a_formula_is_text(start):
    address = f'{start}cmd|"/c calc"!A1@example.org'
    [row, *_] = rows(to_csv(DAY, totals(total(address, "ok"))))
    assert row["user"] == f"'{address}"


@pytest.mark.parametrize("address", ["ada@example.org", 'a,"b"\n@c.d', "ädå@例え.jp", "a=b@c.d"])
def test_any_other_address_stays_as_it_is(address):
    [row, *_] = rows(to_csv(DAY, totals(total(address, "ok"))))
    assert row["user"] == address
