"""Show how far the learner has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pydantic import Field

from learning.concepts import Concept
from learning.course import Course, course_of, minutes_by_day, study_levels
from learning.curriculum import Curriculum
from learning.plan import finish_day
from learning.progress import Changes, Progress, changes_since_done, progress_of
from learning.quiz.mastery import Mastery, Standing
from store.cards import Retention, mastery_of, retention_after
from store.quizzes import days_answered
from store.script import Script
from tools.context import Context, Study, need_study
from tools.plan import Arguments, Forecast, forecast

RETENTION_DAYS = (7, 30, 90)
# More than a few names are no help.
WEAK_NAMED = 3


class ShowProgress(Arguments):
    of: Literal["path", "knowledge"] = Field(
        "path",
        description="path: how far the plan has come; knowledge: how well groups of concepts are "
        "known, from answers alone.",
    )


@dataclass(frozen=True, slots=True)
class CurriculumProgress:
    """How far a curriculum followed beside the first has come."""

    curriculum: Curriculum
    progress: Progress


@dataclass(frozen=True, slots=True)
class ProgressShown:
    """`planned_finish` is what the plan promised on the first day.

    `changes` is what an author has done to finished tasks since. `retention` holds what was
    recalled after so many days, as far as it was asked; `strong` counts concepts, `weak` names the
    weakest first, with the day of the last answer. `course` and `levels` are for a picture: the
    plan beside what was done, and how much each study day saw, from 1 to 4.
    """

    curriculum: Curriculum
    progress: Progress
    forecast: Forecast
    planned_finish: date | None
    today: date
    started_on: date
    changes: Changes
    beside: tuple[CurriculumProgress, ...]
    retention: tuple[Retention, ...] = ()
    strong: int = 0
    weak: tuple[tuple[Concept, date], ...] = ()
    course: Course | None = None
    levels: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroupKnown:
    """A group of concepts, named by its file: `known` is the mean over the measured ones, 0 to 1.

    `of` counts the concepts of the learner's curricula in it.
    """

    group: str
    known: float
    measured: int
    of: int


@dataclass(frozen=True, slots=True)
class KnowledgeShown:
    """How well the concepts of the learner's curricula are known, as far as they were asked."""

    curriculum: Curriculum
    groups: tuple[GroupKnown, ...]
    strong: int
    weak: tuple[tuple[Concept, date], ...]

    @property
    def measured(self) -> int:
        return sum(one.measured for one in self.groups)


def show_progress(context: Context, wanted: ShowProgress) -> Script[ProgressShown | KnowledgeShown]:
    study = yield from need_study(context)
    mastery = yield from mastery_of(context.learner.id)
    if wanted.of == "knowledge":
        return _knowledge(context, study, mastery)
    return (yield from _path(context, study, mastery))


def _knowledge(context: Context, study: Study, mastery: Mapping[str, Mastery]) -> KnowledgeShown:
    followed = {
        concept for one in study.all for task in one.curriculum.tasks for concept in task.concepts
    }
    groups = []
    for name, members in context.catalogue.concept_groups.items():
        own = followed.intersection(members)
        known = [mastery[id].probability for id in own if id in mastery]
        if own:
            mean = sum(known) / len(known) if known else 0.0
            groups.append(GroupKnown(name, mean, len(known), len(own)))
    return KnowledgeShown(
        study.curriculum, tuple(groups), _strong(mastery), _weakest(context, mastery)
    )


def _strong(mastery: Mapping[str, Mastery]) -> int:
    return sum(one.standing is Standing.STRONG for one in mastery.values())


def _weakest(context: Context, mastery: Mapping[str, Mastery]) -> tuple[tuple[Concept, date], ...]:
    weak = sorted(
        (one for one in mastery.values() if one.standing is Standing.WEAK),
        key=lambda one: one.probability,
    )
    return tuple(
        (context.catalogue.concepts[one.concept], one.day)
        for one in weak[:WEAK_NAMED]
        if one.concept in context.catalogue.concepts
    )


def _path(context: Context, study: Study, mastery: Mapping[str, Mastery]) -> Script[ProgressShown]:
    record = study.enrolment.record
    first_pace = [pace for pace in record.paces if pace.since <= record.started_on]
    first_record = type(record)(record.started_on, first_pace or record.paces)
    retained = yield from retention_after(context.learner.id, context.today, RETENTION_DAYS)
    answered_on = yield from days_answered(context.learner.id, record.started_on)
    progress = progress_of(study.curriculum, record, context.today, answered_on)
    expected = forecast(study, context.today, hour_more=True)
    planned_finish = finish_day(study.curriculum, study.rhythm, first_record, record.started_on)
    finishes = {
        "planned": planned_finish,
        "ahead": expected.finish,
        "real": expected.real.finish if expected.real else None,
    }
    worked = minutes_by_day(study.minutes_of, record)
    return ProgressShown(
        study.curriculum,
        progress,
        expected,
        planned_finish,
        context.today,
        record.started_on,
        changes_since_done(study.curriculum, study.rhythm, record.completions),
        tuple(
            CurriculumProgress(
                one.curriculum, progress_of(one.curriculum, one.enrolment.record, context.today)
            )
            for one in study.beside
        ),
        retention=tuple(one for one in retained if one.learned),
        strong=_strong(mastery),
        weak=_weakest(context, mastery),
        course=course_of(study.curriculum, study.rhythm, record, progress, context.today, finishes),
        levels=study_levels(worked, answered_on, max(record.pace_on(context.today))),
    )
