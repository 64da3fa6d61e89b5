"""What a command, a button or a reply calls for, with the work that some calls need first."""

import json
from collections.abc import Callable, Mapping

from bot.answering import Answered, Answering
from bot.cohorts.commands import typed_command
from bot.commands import Wish, read_command
from bot.drafting import before_draft
from bot.interviewing import before_telling
from bot.judging import before_answer
from bot.reading_code import before_review
from bot.work import Work
from store.learners import expected
from store.script import Script
from tools.context import Context
from tools.registry import Call

Before = Callable[[Answering, Context, Call, str], Script[Answered | Work | None]]

# By tool: what is awaited before it can be called. A reader gives the work, or the turn's end where
# there is nothing to wait for, or None when the call is made like any other.
BEFORE: Mapping[str, Before] = {
    "answer_question": before_answer,
    "draft_question": before_draft,
    "lead_interview": before_telling,
    "review_code": before_review,
    "tell_interview": before_telling,
}


def command(answering: Answering, context: Context, text: str) -> Script[Answered | Work]:
    """Carry out a command, typed or behind a button."""
    if typed_command(text, is_private=True) is not None:
        return (yield from answering.say(context, Wish(say="group.only_in_groups")))
    wish = read_command(text, context.today, answering.house.task_ids)
    if wish.calls == (Call("start_curriculum"),):
        wish = yield from _gone_on_with(context, wish)
    return (yield from carry_out(answering, context, wish, text))


def _gone_on_with(context: Context, wish: Wish) -> Script[Wish]:
    """A bare /start, which the help offers too, goes on with the step that is open."""
    asked = yield from expected(context.address, context.learner.id, context.now)
    if asked is None or asked.kind != "start":
        return wish
    return Wish(calls=(Call("start_curriculum", json.loads(asked.details["known"])),))


def carry_out(
    answering: Answering, context: Context, wish: Wish, text: str | None = None
) -> Script[Answered | Work]:
    """Do what a wish asks for, or give the work that has to be awaited first.

    `text` is what the learner said, where that is more than the event holds.
    """
    for call in wish.calls:
        first = yield from before(answering, context, call, text or answering.event.text)
        if first is not None:
            return first
    return (yield from answering.do(context, wish, text))


def before(
    answering: Answering, context: Context, call: Call, said: str
) -> Script[Answered | Work | None]:
    """What comes before a call: work to be awaited, or already the end of the turn."""
    reader = BEFORE.get(call.tool)
    return (yield from reader(answering, context, call, said)) if reader else None
