"""The nightly mail: a few lines to read, and the table attached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from typing import TYPE_CHECKING

from services.report.table import to_csv
from services.report.totals import Totals

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient


@dataclass(frozen=True)
class Mailer:
    """Sends mail by SES.

    Attributes:
        ses: the client.
        sender: an address that SES knows to be ours.
        recipients: addresses.
    """

    ses: "SESClient"
    sender: str
    recipients: Sequence[str]

    def send(self, day: date, totals: Totals) -> str:
        """Send the report of a day; answers SES's message id."""
        message = compose(day, totals)
        message["From"] = self.sender
        message["To"] = ", ".join(self.recipients)
        answer = self.ses.send_raw_email(
            Source=self.sender,
            Destinations=list(self.recipients),
            RawMessage={"Data": message.as_bytes()},
        )
        return answer["MessageId"]


def compose(day: date, totals: Totals) -> EmailMessage:
    """The mail about a day, without its addresses."""
    message = EmailMessage()
    message["Subject"] = f"Sayso on {day}: {_tasks(totals.all.tasks)}, ${totals.all.cost_usd:,.2f}"
    message.set_content(_text(day, totals))
    message.add_attachment(
        to_csv(day, totals).encode(),  # bytes, because a text would lose its CR LF
        maintype="text",
        subtype="csv",
        params={"charset": "utf-8"},
        filename=f"sayso-{day}.csv",
    )
    return message


def _text(day: date, totals: Totals) -> str:
    every = totals.all
    if every.tasks == 0:
        return f"Nobody asked for anything on {day}.\n"
    lines = [f"{total.status:<12}{total.tasks:>8,}" for total in totals.by_status]
    return "\n".join(
        (
            f"{_tasks(every.tasks)} on {day}:",
            "",
            *lines,
            "",
            f"Tokens read     {every.tok_in:>16,}",
            f"Tokens written  {every.tok_out:>16,}",
            f"Time, seconds   {every.duration_ms / 1000:>16,.1f}",
            f"Cost, US$       {every.cost_usd:>16,.4f}",
            "",
            "The attached table has a line for each user and status.",
            "",
        )
    )


def _tasks(number: int) -> str:
    return f"{number:,} task{'' if number == 1 else 's'}"
