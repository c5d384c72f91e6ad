"""AWS takes an instance away with some notice; jobs go back to the queue at once.

A spot instance has two minutes: it is wanted back.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
Any instance of an Auto Scaling group has what the lifecycle hook says: there is too little to do.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
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
class Notice:
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
        headers = {"X-aws-ec2-metadata-token": token.text}
        return self._says("spot/instance-action", headers) != "" or (
            self._says("autoscaling/target-lifecycle-state", headers) == "Terminated"
        )

    def _says(self, what: str, headers: dict[str, str]) -> str:
        """What the service says of something; empty if it knows nothing of it."""
        url = f"{self.url}/latest/meta-data/{what}"
        answer = requests.get(url, headers=headers, timeout=TIMEOUT_SECONDS)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return ""
        answer.raise_for_status()
        return answer.text.strip()

    def watch(self, on_notice: Callable[[], object], stopping: threading.Event) -> None:
        """Look every few seconds, until there is a notice or the runner stops."""
        pause = 0.0
        while not stopping.wait(pause):
            try:
                if self.is_given():
                    logger.warning("this machine is about to be taken away")
                    on_notice()
                    return
                pause = LOOK_SECONDS
            except requests.RequestException as error:
                logger.debug("no instance metadata", error=type(error).__name__)
                pause = RARELY_SECONDS
