"""Show how far the learner has come."""

from dataclasses import dataclass
from datetime import date

from learning.concepts import Concept
from learning.curriculum import Curriculum
from learning.plan import finish_day
from learning.progress import Changes, Progress, changes_since_done, progress_of
from learning.quiz.mastery import Standing
from store.cards import Retention, mastery_of, retention_after
from store.quizzes import days_answered
from store.script import Script
from tools.context import Context, need_study
from tools.plan import Arguments, Forecast, forecast

RETENTION_DAYS = (7, 30, 90)
# More than a few names are no help.
WEAK_NAMED = 3


class ShowProgress(Arguments):
    pass


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
    weakest first, with the day of the last answer.
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


def show_progress(context: Context, _: ShowProgress) -> Script[ProgressShown]:
    study = yield from need_study(context)
    record = study.enrolment.record
    first_pace = [pace for pace in record.paces if pace.since <= record.started_on]
    first_record = type(record)(record.started_on, first_pace or record.paces)
    retained = yield from retention_after(context.learner.id, context.today, RETENTION_DAYS)
    answered_on = yield from days_answered(context.learner.id, record.started_on)
    mastery = yield from mastery_of(context.learner.id)
    weak = sorted(
        (one for one in mastery.values() if one.standing is Standing.WEAK),
        key=lambda one: one.probability,
    )
    return ProgressShown(
        study.curriculum,
        progress_of(study.curriculum, record, context.today, answered_on),
        forecast(study, context.today, hour_more=True),
        finish_day(study.curriculum, study.rhythm, first_record, record.started_on),
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
        strong=sum(one.standing is Standing.STRONG for one in mastery.values()),
        weak=tuple(
            (context.catalogue.concepts[one.concept], one.day)
            for one in weak[:WEAK_NAMED]
            if one.concept in context.catalogue.concepts
        ),
    )
