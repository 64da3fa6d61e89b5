"""Show the plan: a day, a week, or the whole path."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import fuzz, utils

from learning.absence import DAYS_AWAY, Return, days_away, way_back
from learning.concepts import Concept
from learning.curriculum import Choice, Curriculum, Project, Section, Stage, Task, Unit
from learning.errors import Refused
from learning.plan import (
    Completion,
    DailyPlan,
    Pace,
    PlannedTask,
    Record,
    finish_day,
    plan_day,
    slack,
)
from learning.problems import Problem
from learning.progress import (
    Changes,
    Progress,
    changes_since_done,
    open_choice,
    progress_of,
    real_pace,
    week_of,
)
from learning.resources import Resource
from learning.rhythm import Habit, Rhythm, scaled
from store.enrolments import note_return, see_version
from store.script import Script
from tools.context import Context, Study, need_study

# A tenth more or less than planned is as planned.
REAL_PACE_DIFFERS = 0.1
LEAST_MINUTES_A_WEEK = 15


# ratio and partial_ratio of what was said with a title, together 0 to 200.
NAMED = 95.0
# What a curriculum holds besides its stages, as a part of the path.
READING = "reading"


class Arguments(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ShowPlan(Arguments):
    span: Literal["today", "tomorrow", "week", "next_week", "path"] = Field(
        "today", description="A day, a week, or the whole path with its stages."
    )
    part: str | None = Field(
        None,
        max_length=80,
        description="Look closer: a task's number or id, or on the path a stage's number or "
        "an id of a section, unit, project or of another curriculum followed.",
    )
    minutes: Annotated[int, Field(ge=1, le=1440)] | None = Field(
        None, description="Only with today: how many minutes the learner has, when it is less."
    )


@dataclass(frozen=True, slots=True)
class Forecast:
    """When it ends at this pace, and with one hour more a week; None when out of sight.

    `real` is what the last weeks say, once they say something else than the plan.
    """

    minutes_a_week: int
    finish: date | None
    finish_with_an_hour_more: date | None = None
    real: "RealPace | None" = None


@dataclass(frozen=True, slots=True)
class RealPace:
    minutes_a_week: int
    finish: date


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day's plan with its place in the curriculum.

    `day_number` counts local days from the start, 1 on the first. `comeback` is offered after
    an absence. `reviews_due` counts the cards still waiting today; `shaky` is a weak concept that
    today's tasks rest on.
    """

    curriculum: Curriculum
    plan: DailyPlan
    today: date
    day_number: int
    stage: Stage | None
    unit: Unit | None
    forecast: Forecast
    comeback: Return | None
    is_finished: bool
    starts_on: date
    beside: "tuple[BesideShown, ...]" = ()
    has_done_something: bool = True
    choice: "ChoiceOpen | None" = None
    changes: Changes | None = None
    reviews_due: int = 0
    shaky: Concept | None = None


@dataclass(frozen=True, slots=True)
class ShortDayShown:
    """Today in fewer minutes than its open tasks take; nothing is changed by it.

    `fits` are the open tasks that the minutes hold, in order, and `rest` the others. When not one
    fits, `first` of the rest is the one to make a start on.
    """

    minutes: int
    fits: tuple[PlannedTask, ...]
    rest: tuple[PlannedTask, ...]
    numbers: Mapping[str, int]

    @property
    def first(self) -> PlannedTask:
        return next((one for one in self.rest if isinstance(one.task, Task)), self.rest[0])


@dataclass(frozen=True, slots=True)
class BesideShown:
    """Where another curriculum of the same day stands."""

    curriculum: Curriculum
    stage: Stage | None
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class ChoiceOpen:
    """A choice the learner has come to; the plan goes on with the first options meanwhile."""

    curriculum: Curriculum
    choice: Choice
    picked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekShown:
    """Seven planned days, Monday to Sunday; days to come assume that today goes as planned.

    `beside` are the other curricula whose tasks are among them.
    """

    curriculum: Curriculum
    rhythm: Rhythm
    days: tuple[DailyPlan, ...]
    today: date
    starts_on: date
    forecast: Forecast
    beside: tuple[Curriculum, ...] = ()


@dataclass(frozen=True, slots=True)
class PathShown:
    """The whole path; `beside` are the paths followed beside it."""

    curriculum: Curriculum
    progress: Progress
    forecast: Forecast
    beside: tuple[Curriculum, ...] = ()


