"""Which parts a runner is made of, and how its settings choose them."""

import boto3
from botocore.config import Config

from contracts.bus import Topic
from contracts.media import Media
from runner.control import JobControl
from runner.delivery import Courier
from runner.environment import Environments, PackageIndex
from runner.gates import Gates
from runner.git import Remote
from runner.job import Tools
from runner.kinds import Jobs
from runner.lanes import choose_lanes
from runner.pull_requests import PullRequests
from runner.sandbox.bubblewrap import Bubblewrap
from runner.settings import RunnerSettings
from runner.statuses import Reporter
from runner.warmup import WarmUp
from runner.worker import LONG_POLL_SECONDS, Inbox, Worker
from runner.workspace import Workspace


def assemble(settings: RunnerSettings) -> Worker:
    """Put a runner together.

    Raises:
        NoSandbox: there is no way to box untrusted code on this machine.
        NoModel: there is nobody to write changes.
        FileNotFoundError: the canned agent has no patches.
    """
    token = settings.github_token.get_secret_value()
    workspace = Workspace(
        settings.work_dir,
        remote=lambda repo: Remote(f"{settings.git_base_url}/{repo.partition(':')[2]}", token),
    )
    workspace.sweep()
    sandbox = Bubblewrap()
    index = PackageIndex(settings.package_index_url, settings.package_certificates)
    environments = Environments(settings.work_dir / "environments", sandbox, index)
    gates = Gates(sandbox, environments=environments)
    control = JobControl(settings.job_control_table, boto3.client("dynamodb"))
    courier = Courier(
        workspace,
        lambda repo: PullRequests(
            settings.github_api_url, token, repo.partition(":")[2].removesuffix(".git")
        ),
        control,
    )
    lanes = choose_lanes(settings, gates.sandbox)
    lanes.prepare()
    author = (settings.commit_name, settings.commit_email)
    events = Topic(settings.runner_events_topic_arn, boto3.client("sns"))
    reporter = Reporter(events, Media.of(settings))
    sqs = boto3.client("sqs", config=Config(read_timeout=LONG_POLL_SECONDS + 10))
    changes, orders = (
        Inbox(url, sqs, settings.visibility_seconds)
        for url in (settings.sqs_url, settings.runner_control_queue_url)
    )
    names = ", ".join(dict.fromkeys(agent.name for agent in lanes.agents))
    print(f"runner: sandbox {gates.sandbox.name}, agents {names}", flush=True)
    return Worker(
        Jobs(Tools(workspace, lanes.agents, gates, courier, author), reporter),
        WarmUp(workspace, gates, reporter, lanes.prepare),
        changes,
        orders,
    )
