"""The guard around a turn: who acts, what a tool may do, and how often the model may ask."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ParamSpec, Protocol, TypeVar

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.middleware.types import AgentState
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langgraph.types import Command
from rapidfuzz import fuzz
from typing_extensions import override

from agent.by_rules import understood_by_rules
from agent.faults import ModelContextError, ModelNonsenseError, ModelRefusedError
from agent.offline import SAY, OfflineMentor
from agent.prompts import volatile
from agent.turn import Turn
from agent.views import view
from learning.errors import Refused
from store.errors import StorageError
from store.learners import NOBODY
from store.script import Script
from tools.registry import TOOLS, Call, Changes, WrongCallError, perform_all

log = logging.getLogger("mentor.agent")

P = ParamSpec("P")
T = TypeVar("T")

# Of 100, when a model's note and the learner's sentence say the same in other order.
SAME_WORDS = 60
MOST_MODEL_CALLS = 8
MOST_TOOL_CALLS = 8
LONGEST_RESULT = 6000


class Rehearsal(Protocol):
    """Gives the value a script would have, and keeps nothing of what it changed."""

    async def rehearse(
        self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T: ...


@dataclass(slots=True)
class Draft:
    """The calls of a turn so far; they are only rehearsed until the turn is committed.

    `refused_first` was understood but cannot be done; its refusal says why. `has_failed` is true
    when a tool broke, which is nobody's wish. `meant` is what the rules read out of the learner's
    own words, once somebody has asked them; `is_not_theirs` is true when a wish was in none.
    """

    calls: list[Call] = field(default_factory=list)
    model_calls: int = 0
    refused: int = 0
    refused_first: Call | None = None
    has_failed: bool = False
    is_not_theirs: bool = False
    meant: tuple[Call, ...] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class TurnContext:
    """Who acts and where. Tools receive it; the model can neither see nor name it.

    `is_by_rules` is true for the offline mentor, whom no text can talk into anything.
    """

    turn: Turn
    rehearsal: Rehearsal
    draft: Draft
    is_by_rules: bool


class TurnGuard(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Runs every tool call as a rehearsal for the turn's own learner, and counts."""

    @override
    async def awrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        draft = request.runtime.context.draft
        draft.model_calls += 1
        if draft.model_calls > MOST_MODEL_CALLS:
            raise ModelNonsenseError(f"more than {MOST_MODEL_CALLS} model calls in one turn")
        asked = _for_this_turn(request, request.runtime.context.turn)
        try:
            response = await handler(asked)
        except (ModelContextError, ModelRefusedError):
            # Too long, or with a sentence in it that this endpoint will not read.
            response = await handler(_shortened(asked))
        if _is_unusable(request, response):
            response = await handler(asked)
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


def _for_this_turn(request: ModelRequest[TurnContext], turn: Turn) -> ModelRequest[TurnContext]:
    """Add what changes from turn to turn, where the model reads it last."""
    context = turn.context
    if isinstance(request.model, OfflineMentor):
        return request.override(model=request.model.hearing(context))
    messages = list(request.messages)
    latest = _latest_human(messages)
    told = volatile(context, messages[latest].text, turn.briefing, is_forwarded=turn.is_forwarded)
    messages[latest] = HumanMessage(told)
    return request.override(messages=messages)


def _shortened(request: ModelRequest[TurnContext]) -> ModelRequest[TurnContext]:
    """The turn without what was said before it, for a model that can read no more."""
    messages = list(request.messages)
    return request.override(messages=messages[_latest_human(messages) :])


def _latest_human(messages: Sequence[AnyMessage]) -> int:
    return max(n for n, one in enumerate(messages) if isinstance(one, HumanMessage))


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
    if not turn.is_by_rules:
        call = _by_the_learner(call, turn.turn)
    if call in draft.calls:
        return "Already done in this turn.", False
    reason = _not_allowed(call, turn)
    if reason is not None:
        draft.refused += 1
        draft.is_not_theirs = True
        return f"Not done: {reason}", True
    context = turn.turn.context
    try:
        results = await turn.rehearsal.rehearse(perform_all, context, [*draft.calls, call])
    except (Refused, WrongCallError) as error:
        draft.refused += 1
        if isinstance(error, Refused):
            draft.refused_first = draft.refused_first or call
        return f"Not done: {error}", True
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001 -- a broken tool must not take the conversation along
        log.error("the tool %s failed: %s", call.tool, type(error).__name__)  # noqa: TRY400 -- what was said stays out of the log
        draft.refused += 1
        draft.has_failed = True
        return "Not done: this tool fails at the moment. Say so in one sentence.", True
    draft.calls.append(call)
    shown = view(results[-1], context.learner.language)
    return json.dumps(shown, ensure_ascii=False), False


def _by_the_learner(call: Call, turn: Turn) -> Call:
    """The call without what only a button may say, and without evidence nobody gave."""
    tool = TOOLS.get(call.tool)
    if tool is None:
        return call
    said = _letters(turn.text)
    args = {
        name: value
        for name, value in call.args.items()
        if name not in tool.by_hand
        and not (name in _OWN_WORDS and _letters(str(value)) not in said)
    }
    return Call(call.tool, args)


# Arguments that repeat the learner; whatever else a model puts there, they did not say it.
_OWN_WORDS = frozenset({"evidence", "note"})


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _not_allowed(call: Call, turn: TurnContext) -> str | None:
    """Why a call may not be made in this turn, in the model's language."""
    tool = TOOLS.get(call.tool)
    if tool is None:
        return None
    if turn.turn.context.learner.id == NOBODY and not tool.is_for_all:
        return "in a group nothing personal is shown or changed; that belongs in a private chat"
    if not tool.for_model:
        return "that is for the learner's own hand"
    only_shows = not call.args and bool(tool.arguments.model_fields)
    if tool.changes is None or only_shows:
        return None
    if turn.is_by_rules:
        is_free = turn.turn.is_unmarked
    else:
        is_free = tool.changes is not Changes.MARKS and turn.turn.is_among_own
    if not (is_free or _is_meant(call, turn)):
        return "the learner has not clearly said so themselves; ask them to say it in one sentence"
    return _not_theirs(call, turn.turn.text)


def _is_meant(call: Call, turn: TurnContext) -> bool:
    """Whether the rules read the same wish out of what the learner says themselves.

    What a model makes of a text may be what the text makes of the model.
    """
    if turn.draft.meant is None:
        own = turn.turn.own_words
        turn.draft.meant = understood_by_rules(turn.turn.context, own).calls if own else ()
    return any(
        one.tool == call.tool and one.args.get("outcome") == call.args.get("outcome")
        for one in turn.draft.meant
    )


def _not_theirs(call: Call, said: str) -> str | None:
    """A fact is noted in the learner's words, or it is none."""
    if call.tool != "remember_fact":
        return None
    words = str(call.args.get("words", ""))
    if fuzz.partial_ratio(words.casefold(), said.casefold()) >= SAME_WORDS:
        return None
    return "note only what they said just now, in their own words"