@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage; units and projects of options that were not chosen are left out of it."""

    curriculum: Curriculum
    stage: Stage
    number: int
    resources: tuple[Resource, ...]
    units: tuple[Unit, ...]
    projects: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class SectionShown:
    curriculum: Curriculum
    section: Section
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit's content and standards, and its tasks in order."""

    curriculum: Curriculum
    unit: Unit
    stage_number: int
    done: frozenset[str]
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """All that is read rather than done: the sections and checklists of a curriculum."""

    curriculum: Curriculum


@dataclass(frozen=True, slots=True)
class ProjectShown:
    curriculum: Curriculum
    project: Project
    stage_number: int


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One task in full. `number` is its place in today's plan, None when it is not there."""

    task: Task | Habit
    id: str
    minutes: int
    number: int | None
    resources: tuple[Resource, ...]
    concepts: tuple[Concept, ...]
    problems: tuple[Problem, ...] = ()


PartShown = StageShown | SectionShown | ReadingShown | UnitShown | ProjectShown | TaskShown
PlanShown = DayShown | ShortDayShown | WeekShown | PathShown | PartShown


def show_plan(context: Context, wanted: ShowPlan) -> Script[PlanShown]:
    study = yield from need_study(context)
    today = context.today
    if wanted.part is not None and wanted.span == "path":
        return _part_of_path(context, study, wanted.part)
    if wanted.part is not None:
        return _task_named(context, study, wanted.part)
    if wanted.span == "today":
        short = _short_day(study, today, wanted.minutes) if wanted.minutes is not None else None
        return short or (yield from see_day(study, today))
    if wanted.span == "tomorrow":
        return _day_ahead(study, today)
    record = study.enrolment.record
    if wanted.span == "path":
        return _path_shown(study, study, today)
    week = week_of(today if wanted.span == "week" else today + timedelta(days=7))
    return WeekShown(
        study.curriculum,
        study.rhythm,
        tuple(plans_as_expected(study, today, week)),
        today,
        record.started_on,
        forecast(study, today),
        tuple(one.curriculum for one in study.beside),
    )


def _path_shown(study: Study, of: Study, today: date) -> PathShown:
    progress = progress_of(of.curriculum, of.enrolment.record, today)
    others = tuple(one.curriculum for one in study.all if one is not of)
    return PathShown(of.curriculum, progress, forecast(study, today), others)


def _part_of_path(context: Context, study: Study, part: str) -> PathShown | PartShown:
    """A stage by its number, or anything else of what is followed by its id.

    The first curriculum's stages are `1`, another's are `its-id/1`.
    """
    for one in study.all:
        if part == one.curriculum.id:
            return _path_shown(study, one, context.today)
        if part.startswith(f"{one.curriculum.id}/"):
            return _part_in(context, one, part.partition("/")[2])
    own = next((one for one in study.all if _has_part(one.curriculum, part)), study)
    if own is study and not part.isdecimal() and not _has_part(study.curriculum, part):
        named = _section_named(context, study, part)
        if named is not None:
            return named
    return _part_in(context, own, part)


def _section_named(context: Context, study: Study, said: str) -> SectionShown | None:
    """A section by its title; those of curricula not followed are there to read as well."""
    followed = [one.curriculum for one in study.all]
    others = [one for one in context.catalogue.curricula.values() if one not in followed]
    best: tuple[float, Curriculum, Section] | None = None
    for curriculum in (*followed, *others):
        for section in curriculum.sections:
            score = max(
                fuzz.ratio(said, title, processor=utils.default_process)
                + fuzz.partial_ratio(said, title, processor=utils.default_process)
                for title in (section.title.zh, section.title.en)
            )
            if score >= NAMED and (best is None or score > best[0]):
                best = score, curriculum, section
    if best is None:
        return None
    _, curriculum, section = best
    resources = tuple(context.catalogue.resources[id] for id in section.resources)
    return SectionShown(curriculum, section, resources)


def _has_part(curriculum: Curriculum, part: str) -> bool:
    return part in {
        *(section.id for section in curriculum.sections),
        *(unit.id for unit in curriculum.units),
        *(project.id for stage in curriculum.stages for project in stage.projects),
    }


