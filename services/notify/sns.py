"""Apple's and Google's push services through Amazon SNS, for apps that don't use Expo.

https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from services.notify.push import LIFETIME_SECONDS, NOT_TAKEN, BadToken, Push, Ticket

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

FINAL = ("EndpointDisabled", "NotFound", "InvalidParameter", "InvalidParameterValue")
"""What SNS would say again of the same push."""

NO_ENDPOINT = "No endpoint found"
"""How `InvalidParameter` goes on where an endpoint was deleted."""

# The one way in which SNS tells which endpoint it has for a token under other attributes.
_EXISTING = re.compile(r"Endpoint (arn:\S+) already exists")

logger = Logger()


@dataclass(frozen=True)
class Sns:
    """Sends pushes to the endpoints of one platform application.

    SNS gives no receipts: it disables an endpoint that Apple or Google no longer knows, and the
    next push to it says so.

    Attributes:
        application: the ARN of the platform application.
        sns: its own client retries what SNS throttles.
    """

    application: str
    sns: "SNSClient"

    def admit(self, token: str) -> str:
        """Make an endpoint of a token, or enable the one that there is; answer its ARN.

        Raises:
            BadToken: Apple or Google has no such tokens.
            ClientError: SNS can't do it just now.
        """
        try:
            answer = self.sns.create_platform_endpoint(
                PlatformApplicationArn=self.application, Token=token
            )
            endpoint = answer["EndpointArn"]
        except ClientError as error:
            if not _code(error).startswith("InvalidParameter"):
                raise
            existing = _EXISTING.search(str(error))
            if not existing:
                raise BadToken(str(error)) from error
            endpoint = existing[1]
        # The app has just said that the token is good.
        self.sns.set_endpoint_attributes(
            EndpointArn=endpoint, Attributes={"Token": token, "Enabled": "true"}
        )
        return endpoint

    def release(self, address: str) -> None:
        """Delete an endpoint. One that stays costs nothing and is told nothing."""
        try:
            self.sns.delete_endpoint(EndpointArn=address)
        except (ClientError, BotoCoreError):
            logger.warning("an endpoint stays behind", exc_info=True)

    def send(self, pushes: Sequence[Push]) -> list[Ticket]:
        """Send pushes one by one, as SNS takes them; a ticket for each, in the same order."""
        return [self._send(push) for push in pushes]

    def _send(self, push: Push) -> Ticket:
        platform = push.to.split("/")[1]
        payload = _apns_payload if platform.startswith("APNS") else _fcm_payload
        fitting = push.fitting(lambda each: len(payload(each).encode()))
        try:
            self.sns.publish(
                TargetArn=push.to,
                MessageStructure="json",
                Message=json.dumps({"default": fitting.text.title, platform: payload(fitting)}),
                MessageAttributes=_attributes(fitting, platform),
            )
        except ClientError as error:
            if NO_ENDPOINT in str(error):
                return Ticket(error="NotFound")
            if _code(error) in FINAL:
                return Ticket(error=_code(error))
            logger.warning("not taken", reason=_code(error))
            return Ticket(error=NOT_TAKEN)
        except BotoCoreError as error:
            logger.warning("not taken", reason=repr(error))
            return Ticket(error=NOT_TAKEN)
        return Ticket()


def _apns_payload(push: Push) -> str:
    aps: dict[str, Any] = {
        "alert": {"title": push.text.title, "body": push.text.body},
        "category": push.category,
        "thread-id": push.collapse_id,
        "interruption-level": "active" if push.is_loud else "passive",
    }
    if push.has_sound:
        aps["sound"] = "default"
    return json.dumps({"aps": aps, **push.data}, ensure_ascii=False)


def _fcm_payload(push: Push) -> str:
    """Data only, in the fields from which expo-notifications shows a push with its actions.

    FCM takes strings, nothing else. The format is Expo's:
    https://docs.expo.dev/versions/latest/sdk/notifications/#android-push-notification-payload-specification
    Without a collapse key: FCM keeps four of them a device and drops the rest. The app replaces
    what is on the screen by `tag`.
    """
    said = {key: value for key, value in push.data.items() if value is not None}
    data = {
        "title": push.text.title,
        "message": push.text.body,
        "body": json.dumps(said, ensure_ascii=False),
        "categoryId": push.category,
        "tag": push.collapse_id,
        "channelId": "default" if push.is_loud else "quiet",
        **({"sound": "default"} if push.has_sound else {}),
    }
    android = {
        "priority": "high" if push.is_loud else "normal",
        "ttl": f"{LIFETIME_SECONDS}s",
    }
    message = {"fcmV1Message": {"message": {"data": data, "android": android}}}
    return json.dumps(message, ensure_ascii=False)


def _attributes(push: Push, platform: str) -> "dict[str, MessageAttributeValueTypeDef]":
    """What travels beside the payload, of which only Apple's service makes use."""
    if not platform.startswith("APNS"):
        return {}
    said = {
        "APNS.COLLAPSE_ID": push.collapse_id,
        "APNS.PUSH_TYPE": "alert",
        "APNS.PRIORITY": "10" if push.is_loud else "5",
        f"{platform}.TTL": str(LIFETIME_SECONDS),
    }
    return {
        f"AWS.SNS.MOBILE.{name}": {"DataType": "String", "StringValue": value}
        for name, value in said.items()
    }


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "Unknown")).removesuffix("Exception")
