"""A question drafted by a model, on a learner's own request: kept, asked, and counted nowhere."""

from dataclasses import dataclass

from pydantic import Field

from learning.concepts import Concept
from learning.errors import Refused
from learning.quiz.drafts import Passed
from learning.quiz.grading import freeze
from store.drafts import keep_draft
from store.quizzes import ask, begin_quiz
from store.script import Script, nothing
from tools.concepts import ConceptUnknown, find_concept
from tools.context import Context
from tools.plan import Arguments
from tools.quiz import QuestionPut


class DraftQuestion(Arguments):
    concept: str = Field("", max_length=100, description="Id or name, either language.")


@dataclass(frozen=True, slots=True)
class DraftWanted:
    """A learner wants a drafted question about a concept; nothing is written yet."""

    concept: Concept


def draft_question(context: Context, wanted: DraftQuestion) -> Script[DraftWanted | ConceptUnknown]:
    if not wanted.concept:
        raise Refused("draft.which")
    concept, near = find_concept(context.catalogue, wanted.concept)
    if concept is None:
        return (yield from nothing(ConceptUnknown(wanted.concept, near)))
    return DraftWanted(concept)


def ask_draft(context: Context, concept: Concept, passed: Passed) -> Script[QuestionPut]:
    """Keep a draft that came through the gate, and ask it at once in a series of its own."""
    learner = context.learner.id
    item = yield from keep_draft(learner, passed, context.now)
    plan = {"items": [item.id], "topic": concept.id}
    quiz = yield from begin_quiz(learner, context.address, "draft", plan, context.now)
    question = yield from ask(
        quiz, 1, item.id, None, freeze(item, f"{quiz.id}:1:{item.id}"), context.now
    )
    return QuestionPut(question, item, quiz.kind, of=1, topic=concept)
