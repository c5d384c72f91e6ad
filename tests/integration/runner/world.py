"""Everything around a runner, real or close to it: git over HTTP, GitHub's calls, AWS, boxes."""

import hashlib
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cdk.local.standins.github.pulls import PullRequest
from cdk.local.standins.github.pulls import PullRequests as GitHubPulls
from cdk.local.standins.github.repository import Repository
from contracts.bus import Topic, receive
from contracts.media import Media
from contracts.models import RunnerJob, RunnerStatus, RunnerStatusReported, TaskProgressed
from runner.agents.agent import Agent, Proposal
from runner.agents.canned import CannedAgent
from runner.control import JobControl
from runner.credentials import Access
from runner.deadline import Deadline
from runner.delivery import Courier
from runner.gates import Gates
from runner.git import Remote
from runner.job import Tools
from runner.kinds import Jobs
from runner.pull_requests import PullRequests
from runner.sandbox.bubblewrap import Bubblewrap
from runner.statuses import Reporter
from runner.workspace import Workspace

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "tests/fixtures/sample-repo"
PATCHES = ROOT / "tests/mocks/patches"
REPO = "git@github.com:acme/wordcount.git"
TOKEN = "a-token"

STDIN = "Add a --stdin flag so the tool can read from standard input."
VERSION = "Show the version number of the tool."
RISKY = "Let the security check allow hidden files."
FAILING_TESTS = "Count only the lines that end with a newline, like WC does."
FAILING_LINT = "Sort the files by name."
NOTHING = "Add a --words flag that shows only the word count."


def job(task: str = STDIN, **fields: Any) -> RunnerJob:
    """A job for the sample project."""
    defaults = {
        "type": "runner.job",
        "version": 1,
        "job_id": uuid4(),
        "user_id": uuid4(),
        "repo": REPO,
        "branch": "main",
        "task_text": task,
        "style_guide": "PEP8, use argparse, avoid globals",
        "heuristics": {"auto_merge_loc_limit": 500, "blocked_paths": ["security/"]},
        "kind": "change",
        "run": uuid4(),
        "commit_sha": None,
        "override": False,
        "max_usd": 0.03,
        "max_seconds": 60,
        "confidence": 1.0,
        "job_token": hashlib.sha256(b"job").hexdigest(),
    }
    return RunnerJob.model_validate(defaults | fields)


def decided(change: RunnerJob, kind: str, commit: str, **fields: Any) -> RunnerJob:
    """The job that follows a person's decision about what another job showed."""
    follow_up = {"kind": kind, "commit_sha": commit, "run": uuid4()}
    return change.model_copy(update=follow_up | fields)


