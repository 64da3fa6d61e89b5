"""Progress: how far an enrolment has come, always computed from its record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from learning.curriculum import Choice, Curriculum, Stage, Task, Unit
from learning.plan import Completion, Record, minutes_for_tasks
from learning.rhythm import Rhythm

WEEK = 7


@dataclass(frozen=True, slots=True)
class StageProgress:
    stage: Stage
    done: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of tasks and minutes; tasks skipped or of options not chosen are out of both sides.

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


def progress_of(
    curriculum: Curriculum, record: Record, today: date, answered_on: Collection[date] = ()
) -> Progress:
    """How far a record has come; days on which questions were answered are study days too."""
    done, left_out = _closed(curriculum, record, today)
    counted = [task for task in curriculum.tasks if task.id in done or task.id not in left_out]
    stages = tuple(_stage_progress(stage, done, left_out) for stage in curriculum.stages)
    here = _first_open(curriculum, done, left_out)
    study_days = {completion.day for completion in record.completions.values()} | set(answered_on)
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


def stage_of(curriculum: Curriculum, record: Record, today: date) -> Stage | None:
    """The stage a record has come to; None behind the last task."""
    here = _first_open(curriculum, *_closed(curriculum, record, today))
    return here[0] if here else None


def _closed(
    curriculum: Curriculum, record: Record, today: date
) -> tuple[Collection[str], Collection[str]]:
    """The tasks that are done, and those that are skipped or of options not chosen."""
    done = {done.task for done in record.completions.values() if done.day <= today}
    left_out = {skip.task for skip in record.skips if skip.day <= today}
    if curriculum.choices:
        route = curriculum.route(record.picked_on(today))
        left_out |= curriculum.minutes_of.keys() - {t.id for unit in route for t in unit.tasks}
    return done, left_out


def _first_open(
    curriculum: Curriculum, done: Collection[str], left_out: Collection[str]
) -> tuple[Stage, Unit] | None:
    return next(
        (
            (stage, unit)
            for stage, unit, task in curriculum.places()
            if task.id not in done and task.id not in left_out
        ),
        None,
    )


def _stage_progress(
    stage: Stage, done: Collection[str], left_out: Collection[str]
) -> StageProgress:
    tasks = [task.id for unit in stage.units for task in unit.tasks]
    return StageProgress(
        stage,
        done=sum(id in done for id in tasks),
        tasks=sum(id in done or id not in left_out for id in tasks),
    )


# Before that, a pace says more about the first week than about the learner.
REAL_PACE_AFTER_DAYS = 14
REAL_PACE_DAYS = 28


def real_pace(
    minutes_of: Mapping[str, int], rhythm: Rhythm, record: Record, today: date
) -> float | None:
    """How much of the planned minutes went into finished tasks over the last four weeks.

    1.0 is as planned, 0.5 half of it; None before two weeks of study days have passed.
    `minutes_of` gives the minutes of every task followed.
    """
    days = [today - timedelta(days=n) for n in range(1, REAL_PACE_DAYS + 1)]
    planned = [minutes for day in days if (minutes := minutes_for_tasks(rhythm, record, day))]
    if (today - record.started_on).days < REAL_PACE_AFTER_DAYS or not planned:
        return None
    window = set(days)
    done = sum(
        minutes_of.get(one.task, 0) for one in record.all_completions.values() if one.day in window
    )
    return done / sum(planned)


def open_choice(curriculum: Curriculum, record: Record, day: date) -> Choice | None:
    """The choice the learner has come to: their stage depends on it, and it is still open."""
    closed = record.closed_before(day + timedelta(days=1))
    picks = record.picked_on(day)
    stage = next(
        (
            curriculum.place_of[task.id][0]
            for unit in curriculum.route(picks)
            for task in unit.tasks
            if task.id not in closed
        ),
        None,
    )
    options = [unit.option for unit in stage.units if unit.option] if stage else []
    choices = (curriculum.choice_of[option] for option in options)
    return next((choice for choice in choices if choice.id not in picks), None)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an author changed since the learner did it; marks of tasks that are gone stay."""

    changed: tuple[Task, ...]
    gone: tuple[Completion, ...]


def changes_since_done(
    curriculum: Curriculum, rhythm: Rhythm, completions: Mapping[str, Completion]
) -> Changes:
    habits = {habit.id for habit in rhythm.habits}
    tasks = curriculum.task_by_id
    return Changes(
        tuple(
            tasks[done.task]
            for done in completions.values()
            if done.task in tasks
            and done.wording is not None
            and done.wording != tasks[done.task].wording
        ),
        tuple(
            done
            for done in completions.values()
            if done.task not in tasks and done.task.partition("@")[0] not in habits
        ),
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
