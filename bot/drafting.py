"""A quiz question that a model writes when a learner wants one more."""

from dataclasses import dataclass, replace
from functools import partial

from bot.answering import Answered, Answering
from bot.commands import Wish
from bot.formulas import plain_formulas
from bot.work import Done, Means
from learning.concepts import Concept
from learning.quiz.drafts import Passed
from learning.values import Words
from store.script import Script
from tools.context import Context
from tools.drafts import DraftWanted, ask_draft
from tools.registry import Call, perform_all


@dataclass(frozen=True, slots=True)
class Drafting:
    """A question to be drafted about a concept; a stop ends it, and nothing comes in its place."""

    answering: Answering
    context: Context
    concept: Concept
    asks_model: bool = True

    async def done(self, means: Means) -> Done:
        if means.full is not None:
            return Done(partial(self._say, "draft.spent"))
        drafting = means.conversation.draft(self.concept, self.context.learner.language)
        passed = await means.stop.unless(drafting)
        if means.stop.was_heard:
            return Done(partial(self._say, "say.stopped"))
        if passed is None:
            name = self.concept.name.in_language(self.context.learner.language)
            return Done(partial(self._say, "draft.none", name=name))
        return Done(partial(self._put, _legible(passed)))

    def _say(self, key: str, **values: object) -> Script[Answered]:
        return self.answering.say(self.context, Wish(say=key, values=values))

    def _put(self, passed: Passed) -> Script[Answered]:
        """Ask the question that came through the gate."""
        put = yield from ask_draft(self.context, self.concept, passed)
        calls = (Call("draft_question", {"concept": self.concept.id}),)
        text = self.answering.event.text
        return (yield from self.answering.answer(self.context, [put], calls, text))


def _legible(passed: Passed) -> Passed:
    """A draft whose formulas are spelled as the mentor's own are, without LaTeX."""

    def spelled(words: Words) -> Words:
        return words.changed(zh=plain_formulas(words.zh), en=plain_formulas(words.en))

    item = passed.draft.item
    options = tuple(
        one.changed(text=spelled(one.text), why=spelled(one.why)) for one in item.options
    )
    legible = item.changed(stem=spelled(item.stem), options=options)
    return replace(passed, draft=replace(passed.draft, item=legible))


def before_draft(
    answering: Answering, context: Context, call: Call, _said: str
) -> Script[Drafting | Answered]:
    """A model writes the question; who has none is told before anything else."""
    if not answering.has_model:
        return (yield from answering.say(context, Wish(say="draft.needs_model")))
    results = yield from perform_all(context, [call])
    wanted = results[0]
    if isinstance(wanted, DraftWanted):
        return Drafting(answering, context, wanted.concept)
    return (yield from answering.answer(context, results, (call,), answering.event.text))
