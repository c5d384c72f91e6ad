"""The address that the nightly report comes from."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import Construct

from cdk.stage import Stage


class Mail(Construct):
    """An SES identity for the sender; SES mails it a link to confirm, once."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "Mail")
        self._sender = ses.EmailIdentity(
            self, "Sender", identity=ses.Identity.email(stage.mail_from)
        )

    def grant_send(self, who: iam.IGrantable) -> None:
        """Allow mail in the sender's name; one with an attachment is a raw one."""
        self._sender.grant(who, "ses:SendEmail", "ses:SendRawEmail")
