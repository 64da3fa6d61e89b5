"""The guard around a turn: who acts, what a tool may do, and how often the model may ask."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.middleware.types import AgentState
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.types import Command
from typing_extensions import override

from agent.offline import SAY, OfflineMentor
from agent.prompts import volatile
from agent.views import view
from learning.errors import MentorError, Refused
from store.script import Script
from tools.concepts import find_concept
from tools.context import Context
from tools.registry import TOOLS, Call, WrongCallError, perform_all

T = TypeVar("T")

MOST_MODEL_CALLS = 8
MOST_TOOL_CALLS = 8
LONGEST_RESULT = 6000


class Rehearsal(Protocol):
    """Gives the value a script would have, and keeps nothing of what it changed."""

    async def rehearse(self, script: Script[T]) -> T: ...


class ModelNonsenseError(MentorError):
    """The model's answer cannot be used."""


@dataclass(slots=True)
class Draft:
    """The calls of a turn so far; they are only rehearsed until the turn is committed.

    `refused_first` was understood but cannot be done; its refusal says why.
    """

    calls: list[Call] = field(default_factory=list)
    model_calls: int = 0
    refused: int = 0
    refused_first: Call | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class TurnContext:
    """Who acts and where. Tools receive it; the model can neither see nor name it."""

    context: Context
    rehearsal: Rehearsal
    draft: Draft


class TurnGuard(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Runs every tool call as a rehearsal for the turn's own learner, and counts."""

    @override
    async def awrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        turn = request.runtime.context
        turn.draft.model_calls += 1
        if turn.draft.model_calls > MOST_MODEL_CALLS:
            raise ModelNonsenseError(f"more than {MOST_MODEL_CALLS} model calls in one turn")
        response = await handler(_for_this_turn(request, turn.context))
        if _is_unusable(request, response):
            response = await handler(_for_this_turn(request, turn.context))
        if _is_unusable(request, response):
            raise ModelNonsenseError("an answer with neither words nor a readable tool call")
        return response

    @override
    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        turn: TurnContext | None = request.runtime.context
        if turn is None:
            raise ModelNonsenseError("a tool was called outside a turn")
        call = Call(request.tool_call["name"], request.tool_call["args"])
        async with turn.draft.lock:
            content, is_error = await _rehearsed(turn, call)
        return ToolMessage(
            content=content[:LONGEST_RESULT],
            name=call.tool,
            tool_call_id=request.tool_call["id"] or "",
            status="error" if is_error else "success",
        )


def _for_this_turn(
    request: ModelRequest[TurnContext], context: Context
) -> ModelRequest[TurnContext]:
    """Add what changes from turn to turn, where the model reads it last."""
    if isinstance(request.model, OfflineMentor):
        model = request.model.model_copy(
            update={
                "today": context.today,
                "language": context.learner.language,
                "is_concept": lambda said: find_concept(context.catalogue, said)[0] is not None,
            }
        )
        return request.override(model=model)
    messages = list(request.messages)
    latest = max(n for n, one in enumerate(messages) if isinstance(one, HumanMessage))
    messages[latest] = HumanMessage(volatile(context, messages[latest].text))
    return request.override(messages=messages)


def _is_unusable(request: ModelRequest[TurnContext], response: ModelResponse[Any]) -> bool:
    """Say whether an answer helps nobody: broken tool arguments, or nothing at all.

    Nothing at all is fine after tools: the learner sees their cards.
    """
    last = response.result[-1] if response.result else None
    if not isinstance(last, AIMessage):
        return True
    if last.tool_calls or last.text.strip() or last.additional_kwargs.get(SAY):
        return False
    return bool(last.invalid_tool_calls) or not isinstance(request.messages[-1], ToolMessage)


async def _rehearsed(turn: TurnContext, call: Call) -> tuple[str, bool]:
    """Try a call after the turn's earlier ones; keep it in the draft when it can be done."""
    draft = turn.draft
    if len(draft.calls) + draft.refused >= MOST_TOOL_CALLS:
        return "No more tools in this turn. Answer with what you have.", True
    if call in draft.calls:
        return "Already done in this turn.", False
    if call.tool in TOOLS and not TOOLS[call.tool].for_model:
        draft.refused += 1
        return "Not done: that is for the learner's own hand.", True
    try:
        results = await turn.rehearsal.rehearse(perform_all(turn.context, [*draft.calls, call]))
    except (Refused, WrongCallError) as error:
        draft.refused += 1
        if isinstance(error, Refused):
            draft.refused_first = draft.refused_first or call
        return f"Not done: {error}", True
    draft.calls.append(call)
    shown = view(results[-1], turn.context.learner.language)
    return json.dumps(shown, ensure_ascii=False), False
