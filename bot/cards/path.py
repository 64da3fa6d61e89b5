"""A week and the whole path."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.cards.parts import (
    bar,
    card,
    finish_line,
    lines,
    paragraphs,
    resource_lines,
    task_name,
)
from bot.message import Button, Message, rows_of
from bot.pictures.compose import path_picture
from bot.texts import Markup, Texts
from learning.curriculum import Curriculum, Topic
from learning.plan import DailyPlan, PlannedTask, Standing
from learning.values import Words
from tools.plan import (
    READING,
    PathShown,
    ProjectShown,
    ReadingShown,
    SectionShown,
    StageShown,
    UnitShown,
    WeekShown,
)

# More than these go behind one button of their own.
FEW_PARTS = 12


@card.register
def _(shown: WeekShown, texts: Texts) -> Message:
    days = []
    for plan in (_remembered(one, shown.today) for one in shown.days):
        if plan.day < shown.starts_on:
            continue
        if plan.day < shown.today and not plan.tasks:
            continue
        key = "week.today" if plan.day == shown.today else "week.day"
        head = texts.say(key if plan.tasks else f"{key}_free", day=plan.day, minutes=plan.minutes)
        tasks = [_week_line(entry, texts) for entry in plan.tasks]
        rest = texts.say("week.paused" if plan.is_paused else "week.rest")
        days.append(lines(head, *(tasks or [rest])))
    return Message(
        paragraphs(
            texts.say("week.head", curriculum=_titles(shown, texts)),
            texts.words(shown.rhythm.summary) if _keeps_rhythm(shown) else None,
            *days,
            finish_line(shown.forecast, texts),
        ),
        (
            (
                Button(texts.label("button.today"), "/today"),
                Button(texts.label("button.next_week"), "/week next"),
            ),
        ),
    )


def _titles(shown: WeekShown, texts: Texts) -> Markup:
    titles = [texts.words(one.title) for one in (shown.curriculum, *shown.beside)]
    return Markup(" + ".join(titles))


def _keeps_rhythm(shown: WeekShown) -> bool:
    """Whether the week is about as full as the rhythm's words say."""
    whole = sum(shown.rhythm.minutes)
    return not shown.beside and abs(shown.forecast.minutes_a_week - whole) <= whole // 10


def _remembered(plan: DailyPlan, today: date) -> DailyPlan:
    """A past day by what was done, not by what was not; other days as they are."""
    if plan.day >= today:
        return plan
    done = tuple(entry for entry in plan.tasks if entry.standing is Standing.DONE)
    return replace(plan, tasks=done)


def _week_line(entry: PlannedTask, texts: Texts) -> Markup:
    return texts.say(
        f"week.task_{entry.standing.value}",
        title=task_name(entry.task, texts),
        minutes=entry.minutes,
    )


@card.register
def _(shown: PathShown, texts: Texts) -> Message:
    curriculum, progress = shown.curriculum, shown.progress
    stages = [
        lines(
            texts.say(
                "path.stage",
                number=n,
                title=texts.words(one.stage.title),
                period=texts.words(one.stage.period),
                bar=bar(one.done, one.tasks),
                done=one.done,
                tasks=one.tasks,
            ),
            texts.say("path.here", unit=texts.words(progress.unit.title))
            if progress.stage is one.stage and progress.unit
            else None,
            texts.say("path.milestone", words=texts.words(one.stage.milestone)),
        )
        for n, one in enumerate(progress.stages, 1)
    ]
    return Message(
        paragraphs(
            texts.say("path.head", title=texts.words(curriculum.title)),
            texts.words(curriculum.summary),
            *stages,
            _principles(shown, texts),
            finish_line(shown.forecast, texts),
        ),
        _path_buttons(shown, texts),
        picture=path_picture(shown, texts) if progress.done else None,
    )


