"""The report as CSV: a line for each user and status, then the totals.

| Column | Holds |
| --- | --- |
| date | the day, where the readers live |
| user | e-mail address; `(all)` in a total |
| status | status of the tasks; `(all)` in the last line |
| tasks | how many tasks were requested on that day |
| tok_in, tok_out | tokens that models read and wrote |
| duration_ms | milliseconds from request to outcome, added up |
| cost_usd | US dollars |
"""

import csv
import io
from dataclasses import asdict, fields
from datetime import date

from services.report.totals import Total, Totals

COLUMNS = ("date", *(field.name for field in fields(Total)))
ALL = "(all)"

# What makes a spreadsheet take a cell for a formula; full-width forms count in some.
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(day: date, totals: Totals) -> str:
    """The whole table with its header, lines ended by CR LF (RFC 4180)."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    for total in (*totals.by_user, *totals.by_status, totals.all):
        named = {"user": _text(total.user), "status": _text(total.status)}
        cost = {"cost_usd": f"{total.cost_usd:.6f}"}
        table.writerow({"date": day.isoformat()} | asdict(total) | named | cost)
    return out.getvalue()


def _text(value: str | None) -> str:
    """A cell that a spreadsheet shows and never computes."""
    if value is None:
        return ALL
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value
