"""Curricula as values: stages, units and tasks, with the words of both languages."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

type_id = r"^[a-z0-9]+(?:[-.][a-z0-9]+)*$"
Id = Annotated[str, Field(pattern=type_id, max_length=48)]
Line = Annotated[str, Field(min_length=1, max_length=400)]
Language = Literal["zh", "en"]


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Value):
    """One sentence or short paragraph in both languages."""

    zh: Line
    en: Line

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Kind(StrEnum):
    THEORY = "theory"
    PRACTICE = "practice"
    PROJECT = "project"
    LEETCODE = "leetcode"
    READING = "reading"
    WRITING = "writing"
    COMMUNITY = "community"
    INTERVIEW = "interview"


class Task(Value):
    """One thing to do. `minutes` is the author's estimate for an average learner."""

    id: Id
    kind: Kind
    minutes: Annotated[int, Field(ge=5, le=240)]
    title: Words
    details: Words | None = None
    concepts: tuple[Id, ...] = ()
    resources: tuple[Id, ...] = ()
    evidence: Words
    done_when: Words
    optional: bool = False


class Topic(Value):
    """A heading of a stage's content, with its points."""

    title: Words
    points: Annotated[tuple[Words, ...], Field(min_length=1)]
    concepts: tuple[Id, ...] = ()


class Unit(Value):
    """The smallest named part of a stage: a week or two at the intended pace."""

    id: Id
    title: Words
    tasks: Annotated[tuple[Task, ...], Field(min_length=1)]


class Stage(Value):
    """A major part of a curriculum, ending in a milestone.

    `period` says when the author expects it, for people; dates are always computed.
    """

    id: Id
    title: Words
    period: Words
    goals: tuple[Words, ...] = ()
    topics: tuple[Topic, ...] = ()
    criteria: tuple[Words, ...] = ()
    milestone: Words
    resources: tuple[Id, ...] = ()
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]


class Section(Value):
    """A part that is read rather than done: principles, tool stack, advice, directions."""

    id: Id
    title: Words
    points: Annotated[tuple[Words, ...], Field(min_length=1)]
    code: Annotated[str, Field(max_length=2000)] = ""
    resources: tuple[Id, ...] = ()


class Curriculum(Value):
    """An ordered study plan. `hours` is the weekly time it was written for."""

    id: Id
    version: Annotated[int, Field(ge=1)]
    source: Line
    title: Words
    summary: Words
    audience: Words
    rhythm: Id
    hours: Annotated[int, Field(ge=1, le=60)]
    leads_to: Id | None = None
    principles: tuple[Words, ...] = ()
    sections: tuple[Section, ...] = ()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for what, ids in (
            ("task", [task.id for task in self.tasks]),
            ("unit", [unit.id for unit in self.units]),
            ("stage", [stage.id for stage in self.stages]),
        ):
            seen: set[str] = set()
            for id in ids:
                if id in seen:
                    raise ValueError(f"{what} id {id!r} appears twice; every id is used once")
                seen.add(id)
        return self

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for stage in self.stages for unit in stage.units)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for unit in self.units for task in unit.tasks)

    @cached_property
    def task_by_id(self) -> dict[str, Task]:
        return {task.id: task for task in self.tasks}

    def places(self) -> Iterator[tuple[Stage, Unit, Task]]:
        for stage in self.stages:
            for unit in stage.units:
                for task in unit.tasks:
                    yield stage, unit, task


class Resource(Value):
    """Something to read or watch outside our system.

    `note` says when and why to use it; `doubt` marks a link or claim that may be stale.
    """

    id: Id
    kind: Literal["book", "paper", "course", "code", "tool", "article", "community", "platform"]
    title: Line
    url: Annotated[str, Field(pattern=r"^https://\S+$")] | None = None
    note: Words
    concepts: tuple[Id, ...] = ()
    tags: tuple[Line, ...] = ()
    doubt: Words | None = None


class Concept(Value):
    """One idea of the field; tasks, resources, quiz items and review rules point at it."""

    id: Id
    name: Words
    aliases: tuple[Line, ...] = ()
    explanation: "Explanation"
    misconception: Words
    prerequisites: tuple[Id, ...] = ()
    level: Annotated[int, Field(ge=1, le=5)]


class Explanation(Value):
    """Two to five sentences in each language."""

    zh: Annotated[str, Field(min_length=20, max_length=900)]
    en: Annotated[str, Field(min_length=40, max_length=1600)]


Concept.model_rebuild()