def _part_in(context: Context, study: Study, part: str) -> PartShown:
    curriculum, catalogue = study.curriculum, context.catalogue

    def resources(ids: tuple[str, ...]) -> tuple[Resource, ...]:
        return tuple(catalogue.resources[id] for id in ids)

    if part == READING:
        return ReadingShown(curriculum)
    section = next((one for one in curriculum.sections if one.id == part), None)
    if section is not None:
        return SectionShown(curriculum, section, resources(section.resources))
    for number, stage in enumerate(curriculum.stages, 1):
        if part == str(number):
            return _stage_shown(study, stage, number, resources(stage.resources), context.today)
        for unit in stage.units:
            if part == unit.id:
                closed = study.enrolment.record.closed_before(context.today + timedelta(days=1))
                done = frozenset(task.id for task in unit.tasks if task.id in closed)
                return UnitShown(curriculum, unit, number, done, resources(unit.resources))
        for project in stage.projects:
            if part == project.id:
                return ProjectShown(curriculum, project, number)
    raise Refused("path.no_such_part", most=len(curriculum.stages))


def _stage_shown(
    study: Study, stage: Stage, number: int, resources: tuple[Resource, ...], today: date
) -> StageShown:
    """Until something is chosen, everything that can be is shown."""
    picks = study.enrolment.record.picked_on(today)

    def is_shown(option: str | None) -> bool:
        choice = study.curriculum.choice_of[option].id if option else None
        return choice not in picks or option in picks[choice]

    return StageShown(
        study.curriculum,
        stage,
        number,
        resources,
        tuple(unit for unit in stage.units if is_shown(unit.option)),
        tuple(project for project in stage.projects if is_shown(project.option)),
    )


def _task_named(context: Context, study: Study, part: str) -> TaskShown:
    plan = plan_day(study.curriculum, study.rhythm, study.enrolment.record, context.today)
    for number, entry in enumerate(plan.tasks, 1):
        if part in {str(number), entry.id}:
            return _task_shown(context, entry.task, entry.id, entry.minutes, number)
    own = study.of_task(part).curriculum
    if part in own.task_by_id:
        task = own.task_by_id[part]
        return _task_shown(context, task, task.id, task.minutes, None)
    raise Refused("task.unknown", said=part)


def _task_shown(
    context: Context, task: Task | Habit, id: str, minutes: int, number: int | None
) -> TaskShown:
    catalogue = context.catalogue
    if isinstance(task, Habit):
        return TaskShown(task, id, minutes, number, (), ())
    return TaskShown(
        task,
        id,
        minutes,
        number,
        tuple(catalogue.resources[id] for id in task.resources),
        tuple(catalogue.concepts[id] for id in task.concepts),
        tuple(catalogue.problems[id] for id in task.problems),
    )


def _short_day(study: Study, today: date, minutes: int) -> ShortDayShown | None:
    """What of today fits into so many minutes; None when all of it does."""
    plan = plan_day(study.curriculum, study.rhythm, study.enrolment.record, today)
    fits: list[PlannedTask] = []
    left = minutes
    for one in plan.open_tasks:
        if one.minutes <= left:
            fits.append(one)
            left -= one.minutes
    rest = tuple(one for one in plan.open_tasks if one not in fits)
    if not rest:
        return None
    numbers = {one.id: number for number, one in enumerate(plan.tasks, 1)}
    return ShortDayShown(minutes, tuple(fits), rest, numbers)


def see_day(study: Study, today: date) -> Script[DayShown]:
    """Today for the learner's eyes: what is said once is not said again."""
    shown = day_shown(study, today)
    yield from seen(study, shown, today)
    return shown


def seen(study: Study, shown: DayShown, today: date) -> Script[None]:
    """Note that a day was shown: an offer after days away, and what a new version changed."""
    if shown.comeback is not None:
        # Offered once a day: whoever asks again wants to see the tasks.
        yield from note_return(study.enrolment.id, today, "offered")
    for one in study.all:
        if one.enrolment.version != one.curriculum.version:
            yield from see_version(one.enrolment.id, one.curriculum.version)


def day_shown(study: Study, today: date) -> DayShown:
    record = study.enrolment.record
    plan = plan_day(study.curriculum, study.rhythm, record, today)
    progress = progress_of(study.curriculum, record, today)
    is_away = not plan.is_paused and days_away(record, today) >= DAYS_AWAY
    has_begun_again = any(done.day == today for done in record.all_completions.values())
    beside = [
        (one, progress_of(one.curriculum, one.enrolment.record, today)) for one in study.beside
    ]
    return DayShown(
        curriculum=study.curriculum,
        plan=plan,
        today=today,
        day_number=(today - record.started_on).days + 1,
        stage=progress.stage,
        unit=progress.unit,
        forecast=forecast(study, today),
        comeback=way_back(study.curriculum, study.rhythm, record, today)
        if is_away and not has_begun_again
        else None,
        is_finished=progress.is_finished and all(one.is_finished for _, one in beside),
        starts_on=record.started_on,
        beside=tuple(BesideShown(one.curriculum, at.stage, at.unit) for one, at in beside),
        has_done_something=bool(record.all_completions),
        choice=_choice_open(study, today),
        changes=_changes(study),
        reviews_due=study.reviews_due,
        shaky=_shaky(study, plan),
    )


