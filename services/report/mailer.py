"""Mail by SES, to one recipient at a time."""

from copy import deepcopy
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient


@dataclass(frozen=True)
class Mailer:
    """Sends mail.

    Attributes:
        ses: the client.
        sender: an address that SES knows to be ours.
    """

    ses: "SESClient"
    sender: str

    def send(self, message: EmailMessage, recipient: str) -> str:
        """Send a mail that has no addresses yet; answers SES's message id.

        Each recipient gets a mail of their own, so that SES refusing one keeps it from nobody else.

        Raises:
            botocore.exceptions.ClientError: SES refused it.
        """
        addressed = deepcopy(message)
        addressed["From"] = self.sender
        addressed["To"] = recipient
        answer = self.ses.send_raw_email(
            Source=self.sender,
            Destinations=[recipient],
            RawMessage={"Data": addressed.as_bytes()},
        )
        return answer["MessageId"]
