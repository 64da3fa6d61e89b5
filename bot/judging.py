"""An answer in free text, which a model judges before it is kept."""

from dataclasses import dataclass
from functools import partial

from bot.answering import Answering
from bot.commands import Wish
from bot.work import Done, Means
from learning.quiz.items import OpenItem
from store.script import Script
from tools.answers import need_question
from tools.context import Context
from tools.registry import Call


@dataclass(frozen=True, slots=True)
class Judging:
    """A first answer to an open question; without a model's judgement the learner rates it."""

    answering: Answering
    context: Context
    question: int
    item: OpenItem
    text: str
    asks_model: bool = True

    async def done(self, means: Means) -> Done:
        met = None
        if means.full is None:
            language = self.context.learner.language
            met = await means.conversation.judge(self.item, self.text, language)
        args: dict[str, object] = {"question": self.question, "text": self.text}
        if met is not None:
            args["met"] = met
        wish = Wish(calls=(Call("answer_question", args),))
        return Done(partial(self.answering.do, self.context, wish))


def before_answer(
    answering: Answering, context: Context, call: Call, _said: str
) -> Script[Judging | None]:
    """What a model is to judge: a first answer in free text."""
    text = call.args.get("text")
    if not text or not answering.has_model:
        return None
    question, item = yield from need_question(context, int(str(call.args["question"])))
    if not isinstance(item, OpenItem) or question.state == "answered":
        return None
    return Judging(answering, context, question.id, item, str(text))
