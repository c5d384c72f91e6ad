"""The thorough lane: Claude Code works on the files in a box of its own until it is done."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_lambda_powertools import Logger
from claude_agent_sdk import ClaudeAgentOptions, ClaudeSDKClient, ResultMessage
from pydantic import SecretStr

from runner.agents import trees
from runner.agents.agent import Brief, Proposal
from runner.agents.agent_prompt import RULES, answer, prompt
from runner.agents.pipes import Pipes
from runner.agents.prompt import Declined
from runner.agents.session import NotStarted, Recipe, Session, Sessions
from runner.deadline import Deadline
from runner.failure import Failure
from runner.model_proxy.meter import LEAST_ANSWER, Meter
from runner.model_proxy.proxy import ModelProxy
from runner.sandbox.sandbox import Limits, Sandbox
from runner.spending import Prices

logger = Logger(service="runner")

TOOLS = ("Bash", "Edit", "Glob", "Grep", "Read", "Write")
WAITING_SECONDS = 15 * 60
"""How long a session may wait for a job; a cue that one is coming renews it."""
QUESTION_TOKENS = 5_000
"""What Claude Code's first question is made of at least: its tools, mostly."""

_ENVIRONMENT = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_DISABLE_CLAUDE_MDS": "1",
    "CLAUDE_CODE_DISABLE_AUTO_MEMORY": "1",
    "CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK": "1",
    # The runner decides how long a busy API is waited for.
    "CLAUDE_CODE_MAX_RETRIES": "4",
    # It asks that of root only; the box's user has no name, which it takes for root's.
    "IS_SANDBOX": "1",
}


@dataclass(frozen=True)
class Claude:
    """Which model Claude Code asks, and how much one job may have of it."""

    model: str
    prices: Prices
    base_url: str
    key: SecretStr
    turns: int
    seconds: float
    memory_bytes: int
    silence_seconds: float
    """How long the API may say nothing."""

    @property
    def arguments(self) -> list[str]:
        """The command line of Claude Code: nothing of the repository's configures it."""
        return [
            *("--print", "--verbose"),
            *("--input-format", "stream-json", "--output-format", "stream-json"),
            *("--model", self.model, "--max-turns", str(self.turns)),
            # Its own prompt is for a person at a terminal; it is also five times as long.
            *("--system-prompt", RULES),
            *("--tools", ",".join(TOOLS), "--permission-mode", "bypassPermissions"),
            *("--setting-sources", "", "--strict-mcp-config", "--disable-slash-commands"),
            "--no-session-persistence",
        ]

    @property
    def environment(self) -> Mapping[str, str]:
        """What Claude Code is told besides; small questions go to the same model."""
        return {**_ENVIRONMENT, "ANTHROPIC_DEFAULT_HAIKU_MODEL": self.model}

    @property
    def limits(self) -> Limits:
        """Of the box."""
        return Limits(
            seconds=WAITING_SECONDS + self.seconds,
            memory_bytes=self.memory_bytes,
            processes=512,
            disk_bytes=512 << 20,
        )


class ClaudeCode:
    """Lets Claude Code change the files, and brings them out of its box when it is done."""

    name = "claude_code"

    def __init__(self, claude: Claude, sandbox: Sandbox) -> None:
        """Get ready; `prepare` starts what can be started before a job."""
        self._claude = claude
        recipe = Recipe(
            sandbox, claude.arguments, claude.environment, claude.limits, WAITING_SECONDS
        )
        self._sessions = Sessions(recipe)

    def prepare(self) -> None:
        """Have Claude Code waiting for the next job."""
        self._sessions.prepare()

    def close(self) -> None:
        """End what waits."""
        self._sessions.close()

    def propose(self, brief: Brief, work_tree: Path, deadline: Deadline) -> Proposal:
        """Do what the brief says in the work tree; see `Agent.propose`.

        The work tree is changed only by an agent that says it is done.

        Raises:
            Failure: `declined`, `budget_too_small`, `budget_spent`, `turns_spent`,
                `model_unavailable`, `timed_out`, `agent_failed`.
        """
        claude = self._claude
        meter = Meter({claude.model: claude.prices}, brief.max_usd, claude.turns)
        if claude.prices.output_tokens_for(brief.max_usd, QUESTION_TOKENS) < LEAST_ANSWER:
            raise Failure(
                "budget_too_small",
                f"${brief.max_usd:g} does not pay for an agent; allow more for a job.",
            )
        try:
            with (
                self._sessions.taken() as session,
                deadline.ending(session.end, at_most=claude.seconds) as was_ended,
            ):
                try:
                    said = self._work(session, meter, brief, work_tree)
                except (NotStarted, trees.BrokenOff) as lost:
                    deadline.check()
                    if was_ended.is_set():
                        raise _too_slow() from lost
                    logger.warning("the agent's box broke", error=str(lost))
                    raise _broken() from lost
            subject, rationale = answer(said, brief)
        except Declined as declined:
            sentence = f"The agent does not attempt this: {declined}"
            raise Failure("declined", sentence, meter.spent) from declined
        except Failure as failed:
            raise failed.costing(meter.spent) from failed
        return Proposal(subject, rationale, meter.spent)

    def _work(self, session: Session, meter: Meter, brief: Brief, work_tree: Path) -> str:
        """What Claude Code says at its end; the work tree is then as it left it."""
        tree_in, tree_out = session.connections()
        with tree_in, tree_out:
            trees.send(work_tree, tree_in)
            proxy = ModelProxy(
                self._claude.base_url, self._claude.key, meter, self._claude.silence_seconds
            )
            said = asyncio.run(_converse(session, proxy, prompt(brief, work_tree)))
            _check(said, meter, proxy)
            trees.fetch(tree_out, work_tree, self._claude.limits.disk_bytes)
        return said.result or ""


async def _converse(session: Session, proxy: ModelProxy, asked: str) -> ResultMessage:
    """Ask, and wait for the end."""
    client = ClaudeSDKClient(ClaudeAgentOptions(), Pipes(session.boxed))
    try:
        async with proxy.serving(session.api), client:
            await client.query(asked)
            async for message in client.receive_response():
                if isinstance(message, ResultMessage):
                    return message
    except Exception as error:
        # The SDK raises plain exceptions too. Whatever it is, the agent's side broke: there is
        # nothing to do about it but to say so.
        raise trees.BrokenOff(f"the agent fell silent: {type(error).__name__}") from error
    raise trees.BrokenOff("the agent ended without a word")


def _check(said: ResultMessage, meter: Meter, proxy: ModelProxy) -> None:
    """Go on only if the agent says that it is done; what the proxy saw explains why it did not."""
    if said.stop_reason == "refusal":
        raise Failure("declined", "The model refuses this; ask in another way.")
    if not said.is_error:
        return
    logger.warning("the agent gave up", subtype=said.subtype, status=said.api_error_status)
    if meter.is_spent:
        raise Failure(
            "budget_spent",
            "The job's budget was spent before the change was done; ask for a smaller step.",
        )
    if proxy.is_unavailable:
        raise Failure("model_unavailable", "The model is busy; try again in a few minutes.")
    if meter.has_no_turn_left or said.subtype == "error_max_turns":
        raise Failure(
            "turns_spent", "The agent took more turns than it may; ask for a smaller step."
        )
    raise _broken()


def _too_slow() -> Failure:
    return Failure("timed_out", "The agent took longer than it may; ask for a smaller step.")


def _broken() -> Failure:
    return Failure("agent_failed", "The agent broke off in the middle; try again.")
