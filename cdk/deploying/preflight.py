"""What has to be true before anything is changed: each thing that is not, in one sentence."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from cdk import bundles, runner_image
from cdk.deploying.values import Aws, Values, variable
from cdk.stage import Stage

CONNECT_SECONDS = 10


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    problem: str
    """One sentence that says what to do; empty if all is well."""


@dataclass(frozen=True)
class Preflight:
    """Looks, and changes nothing."""

    stage: Stage
    aws: Aws
    values: Values
    which: Callable[[str], str | None] = shutil.which

    def look(self) -> Iterator[Finding]:
        """Everything; what needs AWS only if there is an account."""
        for problem in self.stage.unfilled() or [""]:
            yield Finding("stage file", problem)
        no_account = self._account()
        yield Finding("AWS account", no_account)
        if not no_account:
            yield Finding("instance types", self._instance_types())
            for problem in self._secrets() or [""]:
                yield Finding("secrets", problem)
            yield Finding("database", self._database())
            yield Finding("runner image", self._image())
        for problem in self._bundles() or [""]:
            yield Finding("bundles", problem)

    def _account(self) -> str:
        try:
            self.aws("sts").get_caller_identity()
        except (BotoCoreError, ClientError) as error:
            return (
                f"AWS does not know you ({error}): sign in with `aws sso login` or "
                "`aws configure`, and name the Region in AWS_REGION."
            )
        return ""

    def _instance_types(self) -> str:
        wanted = self.stage.runner_instance_types
        ec2 = self.aws("ec2")
        pages = ec2.get_paginator("describe_instance_type_offerings").paginate(
            LocationType="region", Filters=[{"Name": "instance-type", "Values": list(wanted)}]
        )
        offered = {each["InstanceType"] for page in pages for each in page["InstanceTypeOfferings"]}
        lacking = [each for each in wanted if each not in offered]
        if not lacking:
            return ""
        return (
            f"The Region {ec2.meta.region_name} does not offer {', '.join(lacking)}: take "
            f"{'them' if len(lacking) > 1 else 'it'} out of runner_instance_types in "
            f"cdk/stages/{self.stage.name}.toml, or deploy to another Region."
        )

    def _secrets(self) -> list[str]:
        return [
            f"The secret {self.stage.secret(name)} has no value: say it once, as "
            f"{variable(name)}=… make deploy STAGE={self.stage.name}."
            for name in self.values.missing()
        ]

    def _database(self) -> str:
        url = self.values.of("database-url")
        if not url:
            return ""  # said already: its secret has no value
        try:
            psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[-1]
            return (
                f"The database does not answer ({reason}): DATABASE_URL has to be the transaction "
                "pooler's address, as Supabase shows it under Connect."
            )
        return ""

    def _image(self) -> str:
        if image_is_there(self.aws, self.stage) or any(map(self.which, ("docker", "podman"))):
            return ""
        return (
            f"The runners' image {runner_image.tag()} is not in ECR and can't be built here: "
            "install docker or podman, or let the workflow deploy.yml build it."
        )

    def _bundles(self) -> list[str]:
        built = (bundles.build(service, "aarch64") for service in bundles.SERVICES)
        return [each.excess for each in built if each.excess]


def image_is_there(aws: Aws, stage: Stage) -> bool:
    """Whether the repository holds the image that this tree makes."""
    ecr = aws("ecr")
    try:
        ecr.describe_images(
            repositoryName=stage.named("runner"), imageIds=[{"imageTag": runner_image.tag()}]
        )
    except (ecr.exceptions.RepositoryNotFoundException, ecr.exceptions.ImageNotFoundException):
        return False
    return True
