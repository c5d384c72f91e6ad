"""A deployment looks before it touches anything, goes on where it stopped, and tells no secret."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cdk import bundles, runner_image
from cdk.deploying.preflight import Preflight, image_is_there
from cdk.deploying.steps import BOOTSTRAP, BOOTSTRAP_VERSION, Deployment
from cdk.deploying.values import Values, needed, variable
from cdk.stage import Stage

REGION = "eu-west-1"
SECRETS = {
    "DATABASE_URL": "postgresql://sayso:hunter2@127.0.0.1:9/postgres",
    "OPENAI_API_KEY": "speech-key",
    "PUSH_API_KEY": "push-key",
    "ANTHROPIC_API_KEY": "model-key",
    "GITHUB_TOKEN": "github-key",
}
FILLED = {
    "supabase_url": "https://abc.supabase.co",
    "web_origin": "https://app.ada.dev",
    "mail_from": "sayso@ada.dev",
    "mail_to": "ada@ada.dev",
}


def aws(service: str) -> Any:
    return boto3.client(service, region_name=REGION)  # type: ignore[call-overload]


@pytest.fixture(autouse=True)
def account() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        yield


@pytest.fixture
def stage() -> Stage:
    return Stage.of("staging", FILLED)


def make_secrets(stage: Stage) -> None:
    """As the platform's first deployment leaves them: without values."""
    for name in needed(stage):
        aws("secretsmanager").create_secret(Name=f"sayso/{stage.name}/{name}")


def problems(stage: Stage, said: dict[str, str], engine: str | None = "docker") -> dict[str, str]:
    """What the preflight finds wrong, by what it looked at."""
    look = Preflight(stage, aws, Values(stage, aws, said), which=lambda _: engine).look()
    found: dict[str, str] = {}
    for each in look:
        if each.problem:
            assert "\n" not in each.problem
            found[each.check] = f"{found.get(each.check, '')}{each.problem}"
    return found


def test_a_file_that_was_not_filled_in_is_found():
    found = problems(Stage.of("staging"), SECRETS)
    assert "supabase_url still says 'https://example-staging.supabase.co'" in found["stage file"]


def test_a_region_without_the_instance_type_is_found():
    stage = Stage.of("staging", {**FILLED, "runner_instance_types": ["t4g.micro", "x9z.huge"]})
    assert problems(stage, SECRETS)["instance types"] == (
        "The Region eu-west-1 does not offer x9z.huge: take it out of runner_instance_types in "
        "cdk/stages/staging.toml, or deploy to another Region."
    )


def test_each_secret_that_nobody_gave_is_named_with_how_to_give_it(stage: Stage):
    make_secrets(stage)
    said = {key: value for key, value in SECRETS.items() if key != "OPENAI_API_KEY"}
    assert problems(stage, said)["secrets"] == (
        "The secret sayso/staging/openai-api-key has no value: say it once, as "
        "OPENAI_API_KEY=… make deploy STAGE=staging."
    )


def test_a_secret_that_is_kept_need_not_be_said_again(stage: Stage):
    make_secrets(stage)
    Values(stage, aws, SECRETS).keep()
    assert "secrets" not in problems(stage, {})


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "github-token"),
        ({"github_app_id": "7"}, "github-app-private-key"),
        ({"supabase_jwt_secret": True}, "supabase-jwt-secret"),
    ],
)
def test_the_secrets_that_are_needed_follow_from_the_stage(settings: dict[str, Any], name: str):
    assert name in needed(Stage.of("staging", {**FILLED, **settings}))


def test_a_database_that_does_not_answer_is_found_and_its_password_not_told(stage: Stage):
    said = problems(stage, SECRETS)["database"]
    assert said.startswith("The database does not answer (")
    assert "hunter2" not in said


def test_an_image_that_can_not_be_built_here_is_found(stage: Stage):
    assert "can't be built here" in problems(stage, SECRETS, engine=None)["runner image"]
    push_image(stage)
    assert "runner image" not in problems(stage, SECRETS, engine=None)


def test_a_bundle_above_its_ceiling_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(bundles.CEILINGS, "ingest", 1)
    assert problems(stage, SECRETS)["bundles"].startswith("The bundle of ingest weighs ")


def test_without_an_account_there_is_one_sentence_about_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    def nobody(service: str) -> Any:
        raise boto3.client("sts").exceptions.ClientError({"Error": {"Code": "Expired"}}, service)

    values = Values(stage, nobody, SECRETS)
    found = [each for each in Preflight(stage, nobody, values).look() if each.problem]
    assert [each.check for each in found] == ["AWS account"]
    assert "aws sso login" in found[0].problem


