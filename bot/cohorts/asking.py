"""A question to the mentor in a group: answered there, from what belongs to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from agent.by_rules import understood_by_rules
from agent.reply import Reply
from agent.turn import Turn
from bot.answering import Answered, Answering
from bot.message import Message
from bot.replies import messages_of
from bot.spending import notice_of
from bot.texts import texts_in
from bot.work import Done, Means, Work
from learning.errors import Refused
from store.inbox import close
from store.script import Script
from tools.briefing import Briefing
from tools.cohorts.group import Group
from tools.context import Context
from tools.registry import TOOLS, Call, perform_all

# What is said of in a group as it would be in private; everything else is somebody's own matter.
_PRIVATE = frozenset({"tired", "doubt", "ask_settings", "not_theirs"})
LONGEST_THREAD = 60


@dataclass(frozen=True, slots=True)
class GroupTalk:
    """Words in a group; the model reads them alone, and nothing of them is kept."""

    answering: Answering
    turn: Turn
    asks_model: bool

    @property
    def context(self) -> Context:
        return self.turn.context

    async def done(self, means: Means) -> Done:
        turn = self.turn if means.full is None else replace(self.turn, briefing=None)
        reply = await means.conversation.answer(turn)
        if means.full is not None:
            reply = replace(reply, notice=notice_of(means.full))
        elif reply.is_reduced:
            reply = replace(reply, notice="snippets.model_down")
        return Done(partial(self._finish, reply))

    def _finish(self, reply: Reply) -> Script[Answered | Work]:
        return (yield from _answered(self.answering, self.context, reply, self.turn.text))


def ask_in_group(
    answering: Answering, context: Context, group: Group | None, text: str
) -> Script[Answered | Work]:
    """Answer from the catalogue, or with a model that is told of the group and of no person."""
    texts = texts_in(context.learner.language)
    routed = understood_by_rules(context, text)
    if group is not None and any(call.tool == "start_quiz" for call in routed.calls):
        return (yield from answering.tell(Message(texts.say("group.quiz_here"))))
    if any(not is_for_all(call) for call in routed.calls) or routed.say in _PRIVATE:
        return (yield from answering.tell(Message(texts.say("group.private"))))
    briefing = Briefing(None, (), (), None, _about(group)) if answering.has_model else None
    turn = Turn(context, text, briefing=briefing, is_forwarded=answering.event.is_forwarded)
    return GroupTalk(answering, turn, asks_model=answering.has_model)


def is_for_all(call: Call) -> bool:
    """Whether a tool gives what belongs to everybody."""
    tool = TOOLS.get(call.tool)
    return tool is not None and tool.is_for_all


def _about(group: Group | None) -> str:
    """What the group studies, for a model."""
    if group is None or group.curriculum is None:
        return "a group without a curriculum"
    language = group.cohort.language
    units = "; ".join(one.title.in_language(language) for one in group.units_in(group.week))
    return f"a cohort of {group.curriculum.title.in_language(language)}, this week: {units}"


def _answered(
    answering: Answering, context: Context, reply: Reply, text: str
) -> Script[Answered | Work]:
    texts = texts_in(context.learner.language)
    calls = tuple(one for one in reply.calls if is_for_all(one))
    if calls != reply.calls or reply.say in _PRIVATE:
        return (yield from answering.tell(Message(texts.say("group.private"))))
    try:
        results: Sequence[object] = yield from perform_all(context, calls)
    except Refused:
        calls, results = (), ()
    if not calls and reply.words is None:
        said = reply.say if reply.say in {"thanks", "greeting"} else "unclear"
        message = Message(texts.say("group.hello" if said != "thanks" else "say.thanks"))
        return (yield from answering.tell(message))
    messages = messages_of(calls, results, reply, texts, context.today, answering.house.is_known)
    yield from close(answering.received.seq, answering.now)
    event = answering.event
    title = " ".join(text.split())[:LONGEST_THREAD]
    # Buttons would be for whoever asked; all read along.
    placed = [
        replace(one, buttons=(), under=event.message, thread=title, takes_number=False)
        for one in messages
        if one.attachment is None
    ]
    owed = yield from answering.owe_to_group(placed)
    return Answered(owed, calls)
