"""What a learner's words do in a mock interview, and what a model reads of it first."""

from dataclasses import dataclass, replace
from functools import partial

from agent.interview_words import (
    answers_at_once,
    answers_later,
    asks_back,
    interview_word,
    ticks_in,
)
from agent.router import Routed
from bot.answering import Answering
from bot.commands import Wish
from bot.formulas import plain_formulas
from bot.message import Message
from bot.saying import Saying
from bot.work import Done, Means
from store.interviews import open_interview, unticked_interview
from store.outbox import latest_few_at
from store.quizzes import open_question
from store.script import Script
from tools.answers import TYPED_ANSWER_LASTS
from tools.context import Context
from tools.interviews import (
    TYPED_WORDS_LAST,
    LeadInterview,
    TellInterview,
    Told,
    to_read,
    under_way,
)
from tools.registry import Call

# So many words beside the matter are gone over.
ASIDES = 4


@dataclass(frozen=True, slots=True)
class Interviewing:
    """A turn of an interview that a model reads first; without one it goes on by the rules."""

    answering: Answering
    context: Context
    call: Call
    told: Told
    said: str
    asks_model: bool = True

    async def done(self, means: Means) -> Done:
        assessed = None
        if means.full is None:
            # A stop said meanwhile ends the interview, in its own turn.
            language = self.context.learner.language
            assessed = await means.conversation.assess(self.told, language)
        call = self.call
        if assessed is not None:
            probe = plain_formulas(assessed.probe) if assessed.probe else None
            found = {"met": assessed.met, "probe": probe}
            call = replace(call, args={**call.args, **found})
        return Done(partial(self.answering.do, self.context, Wish(calls=(call,)), self.said))


def before_telling(
    answering: Answering, context: Context, call: Call, said: str
) -> Script[Interviewing | None]:
    told = (yield from _told_first(context, call)) if answering.has_model else None
    return None if told is None else Interviewing(answering, context, call, told, said)


def call_in_interview(saying: Saying) -> Script[Call | None]:
    """The call that words make in an interview; None when they are said to somebody else.

    A question of a quiz that was put since has the word first.
    """
    context, text = saying.context, saying.text
    is_near = yield from _spoke_last(context)
    word = interview_word(text, is_near=is_near)
    if word == "resume":
        return Call("start_interview")
    live = yield from open_interview(context.learner.id, context.address)
    if live is None:
        ticked = (yield from _ticked(context, text, word)) if is_near else None
        # Who ends an interview in so many words is told that there is none.
        is_plain_end = interview_word(text, is_near=False) == "end"
        return ticked or (Call("lead_interview", {"wish": "end"}) if is_plain_end else None)
    if word is not None:
        return Call("lead_interview", {"wish": word})
    is_late = (
        yield from open_interview(
            context.learner.id, context.address, context.now - TYPED_WORDS_LAST
        )
    ) is None
    if is_late or (not is_near and (yield from _has_quiz_question(context))):
        return None
    return (yield from _told(saying, is_near=is_near))


def _told(saying: Saying, *, is_near: bool) -> Script[Call | None]:
    context, text = saying.context, saying.text
    routed, has_model = saying.routed, saying.has_model
    if is_near and asks_back(text, routed, has_model=has_model):
        return Call("tell_interview", {"text": text, "asks_back": True})
    live = yield from under_way(context)
    if live is None:
        return None
    is_told = (
        _is_said_here(text, routed, has_model=has_model)
        if is_near
        else answers_later(text, routed, live.item, live.frame)
    )
    return Call("tell_interview", {"text": text}) if is_told else None


def _is_said_here(text: str, routed: Routed, *, has_model: bool) -> bool:
    """Whether words belong to the interview that spoke last: all but a clear wish for a tool.

    Code is an answer there, too. Small talk is a model's, where there is one.
    """
    is_code = any(call.tool == "review_code" for call in routed.calls)
    is_small_talk = not routed.calls and not has_model
    return is_code or is_small_talk or answers_at_once(text, routed)


def _ticked(context: Context, text: str, word: str | None) -> Script[Call | None]:
    """Ticks, or a word that lets them count, right after the criteria were shown."""
    since = context.now - TYPED_WORDS_LAST
    waiting = yield from unticked_interview(context.learner.id, context.address, since)
    if waiting is None:
        return None
    if word in {"done", "end"}:
        return Call("judge_interview", {"interview": waiting.id, "is_final": True})
    ticks = ticks_in(text, len(waiting.met or ()))
    if ticks is None:
        return None
    return Call("judge_interview", {"interview": waiting.id, "ticks": ticks})


def _spoke_last(context: Context) -> Script[bool]:
    """Whether the last message at this address that offers something is the interviewer's.

    A word in between, such as thanks or a sentence not understood, offers nothing and takes nobody
    out of the interview.
    """
    for latest in (yield from latest_few_at(context.address, context.learner.id, ASIDES + 1)):
        buttons = Message.from_json(latest.body).flat_buttons
        if buttons:
            return any(one.command.startswith("/interview ") for one in buttons)
    return False


def _has_quiz_question(context: Context) -> Script[bool]:
    since = context.now - TYPED_ANSWER_LASTS
    waiting = yield from open_question(context.address, context.learner.id, since)
    return waiting is not None


def _told_first(context: Context, call: Call) -> Script[Told | None]:
    """What a model is to read before a call of an interview is made."""
    if call.tool == "tell_interview":
        return (yield from to_read(context, TellInterview.model_validate(dict(call.args))))
    if call.tool == "lead_interview":
        return (yield from to_read(context, LeadInterview.model_validate(dict(call.args))))
    return None
