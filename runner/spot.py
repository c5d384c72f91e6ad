"""AWS takes a spot instance back with two minutes' notice; jobs go back to the queue at once.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import requests
from aws_lambda_powertools import Logger

logger = Logger(service="runner")

LOOK_SECONDS = 5.0
RARELY_SECONDS = 300.0
"""How often it is looked whether there is a metadata service, where there was none."""
TIMEOUT_SECONDS = 2.0
TOKEN_SECONDS = 21_600


@dataclass(frozen=True)
class SpotNotice:
    """Asks the instance metadata service (IMDSv2)."""

    url: str
    """Of the service, `http://169.254.169.254`."""

    def is_given(self) -> bool:
        """Whether this machine is about to be taken away.

        Raises:
            requests.RequestException: there is no metadata service, or it is broken.
        """
        token = requests.put(
            f"{self.url}/latest/api/token",
            headers={"X-aws-ec2-metadata-token-ttl-seconds": str(TOKEN_SECONDS)},
            timeout=TIMEOUT_SECONDS,
        )
        token.raise_for_status()
        answer = requests.get(
            f"{self.url}/latest/meta-data/spot/instance-action",
            headers={"X-aws-ec2-metadata-token": token.text},
            timeout=TIMEOUT_SECONDS,
        )
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return False
        answer.raise_for_status()
        logger.warning("this machine is about to be taken away", notice=answer.text[:200])
        return True

    def watch(self, on_notice: Callable[[], object], stopping: threading.Event) -> None:
        """Look every few seconds, until there is a notice or the runner stops."""
        pause = 0.0
        while not stopping.wait(pause):
            try:
                if self.is_given():
                    on_notice()
                    return
                pause = LOOK_SECONDS
            except requests.RequestException as error:
                logger.debug("no instance metadata", error=type(error).__name__)
                pause = RARELY_SECONDS
