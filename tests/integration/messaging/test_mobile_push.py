"""Apple's and Google's push services as an emulator of SNS plays them."""

import pytest

from services.notify import news
from services.notify.push import Ticket
from services.notify.sns import Sns
from tests.integration.messaging.conftest import Messaging
from tests.unit.notify.settled import asking, settled

TOKENS = {"APNS": "0a" * 32, "GCM": "fcm-token:" + "x" * 140}


@pytest.mark.parametrize("platform", TOKENS)
def test_a_phone_is_reached_until_it_is_gone(messaging: Messaging, platform: str) -> None:
    made = messaging.sns.create_platform_application(
        Name="sayso",
        Platform=platform,
        Attributes={"PlatformPrincipal": "who", "PlatformCredential": "secret"},
    )
    road = Sns(made["PlatformApplicationArn"], messaging.sns)
    endpoint = road.admit(TOKENS[platform])
    assert road.admit(TOKENS[platform]) == endpoint
    question = news.of_task(settled(**asking()))
    for loudness in ("loud", "silent"):
        assert road.send([question.push_to(endpoint, loudness)]) == [Ticket()]
    road.release(endpoint)
    road.release(endpoint)
    [ticket] = road.send([question.push_to(endpoint, "loud")])
    assert ticket.is_device_gone
