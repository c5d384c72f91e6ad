"""What each role may do, all of it: anything more must be written here too."""

import pytest

from tests.infrastructure.conftest import synthesise
from tests.infrastructure.template import Template, listed

CONSUME = (
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
)
READ_SECRET = ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret")
LOG = ("logs:CreateLogStream", "logs:PutLogEvents")
COUNT = ("dynamodb:PutItem", "dynamodb:UpdateItem")
CLAIM = ("dynamodb:GetItem", *COUNT)
REMEMBER = ("dynamodb:DeleteItem", *CLAIM)
SESSION = (
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
TRACE = (
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)

MAY: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "ingest": [
        (LOG, ("ingest",)),
        (("sns:Publish",), ("task-events",)),
        (("s3:PutObject",), ("media/recordings/*",)),
        (COUNT, ("idempotency",)),
    ],
    "transcribe": [
        (LOG, ("transcribe",)),
        (CONSUME, ("transcribe",)),
        (("sns:Publish",), ("task-events",)),
        (("s3:GetObject",), ("media/recordings/*", "media/vocabulary/*")),
        (("s3:ListBucket",), ("media",)),
        (REMEMBER, ("idempotency",)),
        (READ_SECRET, ("openai-api-key",)),
    ],
    "dispatch": [
        (LOG, ("dispatch",)),
        (CONSUME, ("dispatch", "runner-jobs-dead-letters", "runner-control-dead-letters")),
        (("sqs:SendMessage",), ("runner-jobs", "runner-control")),
        (("sns:Publish",), ("task-events",)),
        (READ_SECRET, ("database-url", "job-token-key")),
    ],
    "status": [
        (LOG, ("status",)),
        (CONSUME, ("status", "transcribe-dead-letters", "dispatch-dead-letters")),
        (("sns:Publish",), ("task-events",)),
        (("s3:GetObject",), ("media/diffs/*",)),
        (("dynamodb:PutItem",), ("job-control",)),
        (READ_SECRET, ("database-url", "callback-key", "job-token-key")),
    ],
    "notify": [
        (LOG, ("notify",)),
        (CONSUME, ("notify", "notify-dead-letters")),
        (("s3:GetObject",), ("media/clips/*",)),
        (READ_SECRET, ("database-url", "push-api-key")),
    ],
    "report": [
        (LOG, ("report",)),
        (CONSUME, ("report",)),
        (
            ("sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
            ("report-dead-letters",),
        ),
        (("sqs:SendMessage",), ("report",)),
        (("sns:Publish",), ("task-events",)),
        (("s3:GetObject", "s3:PutObject"), ("media/clips/*",)),
        (REMEMBER, ("idempotency",)),
        (READ_SECRET, ("database-url", "vertex-credentials")),
        (("ses:SendEmail", "ses:SendRawEmail"), ("arn::ses:::identity/sender",)),
    ],
    "runner": [
        (CONSUME, ("runner-jobs", "runner-control")),
        (("sns:Publish",), ("runner-events",)),
        (("s3:GetObject", "s3:PutObject"), ("media/vocabulary/*", "media/diffs/*")),
        (("s3:ListBucket",), ("media",)),
        (CLAIM, ("job-control",)),
        (READ_SECRET, ("github-token", "anthropic-api-key")),
        (
            ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
            ("/sayso-prod-runner",),
        ),
        (
            ("autoscaling:CompleteLifecycleAction",),
            tuple(
                f"arn::autoscaling:::autoScalingGroup:*:autoScalingGroupName/sayso-prod-{group}"
                for group in ("runners", "runners-on-demand")
            ),
        ),
        # A session and a trace are about no resource that AWS could name.
        (SESSION + TRACE, ("*",)),
        (
            (
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ),
            ("runner",),
        ),
        # A token for the registry is not about one repository: AWS knows no narrower resource.
        (("ecr:GetAuthorizationToken",), ("*",)),
    ],
}


@pytest.mark.parametrize("who", MAY)
def test_each_role_may_do_its_own_work_and_nothing_else(template: Template, who: str):
    if who == "runner":
        role = "sayso-prod-runner"
    else:
        function = template.by_name("AWS::Lambda::Function")[who]
        role = function["Role"]["Fn::GetAtt"][0]
    traced = (
        [] if who == "runner" else [(("xray:PutTelemetryRecords", "xray:PutTraceSegments"), ("*",))]
    )
    assert template.allowed(role) == {
        f"{action} {target}"
        for actions, targets in [*MAY[who], *traced]
        for action in actions
        for target in targets
    }


def test_no_two_functions_share_a_role(template: Template):
    roles = [str(each["Role"]) for each in template.all("AWS::Lambda::Function")]
    assert len(set(roles)) == len(roles) == 6


def test_a_schedule_may_call_its_own_function_only(template: Template):
    for schedule in template.all("AWS::Scheduler::Schedule"):
        target = template.name(schedule["Target"]["Arn"])
        role = schedule["Target"]["RoleArn"]["Fn::GetAtt"][0]
        # With and without a version: Lambda knows a function by both.
        assert template.allowed(role) == {
            f"lambda:InvokeFunction {target}",
            f"lambda:InvokeFunction {target}:*",
        }


def test_the_clock_assumes_its_roles_for_this_account_only(template: Template):
    for schedule in template.all("AWS::Scheduler::Schedule"):
        role = template.resources[schedule["Target"]["RoleArn"]["Fn::GetAtt"][0]]["Properties"]
        [trust] = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Condition"]["StringEquals"]["aws:SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_every_role_stands_behind_a_wall_that_is_as_wide_as_all_of_them(template: Template):
    [wall] = template.all("AWS::IAM::ManagedPolicy")
    [statement] = wall["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    actions = {
        action
        for policy in template.all("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        for action in listed(statement["Action"])
    }
    assert set(statement["Action"]) == actions
    for role in template.all("AWS::IAM::Role"):
        assert template.name(role["PermissionsBoundary"]) == "boundary"


def test_no_permission_comes_from_anywhere_else(template: Template):
    """No managed policy, no inline one, no action by pattern, no role we do not know."""
    for role in template.all("AWS::IAM::Role"):
        assert "ManagedPolicyArns" not in role
        assert "Policies" not in role
    assert len(template.all("AWS::IAM::Role")) == len(MAY) + len(
        template.all("AWS::Scheduler::Schedule")
    )
    for policy in template.all("AWS::IAM::Policy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            assert "NotAction" not in statement
            assert not any("*" in action for action in listed(statement["Action"]))


def test_each_role_is_assumed_by_the_service_that_needs_it(template: Template):
    trusted = [
        statement["Principal"]["Service"]
        for role in template.all("AWS::IAM::Role")
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
    ]
    assert sorted(trusted) == [
        "ec2.amazonaws.com",
        *["lambda.amazonaws.com"] * 6,
        *["scheduler.amazonaws.com"] * 3,
    ]


def test_an_app_at_apples_service_is_pushed_to_and_no_other():
    apple = "arn:aws:sns:eu-west-1:123456789012:app/APNS/sayso"
    phones = "arn:aws:sns:eu-west-1:123456789012:endpoint/APNS/sayso/*"
    without, template = (
        synthesise(stage="prod"),
        synthesise(stage="prod", apns_application_arn=apple),
    )
    function = template.by_name("AWS::Lambda::Function")["notify"]
    assert function["Environment"]["Variables"]["APNS_APPLICATION_ARN"] == apple
    role = function["Role"]["Fn::GetAtt"][0]
    assert template.allowed(role) - without.allowed(role) == {
        f"sns:CreatePlatformEndpoint {apple}",
        *(
            f"sns:{each} {phones}"
            for each in ("Publish", "SetEndpointAttributes", "DeleteEndpoint")
        ),
    }
    [wall] = template.all("AWS::IAM::ManagedPolicy")
    [statement] = wall["PolicyDocument"]["Statement"]
    assert {
        "sns:CreatePlatformEndpoint",
        "sns:DeleteEndpoint",
        "sns:SetEndpointAttributes",
    } < set(statement["Action"])
