"""Which parts a runner is made of, and how its settings choose them."""

import threading

import boto3
from botocore.config import Config

from contracts.bus import Topic
from contracts.media import Media
from runner.control import JobControl
from runner.credentials import Access, Credentials, GitHubApp, personal
from runner.delivery import Courier
from runner.environment import Environments, PackageIndex
from runner.gates import Gates
from runner.git import Remote
from runner.health import Health, health_file
from runner.job import Tools
from runner.kinds import Jobs
from runner.lanes import choose_lanes
from runner.pull_requests import PullRequests
from runner.sandbox.detect import choose
from runner.settings import RunnerSettings
from runner.spot import Notice
from runner.statuses import Reporter
from runner.tracing import Tracing
from runner.warmup import WarmUp
from runner.worker import Inbox, Worker
from runner.workspace import Workspace


def assemble(settings: RunnerSettings) -> Worker:
    """Put a runner together.

    Raises:
        NoSandbox: there is no way to box untrusted code on this machine.
        NoModel: there is nobody to write changes.
        FileNotFoundError: the canned agent has no patches.
    """
    credentials = choose_credentials(settings)
    workspace = Workspace(
        settings.work_dir,
        remote=lambda repo: Remote(
            f"{settings.git_base_url}/{repo.partition(':')[2]}",
            Access(credentials, project_of(repo)),
        ),
    )
    workspace.sweep()
    sandbox = choose(settings.sandbox, settings.sandbox_image)
    index = PackageIndex(settings.package_index_url, settings.package_certificates)
    environments = Environments(settings.work_dir / "environments", sandbox, index)
    gates = Gates(sandbox, environments=environments)
    control = JobControl(settings.job_control_table, boto3.client("dynamodb"))
    courier = Courier(
        workspace,
        lambda repo, deadline: PullRequests(
            settings.github_api_url,
            Access(credentials, project_of(repo)),
            project_of(repo),
            deadline,
        ),
        control,
    )
    lanes = choose_lanes(settings, gates.sandbox)
    lanes.prepare()
    author = (settings.commit_name, settings.commit_email)
    events = Topic(settings.runner_events_topic_arn, boto3.client("sns"))
    reporter = Reporter(events, Media.of(settings))
    sqs = boto3.client("sqs", config=Config(read_timeout=settings.poll_seconds + 10))
    changes, orders = (
        Inbox(url, sqs, settings.visibility_seconds, settings.poll_seconds)
        for url in (settings.sqs_url, settings.runner_control_queue_url)
    )
    names = ", ".join(dict.fromkeys(agent.name for agent in lanes.agents))
    print(f"runner: sandbox {gates.sandbox.name}, agents {names}", flush=True)
    worker = Worker(
        Jobs(Tools(workspace, lanes.agents, gates, courier, author), reporter),
        WarmUp(workspace, gates, reporter, lanes.prepare, settings.disk_quota_bytes),
        changes,
        orders,
        health=Health(health_file(settings.work_dir)),
        tracing=Tracing(settings.aws_xray_daemon_address),
        changes_at_once=settings.jobs_at_once,
    )
    if not settings.aws_ec2_metadata_disabled:
        spot = Notice(settings.instance_metadata_url)
        watch = (worker.stop, worker.stopping)
        threading.Thread(target=spot.watch, args=watch, daemon=True).start()
    return worker


def choose_credentials(settings: RunnerSettings) -> Credentials:
    """What GitHub is shown: an App's installation tokens, or else one personal access token.

    Raises:
        ValueError: the App's key is none.
    """
    if settings.github_app_id:
        key = settings.github_app_private_key.get_secret_value()
        return Credentials(GitHubApp.of(settings.github_api_url, settings.github_app_id, key).issue)

    def token() -> str:
        # Read again and again: one that was replaced in Secrets Manager needs no restart.
        return RunnerSettings().github_token.get_secret_value()

    return personal(token)


def project_of(repo: str) -> str:
    """`org/project` of `git@github.com:org/project.git`."""
    return repo.partition(":")[2].removesuffix(".git")
