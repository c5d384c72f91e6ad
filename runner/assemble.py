"""Which parts a runner is made of, and how its settings choose them."""

import boto3
from botocore.config import Config

from contracts.bus import Topic
from contracts.media import Media
from runner.agents.agent import Agent
from runner.agents.canned import CannedAgent
from runner.control import JobControl
from runner.delivery import Courier
from runner.environment import Environments, PackageIndex
from runner.gates import Gates
from runner.git import Remote
from runner.job import Tools
from runner.kinds import Jobs
from runner.pull_requests import PullRequests
from runner.sandbox.bubblewrap import Bubblewrap
from runner.settings import RunnerSettings
from runner.spending import Prices
from runner.statuses import Reporter
from runner.warmup import WarmUp
from runner.worker import LONG_POLL_SECONDS, Inbox, Worker
from runner.workspace import Workspace


class NoModel(Exception):
    """Neither a model nor mock mode was given."""


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
    agents = choose_agents(settings)
    author = (settings.commit_name, settings.commit_email)
    events = Topic(settings.runner_events_topic_arn, boto3.client("sns"))
    reporter = Reporter(events, Media.of(settings))
    sqs = boto3.client("sqs", config=Config(read_timeout=LONG_POLL_SECONDS + 10))
    changes, orders = (
        Inbox(url, sqs, settings.visibility_seconds)
        for url in (settings.sqs_url, settings.runner_control_queue_url)
    )
    names = ", ".join(dict.fromkeys(agent.name for agent in agents))
    print(f"runner: sandbox {gates.sandbox.name}, agents {names}", flush=True)
    return Worker(
        Jobs(Tools(workspace, agents, gates, courier, author), reporter),
        WarmUp(workspace, gates, reporter),
        changes,
        orders,
    )


def choose_agents(settings: RunnerSettings) -> tuple[Agent, ...]:
    """Who writes the changes, in the order in which they are asked.

    Raises:
        NoModel: neither a key nor mock mode was given.
        FileNotFoundError: the canned agent has no patches.
    """
    if settings.mvp_mock:
        return (CannedAgent(settings.canned_patches),)
    key = settings.anthropic_api_key.get_secret_value()
    if not key:
        raise NoModel(
            "no model: give ANTHROPIC_API_KEY, or set MVP_MOCK=1 to apply canned patches only"
        )
    # The client takes two seconds to load, and mock mode needs none.
    from runner.agents.messages import Messages, Model
    from runner.agents.quick_edit import QuickEdit

    prices = Prices(
        input=settings.quick_usd_per_million_input,
        cache_write=settings.quick_usd_per_million_cache_write,
        cache_read=settings.quick_usd_per_million_cache_read,
        output=settings.quick_usd_per_million_output,
    )
    model = Model(settings.quick_model, prices, settings.quick_silence_seconds)
    messages = Messages(model, key, settings.anthropic_base_url)
    quick = QuickEdit(messages, settings.quick_context_tokens, settings.quick_answer_tokens)
    return (quick, quick)
