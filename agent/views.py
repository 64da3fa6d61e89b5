"""What the model sees of a tool's result: little, plain, and without anybody's id."""

from functools import singledispatch
from typing import Any

from learning.curriculum import Language, Resource, Words
from learning.plan import PlannedTask
from tools.concepts import ConceptExplained, ConceptUnknown
from tools.curricula import CurriculaListed, CurriculumStarted, StartAsked, SwitchAsked
from tools.guide import HelpShown
from tools.marking import Marked, TaskUnclear
from tools.plan import (
    DayShown,
    Forecast,
    PathShown,
    SectionShown,
    StageShown,
    TaskShown,
    WeekShown,
)
from tools.progress import ProgressShown
from tools.resources import ResourcesFound
from tools.settings import SettingsShown

View = dict[str, Any]


def _said(words: Words, language: Language) -> str:
    return words.in_language(language)


@singledispatch
def view(result: object, language: Language) -> View:  # noqa: ARG001 -- the shape of every view
    raise TypeError(f"views: expected a tool's result, found {type(result).__name__}")


def _task(number: int, entry: PlannedTask, language: Language) -> View:
    return {
        "number": number,
        "id": entry.id,
        "title": _said(entry.task.title, language),
        "kind": entry.task.kind.value,
        "minutes": entry.minutes,
        "standing": entry.standing.value,
        "done_when": _said(entry.task.done_when, language),
    }


def _forecast(forecast: Forecast) -> View:
    return {
        "hours_a_week": round(forecast.minutes_a_week / 60, 1),
        "finish": forecast.finish.isoformat() if forecast.finish else None,
    }


@view.register
def _(shown: DayShown, language: Language) -> View:
    return {
        "curriculum": _said(shown.curriculum.title, language),
        "day": shown.plan.day.isoformat(),
        "stage": _said(shown.stage.title, language) if shown.stage else None,
        "unit": _said(shown.unit.title, language) if shown.unit else None,
        "tasks": [_task(n, one, language) for n, one in enumerate(shown.plan.tasks, 1)],
        "paused": shown.plan.is_paused,
        **_forecast(shown.forecast),
    }


@view.register
def _(shown: WeekShown, language: Language) -> View:
    return {
        "days": [
            {
                "day": plan.day.isoformat(),
                "tasks": [_said(one.task.title, language) for one in plan.tasks],
            }
            for plan in shown.days
        ],
        **_forecast(shown.forecast),
    }


@view.register
def _(shown: PathShown, language: Language) -> View:
    return {
        "curriculum": _said(shown.curriculum.title, language),
        "stages": [
            {"title": _said(one.stage.title, language), "done": one.done, "tasks": one.tasks}
            for one in shown.progress.stages
        ],
        **_forecast(shown.forecast),
    }


@view.register
def _(shown: StageShown, language: Language) -> View:
    return {
        "title": _said(shown.stage.title, language),
        "goals": [_said(one, language) for one in shown.stage.goals],
        "criteria": [_said(one, language) for one in shown.stage.criteria],
    }


@view.register
def _(shown: SectionShown, language: Language) -> View:
    return {
        "title": _said(shown.section.title, language),
        "points": [_said(one, language) for one in shown.section.points],
    }


@view.register
def _(shown: TaskShown, language: Language) -> View:
    return {
        "id": shown.id,
        "title": _said(shown.task.title, language),
        "details": _said(shown.task.details, language) if shown.task.details else None,
        "done_when": _said(shown.task.done_when, language),
        "resources": _resources(shown.resources, language),
        "concepts": [one.id for one in shown.concepts],
    }


def _resources(resources: tuple[Resource, ...], language: Language) -> list[View]:
    return [
        {"title": one.title, "url": one.url, "note": _said(one.note, language)} for one in resources
    ]


@view.register
def _(marked: Marked, language: Language) -> View:
    return {
        "outcome": marked.outcome,
        "tasks": [
            {"title": _said(one.task.title, language), "was_already": one.was_already}
            for one in marked.tasks
        ],
        "left_today": len(marked.plan.open_tasks),
        **_forecast(marked.forecast),
    }


@view.register
def _(unclear: TaskUnclear, language: Language) -> View:
    return {
        "nothing_changed": "unclear which task; the learner is shown buttons to choose",
        "candidates": [_said(one.task.title, language) for one in unclear.candidates],
    }


@view.register
def _(shown: ProgressShown, language: Language) -> View:
    progress = shown.progress
    return {
        "curriculum": _said(shown.curriculum.title, language),
        "done": progress.done,
        "tasks": progress.tasks,
        "days_this_week": progress.days_this_week,
        "planned_finish": shown.planned_finish.isoformat() if shown.planned_finish else None,
        **_forecast(shown.forecast),
    }


@view.register
def _(shown: SettingsShown, language: Language) -> View:  # noqa: ARG001
    learner = shown.learner
    return {
        "changed": sorted(shown.changed),
        "zone": learner.zone.key,
        "push_at": learner.push_at.isoformat("minutes"),
        "evening_at": learner.evening_at.isoformat("minutes"),
        "minutes_monday_to_sunday": shown.minutes,
        "paused": shown.is_paused,
        "finish": shown.finish.isoformat() if shown.finish else None,
    }


@view.register
def _(asked: StartAsked, language: Language) -> View:
    return {
        "asked_for": asked.step.value,
        "curricula": {one.id: _said(one.title, language) for one in asked.curricula},
    }


@view.register
def _(asked: SwitchAsked, language: Language) -> View:
    return {
        "nothing_changed": "the learner is asked whether to leave the present curriculum",
        "present": _said(asked.current.title, language),
    }


@view.register
def _(started: CurriculumStarted, language: Language) -> View:
    return view(started.shown, language)


@view.register
def _(listed: CurriculaListed, language: Language) -> View:
    return {
        "curricula": [
            {
                "id": one.id,
                "title": _said(one.title, language),
                "summary": _said(one.summary, language),
                "hours_a_week": one.hours,
            }
            for one in listed.curricula
        ],
        "present": listed.current,
    }


@view.register
def _(found: ResourcesFound, language: Language) -> View:
    return {"resources": _resources(found.resources, language)}


@view.register
def _(explained: ConceptExplained, language: Language) -> View:
    concept, is_zh = explained.concept, language == "zh"
    return {
        "concept": concept.id,
        "explanation": concept.explanation.zh if is_zh else concept.explanation.en,
        "misconception": _said(concept.misconception, language),
        "resources": _resources(explained.resources, language),
    }


@view.register
def _(unknown: ConceptUnknown, language: Language) -> View:  # noqa: ARG001
    return {"unknown": unknown.said, "near": [one.id for one in unknown.near]}


@view.register
def _(shown: HelpShown, language: Language) -> View:  # noqa: ARG001
    return {"has_curriculum": shown.has_study}
