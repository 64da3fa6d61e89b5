"""Which curriculum? Three questions, and the reasons for what is recommended."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from learning.curriculum import Curriculum
from learning.errors import Refused
from learning.recommendation import Question
from learning.values import Words
from store.script import Script, nothing
from tools.context import Context
from tools.plan import Arguments

RECOMMENDED = 2


class RecommendCurriculum(Arguments):
    """The replies known so far; what is missing is asked for, one question at a time."""

    replies: Mapping[str, str] = Field(
        default_factory=dict, description="Ids of replies by id of question."
    )


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    question: Question
    known: Mapping[str, str]
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a curriculum fits, what speaks for it, the strongest first, and what against."""

    curriculum: Curriculum
    weight: int
    reasons: tuple[Words, ...]
    cautions: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Recommended:
    fits: tuple[Fit, ...]


def recommend_curriculum(
    context: Context, wanted: RecommendCurriculum
) -> Script[QuestionAsked | Recommended]:
    questions = tuple(context.catalogue.questions.values())
    for id, reply in wanted.replies.items():
        question = context.catalogue.questions.get(id)
        if question is None or reply not in {one.id for one in question.replies}:
            raise Refused("recommend.no_such_reply", said=reply)
    missing = [one for one in questions if one.id not in wanted.replies]
    if missing:
        number = len(questions) - len(missing) + 1
        asked = QuestionAsked(missing[0], dict(wanted.replies), number, len(questions))
        return (yield from nothing(asked))
    return (yield from nothing(Recommended(_fits(context, wanted.replies)[:RECOMMENDED])))


def _fits(context: Context, replies: Mapping[str, str]) -> tuple[Fit, ...]:
    """Every curriculum that something speaks for, the best first."""
    reasons = [
        reason
        for question in context.catalogue.questions.values()
        for reply in question.replies
        if reply.id == replies[question.id]
        for reason in reply.reasons
    ]
    fits = []
    for curriculum in context.catalogue.curricula.values():
        own = sorted(
            (one for one in reasons if one.curriculum == curriculum.id),
            key=lambda one: -one.weight,
        )
        words = tuple(one.because for one in own if one.weight > 0)
        cautions = tuple(one.because for one in own if one.weight < 0)
        if words:
            fits.append(Fit(curriculum, sum(one.weight for one in own), words, cautions))
    return tuple(sorted(fits, key=lambda fit: -fit.weight))