@dataclass(frozen=True)
class Cloud:
    """Queues, a topic that a queue listens to, a table and a bucket."""

    clients: dict[str, Any]
    name: str = field(default_factory=lambda: f"test-{uuid4()}")

    def create(self) -> "Cloud":
        """Make them all."""
        sqs, sns = self.clients["sqs"], self.clients["sns"]
        for queue in ("jobs", "control", "heard"):
            sqs.create_queue(QueueName=f"{self.name}-{queue}")
        attributes = sqs.get_queue_attributes(
            QueueUrl=self.queue("heard"), AttributeNames=["QueueArn"]
        )
        sns.subscribe(
            TopicArn=self.topic_arn,
            Protocol="sqs",
            Endpoint=attributes["Attributes"]["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )
        self.clients["dynamodb"].create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "job_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "job_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.clients["s3"].create_bucket(
            Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        return self

    @property
    def topic_arn(self) -> str:
        """Of runner-events."""
        return str(self.clients["sns"].create_topic(Name=self.name)["TopicArn"])

    def queue(self, name: str) -> str:
        """The URL of the queue `jobs`, `control` or `heard`."""
        return str(self.clients["sqs"].get_queue_url(QueueName=f"{self.name}-{name}")["QueueUrl"])

    def heard(self) -> list[RunnerStatusReported | TaskProgressed]:
        """What the runner said since this was asked last."""
        events, url = [], self.queue("heard")
        sqs = self.clients["sqs"]
        while messages := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for message in messages:
                said_type = message["MessageAttributes"]["type"]["StringValue"]
                events.append(receive(message["Body"], said_type))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return events

    def statuses(self) -> list[RunnerStatus]:
        """How the jobs ended since this was asked last."""
        return [event.data for event in self.heard() if isinstance(event, RunnerStatusReported)]

    def stored(self, key: str) -> bytes:
        """An object of the bucket."""
        return bytes(self.clients["s3"].get_object(Bucket=self.name, Key=key)["Body"].read())

    def control(self) -> JobControl:
        """The table, as a runner uses it."""
        return JobControl(self.name, self.clients["dynamodb"])

    def control_state(self, job_id: UUID) -> str | None:
        """What job-control says about a job."""
        item = self.clients["dynamodb"].get_item(
            TableName=self.name, Key={"job_id": {"S": str(job_id)}}
        )
        return item["Item"]["state"]["S"] if "Item" in item else None


@dataclass(frozen=True)
class World:
    """A sample project on GitHub, and what a runner needs to work on it."""

    github_url: str
    repository: Repository
    cloud: Cloud
    work_dir: Path
    agent: Agent = field(default_factory=lambda: CannedAgent(PATCHES))

    def runner(self, *agents: Agent) -> Jobs:
        """One runner; two of them share mirrors, as two processes may."""
        workspace = Workspace(
            self.work_dir,
            lambda repo: Remote(f"{self.github_url}/{repo.partition(':')[2]}", Access.fixed(TOKEN)),
        )
        courier = Courier(workspace, self.pull_requests, self.cloud.control())
        author = ("Sayso", "sayso@users.noreply.invalid")
        tools = Tools(workspace, agents or (self.agent,), Gates(Bubblewrap()), courier, author)
        media = Media(self.cloud.name, self.cloud.clients["s3"])
        topic = Topic(self.cloud.topic_arn, self.cloud.clients["sns"])
        return Jobs(tools, Reporter(topic, media))

    def pull_requests(self, repo: str, deadline: Deadline) -> PullRequests:
        """GitHub's, of one repository."""
        project = repo.partition(":")[2].removesuffix(".git")
        return PullRequests(self.github_url, Access.fixed(TOKEN), project, deadline)

    def do(self, job: RunnerJob, *agents: Agent) -> RunnerStatus:
        """Do a job; the one status that was said about it."""
        self.runner(*agents).do(job)
        [status] = self.cloud.statuses()
        return status

    def head(self, branch: str = "main") -> str | None:
        """The commit of a branch, or None if there is none."""
        return self.repository.branch(branch)

    def trailers(self, commit: str) -> dict[str, str]:
        """The trailers of a commit's message."""
        lines = self.repository.git("log", "-1", "--format=%(trailers:only,unfold)", commit)
        return dict(line.split(": ", 1) for line in lines.splitlines())

    def log(self, branch: str = "main") -> list[str]:
        """Subjects of the commits of a branch, newest first."""
        return self.repository.git("log", "--format=%s", branch).splitlines()

    def pulls(self) -> list[PullRequest]:
        """Every pull request, oldest first."""
        return GitHubPulls(self.repository).all()

    def commit(
        self,
        files: dict[str, str],
        message: str = "chore: something else",
        delete: Sequence[str] = (),
    ) -> str:
        """Push a commit to main, as another person would; its name."""
        clone = self.work_dir / f"clone-{uuid4()}"
        git(self.work_dir, "clone", "--quiet", str(self.repository.path), str(clone))
        write(clone, files)
        for path in delete:
            git(clone, "rm", "-r", "--quiet", path)
        git(clone, "add", "--all", "--force")
        git(clone, "commit", "--quiet", "--message", message)
        git(clone, "push", "--quiet", "origin", "HEAD:main")
        return git(clone, "rev-parse", "HEAD")


@dataclass(frozen=True)
class ThenDo:
    """An agent that proposes what another one does, after something else happened."""

    agent: Agent
    first: Callable[[], object]
    name: str = "then-do"

    def propose(self, brief: Any, work_tree: Path, deadline: Any) -> Any:
        """See `Agent.propose`."""
        proposal = self.agent.propose(brief, work_tree, deadline)
        self.first()
        return proposal


@dataclass(frozen=True)
class Edits:
    """An agent that writes what it is told to."""

    files: dict[str, str]
    name: str = "edits"

    def propose(self, _brief: object, work_tree: Path, _deadline: object) -> Proposal:
        """See `Agent.propose`."""
        write(work_tree, self.files)
        return Proposal("chore: edit", "It was asked for.")


def write(folder: Path, files: dict[str, str]) -> None:
    """Write text files, and the folders they are in."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def git(folder: Path, *args: str) -> str:
    """Git as Ada, without the machine's configuration."""
    identity = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.com"))
    }
    done = subprocess.run(
        ["git", *args],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", **identity},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
