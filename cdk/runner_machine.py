"""One machine that writes code: where it stands, what it boots with, and who reaches it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk import runner_image
from cdk.messaging import Messaging
from cdk.nag import accept
from cdk.runner_access import RunnerAccess
from cdk.stage import Stage
from cdk.storage import Storage

INSTANCE = Path(__file__).parent / "instance"
PLACES: Mapping[str, str] = {
    "cloudwatch-agent.json": "/etc/sayso",
    "drained.sh": "/usr/local/lib/sayso",
    "examine.sh": "/usr/local/lib/sayso",
    "fetch.sh": "/usr/local/lib/sayso",
    "logrotate.conf": "/etc/logrotate.d",
    "sayso-examine.service": "/etc/systemd/system",
    "sayso-examine.timer": "/etc/systemd/system",
    "sayso-runner.service": "/etc/systemd/system",
}
"""File of `instance/` -> the folder it goes to."""

SWAP_GIB = 4


class RunnerMachine(Construct):
    """A network without an open port, and the launch template of what stands in it."""

    def __init__(
        self,
        scope: Construct,
        stage: Stage,
        *,
        messaging: Messaging,
        storage: Storage,
        access: RunnerAccess,
    ) -> None:
        super().__init__(scope, "RunnerMachine")
        self._stage = stage
        self._messaging, self._storage, self._access = messaging, storage, access
        self.vpc = self._network()
        self.template = self._launch_template()

    def _network(self) -> ec2.Vpc:
        vpc = ec2.Vpc(
            self,
            "Network",
            max_azs=2,
            # Public addresses without an open port: a NAT gateway would cost more than the fleet.
            nat_gateways=0,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC)
            ],
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3),
                "DynamoDb": ec2.GatewayVpcEndpointOptions(
                    service=ec2.GatewayVpcEndpointAwsService.DYNAMODB
                ),
            },
            # Nothing is in the default group; emptying it would take a function with rights of
            # its own.
            restrict_default_security_group=False,
        )
        accept(
            vpc,
            "Nothing listens here, and who is called (GitHub, the model, AWS) stands in the"
            " runner's log; flow logs would cost more than the instances.",
            "VPC7",
        )
        return vpc

    def _launch_template(self) -> ec2.LaunchTemplate:
        # HTTPS for the APIs and git, HTTP for nothing; the Amazon DNS and clock are always open.
        group = ec2.SecurityGroup(
            self,
            "Runner",
            vpc=self.vpc,
            description="Sayso runners: nobody comes in",
            allow_all_outbound=False,
        )
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "AWS, GitHub, the model")
        return ec2.LaunchTemplate(
            self,
            "Machine",
            launch_template_name=self._stage.named("runner"),
            machine_image=ec2.MachineImage.latest_amazon_linux2023(
                cpu_type=ec2.AmazonLinuxCpuType.ARM_64
            ),
            instance_type=ec2.InstanceType(self._stage.runner_instance_types[0]),
            role=self._access.role,
            security_group=group,
            associate_public_ip_address=True,
            require_imdsv2=True,
            http_tokens=ec2.LaunchTemplateHttpTokens.REQUIRED,
            # One hop: what a container asks for never reaches the instance's credentials.
            http_put_response_hop_limit=1,
            instance_metadata_tags=True,
            detailed_monitoring=False,
            block_devices=[
                ec2.BlockDevice(
                    device_name="/dev/xvda",
                    volume=ec2.BlockDeviceVolume.ebs(
                        self._stage.runner_disk_gib,
                        encrypted=True,
                        volume_type=ec2.EbsDeviceVolumeType.GP3,
                        delete_on_termination=True,
                    ),
                )
            ],
            user_data=self._user_data(),
        )

    def _user_data(self) -> ec2.UserData:
        """A script that puts the files of `instance/` in place and boots."""
        data = ec2.UserData.for_linux()
        data.add_commands("set -euo pipefail", f"SWAP_GIB={SWAP_GIB}")
        lines = "\n".join(f"{key}={value}" for key, value in self._settings())
        data.add_commands(*_file("/etc/sayso/runner.env", lines))
        for name, folder in PLACES.items():
            content = (
                (INSTANCE / name).read_text().replace("$LOG_GROUP", self._access.log.log_group_name)
            )
            data.add_commands(*_file(f"{folder}/{name.removesuffix('.conf')}", content))
        data.add_commands((INSTANCE / "boot.sh").read_text())
        return data

    def _settings(self) -> Iterator[tuple[str, str]]:
        """What `runner/settings.py` asks for: names and addresses, no secret."""
        stage, queues, stack = self._stage, self._messaging.queues, Stack.of(self)
        yield "AWS_DEFAULT_REGION", stack.region
        registry = f"{stack.account}.dkr.ecr.{stack.region}.{stack.url_suffix}"
        yield "ECR_IMAGE", f"{registry}/{stage.named('runner')}:{runner_image.tag()}"
        yield "POWERTOOLS_METRICS_NAMESPACE", stage.metrics
        yield "POWERTOOLS_SERVICE_NAME", "runner"
        yield "AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"
        yield "SANDBOX", "docker"
        yield "AGENTS", stage.runner_agents
        yield "DISK_QUOTA_BYTES", str((stage.runner_disk_gib // 2) << 30)
        yield "SQS_URL", queues["runner-jobs"].queue_url
        yield "RUNNER_CONTROL_QUEUE_URL", queues["runner-control"].queue_url
        yield "RUNNER_EVENTS_TOPIC_ARN", self._messaging.runner_events.topic_arn
        yield "JOB_CONTROL_TABLE", self._storage.job_control.table_name
        yield "MEDIA_BUCKET", self._storage.media.bucket_name
        if stage.media_endpoint_url:
            yield "MEDIA_ENDPOINT_URL", stage.media_endpoint_url
        if stage.github_app_id:
            yield "GITHUB_APP_ID", stage.github_app_id
        for name in self._access.secrets():
            yield f"{name.replace('-', '_').upper()}_SECRET_ARN", stage.secret(name)


def _file(path: str, content: str) -> tuple[str, ...]:
    folder = path.rpartition("/")[0]
    return (f"mkdir -p {folder}", f"cat >{path} <<'END_OF_FILE'\n{content.rstrip()}\nEND_OF_FILE")
