"""Progress: how far an enrolment has come, always computed from its record."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from learning.curriculum import Curriculum, Stage, Unit
from learning.plan import Record

WEEK = 7


@dataclass(frozen=True, slots=True)
class StageProgress:
    stage: Stage
    done: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of tasks and minutes; skipped tasks are out of both sides.

    `days_this_week` counts local days with a completion since Monday. `shown` counts the
    completions with evidence.
    """

    done: int
    tasks: int
    minutes_done: int
    minutes: int
    shown: int
    days_this_week: int
    streak: int
    stages: tuple[StageProgress, ...]
    stage: Stage | None
    unit: Unit | None

    @property
    def is_finished(self) -> bool:
        return self.done == self.tasks


def progress_of(curriculum: Curriculum, record: Record, today: date) -> Progress:
    done = {done.task for done in record.completions.values() if done.day <= today}
    skipped = {skip.task for skip in record.skips if skip.day <= today}
    counted = [task for task in curriculum.tasks if task.id in done or task.id not in skipped]
    stages = tuple(_stage_progress(stage, done, skipped) for stage in curriculum.stages)
    here = next(
        (
            (stage, unit)
            for stage, unit, task in curriculum.places()
            if task.id not in done and task.id not in skipped
        ),
        None,
    )
    study_days = {completion.day for completion in record.completions.values()}
    return Progress(
        done=sum(task.id in done for task in counted),
        tasks=len(counted),
        minutes_done=sum(task.minutes for task in counted if task.id in done),
        minutes=sum(task.minutes for task in counted),
        shown=sum(done.evidence is not None for done in record.completions.values()),
        days_this_week=len(study_days & set(week_of(today))),
        streak=streak(study_days, today),
        stages=stages,
        stage=here[0] if here else None,
        unit=here[1] if here else None,
    )


def _stage_progress(stage: Stage, done: Collection[str], skipped: Collection[str]) -> StageProgress:
    tasks = [task.id for unit in stage.units for task in unit.tasks]
    return StageProgress(
        stage,
        done=sum(id in done for id in tasks),
        tasks=sum(id in done or id not in skipped for id in tasks),
    )


def week_of(day: date) -> tuple[date, ...]:
    """Monday to Sunday of the week `day` lies in."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=n) for n in range(WEEK))


def streak(study_days: Collection[date], today: date) -> int:
    """Count the unbroken run of study days that reaches today or yesterday.

    Today still counts as open: a learner who has not studied yet keeps yesterday's streak.
    """
    day = today if today in study_days else today - timedelta(days=1)
    count = 0
    while day in study_days:
        count += 1
        day -= timedelta(days=1)
    return count
