"""Coming back after days away: three ways on, each with the finish date it leads to."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from learning.curriculum import Curriculum, Task
from learning.plan import Pace, Record, Skip, finish_day, plan_day
from learning.rhythm import Minutes, Rhythm

DAYS_AWAY = 3


class WayBack(StrEnum):
    LIGHTER = "lighter"
    LATER = "later"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Option:
    way: WayBack
    finish: date | None
    skips: tuple[str, ...] = ()
    minutes: Minutes | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """What a learner is offered after an absence. `finish_before` is the date of old."""

    finish_before: date | None
    options: tuple[Option, ...]
    small_step: Task | None


def days_away(record: Record, today: date) -> int:
    """Planned days since the learner last worked on the plan; paused days do not count.

    Days without minutes are not counted either: nothing was missed on them.
    """
    begun = record.started_on - timedelta(days=1)
    last = max(record.last_active_day() or begun, *record.returns, begun)
    away = 0
    day = last + timedelta(days=1)
    while day < today and away < 400:
        away += record.minutes_on(day) > 0
        day += timedelta(days=1)
    return away


def way_back(curriculum: Curriculum, rhythm: Rhythm, record: Record, today: date) -> Return:
    """Work out the three ways on for a learner who has been away."""
    last = record.last_active_day()
    before = record.started_on if last is None else last + timedelta(days=1)
    return Return(
        finish_before=finish_day(curriculum, rhythm, _until(record, before), before),
        options=tuple(_option(way, curriculum, rhythm, record, today) for way in WayBack),
        small_step=_small_step(curriculum, rhythm, record, today),
    )


def _until(record: Record, day: date) -> Record:
    """The record as it stood on `day`."""
    return replace(
        record,
        paces=[pace for pace in record.paces if pace.since <= day] or record.paces,
        pauses=[pause for pause in record.pauses if pause.since <= day],
        skips=[skip for skip in record.skips if skip.day <= day],
    )


def _option(
    way: WayBack, curriculum: Curriculum, rhythm: Rhythm, record: Record, today: date
) -> Option:
    skips: tuple[str, ...] = ()
    minutes: Minutes | None = None
    if way is WayBack.SKIP:
        skips = _optional_ahead(curriculum, record, today)
        record = replace(record, skips=[*record.skips, *(Skip(task, today) for task in skips)])
    if way is WayBack.LIGHTER:
        minutes = lighter(record.pace_on(today))
        record = replace(record, paces=[*record.paces, Pace(today, minutes)])
    return Option(way, finish_day(curriculum, rhythm, record, today), skips, minutes)


def lighter(minutes: Minutes) -> Minutes:
    """Three fifths of every day, rounded up."""
    mon, tue, wed, thu, fri, sat, sun = (-(-m * 3 // 5) for m in minutes)
    return (mon, tue, wed, thu, fri, sat, sun)


def _optional_ahead(curriculum: Curriculum, record: Record, today: date) -> tuple[str, ...]:
    """The optional tasks still open in the stage the learner is in."""
    closed = record.closed_before(today + timedelta(days=1))
    route = {unit.id for unit in curriculum.route(record.picked_on(today))}
    for stage in curriculum.stages:
        tasks = [
            task
            for unit in stage.units
            if unit.id in route
            for task in unit.tasks
            if task.id not in closed
        ]
        if tasks:
            return tuple(task.id for task in tasks if task.optional)
    return ()


def _small_step(curriculum: Curriculum, rhythm: Rhythm, record: Record, today: date) -> Task | None:
    """The task whose first ten minutes are asked for; reading or practice before a project."""
    closed = record.closed_before(today + timedelta(days=1))
    for unit in curriculum.route(record.picked_on(today)):
        for task in unit.tasks:
            if task.id not in closed and not task.is_for_project_days:
                return task
        if any(task.id not in closed for task in unit.tasks):
            break
    for entry in plan_day(curriculum, rhythm, record, today).open_tasks:
        if isinstance(entry.task, Task):
            return entry.task
    return None