def push_image(stage: Stage) -> None:
    ecr = aws("ecr")
    ecr.create_repository(repositoryName=stage.named("runner"))
    ecr.put_image(
        repositoryName=stage.named("runner"),
        imageManifest=json.dumps({"schemaVersion": 2, "layers": []}),
        imageManifestMediaType="application/vnd.docker.distribution.manifest.v2+json",
        imageTag=runner_image.tag(),
    )


@dataclass
class Recorder:
    """Takes commands instead of running them; may fail at one."""

    stage: Stage
    fails_at: str = "nothing"
    commands: list[str] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)

    def __call__(self, command: Sequence[str], *, stdin: str = "", **_: object) -> None:
        text = " ".join(map(str, command)).replace(str(runner_image.TAG.parents[2]), ".")
        self.commands.append(text)
        self.inputs.append(stdin)
        if self.fails_at in text:
            raise subprocess.CalledProcessError(1, list(command))
        if "-Platform" in text and not aws("secretsmanager").list_secrets()["SecretList"]:
            make_secrets(self.stage)


def deployment(stage: Stage, recorder: Recorder, said: dict[str, str]) -> Deployment:
    return Deployment(stage, aws, Values(stage, aws, said), "docker", recorder, migrations.append)


migrations: list[Any] = []


@pytest.fixture(autouse=True)
def no_migrations() -> None:
    migrations.clear()


@pytest.fixture
def functions(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which functions were told that secrets changed."""
    told: list[str] = []
    monkeypatch.setattr(Deployment, "_forget_old_values", lambda _self: told.append("all"))
    return told


def test_a_first_deployment_goes_in_this_order(stage: Stage, functions: list[str]):
    recorder = Recorder(stage)
    steps = list(deployment(stage, recorder, SECRETS).steps())
    assert steps == [
        "preparing the account for the CDK",
        "tables",
        "platform",
        f"secrets: {', '.join(needed(stage))}",
        f"the runners' image {runner_image.tag()}",
        "runners",
        "dashboard and alarms",
    ]
    assert migrations == [SECRETS["DATABASE_URL"]]
    assert [each.split()[1] for each in recorder.commands] == [
        "bootstrap",
        "deploy",
        "docker",
        "login",
        "push",
        "logout",
        "deploy",
        "deploy",
    ]
    assert functions == ["all"]


def test_a_repeat_does_only_what_is_left(stage: Stage, functions: list[str]):
    make_secrets(stage)
    Values(stage, aws, SECRETS).keep()
    push_image(stage)
    version = str(BOOTSTRAP_VERSION)
    aws("ssm").put_parameter(Name=BOOTSTRAP, Value=version, Type="String")
    recorder = Recorder(stage)
    steps = list(deployment(stage, recorder, {}).steps())
    assert steps == ["tables", "platform", "runners", "dashboard and alarms"]
    assert functions == []


def test_a_step_that_fails_is_the_last(stage: Stage, functions: list[str]):
    make_secrets(stage)
    recorder = Recorder(stage, fails_at="Sayso-staging-Platform")
    with pytest.raises(subprocess.CalledProcessError):
        list(deployment(stage, recorder, SECRETS).steps())
    assert "Sayso-staging-Platform" in recorder.commands[-1]
    assert Values(stage, aws, {}).missing() == needed(stage), "no secret was put"


def test_no_command_line_bears_a_secret(stage: Stage, functions: list[str]):
    recorder = Recorder(stage)
    list(deployment(stage, recorder, SECRETS).steps())
    text = "\n".join(recorder.commands)
    assert not any(value in text for value in SECRETS.values())
    [password] = filter(None, recorder.inputs)
    assert password not in text


def test_each_secret_is_put_where_the_functions_look_for_it(stage: Stage):
    make_secrets(stage)
    assert Values(stage, aws, SECRETS).keep() == needed(stage)
    for name in needed(stage):
        kept = aws("secretsmanager").get_secret_value(SecretId=f"sayso/staging/{name}")
        assert kept["SecretString"] == SECRETS[variable(name)]
    assert Values(stage, aws, SECRETS).keep() == [], "the same values again change nothing"


def test_the_image_is_known_by_the_tag_that_the_template_asks_for(stage: Stage):
    assert not image_is_there(aws, stage)
    push_image(stage)
    assert image_is_there(aws, stage)


def test_nothing_is_changed_by_what_can_not_be_deployed():
    """The real command, with no account: one sentence for each thing, and exit status 1."""
    done = subprocess.run(
        [sys.executable, "-m", "cdk.deploying", "deploy", "--stage", "staging", "--json"],
        env={"PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = json.loads(done.stdout)["problems"]
    assert any("supabase_url still says" in each for each in said)
    assert any(each.startswith("AWS does not know you") for each in said)
    assert "Traceback" not in done.stderr
    assert "Nothing was changed." in done.stderr
