"""Show the plan: a day, a week, or the whole path."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from learning.absence import DAYS_AWAY, Return, days_away, way_back
from learning.curriculum import Concept, Curriculum, Resource, Section, Stage, Task, Unit
from learning.errors import Refused
from learning.plan import Completion, DailyPlan, Pace, Record, finish_day, plan_day
from learning.progress import Progress, progress_of, week_of
from learning.rhythm import Habit, Rhythm, scaled
from store.script import Script
from tools.context import Context, Study, need_study


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
        "a section's id.",
    )


@dataclass(frozen=True, slots=True)
class Forecast:
    """When it ends at this pace, and with one hour more a week; None when out of sight."""

    minutes_a_week: int
    finish: date | None
    finish_with_an_hour_more: date | None = None


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day's plan with its place in the curriculum.

    `day_number` counts local days from the start, 1 on the first. `comeback` is offered after
    an absence.
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


@dataclass(frozen=True, slots=True)
class WeekShown:
    """Seven planned days, Monday to Sunday; days to come assume that today goes as planned."""

    curriculum: Curriculum
    rhythm: Rhythm
    days: tuple[DailyPlan, ...]
    today: date
    starts_on: date
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class PathShown:
    curriculum: Curriculum
    progress: Progress
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class StageShown:
    curriculum: Curriculum
    stage: Stage
    number: int
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class SectionShown:
    curriculum: Curriculum
    section: Section
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One task in full. `number` is its place in today's plan, None when it is not there."""

    task: Task | Habit
    id: str
    minutes: int
    number: int | None
    resources: tuple[Resource, ...]
    concepts: tuple[Concept, ...]


PlanShown = DayShown | WeekShown | PathShown | StageShown | SectionShown | TaskShown


def show_plan(context: Context, wanted: ShowPlan) -> Script[PlanShown]:
    study = yield from need_study(context)
    today = context.today
    if wanted.part is not None:
        return _part_shown(context, study, wanted.part, on_path=wanted.span == "path")
    if wanted.span == "today":
        return day_shown(study, today)
    if wanted.span == "tomorrow":
        return _day_ahead(study, today)
    record = study.enrolment.record
    if wanted.span == "path":
        progress = progress_of(study.curriculum, record, today)
        return PathShown(study.curriculum, progress, forecast(study, today))
    week = week_of(today if wanted.span == "week" else today + timedelta(days=7))
    return WeekShown(
        study.curriculum,
        study.rhythm,
        tuple(plans_as_expected(study, today, week)),
        today,
        record.started_on,
        forecast(study, today),
    )


def _part_shown(
    context: Context, study: Study, part: str, *, on_path: bool
) -> StageShown | SectionShown | TaskShown:
    curriculum, resources = study.curriculum, context.catalogue.resources
    if on_path:
        section = next((one for one in curriculum.sections if one.id == part), None)
        if section is not None:
            return SectionShown(
                curriculum, section, tuple(resources[id] for id in section.resources)
            )
        if not part.isdecimal() or not 1 <= int(part) <= len(curriculum.stages):
            raise Refused("path.no_such_part", most=len(curriculum.stages))
        stage = curriculum.stages[int(part) - 1]
        return StageShown(
            curriculum, stage, int(part), tuple(resources[id] for id in stage.resources)
        )
    plan = plan_day(curriculum, study.rhythm, study.enrolment.record, context.today)
    for number, entry in enumerate(plan.tasks, 1):
        if part in {str(number), entry.id}:
            return _task_shown(context, entry.task, entry.id, entry.minutes, number)
    if part in curriculum.task_by_id:
        task = curriculum.task_by_id[part]
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
    )


def day_shown(study: Study, today: date) -> DayShown:
    record = study.enrolment.record
    plan = plan_day(study.curriculum, study.rhythm, record, today)
    progress = progress_of(study.curriculum, record, today)
    is_away = not plan.is_paused and days_away(record, today) >= DAYS_AWAY
    has_begun_again = any(done.day == today for done in record.completions.values())
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
        is_finished=progress.is_finished,
        starts_on=record.started_on,
    )


def _day_ahead(study: Study, today: date) -> DayShown:
    """Tomorrow, if the rest of today goes as planned."""
    tomorrow = today + timedelta(days=1)
    shown = day_shown(study, today)
    plan = plans_as_expected(study, today, (tomorrow,))[0]
    return DayShown(
        curriculum=shown.curriculum,
        plan=plan,
        today=today,
        day_number=shown.day_number + 1,
        stage=shown.stage,
        unit=shown.unit,
        forecast=shown.forecast,
        comeback=None,
        is_finished=shown.is_finished,
        starts_on=shown.starts_on,
    )


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
            plans.append(plan_day(study.curriculum, study.rhythm, record, day))
    return plans


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
    return Forecast(sum(minutes), finish, sooner)
