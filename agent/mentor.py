"""The conversation: free text in, calls and words out, with or without a model."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    AnyMessage,
    BaseMessage,
    HumanMessage,
    ToolMessage,
)
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.graph.state import CompiledStateGraph

from agent.drafting import drafted
from agent.guard import Draft, Rehearsal, TurnContext, TurnGuard
from agent.judging import judged
from agent.offline import SAY, OfflineMentor
from agent.prompts import SYSTEM
from agent.reply import Reply
from learning.concepts import Concept
from learning.errors import MentorError
from learning.quiz.drafts import Passed
from learning.quiz.items import OpenItem
from learning.values import Language
from store.conversation import Message
from store.errors import StorageError
from tools.context import Context
from tools.registry import TOOLS, Tool

log = logging.getLogger("mentor.agent")

TURN_SECONDS = 60.0
RECURSION_LIMIT = 30
# After so many failures in a row the model is left alone for a while: learners should not wait.
FAILURES_TO_OPEN = 2
OPEN_SECONDS = 30.0
LONGEST_ANSWER = 12_000

Show = Callable[[str], Awaitable[None]]
Agent = CompiledStateGraph[Any, Any, Any, Any]
T = TypeVar("T")


def _declared(tool: Tool) -> BaseTool:
    async def outside_a_turn(**_: object) -> str:
        raise MentorError("a tool was called without its guard")

    return StructuredTool.from_function(
        coroutine=outside_a_turn,
        name=tool.name,
        description=tool.purpose,
        args_schema=tool.arguments,
    )


def _agent(model: BaseChatModel) -> Agent:
    return create_agent(
        model,
        [_declared(tool) for tool in TOOLS.values() if tool.for_model],
        system_prompt=SYSTEM,
        middleware=[TurnGuard()],
        context_schema=TurnContext,
    )


@dataclass(slots=True)
class _Breaker:
    failures: int = 0
    open_until: float = 0.0

    def is_open(self, monotonic: float) -> bool:
        return monotonic < self.open_until

    def failed(self, monotonic: float) -> None:
        self.failures += 1
        if self.failures >= FAILURES_TO_OPEN:
            self.open_until = monotonic + OPEN_SECONDS

    def worked(self) -> None:
        self.failures = 0


@dataclass(slots=True)
class AgentConversation:
    """The agent over one model, with the offline mentor as its last rung.

    Nothing is kept during a turn: tools are rehearsed, so a failing model leaves nothing half
    done and the offline mentor can begin afresh. `model` is None without a key.
    """

    rehearsal: Rehearsal
    model: BaseChatModel | None = None
    _offline: Agent | None = None
    _online: Agent | None = None
    _breaker: _Breaker = field(default_factory=_Breaker)

    async def answer(
        self, context: Context, past: Sequence[Message], text: str, show: Show | None = None
    ) -> Reply:
        """Answer one text. Always gives a reply; a model's failure shows in `is_reduced`.

        Raises:
            StorageFullError: when the tools cannot read or write.
        """
        reply = await self._from_model(
            lambda model: self._online_reply(model, context, past, text, show), TURN_SECONDS
        )
        if reply is not None:
            return reply
        is_reduced = self.model is not None
        return await self._offline_reply(context, past, text, is_reduced=is_reduced)

    @property
    def has_model(self) -> bool:
        return self.model is not None

    async def judge(self, item: OpenItem, text: str, language: Language) -> tuple[bool, ...] | None:
        """Which criteria a free text meets, by the model; None when it cannot say."""
        return await self._from_model(
            lambda model: judged(model, item, text, language), TURN_SECONDS
        )

    async def draft(self, concept: Concept, language: Language) -> Passed | None:
        """A question of the model's that came through the gate, or None."""
        # Drafting takes many requests and keeps its own time.
        return await self._from_model(lambda model: drafted(model, concept, language), None)

    async def _from_model(
        self, ask: Callable[[BaseChatModel], Awaitable[T | None]], seconds: float | None
    ) -> T | None:
        """Ask the model; None when there is none, when it fails, and while it is left alone.

        What `ask` itself gives as None was a reply of no use, and no failure: a learner's words may
        have led to it, and must not take the model from the others.
        """
        loop = asyncio.get_running_loop()
        if self.model is None or self._breaker.is_open(loop.time()):
            return None
        try:
            async with asyncio.timeout(seconds):
                found = await ask(self.model)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever a model does, the learner is answered
            self._breaker.failed(loop.time())
            log.warning("model failed, the mentor goes on without it: %s", type(error).__name__)
            return None
        self._breaker.worked()
        return found

    async def _online_reply(
        self,
        model: BaseChatModel,
        context: Context,
        past: Sequence[Message],
        text: str,
        show: Show | None,
    ) -> Reply:
        if self._online is None:
            self._online = _agent(model)
        return await self._run(self._online, context, past, text, show, is_reduced=False)

    async def _offline_reply(
        self, context: Context, past: Sequence[Message], text: str, *, is_reduced: bool
    ) -> Reply:
        if self._offline is None:
            self._offline = _agent(OfflineMentor(today=context.today, language="zh"))
        # Rules read one sentence; the past would only cost time.
        del past
        return await self._run(self._offline, context, (), text, None, is_reduced=is_reduced)

    async def _run(
        self,
        agent: Agent,
        context: Context,
        past: Sequence[Message],
        text: str,
        show: Show | None,
        *,
        is_reduced: bool,
    ) -> Reply:
        before = [_to_langchain(message) for message in past]
        given = {"messages": [*before, HumanMessage(text)]}
        draft = Draft()
        turn = TurnContext(context, self.rehearsal, draft)
        config: Any = {"recursion_limit": RECURSION_LIMIT}
        if show is None:
            out = await agent.ainvoke(given, config, context=turn)
        else:
            out = await _streamed(agent, given, config, turn, show)
        calls = tuple(draft.calls)
        if not calls and agent is self._offline and draft.refused_first is not None:
            # Rules cannot say why; the turn does, when the call is refused for good.
            calls = (draft.refused_first,)
        said: list[AnyMessage] = out["messages"][len(before) :]
        last = said[-1]
        words = last.text.strip()[:LONGEST_ANSWER] if isinstance(last, AIMessage) else ""
        return Reply(
            calls=calls,
            words=words or None,
            say=last.additional_kwargs.get(SAY) if not words else None,
            is_reduced=is_reduced,
            messages=tuple(_from_langchain(message) for message in said),
        )


async def _streamed(
    agent: Agent, given: Any, config: Any, turn: TurnContext, show: Show
) -> dict[str, Any]:
    """Run an agent and show the answer's words as they come; only the model's own."""
    shown = ""
    out: dict[str, Any] = {}
    stream: AsyncIterator[Any] = agent.astream(
        given, config, context=turn, stream_mode=["messages", "values"]
    )
    async for mode, part in stream:
        if mode == "values":
            out = part
            continue
        chunk, about = part
        if isinstance(chunk, AIMessageChunk) and about.get("langgraph_node") == "model":
            shown += chunk.text
            if shown.strip():
                await show(shown[:LONGEST_ANSWER])
    return out


def _to_langchain(message: Message) -> BaseMessage:
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


def _from_langchain(message: BaseMessage) -> Message:
    if isinstance(message, HumanMessage):
        return Message("human", {"text": message.text})
    if isinstance(message, ToolMessage):
        return Message(
            "tool", {"text": message.text, "name": message.name, "call": message.tool_call_id}
        )
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    kept = [{"name": c["name"], "args": c["args"], "id": c["id"]} for c in calls]
    return Message("ai", {"text": message.text, "calls": kept})
