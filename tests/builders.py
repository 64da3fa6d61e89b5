"""Builders with defaults, so that a test shows only what matters to it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from learning.catalogue import Catalogue
from learning.curriculum import Curriculum, Kind, Stage, Task, Unit
from learning.plan import Completion, Pace, Pause, Postponement, Record, Skip
from learning.rhythm import Minutes, Rhythm
from learning.values import Words
from store.catalogue import read_catalogue

# CPU seconds that only a pattern which blows up with the length of the words can take.
BLOWN_UP = 10.0
MONDAY = date(2026, 11, 23)
WEEK: Minutes = (75, 75, 75, 75, 75, 135, 90)


def words(text: str = "x") -> Words:
    return Words(zh=text, en=text)


def make_task(
    id: str, minutes: int = 30, kind: Kind = Kind.READING, *, optional: bool = False
) -> Task:
    return Task(
        id=id,
        kind=kind,
        minutes=minutes,
        title=words(id),
        evidence=words(),
        done_when=words(),
        optional=optional,
    )


def make_unit(id: str, tasks: Sequence[Task]) -> Unit:
    return Unit(id=id, title=words(id), tasks=tuple(tasks))


def make_curriculum(*units: Sequence[Task], id: str = "made") -> Curriculum:
    """A curriculum of one stage with the given units' tasks."""
    stage = Stage(
        id="stage",
        title=words("stage"),
        period=words(),
        milestone=words(),
        units=tuple(make_unit(f"unit-{n}", tasks) for n, tasks in enumerate(units)),
    )
    return Curriculum(
        id=id,
        version=1,
        source="made",
        title=words(id),
        summary=words(),
        audience=words(),
        rhythm="plain",
        hours=10,
        stages=(stage,),
    )


def changed(curriculum: Curriculum, **changes: Any) -> Curriculum:
    """The curriculum with other values, checked anew and with nothing computed before."""
    fields = {name: getattr(curriculum, name) for name in Curriculum.model_fields}
    return Curriculum(**fields | changes)


def make_rhythm(minutes: Minutes = WEEK) -> Rhythm:
    return Rhythm(
        id="plain",
        title=words(),
        summary=words(),
        minutes=minutes,
        project_days=("sat",),
        slots=(),
    )


def make_record(
    minutes: Minutes = WEEK,
    *,
    started_on: date = MONDAY,
    done: Mapping[str, date] | None = None,
    later: Sequence[Postponement] = (),
    skips: Sequence[Skip] = (),
    pauses: Sequence[Pause] = (),
) -> Record:
    completions = {task: Completion(task, day) for task, day in (done or {}).items()}
    return Record(started_on, [Pace(started_on, minutes)], pauses, completions, later, skips)


@lru_cache(maxsize=1)
def built_in() -> Catalogue:
    """The catalogue of this installation, read once for all tests."""
    return read_catalogue()


def make_catalogue(curriculum: Curriculum) -> Catalogue:
    return Catalogue({curriculum.id: curriculum}, {"plain": make_rhythm()})
