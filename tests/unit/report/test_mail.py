"""The mail as a reader's program takes it apart."""

from datetime import date
from email import message_from_bytes, policy

from services.report.mail import compose
from services.report.table import to_csv
from tests.unit.report.sums import NOTHING, total, totals

DAY = date(2026, 11, 22)


def read(day_totals):
    return message_from_bytes(compose(DAY, day_totals).as_bytes(), policy=policy.default)


def test_the_subject_says_what_most_people_want_to_know():
    assert read(totals(tasks=1234))["Subject"] == "Sayso on 2026-11-22: 1,234 tasks, $0.01"
    assert read(totals(tasks=1))["Subject"] == "Sayso on 2026-11-22: 1 task, $0.01"


def test_the_text_has_every_sum_and_the_count_by_status():
    text = read(totals(tok_in=2**40)).get_body(("plain",)).get_content()
    for shown in ("2 tasks on 2026-11-22", "auto_merged", "1,099,511,627,776", "8.4", "0.0123"):
        assert shown in text


def test_a_day_without_tasks_says_so():
    mail = read(NOTHING)
    assert mail["Subject"] == "Sayso on 2026-11-22: 0 tasks, $0.00"
    assert mail.get_body(("plain",)).get_content() == "Nobody asked for anything on 2026-11-22.\n"


def test_the_table_is_attached_as_it_is():
    sums = totals(total("ädå@例え.jp", "ok"), total("=cmd@x.y", "fail"))
    [attachment] = read(sums).iter_attachments()
    assert attachment.get_content_type() == "text/csv"
    assert attachment.get_filename() == "sayso-2026-11-22.csv"
    assert attachment.get_payload(decode=True).decode() == to_csv(DAY, sums)
