"""What a learner's words do in a mock interview, and what a model reads of it first."""

from agent.interview_words import (
    answers_at_once,
    answers_later,
    asks_back,
    interview_word,
    ticks_in,
)
from agent.router import route
from bot.message import Message
from store.interviews import open_interview, unticked_interview
from store.outbox import latest_at
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

LED = frozenset({"tell_interview", "lead_interview"})


def call_in_interview(context: Context, text: str, *, has_model: bool) -> Script[Call | None]:
    """The call that a text makes in an interview; None when it is said to somebody else.

    A question of a quiz that was put since has the word first.
    """
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
    return (yield from _told(context, text, is_near=is_near, has_model=has_model))


def _told(context: Context, text: str, *, is_near: bool, has_model: bool) -> Script[Call | None]:
    routed = route(text, context.today, context.learner.language)
    if is_near and asks_back(text, routed, has_model=has_model):
        return Call("tell_interview", {"text": text, "asks_back": True})
    live = yield from under_way(context)
    if live is None:
        return None
    is_told = (
        answers_at_once(text, routed)
        if is_near
        else answers_later(text, routed, live.item, live.frame)
    )
    return Call("tell_interview", {"text": text}) if is_told else None


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
    """Whether the last message at this address is the interviewer's."""
    latest = yield from latest_at(context.address, context.learner.id)
    buttons = Message.from_json(latest.body).flat_buttons if latest else ()
    return any(one.command.startswith("/interview ") for one in buttons)


def _has_quiz_question(context: Context) -> Script[bool]:
    since = context.now - TYPED_ANSWER_LASTS
    waiting = yield from open_question(context.address, context.learner.id, since)
    return waiting is not None


def told_first(context: Context, call: Call) -> Script[Told | None]:
    """What a model is to read before a call of an interview is made."""
    if call.tool == "tell_interview":
        return (yield from to_read(context, TellInterview.model_validate(dict(call.args))))
    if call.tool == "lead_interview":
        return (yield from to_read(context, LeadInterview.model_validate(dict(call.args))))
    return None
