"""A text that goes to the conversation, and what its reply comes to."""

from dataclasses import dataclass, replace
from functools import partial

from agent.reply import Reply
from agent.turn import Turn
from bot.answering import Answered, Answering
from bot.formulas import readable
from bot.replies import messages_of
from bot.safe_words import safe_frame
from bot.saying import Saying
from bot.spending import notice_of
from bot.texts import texts_in
from bot.wishes import before
from bot.work import Done, Means, Work
from store.conversation import window
from store.learners import learner_with
from store.script import Script
from tools.briefing import briefing
from tools.context import Context, study_of
from tools.profile import name_of
from tools.registry import Call, perform_all

BEGIN = Call("start_curriculum")
_LOST = frozenset({"unclear", "greeting", "ask_settings"})


@dataclass(frozen=True, slots=True)
class Talk:
    """A turn that the conversation answers, with a model or by its rules."""

    answering: Answering
    turn: Turn
    asks_model: bool = True

    @property
    def context(self) -> Context:
        return self.turn.context

    async def done(self, means: Means) -> Done:
        reply = await self._reply(means)
        return Done(partial(self._finish, reply), reply.calls)

    async def _reply(self, means: Means) -> Reply:
        conversation, shown, stop = means.conversation, means.shown, means.stop
        if means.full is not None:
            without = await conversation.answer(replace(self.turn, briefing=None))
            return replace(without, notice=notice_of(means.full))

        async def show(words: str) -> None:
            await shown.frame(safe_frame(readable(words), self.answering.house.is_known))

        answer = conversation.answer(self.turn, show if shown.draft else None)
        reply = await stop.unless(answer)
        if reply is None:
            return Reply(words=shown.words or None, say="stopped", is_stopped=True)
        return replace(reply, notice="snippets.model_down") if reply.is_reduced else reply

    def _finish(self, reply: Reply) -> Script[Answered | Work]:
        """Perform for good what the conversation came to, and answer from what was committed.

        Who follows nothing yet and was not understood is asked to begin.
        """
        answering, context, text = self.answering, self.context, self.turn.text
        if reply.say == "crisis" and not reply.calls:
            return (yield from answering.care(context))
        calls = reply.calls
        if not calls and reply.words is None and reply.say in _LOST:
            study = yield from study_of(context)
            calls = (BEGIN,) if study is None else calls
        if len(calls) == 1 and reply.words is None:
            first = yield from before(answering, context, calls[0], text)
            if first is not None:
                return first
        if reply.say == "greeting" and not calls:
            name = yield from name_of(context.learner.id)
            reply = replace(reply, say="greeting_named", values={"name": name}) if name else reply
        results = yield from perform_all(context, calls)
        learner = yield from learner_with(context.learner.id)
        texts = texts_in(learner.language)
        is_known = answering.house.is_known
        messages = messages_of(calls, results, reply, texts, context.today, is_known)
        owed = yield from answering.end(context, messages, text, said=reply.messages)
        yield from answering.expect_answer(context, results)
        return Answered(owed, calls, context if answering.has_model else None)


def talk(saying: Saying) -> Script[Talk]:
    """Hand words to the conversation, with what a model should know before it reads them."""
    answering, context, text = saying.answering, saying.context, saying.text
    is_forwarded = answering.event.is_forwarded
    if not answering.has_model:
        return Talk(answering, Turn(context, text, is_forwarded=is_forwarded))
    past = yield from window(context.address, context.learner.id)
    brief = yield from briefing(context)
    return Talk(answering, Turn(context, text, past, brief, is_forwarded=is_forwarded))
