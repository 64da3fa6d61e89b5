"""What a model is told about the learner before it reads their words: little, and all of it now."""

from collections.abc import Mapping
from dataclasses import dataclass

from learning.concepts import Concept
from learning.curriculum import Curriculum, Stage, Task
from learning.plan import DailyPlan, plan_day
from learning.progress import stage_of
from learning.values import Words
from store.cards import weak_concepts
from store.profile import Fact, facts_of
from store.quizzes import open_question
from store.script import Script
from tools.answers import TYPED_ANSWER_LASTS
from tools.context import Context, study_of
from tools.items import item_of

MOST_WEAK = 5


@dataclass(frozen=True, slots=True)
class StudyBrief:
    """Where the learner stands in what they follow. `level` is that of today's concepts, 1 to 5."""

    curriculum: Curriculum
    stage: Stage | None
    day_number: int
    plan: DailyPlan
    reviews_due: int
    level: int | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """`asked` is the stem of a quiz question that is open in this conversation.

    `group` says in the model's language what a group studies, where the words were said in one.
    """

    study: StudyBrief | None
    weak: tuple[Concept, ...]
    facts: tuple[Fact, ...]
    asked: Words | None
    group: str = ""


def briefing(context: Context) -> Script[Briefing]:
    study = yield from study_of(context)
    weak = yield from weak_concepts(context.learner.id)
    facts = yield from facts_of(context.learner.id)
    since = context.now - TYPED_ANSWER_LASTS
    question = yield from open_question(context.address, context.learner.id, since)
    concepts = context.catalogue.concepts
    known = tuple(concepts[id] for id in weak if id in concepts)[:MOST_WEAK]
    item = (yield from item_of(context, question)) if question else None
    brief = None
    if study is not None:
        record = study.enrolment.record
        plan = plan_day(study.curriculum, study.rhythm, record, context.today)
        brief = StudyBrief(
            study.curriculum,
            stage_of(study.curriculum, record, context.today),
            (context.today - record.started_on).days + 1,
            plan,
            study.reviews_due,
            _level(plan, concepts),
        )
    return Briefing(brief, known, tuple(facts), item.stem if item else None)


def _level(plan: DailyPlan, concepts: Mapping[str, Concept]) -> int | None:
    used = {id for one in plan.tasks if isinstance(one.task, Task) for id in one.task.concepts}
    levels = sorted(concepts[id].level for id in used if id in concepts)
    return levels[len(levels) // 2] if levels else None
