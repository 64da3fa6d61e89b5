"""The conversation: free text in, calls and words out, with or without a model."""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    BaseMessage,
    HumanMessage,
    ToolMessage,
)
from langgraph.graph.state import CompiledStateGraph
from langsmith import set_runtime_overrides

from agent.breaker import LOOKS, Breaker
from agent.by_rules import understood_by_rules
from agent.coaching import coached
from agent.declared import declared_tools
from agent.drafting import drafted
from agent.endpoints import Waiting, waiting_as
from agent.faults import ModelDownError, ModelFault
from agent.guard import Draft, Rehearsal, TurnContext, TurnGuard
from agent.interviewing import assessed
from agent.judging import judged
from agent.listening import Watch, watched_by
from agent.offline import DOUBTFUL, SAY, OfflineMentor
from agent.prompts import SYSTEM, summary_message
from agent.remarking import remarked
from agent.reply import Reply
from agent.summary import summarised
from agent.turn import Turn, heard
from learning.code_review.examined import Examined
from learning.code_review.findings import Finding, Remark
from learning.code_review.rulebook import ReviewRule
from learning.concepts import Concept
from learning.interviews import Assessed
from learning.quiz.drafts import Passed
from learning.quiz.items import OpenItem
from learning.values import Language
from store.conversation import Message, Outgrown
from store.errors import StorageError
from tools.briefing import Briefing
from tools.interviews import Told
from tools.registry import TOOLS

log = logging.getLogger("mentor.agent")

RECURSION_LIMIT = 30
LONGEST_WORDS = 12_000
# What is kept of a tool's result for later turns; the turn itself has read all of it.
LONGEST_RESULT_KEPT = 800

Show = Callable[[str], Awaitable[None]]
Agent = CompiledStateGraph[Any, Any, Any, Any]
T = TypeVar("T")


async def _at_once(
    _: object, context: contextvars.Context, work: Callable[..., T], /, *args: Any, **kwargs: Any
) -> T:
    """Let LangSmith, which is asked twice in each turn and traces nothing, do without a thread."""
    return context.run(work, *args, **kwargs)


def _agent(model: BaseChatModel) -> Agent:
    return create_agent(
        model,
        declared_tools(),
        system_prompt=SYSTEM,
        middleware=[TurnGuard()],
        context_schema=TurnContext,
    )


@dataclass(slots=True)
class _Endpoint:
    """One model with its agent and its breaker."""

    model: BaseChatModel
    breaker: Breaker
    agent: Agent | None = None

    def agent_of(self) -> Agent:
        if self.agent is None:
            self.agent = _agent(self.model)
        return self.agent


def _endpoint(name: str, model: BaseChatModel, looks: tuple[float, ...]) -> _Endpoint:
    async def probe() -> None:
        # It is begun in a turn, and is none of it.
        with waiting_as(None):
            await model.ainvoke([HumanMessage("ping")], max_tokens=1)

    return _Endpoint(model, Breaker(name, probe, looks))


