"""The machines that write code: spot, closed, and as many as there is work for."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cdk.runner_machine import INSTANCE, PLACES
from cdk.stage import Stage
from runner.settings import RunnerSettings
from tests.infrastructure.template import Properties, Template, short

ON_THE_FLEET = {
    "AWS_DEFAULT_REGION",
    "ECR_IMAGE",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_SERVICE_NAME",
    "AWS_XRAY_DAEMON_ADDRESS",
    "SANDBOX",
    "AGENTS",
    "DISK_QUOTA_BYTES",
    "SQS_URL",
    "RUNNER_CONTROL_QUEUE_URL",
    "RUNNER_EVENTS_TOPIC_ARN",
    "JOB_CONTROL_TABLE",
    "MEDIA_BUCKET",
    "GITHUB_TOKEN_SECRET_ARN",
    "ANTHROPIC_API_KEY_SECRET_ARN",
}


@pytest.fixture
def machine(template: Template) -> Properties:
    [launch_template] = template.all("AWS::EC2::LaunchTemplate")
    return launch_template["LaunchTemplateData"]


@pytest.fixture
def user_data(template: Template, machine: Properties) -> str:
    return template.name(machine["UserData"]["Fn::Base64"])


@pytest.fixture
def groups(template: Template) -> dict[str, Properties]:
    return template.by_name("AWS::AutoScaling::AutoScalingGroup")


def written(user_data: str) -> dict[str, str]:
    """The files that the user data writes, by path."""
    found = re.findall(r"cat >(\S+) <<'END_OF_FILE'\n(.*?)\nEND_OF_FILE\n", user_data, re.DOTALL)
    return dict(found)


def test_metadata_wants_a_token_and_is_out_of_reach_of_containers(machine: Properties):
    options = machine["MetadataOptions"]
    assert options["HttpTokens"] == "required"
    assert options["HttpPutResponseHopLimit"] == 1


def test_the_disk_is_encrypted_and_goes_with_the_instance(machine: Properties):
    [disk] = machine["BlockDeviceMappings"]
    assert disk["Ebs"]["Encrypted"] is True
    assert disk["Ebs"]["DeleteOnTermination"] is True
    assert disk["Ebs"]["VolumeType"] == "gp3"


def test_nobody_comes_in_and_only_tls_goes_out(template: Template, machine: Properties):
    [group] = template.all("AWS::EC2::SecurityGroup")
    assert "SecurityGroupIngress" not in group
    assert template.all("AWS::EC2::SecurityGroupIngress") == []
    [out] = group["SecurityGroupEgress"]
    assert (out["FromPort"], out["ToPort"], out["IpProtocol"]) == (443, 443, "tcp")
    assert "KeyName" not in machine


def test_there_is_no_nat_gateway_and_what_aws_stores_is_reached_for_nothing(template: Template):
    assert template.all("AWS::EC2::NatGateway") == []
    endpoints = template.all("AWS::EC2::VPCEndpoint")
    assert {each["VpcEndpointType"] for each in endpoints} == {"Gateway"}
    assert {template.name(each["ServiceName"]).split(".")[-1] for each in endpoints} == {
        "s3",
        "dynamodb",
    }


def test_one_machine_is_always_warm_and_one_stands_in_on_demand(groups: dict[str, Properties]):
    size = {name: (int(each["MinSize"]), int(each["MaxSize"])) for name, each in groups.items()}
    assert size == {"runners": (1, Stage.of("prod").runner_most), "runners-on-demand": (0, 1)}
    on_demand = {
        name: each["MixedInstancesPolicy"]["InstancesDistribution"] for name, each in groups.items()
    }
    for name, share in (("runners", 0), ("runners-on-demand", 100)):
        assert on_demand[name]["OnDemandBaseCapacity"] == 0
        assert on_demand[name]["OnDemandPercentageAboveBaseCapacity"] == share
    assert on_demand["runners"]["SpotAllocationStrategy"] == "price-capacity-optimized"
    assert groups["runners"]["CapacityRebalance"] is True


def test_there_are_several_types_to_find_spot_capacity_in(groups: dict[str, Properties]):
    for group in groups.values():
        overrides = group["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]
        types = [each["InstanceType"] for each in overrides]
        assert types == list(Stage.of("prod").runner_instance_types)
        assert types[0] == "t4g.micro"
        assert len(set(types)) >= 4


def test_an_instance_that_goes_may_give_its_jobs_back_first(
    template: Template, groups: dict[str, Properties], user_data: str
):
    hooks = template.all("AWS::AutoScaling::LifecycleHook")
    assert sorted(template.name(each["AutoScalingGroupName"]) for each in hooks) == sorted(groups)
    for hook in hooks:
        assert hook["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING"
        assert hook["DefaultResult"] == "CONTINUE"
        assert 60 <= hook["HeartbeatTimeout"] <= 300
        assert f"--lifecycle-hook-name {hook['LifecycleHookName']} " in user_data


def test_the_group_follows_the_backlog_of_each_instance(template: Template):
    [policy] = [
        each
        for each in template.all("AWS::AutoScaling::ScalingPolicy")
        if each["PolicyType"] == "TargetTrackingScaling"
    ]
    assert template.name(policy["AutoScalingGroupName"]) == "runners"
    tracking = policy["TargetTrackingConfiguration"]
    assert 0 < tracking["TargetValue"] <= 10
    waiting, running, backlog = tracking["CustomizedMetricSpecification"]["Metrics"]
    assert backlog["Expression"] == "IF(running > 0, waiting / running, waiting)"
    assert (waiting["Id"], running["Id"]) == ("waiting", "running")
    assert waiting["ReturnData"] is running["ReturnData"] is False
    of_queue, of_group = (each["MetricStat"]["Metric"] for each in (waiting, running))
    assert of_queue["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert template.name(of_queue["Dimensions"][0]["Value"]) == "runner-jobs"
    assert of_group["MetricName"] == "GroupInServiceInstances"
    assert of_group["Dimensions"][0]["Value"] == "sayso-prod-runners"


def test_what_is_measured_of_a_group_is_collected(groups: dict[str, Properties]):
    for group in groups.values():
        [collection] = group["MetricsCollection"]
        assert collection["Granularity"] == "1Minute"


def test_on_demand_comes_while_jobs_wait_and_goes_when_spot_works_them_off(template: Template):
    steps = {
        key: each["Properties"]
        for key, each in template.resources.items()
        if each["Type"] == "AWS::AutoScaling::ScalingPolicy"
        and each["Properties"]["PolicyType"] == "StepScaling"
    }
    wakes: dict[int, tuple[Any, ...]] = {}
    for alarm in template.all("AWS::CloudWatch::Alarm"):
        for action in alarm.get("AlarmActions", []):
            if action.get("Ref") in steps:
                step = steps[action["Ref"]]
                assert template.name(step["AutoScalingGroupName"]) == "runners-on-demand"
                assert step["AdjustmentType"] == "ExactCapacity"
                assert alarm["TreatMissingData"] == "notBreaching"
                [adjustment] = step["StepAdjustments"]
                wakes[adjustment["ScalingAdjustment"]] = (
                    watched(template, alarm),
                    alarm["ComparisonOperator"],
                    alarm["Threshold"],
                    alarm["EvaluationPeriods"],
                )
    age = ("ApproximateAgeOfOldestMessage", "runner-jobs")
    assert wakes == {
        1: ([age], "GreaterThanThreshold", 120, 2),
        0: (
            [("GroupInServiceInstances", "runners"), age, "IF(running > 0, age, 120)"],
            "LessThanThreshold",
            1,
            10,
        ),
    }


def watched(template: Template, alarm: Properties) -> list[Any]:
    """The metrics that an alarm looks at and whose they are; then what it makes of them."""
    queries = alarm.get("Metrics") or [{"MetricStat": {"Metric": alarm}}]
    metrics = [each["MetricStat"]["Metric"] for each in queries if "MetricStat" in each]
    whose = [
        (each["MetricName"], short(template.name(each["Dimensions"][0]["Value"])))
        for each in metrics
    ]
    return [*sorted(whose, reverse=True), *(q["Expression"] for q in queries if "Expression" in q)]


def test_what_an_instance_does_is_as_it_has_to_be(user_data: str):
    """Facts that the scripts' own texts would not give away if they were gone."""
    files = written(user_data)
    fetch = files["/usr/local/lib/sayso/fetch.sh"]
    assert "169.254.169.254/32" in fetch
    assert 'iptables --insert DOCKER-USER --destination "$address" --jump REJECT' in fetch
    unit = files["/etc/systemd/system/sayso-runner.service"].splitlines()
    for line in (
        "User=sayso",
        "ExecStartPre=+/usr/local/lib/sayso/fetch.sh",
        "ExecStart=/usr/bin/python3.11 -m runner",
        "ExecStopPost=+/usr/local/lib/sayso/drained.sh",
        "Restart=on-failure",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
    ):
        assert line in unit
    boot = user_data.rpartition("END_OF_FILE")[2]
    for command in (
        "mkswap /swapfile",
        "swapon /swapfile",
        "shutdown --poweroff",
        "systemctl enable --now sayso-runner.service sayso-examine.timer",
    ):
        assert command in boot