def _shaky(study: Study, plan: DailyPlan) -> Concept | None:
    """A weak concept that the day's open tasks use, or that what they use builds on."""
    used = (
        id
        for entry in plan.open_tasks
        if isinstance(entry.task, Task)
        for id in entry.task.concepts
    )
    return next((study.shaky[id] for id in used if id in study.shaky), None)


def _choice_open(study: Study, today: date) -> ChoiceOpen | None:
    for one in study.all:
        choice = open_choice(one.curriculum, one.enrolment.record, today)
        if choice is not None:
            return ChoiceOpen(one.curriculum, choice)
    return None


def _changes(study: Study) -> Changes | None:
    """What an author changed, as long as the learner has not seen the new version's plan."""
    if study.enrolment.version == study.curriculum.version:
        return None
    completions = study.enrolment.record.completions
    return changes_since_done(study.curriculum, study.rhythm, completions)


def _day_ahead(study: Study, today: date) -> DayShown:
    """Tomorrow, or the first day, if the rest of today goes as planned."""
    shown = day_shown(study, today)
    day = max(today + timedelta(days=1), shown.starts_on)
    plan = plans_as_expected(study, today, (day,))[0]
    number = (day - shown.starts_on).days + 1
    return replace(shown, plan=plan, day_number=number, comeback=None)


def plans_as_expected(study: Study, today: date, days: tuple[date, ...]) -> list[DailyPlan]:
    """Plans for `days`; those after today expect every day before them to go as planned."""
    record = study.enrolment.record
    wanted = set(days)
    plans = [plan_day(study.curriculum, study.rhythm, record, day) for day in days if day <= today]
    day = today
    worked: dict[str, int] = {}
    while day < max(days):
        plan = plan_day(study.curriculum, study.rhythm, record, day)
        record = with_done(record, plan, worked)
        day += timedelta(days=1)
        if day in wanted:
            plan = plan_day(study.curriculum, study.rhythm, record, day)
            plans.append(_what_is_left(plan, worked))
    return plans


def _what_is_left(plan: DailyPlan, worked: Mapping[str, int]) -> DailyPlan:
    """The plan with what each task still takes, and no more than the day has."""
    tasks = tuple(
        replace(entry, minutes=min(entry.minutes - worked.get(entry.id, 0), plan.budget))
        if entry.id in worked or entry.minutes > plan.budget + slack(plan.budget)
        else entry
        for entry in plan.tasks
    )
    return replace(plan, tasks=tasks)


def with_done(record: Record, plan: DailyPlan, worked: dict[str, int]) -> Record:
    """The record after a day that went as planned.

    A task longer than its day takes several; `worked` holds the minutes it has had so far.
    """
    for entry in plan.open_tasks:
        worked[entry.id] = worked.get(entry.id, 0) + min(entry.minutes, plan.budget)
    done = {
        entry.id: Completion(entry.id, plan.day)
        for entry in plan.open_tasks
        if worked[entry.id] >= entry.minutes
    }
    return replace(record, completions={**record.completions, **done})


def forecast(study: Study, today: date, *, hour_more: bool = False) -> Forecast:
    record = study.enrolment.record
    minutes = record.pace_on(today)
    finish = finish_day(study.curriculum, study.rhythm, record, today)
    sooner = None
    if hour_more and sum(minutes) > 0:
        more = scaled(minutes, sum(minutes) + 60)
        sooner = finish_day(
            study.curriculum,
            study.rhythm,
            replace(record, paces=[*record.paces, Pace(today, more)]),
            today,
        )
    return Forecast(sum(minutes), finish, sooner, _real_pace(study, today, finish))


def _real_pace(study: Study, today: date, finish: date | None) -> RealPace | None:
    """Where the last weeks lead, unless they lead to the same."""
    record = study.enrolment.record
    minutes = record.pace_on(today)
    share = real_pace(study.minutes_of, study.rhythm, record, today)
    if share is None or finish is None or abs(share - 1) < REAL_PACE_DIFFERS:
        return None
    real = round(sum(minutes) * share)
    if real < LEAST_MINUTES_A_WEEK:
        return None
    paces = [*record.paces, Pace(today, scaled(minutes, real))]
    there = finish_day(study.curriculum, study.rhythm, replace(record, paces=paces), today)
    return RealPace(real, there) if there else None