class AgentConversation:
    """The agent over a model and its fallback, with the offline mentor as its last rung.

    Nothing is kept during a turn: tools are rehearsed, so a failing model leaves nothing half
    done and the next one can begin afresh. `models` are asked in their order; without any the
    offline mentor answers. `small` writes summaries. A turn may take `seconds` in all; `looks` are
    the pauses between looks whether a model that was down is back.
    """

    def __init__(
        self,
        rehearsal: Rehearsal,
        models: Sequence[BaseChatModel] = (),
        small: BaseChatModel | None = None,
        *,
        seconds: float = 60.0,
        looks: tuple[float, ...] = LOOKS,
    ) -> None:
        set_runtime_overrides(aio_to_thread=_at_once)
        self._rehearsal = rehearsal
        self._seconds = seconds
        self._endpoints = [_endpoint(f"model {n}", one, looks) for n, one in enumerate(models, 1)]
        self._small = _endpoint("small model", small, looks) if small is not None else None
        self._offline: Agent | None = None

    @property
    def has_model(self) -> bool:
        return bool(self._endpoints)

    @property
    def is_down(self) -> bool:
        """Whether no model may be asked just now."""
        return all(one.breaker.is_open for one in self._endpoints)

    async def answer(self, turn: Turn, show: Show | None = None) -> Reply:
        """Answer one text. Always gives a reply; a model's failure shows in `is_reduced`.

        A turn without a briefing is not given to a model.

        Raises:
            StorageFullError: when the tools cannot read or write.
        """
        if turn.briefing is not None:
            reply = await self._from_model(
                lambda one: self._online_reply(one, turn, show), self._seconds
            )
            if reply is not None:
                return reply
        return await self._offline_reply(turn, is_reduced=turn.briefing is not None)

    async def judge(self, item: OpenItem, text: str, language: Language) -> tuple[bool, ...] | None:
        """Which criteria a free text meets, by the model; None when it cannot say."""
        return await self._from_model(
            lambda one: judged(one.model, item, text, language), self._seconds
        )

    async def assess(self, told: Told, language: Language) -> Assessed | None:
        """What an interview shows so far and what to ask next; None when a model cannot say."""
        return await self._from_model(
            lambda one: assessed(one.model, told, language), self._seconds
        )

    async def remark(
        self,
        files: Sequence[Examined],
        findings: Sequence[Finding],
        rules: Mapping[str, ReviewRule],
        said: str,
        language: Language,
    ) -> tuple[Remark, ...] | None:
        """What a model adds to a code review, line by line; None when it cannot say."""
        return await self._from_model(
            lambda one: remarked(one.model, files, findings, rules, said, language), self._seconds
        )

    async def draft(self, concept: Concept, language: Language) -> Passed | None:
        """A question of the model's that came through the gate, or None."""
        # Drafting takes many requests and keeps its own time.
        return await self._from_model(lambda one: drafted(one.model, concept, language), None)

    async def summarise(self, outgrown: Outgrown, language: Language) -> str | None:
        """A new summary by the small model; None when there is none or it cannot."""
        return await self._from_model(
            lambda one: summarised(one.model, outgrown, language),
            self._seconds,
            [self._small] if self._small else None,
        )

    async def coach(self, briefing: Briefing, language: Language) -> str | None:
        """A note for a learner's day by the small model; None when there is none or it cannot."""
        return await self._from_model(
            lambda one: coached(one.model, briefing, language),
            self._seconds,
            [self._small] if self._small else None,
        )

    async def close(self) -> None:
        """Stop looking whether a model is back."""
        for one in (*self._endpoints, self._small):
            if one is not None:
                await one.breaker.close()

    async def _from_model(
        self,
        ask: Callable[[_Endpoint], Awaitable[T | None]],
        seconds: float | None,
        endpoints: Sequence[_Endpoint] | None = None,
    ) -> T | None:
        """Ask the models in turn; None when none of them answers, or is not to be asked now.

        What `ask` itself gives as None was a reply of no use, and no failure: a learner's words may
        have led to it, and must not take the model from the others.
        """
        waiting = Waiting()
        asked = self._endpoints if endpoints is None else endpoints
        for number, one in enumerate(asked, 1):
            if one.breaker.is_open:
                continue
            waiting.has_others = not all(other.breaker.is_open for other in asked[number:])
            try:
                with waiting_as(waiting):
                    async with asyncio.timeout(seconds):
                        return await ask(one)
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001 -- whatever a model does, the learner is answered
                if isinstance(error, ModelDownError):
                    one.breaker.open()
                # A fault's own words name a host and a status, and nothing that was said.
                about = str(error) if isinstance(error, ModelFault) else ""
                log.warning("a model failed: %s %s", type(error).__name__, about)
        return None

    async def _online_reply(self, one: _Endpoint, turn: Turn, show: Show | None) -> Reply:
        past: list[BaseMessage] = [to_langchain(message) for message in turn.past.messages]
        if turn.past.summary:
            past.insert(0, HumanMessage(summary_message(turn.past.summary)))
        with watched_by(_shown_by(show) if show else None):
            out, draft = await self._run(one.agent_of(), turn, past)
        said: list[AnyMessage] = out["messages"][len(past) :]
        last = said[-1]
        words = last.text.strip()[:LONGEST_WORDS] if isinstance(last, AIMessage) else ""
        return Reply(
            calls=tuple(draft.calls),
            words=words or None,
            say=None if words else _said_of(draft),
            is_reduced=False,
            messages=(
                heard(turn.text, is_forwarded=turn.is_forwarded),
                *(from_langchain(message) for message in said[1:] if _is_kept(message)),
            ),
        )

    async def _offline_reply(self, turn: Turn, *, is_reduced: bool) -> Reply:
        if self._offline is None:
            self._offline = _agent(OfflineMentor(hear=partial(understood_by_rules, turn.context)))
        # Rules read one sentence; the past would only cost time.
        out, draft = await self._run(self._offline, turn, [], is_by_rules=True)
        calls = tuple(draft.calls)
        if not calls and draft.refused_first is not None:
            # Rules cannot say why; the turn does, when the call is refused for good.
            calls = (draft.refused_first,)
        told = out["messages"][-1].additional_kwargs
        say = told.get(SAY)
        return Reply(
            calls=calls,
            words=None,
            say=None if calls else _said_of(draft) or say,
            doubtful=tuple(told.get(DOUBTFUL, ())),
            is_reduced=is_reduced,
            messages=None,
        )

    async def _run(
        self,
        agent: Agent,
        turn: Turn,
        past: Sequence[BaseMessage],
        *,
        is_by_rules: bool = False,
    ) -> tuple[dict[str, Any], Draft]:
        draft = Draft()
        out = await agent.ainvoke(
            {"messages": [*past, HumanMessage(turn.text)]},
            {"recursion_limit": RECURSION_LIMIT},
            context=TurnContext(turn, self._rehearsal, draft, is_by_rules),
        )
        return out, draft


