"""Who writes the changes: which agents a runner has, and the order in which they are asked."""

from collections.abc import Callable
from dataclasses import dataclass

from runner.agents.agent import Agent
from runner.agents.canned import CannedAgent
from runner.sandbox.sandbox import Sandbox
from runner.settings import RunnerSettings
from runner.spending import Prices


class NoModel(Exception):
    """There is nobody to write changes: the message says which setting is missing or wrong."""


@dataclass(frozen=True)
class Lanes:
    """Agents, from cheap and fast to thorough."""

    agents: tuple[Agent, ...]
    prepare: Callable[[], object] = lambda: None
    """Start ahead what a job that was announced may need; returns at once."""


def choose_lanes(settings: RunnerSettings, sandbox: Sandbox) -> Lanes:
    """The agents that the settings name.

    Raises:
        NoModel: neither a key nor mock mode was given, or there is no agent of such a name.
        FileNotFoundError: the canned agent has no patches.
    """
    if settings.mvp_mock:
        return Lanes((CannedAgent(settings.canned_patches),))
    if not settings.anthropic_api_key.get_secret_value():
        raise NoModel(
            "no model: give ANTHROPIC_API_KEY, or set MVP_MOCK=1 to apply canned patches only"
        )
    match [name.strip() for name in settings.agents.split(",")]:
        case ["quick_edit"]:
            return Lanes(_quick(settings))
        case ["claude_code"]:
            return _claude(settings, sandbox)
        case ["quick_edit", "claude_code"]:
            thorough = _claude(settings, sandbox)
            return Lanes(_quick(settings) + thorough.agents, thorough.prepare)
    raise NoModel(f"AGENTS={settings.agents}: give quick_edit, claude_code, or both in this order")


# What follows imports its agent only when it is wanted: the clients take seconds to load, and
# mock mode needs none.


def _quick(settings: RunnerSettings) -> tuple[Agent, ...]:
    """The quick lane, and once more with what came of it."""
    from runner.agents.messages import Messages, Model
    from runner.agents.quick_edit import QuickEdit

    prices = Prices(
        input=settings.quick_usd_per_million_input,
        cache_write=settings.quick_usd_per_million_cache_write,
        cache_read=settings.quick_usd_per_million_cache_read,
        output=settings.quick_usd_per_million_output,
    )
    model = Model(settings.quick_model, prices, settings.quick_silence_seconds)
    key = settings.anthropic_api_key.get_secret_value()
    messages = Messages(model, key, settings.anthropic_base_url)
    quick = QuickEdit(messages, settings.quick_context_tokens, settings.quick_answer_tokens)
    return (quick, quick)


def _claude(settings: RunnerSettings, sandbox: Sandbox) -> Lanes:
    from runner.agents.claude_code import Claude, ClaudeCode

    claude = Claude(
        model=settings.agent_model,
        prices=Prices(
            input=settings.agent_usd_per_million_input,
            cache_write=settings.agent_usd_per_million_cache_write,
            cache_read=settings.agent_usd_per_million_cache_read,
            output=settings.agent_usd_per_million_output,
        ),
        base_url=settings.anthropic_base_url,
        key=settings.anthropic_api_key,
        turns=settings.agent_turns,
        seconds=settings.agent_seconds,
        memory_bytes=settings.agent_memory_bytes,
        silence_seconds=settings.agent_silence_seconds,
    )
    agent = ClaudeCode(claude, sandbox)
    return Lanes((agent,), agent.prepare)
