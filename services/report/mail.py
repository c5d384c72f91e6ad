"""The nightly mail: text and HTML to read, the week as a picture, and the table attached."""

import base64
from collections import Counter
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.report import chart, wording
from services.report.digest import Digest
from services.report.levels import levels
from services.report.table import to_csv
from services.report.totals import Total

PICTURE = "week@sayso"
"""The Content-ID by which the HTML refers to the picture."""
MOST_ACTIVE = 5
UNDELIVERED = "undelivered"
"""The one state of a push that somebody has to look after."""

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    each.__name__: each
    for each in (
        wording.count,
        wording.dollars,
        wording.duration,
        wording.long_date,
        wording.measured,
        wording.one_line,
        wording.share,
    )
}


def compose(digest: Digest) -> EmailMessage:
    """The mail about a day, without its addresses."""
    every = digest.totals.all
    message = EmailMessage()
    message["Subject"] = (
        f"Sayso on {digest.day}: {wording.count(every.tasks, 'task')}, ${every.cost_usd:,.2f}"
    )
    message["Auto-Submitted"] = "auto-generated"  # no out-of-office note shall answer it
    message.set_content(to_text(digest))
    message.add_alternative(to_html(digest, f"cid:{PICTURE}"), subtype="html")
    *_, html = message.iter_parts()
    html.add_related(
        chart.draw(digest.week), "image", "png", cid=f"<{PICTURE}>", disposition="inline"
    )
    message.add_attachment(
        to_csv(digest.day, digest.totals).encode(),  # bytes, because a text would lose its CR LF
        maintype="text",
        subtype="csv",
        params={"charset": "utf-8"},
        filename=f"sayso-{digest.day}.csv",
    )
    return message


def to_text(digest: Digest) -> str:
    """The mail for who reads plain text."""
    return _templates.get_template("mail.txt").render(_facts(digest))


def to_html(digest: Digest, picture: str) -> str:
    """The mail for everybody else.

    Args:
        digest: the day.
        picture: the address of the week's picture.
    """
    return _templates.get_template("mail.html").render(_facts(digest) | {"picture": picture})


def to_page(digest: Digest) -> str:
    """The same as one file that a browser shows."""
    png = base64.b64encode(chart.draw(digest.week)).decode()
    return to_html(digest, f"data:image/png;base64,{png}")


def _facts(digest: Digest) -> dict[str, Any]:
    counted = {total.status: total for total in digest.totals.by_status}
    promises = list(levels(digest))
    return {
        "chart": chart,
        "digest": digest,
        "every": digest.totals.all,
        "levels": promises,
        "merged": next(each.value for each in promises if each.at_least),
        "statuses": [
            (name, counted[status])
            for status, name in wording.STATUSES.items()
            if status in counted
        ],
        "reasons": [(wording.said(why.word, wording.REASONS), why.times) for why in digest.reasons],
        "pushes": [
            (wording.said(each.word, wording.PUSHES), each.times, each.word == UNDELIVERED)
            for each in digest.pushes
        ],
        "active": _most_active(digest.totals.by_user),
    }


def _most_active(by_user: Sequence[Total]) -> list[tuple[str, int]]:
    tasks = Counter[str]()
    for total in by_user:
        tasks[total.user or ""] += total.tasks
    return tasks.most_common(MOST_ACTIVE)