def _path_buttons(shown: PathShown, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    curriculum = shown.curriculum
    stages = [
        Button(texts.label("button.stage", number=n), f"/path {curriculum.id}/{n}")
        for n in range(1, len(curriculum.stages) + 1)
    ]
    parts = _reading_buttons(curriculum, texts)
    if len(parts) > FEW_PARTS:
        label = texts.label("button.reading", parts=len(parts))
        parts = [Button(label, f"/path {curriculum.id}/{READING}")]
    if curriculum.choices:
        parts.append(Button(texts.label("button.choices"), "/choose"))
    others = [Button(texts.plain(one.title), f"/path {one.id}") for one in shown.beside]
    return (*rows_of(stages, 4), *rows_of(parts, 2), *rows_of(others, 1))


def _reading_buttons(curriculum: Curriculum, texts: Texts) -> list[Button]:
    return [
        *(Button(texts.plain(one.title), f"/path {one.id}") for one in curriculum.sections),
        *(Button(texts.plain(one.title), f"/assess {one.id}") for one in curriculum.checklists),
    ]


@card.register
def _(shown: ReadingShown, texts: Texts) -> Message:
    return Message(
        texts.say("path.reading", title=texts.words(shown.curriculum.title)),
        rows_of(_reading_buttons(shown.curriculum, texts), 2),
    )


def _principles(shown: PathShown, texts: Texts) -> str | None:
    principles = shown.curriculum.principles
    if not principles:
        return None
    return lines(texts.say("path.principles"), *(f"• {texts.words(words)}" for words in principles))


def _points(points: Sequence[str]) -> list[str]:
    return [f"• {point}" for point in points]


def _listed(key: str, points: Sequence[str], texts: Texts) -> str | None:
    return lines(texts.say(key), *_points(points)) if points else None


def _topics(topics: Sequence[Topic], texts: Texts) -> list[str]:
    return [
        lines(
            f"**{texts.words(topic.title)}**",
            *_points([texts.words(point) for point in topic.points]),
        )
        for topic in topics
    ]


@card.register
def _(shown: StageShown, texts: Texts) -> Message:
    stage = shown.stage
    units = [Button(texts.plain(unit.title), f"/path {unit.id}") for unit in shown.units]
    projects = [
        Button(texts.label("button.project", title=texts.plain(one.title)), f"/path {one.id}")
        for one in shown.projects
    ]
    return Message(
        paragraphs(
            texts.say(
                "stage.head",
                number=shown.number,
                title=texts.words(stage.title),
                period=texts.words(stage.period),
            ),
            _listed("stage.goals", [texts.words(words) for words in stage.goals], texts),
            *_topics(stage.topics, texts),
            _listed("stage.criteria", [texts.words(words) for words in stage.criteria], texts),
            texts.say("path.milestone", words=texts.words(stage.milestone)),
            resource_lines(shown.resources, texts),
            texts.say("stage.units"),
        ),
        (
            *rows_of([*units, *projects], 1),
            (
                Button(texts.label("button.assess"), f"/assess {shown.number}"),
                Button(texts.label("button.path"), f"/path {shown.curriculum.id}"),
            ),
        ),
    )


@card.register
def _(shown: UnitShown, texts: Texts) -> Message:
    unit = shown.unit
    tasks = [
        texts.say(
            "unit.done" if task.id in shown.done else "unit.task",
            title=task_name(task, texts),
            minutes=task.minutes,
        )
        for task in unit.tasks
    ]
    return Message(
        paragraphs(
            texts.say("unit.head", title=texts.words(unit.title), tasks=len(unit.tasks)),
            *_topics(unit.topics, texts),
            _listed("stage.criteria", [texts.words(words) for words in unit.criteria], texts),
            texts.say("path.milestone", words=texts.words(unit.milestone))
            if unit.milestone
            else None,
            lines(texts.say("unit.tasks"), *tasks),
            resource_lines(shown.resources, texts),
        ),
        (_back_to_stage(shown.curriculum, shown.stage_number, texts),),
    )


def _back_to_stage(curriculum: Curriculum, number: int, texts: Texts) -> tuple[Button, ...]:
    return (
        Button(texts.label("button.stage", number=number), f"/path {curriculum.id}/{number}"),
        Button(texts.label("button.path"), f"/path {curriculum.id}"),
    )


@card.register
def _(shown: ProjectShown, texts: Texts) -> Message:
    project = shown.project

    def listed(key: str, words: Sequence[Words]) -> str | None:
        return _listed(key, [texts.words(one) for one in words], texts)

    diagram = f"```\n{texts.plain(project.diagram).strip()}\n```" if project.diagram else None
    return Message(
        paragraphs(
            f"**{texts.words(project.title)}**",
            texts.words(project.summary),
            listed("project.functions", project.functions),
            listed("project.stack", project.stack),
            diagram,
            listed("stage.criteria", project.criteria),
            listed("project.deliverables", project.deliverables),
        ),
        (_back_to_stage(shown.curriculum, shown.stage_number, texts),),
    )


@card.register
def _(shown: SectionShown, texts: Texts) -> Message:
    section = shown.section
    code = f"```\n{section.code.strip()}\n```" if section.code else None
    template = f"```\n{texts.plain(section.template).strip()}\n```" if section.template else None
    return Message(
        paragraphs(
            f"**{texts.words(section.title)}**",
            lines(*_points([texts.words(point) for point in section.points])),
            code,
            template,
            resource_lines(shown.resources, texts),
        ),
        (
            (
                Button(texts.label("button.other_parts"), f"/path {shown.curriculum.id}/{READING}"),
                Button(texts.label("button.path"), f"/path {shown.curriculum.id}"),
            ),
        ),
    )
