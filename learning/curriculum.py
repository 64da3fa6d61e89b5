"""Curricula as values: stages, units and tasks, with the words of both languages."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from learning.values import Id, Language, Line, Template, Value, Words


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
    """One thing to do. `minutes` is the author's estimate for an average learner.

    `weekend` puts work of any kind on the rhythm's project days, where projects go by themselves.
    `problems` are practice problems; finishing the task is one pass of each. A task of several
    `sessions` comes as often, each with the same minutes; `session` says which one this is.
    """

    id: Id
    kind: Kind
    minutes: Annotated[int, Field(ge=5, le=240)]
    weekend: bool = False
    sessions: Annotated[int, Field(ge=1, le=12)] = 1
    session: Annotated[int, Field(ge=1, le=12)] = 1
    title: Words
    details: Words | None = None
    concepts: tuple[Id, ...] = ()
    resources: tuple[Id, ...] = ()
    evidence: Words
    done_when: Words
    problems: tuple[Id, ...] = ()
    optional: bool = False

    @property
    def is_for_project_days(self) -> bool:
        return self.weekend or self.kind is Kind.PROJECT

    @property
    def is_last_session(self) -> bool:
        return self.session == self.sessions

    @property
    def wording(self) -> str:
        """A mark of what the task asks for; it differs once its author changed that."""
        asked = self.model_dump_json(include={"minutes", "title", "details", "done_when"})
        return sha256(asked.encode()).hexdigest()[:12]


def _each_session(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """Put a task of several sessions into the plan as often: `id`, `id.2`, `id.3` and so on.

    Tasks that were put in before stay as they are.
    """
    there = {task.id for task in tasks if task.session > 1}
    return tuple(
        one
        for task in tasks
        for one in (task, *_later_sessions(task))
        if one is task or one.id not in there
    )


def _later_sessions(task: Task) -> Iterator[Task]:
    if task.session == 1:
        for number in range(2, task.sessions + 1):
            yield task.changed(id=f"{task.id}.{number}", session=number)


Tasks = Annotated[tuple[Task, ...], Field(min_length=1), AfterValidator(_each_session)]


class Topic(Value):
    """A heading of a stage's content, with its points."""

    title: Words
    points: Annotated[tuple[Words, ...], Field(min_length=1)]
    concepts: tuple[Id, ...] = ()


class Criterion(Words):
    """One line of an assessment or a checklist, met or not, with evidence.

    Its id is unique in its curriculum and survives new wording.
    """

    id: Id


class Checklist(Value):
    """Lines to tick over a whole curriculum: what is delivered, what a résumé must hold."""

    id: Id
    title: Words
    items: Annotated[tuple[Criterion, ...], Field(min_length=1)]


class Project(Value):
    """Something to build and show: what it does, of what, and how it is judged."""

    id: Id
    title: Words
    summary: Words
    functions: tuple[Words, ...] = ()
    stack: tuple[Words, ...] = ()
    diagram: Template | None = None
    criteria: tuple[Criterion, ...] = ()
    deliverables: tuple[Criterion, ...] = ()
    option: Id | None = None


class Option(Value):
    """One way to go on, such as a direction, a track or one of several projects."""

    id: Id
    title: Words
    summary: Words