def _said_of(draft: Draft) -> str | None:
    """What is said when a tool could not be used, and nobody has better words."""
    if draft.has_failed:
        return "tools_failed"
    return "not_theirs" if draft.is_not_theirs and not draft.calls else None


def _shown_by(show: Show) -> Watch:
    """Shows an answer's words as far as they have come."""

    async def watch(words: str) -> None:
        if words.strip():
            await show(words[:LONGEST_WORDS])

    return watch


def to_langchain(message: Message) -> BaseMessage:
    content = message.content
    match message.role:
        case "human":
            return HumanMessage(str(content["text"]))
        case "tool":
            return ToolMessage(
                content=str(content["text"]),
                name=content.get("name"),
                tool_call_id=str(content["call"]),
            )
        case _:
            return AIMessage(content=str(content["text"]), tool_calls=content.get("calls", []))


def from_langchain(message: BaseMessage) -> Message:
    if isinstance(message, HumanMessage):
        return Message("human", {"text": message.text})
    if isinstance(message, ToolMessage):
        text = message.text[:LONGEST_RESULT_KEPT]
        return Message("tool", {"text": text, "name": message.name, "call": message.tool_call_id})
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    kept = [
        {"name": call["name"], "args": _in_short(call["args"]), "id": call["id"]}
        for call in calls
        if call["name"] in TOOLS
    ]
    return Message("ai", {"text": message.text[:LONGEST_WORDS], "calls": kept})


def _is_kept(message: BaseMessage) -> bool:
    """A tool that does not exist, and a word that says nothing, are no part of a conversation."""
    if isinstance(message, ToolMessage):
        return message.name in TOOLS
    is_call = isinstance(message, AIMessage) and any(c["name"] in TOOLS for c in message.tool_calls)
    return is_call or bool(message.text.strip())


def _in_short(args: Mapping[str, Any]) -> Mapping[str, Any]:
    """A call's arguments for later turns; one that repeats a whole text says too much."""
    return args if len(str(args)) <= LONGEST_RESULT_KEPT else {}
