"""Sums over a day's tasks, against sums by hand and by another query."""

import csv
import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from contracts.database import Database
from services.report.__main__ import main
from services.report.day import bounds
from services.report.totals import totals

BERLIN = ZoneInfo("Europe/Berlin")
ADA, BOB = "ada@example.org", "bob@example.org"


@pytest.fixture
def of(tasks):
    """The totals of a day in Berlin."""
    database = Database(tasks.url)
    with database.transaction() as connection:
        yield lambda day: totals(connection, *bounds(date.fromisoformat(day), BERLIN))
    database.close()


def test_sums_by_user_and_status_by_status_and_over_everything(tasks, of):
    ada, bob = tasks.user(ADA), tasks.user(BOB)
    tasks.task(ada, "2026-11-22T08:00:00Z", "auto_merged", 1000, 100, 3000, "0.004")
    tasks.task(ada, "2026-11-22T09:00:00Z", "auto_merged", 2000, 200, 5000, "0.006")
    tasks.task(ada, "2026-11-22T10:00:00Z", "fail", 10, 1, 700, "0.000001")
    tasks.task(bob, "2026-11-22T11:00:00Z", "auto_merged", 5, 6, 7, "0.008")
    sums = of("2026-11-22")
    assert [(s.user, s.status, s.tasks, s.tok_in) for s in sums.by_user] == [
        (ADA, "auto_merged", 2, 3000),
        (ADA, "fail", 1, 10),
        (BOB, "auto_merged", 1, 5),
    ]
    assert [(s.status, s.tasks, s.duration_ms) for s in sums.by_status] == [
        ("auto_merged", 3, 8007),
        ("fail", 1, 700),
    ]
    everything = (sums.all.tasks, sums.all.tok_in, sums.all.tok_out, sums.all.duration_ms)
    assert everything == (4, 3015, 307, 8707)
    assert sums.all.cost_usd == pytest.approx(0.018001)


def test_the_long_night_of_the_clock_change_belongs_to_its_day(tasks, of):
    ada = tasks.user(ADA)
    for start in (
        "2026-10-24T21:59:59.999999Z",  # the day before
        "2026-10-24T22:00:00Z",
        "2026-10-25T00:30:00Z",  # 02:30, for the first time
        "2026-10-25T01:30:00Z",  # 02:30, for the second time
        "2026-10-25T22:59:59.999999Z",
        "2026-10-25T23:00:00Z",  # the day after
    ):
        tasks.task(ada, start)
    counts = [of(day).all.tasks for day in ("2026-10-24", "2026-10-25", "2026-10-26")]
    assert counts == [1, 4, 1]


def test_a_day_without_tasks_is_zeros(tasks, of):
    sums = of("2026-11-22")
    assert (sums.by_user, sums.by_status) == ([], [])
    assert (sums.all.tasks, sums.all.tok_in, sums.all.cost_usd) == (0, 0, 0)


def test_tasks_that_are_not_finished_count_without_figures(tasks, of):
    tasks.task(tasks.user(ADA), "2026-11-22T08:00:00Z", "pending")
    assert (of("2026-11-22").all.tasks, of("2026-11-22").all.duration_ms) == (1, 0)


def test_a_task_whose_user_is_not_known_yet_is_nobodys(tasks, of):
    tasks.task(None, "2026-11-22T08:00:00Z", "pending")
    assert of("2026-11-22").all.tasks == 0


def test_sums_may_outgrow_the_column(tasks, of):
    ada = tasks.user(ADA)
    for hour in range(3):
        tasks.task(ada, f"2026-11-22T0{hour}:00:00Z", "ok", *[2**31 - 1] * 3, "999999.999999")
    assert of("2026-11-22").all.tok_in == 3 * (2**31 - 1)
    assert of("2026-11-22").all.cost_usd == pytest.approx(2_999_999.999997)


def test_a_month_equals_the_database_counting_days_itself(tasks, of):
    ada, bob = tasks.user(ADA), tasks.user(BOB)
    for number in range(400):
        start = f"2026-10-{number % 31 + 1:02}T{number * 7 % 24:02}:{number % 60:02}:00Z"
        status = ("auto_merged", "fail", "ok")[number % 3]
        tasks.task((ada, bob)[number % 2], start, status, number, number * 2, number * 3, "0.01")
    by_hand = tasks.execute(
        """
        select date(ts_start at time zone 'Europe/Berlin'), email, status,
               count(*), sum(tok_in), sum(tok_out), sum(duration_ms)
        from task_events join users on users.id = user_id group by 1, 2, 3 order by 1, 2, 3
        """
    )
    ours = [
        (day, each.user, each.status, each.tasks, each.tok_in, each.tok_out, each.duration_ms)
        for day in [date(2026, 10, number) for number in range(1, 32)] + [date(2026, 11, 1)]
        for each in of(day.isoformat()).by_user
    ]
    assert ours == by_hand


def test_a_person_gets_the_same_as_csv_and_as_json(tasks, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("DATABASE_URL", tasks.url)
    monkeypatch.setenv("MAIL_TIME_ZONE", "Europe/Berlin")
    tasks.task(tasks.user(ADA), "2026-11-21T23:30:00Z", "ok", 1, 2, 3, "0.5")
    out = tmp_path / "report.csv"
    main(["--date", "2026-11-22", "--out", str(out), "--json"])
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["user"] for row in rows] == [ADA, "(all)", "(all)"]
    shown = json.loads(capsys.readouterr().out)
    assert (shown["date"], shown["all"]["tasks"], shown["all"]["cost_usd"]) == (
        "2026-11-22",
        1,
        0.5,
    )

    page = tmp_path / "mail.html"
    main(["--date", "2026-11-22", "--html", str(page)])
    assert capsys.readouterr().out == ""
    assert "1 task," in page.read_text()

    main(["--date", "2026-11-22"])
    assert capsys.readouterr().out.encode() == out.read_bytes()
