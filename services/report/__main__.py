"""The report of a day for a person: `python -m services.report --date 2026-11-22 --out day.csv`.

Needs DATABASE_URL; MAIL_TIME_ZONE says where a day begins (UTC, if not given).
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from contracts.database import Database
from services.report.day import yesterday
from services.report.digest import read
from services.report.mail import to_page
from services.report.settings import TotalsSettings
from services.report.table import to_csv


def main(arguments: Sequence[str] | None = None) -> None:
    """Print or write the report of a day."""
    parser = argparse.ArgumentParser(prog="python -m services.report", description=__doc__)
    parser.add_argument("--date", type=date.fromisoformat, help="YYYY-MM-DD; yesterday by default")
    parser.add_argument("--out", type=Path, help="write the CSV to this file, not to the screen")
    parser.add_argument("--html", type=Path, help="write the mail to this file, for a browser")
    parser.add_argument("--json", action="store_true", help="print the sums as JSON")
    asked = parser.parse_args(arguments)

    settings = TotalsSettings()
    day = asked.date or yesterday(datetime.now(UTC), settings.mail_time_zone)
    database = Database(settings.database_url.get_secret_value())
    digest = read(database, day, settings.mail_time_zone)
    database.close()

    table = to_csv(day, digest.totals)
    if asked.out:
        asked.out.write_text(table, encoding="utf-8", newline="")
    if asked.html:
        asked.html.write_text(to_page(digest), encoding="utf-8")
    if asked.json:
        json.dump({"date": day.isoformat()} | asdict(digest.totals), sys.stdout, indent=2)
        sys.stdout.write("\n")
    elif not (asked.out or asked.html):
        sys.stdout.write(table)


if __name__ == "__main__":
    main()
