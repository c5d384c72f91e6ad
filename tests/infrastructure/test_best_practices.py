"""AWS's own rules, asked of all stacks: cdk-nag of the constructs, cfn-lint of the templates."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_sqs as sqs

from cdk.app import build, checked
from tests.infrastructure.conftest import CDK_JSON

GITHUB_ROLE = CDK_JSON.parent / "cdk" / "deploying" / "github-role.yaml"
CONTEXT: dict[str, Any] = {"stage": "prod", "code": "sources"}


def application(into: Path) -> subprocess.CompletedProcess[str]:
    """Synthesise as the CDK's command line would."""
    flags = json.loads(CDK_JSON.read_text())["context"]
    context = {**flags, **CONTEXT}
    return subprocess.run(
        [sys.executable, "-m", "cdk.app"],
        env=os.environ | {"CDK_OUTDIR": str(into), "CDK_CONTEXT_JSON": json.dumps(context)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    into = tmp_path_factory.mktemp("cdk.out")
    done = application(into)
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(into.glob("*.template.json"))


def test_cdk_nag_finds_nothing(templates: list[Path]):
    assert [each.name for each in templates] == [
        "Sayso-prod-Platform.template.json",
        "Sayso-prod-Runners.template.json",
        "Sayso-prod-Watch.template.json",
    ]


def test_cdk_nag_would_find_something():
    app = build(**CONTEXT)
    sqs.CfnQueue(app.node.find_child("Sayso-prod-Platform"), "Careless")
    with pytest.raises(Exception, match="SQS queue is not used as a dead-letter queue"):
        checked(app).synth()


def test_cfn_lint_finds_nothing(templates: list[Path]):
    done = lint(*templates)
    assert done.returncode == 0, done.stdout


def lint(*templates: Path) -> subprocess.CompletedProcess[str]:
    """What cfn-lint says."""
    return subprocess.run(
        # W3005: the CDK says twice that a function comes after its role.
        ["cfn-lint", "--ignore-checks", "W3005", "--template", *templates],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_role_of_the_workflow_is_for_one_repository_and_stage_and_names_what_it_may():
    assert lint(GITHUB_ROLE).stdout == ""
    text = GITHUB_ROLE.read_text()
    assert "token.actions.githubusercontent.com:aud: sts.amazonaws.com" in text
    assert "token.actions.githubusercontent.com:sub: !Ref Subject" in text
    assert "token.actions.githubusercontent.com:sub: !Ref ClipSubject" in text
    assert "AllowedPattern: repo:[^*]+:environment:(staging|prod)" in text
    assert "AllowedPattern: (repo:[^*]+:environment:clip)?" in text
    assert not re.search(r"(Action: |- )[a-z0-9]+:[A-Za-z]*\*", text)


def test_who_asks_for_a_clip_may_leave_pictures_and_say_so_and_nothing_else():
    """It runs a browser, and anybody who may push a tag: it can't say `task.approved`."""
    role = GITHUB_ROLE.read_text().partition("  ClipRole:")[2].partition("\nOutputs:")[0]
    actions = re.findall(r"Action: (\S+)", role)
    assert actions == [
        "sts:AssumeRoleWithWebIdentity",
        "s3:PutObject",
        "sqs:SendMessage",
        "cloudformation:DescribeStacks",
    ]
    *_, bucket, queue, stack = re.findall(r"Resource: !Sub (\S+)", role)
    assert bucket.endswith(":s3:::sayso-${Stage}-platform-*/clips/*/screens/*")
    assert queue.endswith(":sayso-${Stage}-report")
    assert stack.endswith(":stack/Sayso-${Stage}-Platform/*")
