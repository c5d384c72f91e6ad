"""What became of pushes that were sent: asked of Expo a quarter of an hour later."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_lambda_powertools import Logger

from contracts.database import Database
from services.notify.expo import MOST_RECEIPTS, Expo
from services.notify.push import NotTaken, Ticket

FIRST_ASKED_SECONDS = 15 * 60
"""After sending: as Expo recommends."""
KEPT_SECONDS = 24 * 3600
"""How long Expo keeps a receipt."""
CLAIM_SECONDS = 4 * 60
"""How long nobody else asks for a receipt: the schedule comes every five minutes."""

logger = Logger()


@dataclass(frozen=True)
class Receipts:
    """Asks for receipts.

    Each question is claimed first, so that two don't ask the same; the claim of one that was killed
    lapses, and what it asked is asked again.
    """

    database: Database
    expo: Expo

    def check(self) -> dict[str, int]:
        """Ask for every receipt that should be there by now.

        Returns:
            How many pushes were asked about, and how many receipts never came.
        """
        unknown, asked = self._close(), 0
        while tickets := self._claim():
            asked += len(tickets)
            try:
                self._settle(self.expo.receipts(tickets))
            except NotTaken:
                logger.warning("no receipts just now; they are asked for again", exc_info=True)
                break
        return {"asked": asked, "unknown": unknown}

    def _close(self) -> int:
        with self.database.transaction() as connection:
            return connection.execute(
                "update private.notifications set state = 'unknown', updated_at = now()"
                " where state = 'sent' and ticket is not null"
                " and updated_at < now() - make_interval(secs => %s)",
                [KEPT_SECONDS],
            ).rowcount

    def _claim(self) -> list[str]:
        with self.database.transaction() as connection:
            claimed = connection.execute(
                """
                update private.notifications claimed set asked_at = now()
                from (
                    select subject_id, version, device_id from private.notifications
                    where state = 'sent' and ticket is not null
                      and updated_at < now() - make_interval(secs => %(first_asked)s)
                      and (asked_at is null
                           or asked_at < now() - make_interval(secs => %(claim)s))
                    order by updated_at limit %(most)s
                    for update skip locked
                ) due
                where (claimed.subject_id, claimed.version, claimed.device_id)
                    = (due.subject_id, due.version, due.device_id)
                returning claimed.ticket
                """,
                {
                    "first_asked": FIRST_ASKED_SECONDS,
                    "claim": CLAIM_SECONDS,
                    "most": MOST_RECEIPTS,
                },
            )
            return [row["ticket"] for row in claimed]

    def _settle(self, receipts: Mapping[str, Ticket]) -> None:
        """Remember what came of pushes, and forget devices that are gone and have not come back."""
        with self.database.transaction() as connection:
            for ticket, receipt in receipts.items():
                if receipt.is_device_gone:
                    connection.execute(
                        "delete from devices using private.notifications told"
                        " where told.ticket = %s and told.state = 'sent'"
                        " and devices.id = told.device_id and devices.last_seen <= told.updated_at",
                        [ticket],
                    )
                connection.execute(
                    "update private.notifications set state = %(state)s, reason = %(reason)s,"
                    " updated_at = now() where ticket = %(ticket)s and state = 'sent'",
                    {
                        "state": "undelivered" if receipt.error else "delivered",
                        "reason": receipt.error,
                        "ticket": ticket,
                    },
                )
