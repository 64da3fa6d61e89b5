"""What a cohort studies in a week: its curriculum at the usual pace, whoever is ahead or behind."""

from collections.abc import Iterable
from datetime import date, timedelta

from learning.curriculum import Curriculum, Task, Unit
from learning.plan import Pace, Record, minutes_for_tasks
from learning.rhythm import Rhythm, scaled

# Four weeks from a Monday on, so that what is done once a month counts once.
_MONDAY = date(2024, 1, 1)
_WEEKS = 4


def weekly_minutes(curriculum: Curriculum, rhythm: Rhythm) -> int:
    """The minutes a week leaves for tasks at the hours the curriculum was written for.

    The rhythm's habits take their share first, as in a plan, so that somebody who follows the
    plan as proposed and their cohort stay together.
    """
    minutes = scaled(rhythm.minutes, curriculum.hours * 60)
    begun = _MONDAY - timedelta(weeks=1)
    record = Record(begun, [Pace(begun, minutes)])
    usual = (_MONDAY + timedelta(days=count) for count in range(7 * _WEEKS))
    return max(1, sum(minutes_for_tasks(rhythm, record, day) for day in usual) // _WEEKS)


def weeks_of(curriculum: Curriculum, minutes_a_week: int) -> int:
    """How many weeks the curriculum takes; the last one may be short."""
    return -(-sum(task.minutes for task in _tasks(curriculum)) // minutes_a_week)


def tasks_of_week(curriculum: Curriculum, minutes_a_week: int, week: int) -> tuple[Task, ...]:
    """The tasks of a week, counted from 0; none before the first week and after the last.

    A task belongs to the week that the middle of its minutes falls into. A week without any, as
    with a task longer than a week, has the one that goes on in it. Optional tasks count; of a
    choice that is still open the first options do, as in a plan.
    """
    tasks = _tasks(curriculum)
    if not 0 <= week < weeks_of(curriculum, minutes_a_week):
        return ()
    # Everything twice, so that middles are whole numbers.
    begin, end = 2 * week * minutes_a_week, 2 * (week + 1) * minutes_a_week
    found: list[Task] = []
    going_on = tasks[-1]
    before = 0
    for task in tasks:
        after = before + 2 * task.minutes
        if begin <= before + task.minutes < end:
            found.append(task)
        if before <= begin + minutes_a_week < after:
            going_on = task
        if before >= end:
            break
        before = after
    return tuple(found) or (going_on,)


def concepts_of_week(curriculum: Curriculum, minutes_a_week: int, week: int) -> tuple[str, ...]:
    """The ids of the concepts of a week's tasks, each once, in the order they come up."""
    return _each_once(
        concept
        for task in tasks_of_week(curriculum, minutes_a_week, week)
        for concept in task.concepts
    )


def units_of_week(curriculum: Curriculum, minutes_a_week: int, week: int) -> tuple[Unit, ...]:
    """The units that a week's tasks belong to, each once, in order."""
    places = curriculum.place_of
    units = [places[task.id][1] for task in tasks_of_week(curriculum, minutes_a_week, week)]
    return tuple({unit.id: unit for unit in units}.values())


def _tasks(curriculum: Curriculum) -> tuple[Task, ...]:
    return tuple(task for unit in curriculum.route({}) for task in unit.tasks)


def _each_once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
