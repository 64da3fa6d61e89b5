"""Show how far the learner has come."""

from dataclasses import dataclass
from datetime import date

from learning.curriculum import Curriculum
from learning.plan import finish_day
from learning.progress import Changes, Progress, changes_since_done, progress_of
from store.script import Script
from tools.context import Context, need_study
from tools.plan import Arguments, Forecast, forecast


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

    `changes` is what an author has done to finished tasks since.
    """

    curriculum: Curriculum
    progress: Progress
    forecast: Forecast
    planned_finish: date | None
    today: date
    started_on: date
    changes: Changes
    beside: tuple[CurriculumProgress, ...]


def show_progress(context: Context, _: ShowProgress) -> Script[ProgressShown]:
    study = yield from need_study(context)
    record = study.enrolment.record
    first_pace = [pace for pace in record.paces if pace.since <= record.started_on]
    first_record = type(record)(record.started_on, first_pace or record.paces)
    return ProgressShown(
        study.curriculum,
        progress_of(study.curriculum, record, context.today),
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
    )
