"""The mail as a reader's program takes it apart."""

import io
import re
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from PIL import Image

from services.report import mail
from services.report.digest import Counted, DayCounts
from services.report.table import to_csv
from services.report.totals import Totals
from tests.unit.report.sums import DAY, QUIET, digest, total, totals, week

LONG = f"{'a' * 64}@{'b' * 180}.example.org"
ODD = [
    f"=cmd|'/c calc'!A1@{'x' * 200}.example.org",
    "שלום\u202e\r\nBcc: everybody@example.org",
    "👩‍💻<script>alert(1)</script>@example.org",
    "{{ 7 * 7 }}&amp;\"'@example.org",
    LONG,
]
ODDEST = digest(
    Totals(
        [total(user, "ok", tasks=2**41 - number) for number, user in enumerate(ODD)],
        [total(status="ok", tasks=2**43)],
        total(tasks=2**43, tok_in=2**62, tok_out=2**62, duration_ms=2**62, cost_usd=1e12),
    ),
    week=week(DayCounts(DAY, 2**43, 2**41, 1, 1)),
    reasons=[Counted("x" * 64, 2**40)],
    pushes=[Counted("<b>bold</b>", 1)],
)


class Words(HTMLParser):
    """What a reader of HTML sees, and which elements there are."""

    def __init__(self, html):
        super().__init__()
        self.text, self.tags, self.open = "", [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["title"]):
            self.text += f"{data} "


def read(day):
    return message_from_bytes(mail.compose(day).as_bytes(), policy=policy.default)


def text_of(message):
    return message.get_body(("plain",)).get_content()


def html_of(message):
    return Words(message.get_body(("html",)).get_content())


def squeezed(text):
    return " ".join(text.split())


def test_the_subject_says_what_most_people_want_to_know():
    assert read(digest(totals(tasks=1234)))["Subject"] == "Sayso on 2026-11-22: 1,234 tasks, $0.01"
    assert read(digest(totals(tasks=1)))["Subject"] == "Sayso on 2026-11-22: 1 task, $0.01"


@pytest.mark.parametrize("body", [text_of, lambda message: html_of(message).text])
def test_both_bodies_tell_the_same_day(body):
    shown = squeezed(body(read(digest(totals(total("ada@example.org", "ok"), tok_in=2**40)))))
    for fact in (
        "Sunday, 22 November 2026",
        "2 tasks,",
        "100 % merged",
        "cost $0.01 in all",
        "Voice to merge, half of them 2.3 s under 4.0 s",
        "Voice to merge, 95 of 100 9.1 s missed: under 8.0 s",
        "Merged by itself 2",
        "Tokens read 1,099,511,627,776",
        "Tokens written 700",
        "added up 8.4 s",
        "A guarded file is touched 3",
        "Tests fail 2",
        "Never delivered 4",
        "ada@example.org 2",
        "Europe/Berlin",
    ):
        assert fact in shown


@pytest.mark.parametrize("body", [text_of, lambda message: html_of(message).text])
def test_a_day_without_tasks_says_so_and_shows_no_empty_table(body):
    shown = body(read(QUIET)).lower()
    assert "a quiet day" in shown
    assert "nobody asked for anything" in shown
    for table in ("promised", "tokens", "failed, mostly", "pushes", "asked most"):
        assert table not in shown


def test_pushes_that_never_arrived_are_told_of_a_quiet_day_too():
    quiet = digest(QUIET.totals, pushes=[Counted("undelivered", 3)], week=QUIET.week)
    assert "Never delivered 3" in squeezed(text_of(read(quiet)))


def test_what_needs_a_look_is_bold():
    html = mail.to_html(digest(totals()), "")
    bold = re.findall(r"font-weight:600\">([^<]+)<", html)
    assert bold == ["9.1 s", "4"]


def test_the_picture_is_the_week_and_belongs_to_the_html():
    message = read(digest(totals()))
    [image] = [attrs for tag, attrs in html_of(message).tags if tag == "img"]
    [picture] = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert image["src"] == f"cid:{picture['Content-ID'].strip('<>')}"
    assert picture.get_content_disposition() == "inline"
    assert "2026-11-22 37" in image["alt"]
    assert Image.open(io.BytesIO(picture.get_content())).width > 1000


def test_its_parts_are_nested_as_mail_programs_expect():
    nested = [part.get_content_type() for part in read(digest(totals())).walk()]
    assert nested == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/csv",
    ]


def test_the_table_is_attached_as_it_is():
    sums = totals(total("ädå@例え.jp", "ok"), total("=cmd@x.y", "fail"))
    [attachment] = read(digest(sums)).iter_attachments()
    assert attachment.get_content_type() == "text/csv"
    assert attachment.get_filename() == "sayso-2026-11-22.csv"
    assert attachment.get_payload(decode=True).decode() == to_csv(DAY, sums)


def test_the_oddest_day_stays_text_in_html():
    html = html_of(read(ODDEST))  # every element that it opens, it closes
    assert "script" not in {tag for tag, _ in html.tags}
    assert "b" not in {tag for tag, _ in html.tags}
    assert html.open == []
    for shown in (LONG, "<script>alert(1)</script>", "{{ 7 * 7 }}&amp;\"'", "4,611,686,018"):
        assert shown in html.text
    assert "\u202e" not in html.text


def test_the_oddest_day_keeps_its_lines_in_plain_text():
    lines = text_of(read(ODDEST)).splitlines()
    assert "שלום Bcc: everybody@example.org" in "\n".join(lines)
    assert not [line for line in lines if line.startswith("Bcc:")]
    assert any(line.startswith("Tokens read") and "4,611,686,018" in line for line in lines)


def test_ten_thousand_users_make_a_large_table_and_a_short_mail():
    users = [total(f"user-{n}@example.org", "ok", tasks=n + 1) for n in range(10_000)]
    message = read(digest(totals(*users)))
    [attachment] = message.iter_attachments()
    assert len(attachment.get_content().splitlines()) == 1 + 10_000 + 2
    assert len(text_of(message).splitlines()) < 60
    assert "user-9999@example.org 10,000" in squeezed(text_of(message))
    assert "user-9994@example.org" not in text_of(message)


def test_a_user_of_several_statuses_is_counted_together():
    sums = totals(total("a@b.c", "ok"), total("x@y.z", "ok", tasks=3), total("a@b.c", "fail"))
    assert "a@b.c 4 x@y.z 3" in squeezed(text_of(read(digest(sums))))


def test_a_browser_gets_it_in_one_file():
    page = mail.to_page(digest(totals()))
    assert 'src="data:image/png;base64,iVBOR' in page
    assert "cid:" not in page


def test_no_out_of_office_note_answers_it():
    assert read(QUIET)["Auto-Submitted"] == "auto-generated"
