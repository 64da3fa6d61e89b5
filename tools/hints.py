"""Help with an open question, a step at a time: a nudge, a first step, then the answer."""

from dataclasses import dataclass, replace

from learning.errors import Refused
from learning.quiz.hints import MOST_HINTS, Hint, first_step, nudge
from learning.quiz.items import QuizItem
from store.quizzes import Question, note_hint, open_question, quiz_of
from store.script import Script
from tools.answers import (
    TYPED_ANSWER_LASTS,
    AnswerGraded,
    AnswerQuestion,
    answer_question,
    need_question,
)
from tools.context import Context
from tools.plan import Arguments


class GiveHint(Arguments):
    """`question` is the one meant; without it, the one that waits."""

    question: int | None = None


@dataclass(frozen=True, slots=True)
class HintGiven:
    """A hint to `question`, whose row now counts it. Only the answer follows the last one."""

    question: Question
    item: QuizItem
    hint: Hint

    @property
    def is_last(self) -> bool:
        return self.question.hints >= MOST_HINTS


def give_hint(context: Context, wanted: GiveHint) -> Script[HintGiven | AnswerGraded]:
    """The next step of help; after the last hint it is the answer, which counts as not known.

    Raises:
        Refused: when nothing waits, when it is answered, or in a placement, which measures.
    """
    question, item = yield from need_question(context, (yield from _meant(context, wanted)))
    if question.state == "answered":
        raise Refused("hint.too_late")
    quiz = yield from quiz_of(question)
    if quiz.kind == "placement":
        raise Refused("hint.not_in_placement")
    if question.hints >= MOST_HINTS:
        return (yield from answer_question(context, AnswerQuestion(question=question.id)))
    yield from note_hint(question.id)
    concept = context.catalogue.concepts[item.concepts[0]]
    hint = first_step(item, question.frozen) if question.hints else nudge(item, concept)
    return HintGiven(replace(question, hints=question.hints + 1), item, hint)


def _meant(context: Context, wanted: GiveHint) -> Script[int]:
    if wanted.question is not None:
        return wanted.question
    since = context.now - TYPED_ANSWER_LASTS
    question = yield from open_question(context.address, context.learner.id, since)
    if question is None:
        raise Refused("quiz.no_question")
    return question.id