class Choice(Value):
    """A question put to the learner when they reach the first unit that depends on it.

    `pick` options are taken; until the learner has chosen, the first ones. It can be changed.
    """

    id: Id
    question: Words
    pick: Annotated[int, Field(ge=1, le=5)] = 1
    options: Annotated[tuple[Option, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _leaves_something_out(self) -> Self:
        if self.pick >= len(self.options):
            raise ValueError(
                f"pick: expected fewer than the {len(self.options)} options, found {self.pick}"
            )
        return self


class Unit(Value):
    """The smallest named part of a stage: a week or two at the intended pace.

    A unit with an `option` belongs to the plan of those who chose it. `milestone` is a check
    point: what can be shown once the unit is finished.
    """

    id: Id
    title: Words
    option: Id | None = None
    topics: tuple[Topic, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    milestone: Words | None = None
    resources: tuple[Id, ...] = ()
    tasks: Tasks


class Stage(Value):
    """A major part of a curriculum, ending in a milestone.

    `period` says when the author expects it, for people; dates are always computed.
    """

    id: Id
    title: Words
    period: Words
    goals: tuple[Words, ...] = ()
    topics: tuple[Topic, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    projects: tuple[Project, ...] = ()
    milestone: Words
    resources: tuple[Id, ...] = ()
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]


class Section(Value):
    """A part that is read rather than done: principles, tool stack, advice, directions.

    `code` is the same in both languages; `template` is a text to copy and fill in.
    """

    id: Id
    title: Words
    points: Annotated[tuple[Words, ...], Field(min_length=1)]
    code: Annotated[str, Field(max_length=2000)] = ""
    template: Template | None = None
    resources: tuple[Id, ...] = ()


class ProblemTask(Value):
    """The words of every practice problem's task; `minutes` are for one problem.

    `title` has a gap, `{problems}`, for their numbers and names; `concepts` says which concept a
    category of problems practises.
    """

    minutes: Annotated[int, Field(ge=5, le=120)]
    title: Words
    concepts: dict[Id, Id] = Field(default_factory=dict)
    details: Words
    evidence: Words
    done_when: Words


class Quota(Value):
    """How many practice problems of a category to solve; `key` ones at least `passes` times."""

    category: Id
    title: Words
    count: Annotated[int, Field(ge=1, le=200)]
    key: tuple[Id, ...] = ()
    passes: Annotated[int, Field(ge=1, le=5)] = 3


class Curriculum(Value):
    """An ordered study plan. `hours` is the weekly time it was written for.

    `languages` are those its words are in: with one alone, plain words stand for both.
    `weekly_check` names the scales of the weekly check; `quotas` and `problem_lists` what of
    the practice problems belongs to it.
    """

    id: Id
    version: Annotated[int, Field(ge=1)]
    source: Line
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("zh", "en")
    title: Words
    summary: Words
    audience: Words
    rhythm: Id
    hours: Annotated[int, Field(ge=1, le=60)]
    leads_to: Id | None = None
    weekly_check: Id = "standard"
    problem_task: ProblemTask | None = None
    choices: tuple[Choice, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    quotas: tuple[Quota, ...] = ()
    problem_lists: tuple[Id, ...] = ()
    principles: tuple[Words, ...] = ()
    sections: tuple[Section, ...] = ()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for what, ids in (
            ("task", [task.id for task in self.tasks]),
            ("unit", [unit.id for unit in self.units]),
            ("stage", [stage.id for stage in self.stages]),
            ("criterion", [one.id for one in self.criteria]),
            ("option", [option.id for choice in self.choices for option in choice.options]),
        ):
            seen: set[str] = set()
            for id in ids:
                if id in seen:
                    raise ValueError(f"{what} id {id!r} appears twice; every id is used once")
                seen.add(id)
        return self

    @model_validator(mode="after")
    def _options_exist(self) -> Self:
        for what, id, option in (
            *(("unit", unit.id, unit.option) for unit in self.units),
            *(
                ("project", project.id, project.option)
                for stage in self.stages
                for project in stage.projects
            ),
        ):
            if option is not None and option not in self.choice_of:
                raise ValueError(
                    f"{what} {id}: option: expected an option of the choices "
                    f"({', '.join(self.choice_of) or 'none'}), found {option!r}"
                )
        return self

    @cached_property
    def choice_of(self) -> dict[str, Choice]:
        """The choice each option belongs to, by the option's id."""
        return {option.id: choice for choice in self.choices for option in choice.options}

    def picked(self, picks: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
        """The options that hold: those picked, and the first ones of choices still open."""
        return frozenset(
            id
            for choice in self.choices
            for id in picks.get(choice.id) or [one.id for one in choice.options[: choice.pick]]
        )

    def route(self, picks: Mapping[str, tuple[str, ...]]) -> tuple[Unit, ...]:
        """The units planned for someone who picked these options, by choice."""
        if not self.choices:
            return self.units
        picked = self.picked(picks)
        if picked not in self._routes:
            self._routes[picked] = tuple(
                unit for unit in self.units if unit.option is None or unit.option in picked
            )
        return self._routes[picked]

    @cached_property
    def _routes(self) -> dict[frozenset[str], tuple[Unit, ...]]:
        return {}

    @cached_property
    def place_of(self) -> dict[str, tuple[Stage, Unit]]:
        """The stage and unit of each task, by the task's id."""
        return {task.id: (stage, unit) for stage, unit, task in self.places()}

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for stage in self.stages for unit in stage.units)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for unit in self.units for task in unit.tasks)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """Everything that can be ticked: of units, stages, projects and checklists."""
        return tuple(
            one
            for stage in self.stages
            for part in (
                *(unit.criteria for unit in stage.units),
                stage.criteria,
                *(project.criteria for project in stage.projects),
                *(project.deliverables for project in stage.projects),
            )
            for one in part
        ) + tuple(one for checklist in self.checklists for one in checklist.items)

    @cached_property
    def minutes_of(self) -> dict[str, int]:
        """The minutes of each task, by its id."""
        return {task.id: task.minutes for task in self.tasks}

    @cached_property
    def task_by_id(self) -> dict[str, Task]:
        return {task.id: task for task in self.tasks}

    def places(self) -> Iterator[tuple[Stage, Unit, Task]]:
        for stage in self.stages:
            for unit in stage.units:
                for task in unit.tasks:
                    yield stage, unit, task