def test_a_new_image_is_a_new_machine(template: Template, user_data: str):
    tag = subprocess.run(
        ["runner/image/tag.sh"], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert f"ECR_IMAGE=.dkr.ecr../sayso-prod-runner:{tag}\n" in user_data
    for group in template.resources.values():
        if group["Type"] == "AWS::AutoScaling::AutoScalingGroup":
            assert group["UpdatePolicy"]["AutoScalingRollingUpdate"]["MaxBatchSize"] == 1


def test_the_image_is_scanned_and_never_overwritten(template: Template):
    [repository] = template.all("AWS::ECR::Repository")
    assert repository["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert repository["ImageTagMutability"] == "IMMUTABLE"
    assert "countNumber" in repository["LifecyclePolicy"]["LifecyclePolicyText"]


def test_the_runner_is_told_what_it_asks_for_and_no_secret(user_data: str):
    told = dict(
        line.split("=", 1) for line in written(user_data)["/etc/sayso/runner.env"].splitlines()
    )
    assert set(told) == ON_THE_FLEET
    known = set(RunnerSettings.model_fields) | {
        "ecr_image",
        "aws_default_region",
        "powertools_metrics_namespace",
        "powertools_service_name",
    }
    assert {key.lower().removesuffix("_secret_arn") for key in told} <= known
    assert told["GITHUB_TOKEN_SECRET_ARN"] == "sayso/prod/github-token"
    assert told["ANTHROPIC_API_KEY_SECRET_ARN"] == "sayso/prod/anthropic-api-key"


def test_every_file_of_an_instance_is_in_its_place(user_data: str):
    files = written(user_data)
    placed = {
        f"{folder}/{name.removesuffix('.conf')}": (INSTANCE / name).read_text().rstrip()
        for name, folder in PLACES.items()
    }
    for path, content in placed.items():
        assert files[path] == content.replace("$LOG_GROUP", "/sayso-prod-runner")
    assert {each.name for each in INSTANCE.iterdir()} == {*PLACES, "boot.sh", "README.md"}
    assert user_data.endswith((INSTANCE / "boot.sh").read_text())
    assert len(user_data) < 16_384, "EC2 takes no more"


def test_the_scripts_of_an_instance_are_sound(user_data: str, tmp_path: Path):
    script = tmp_path / "user-data.sh"
    script.write_text(user_data)
    subprocess.run(
        ["shellcheck", "--shell=bash", script, *INSTANCE.glob("*.sh")],
        check=True,
        capture_output=True,
    )
