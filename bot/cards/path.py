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
)
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.plan import DailyPlan, PlannedTask, Standing
from tools.plan import (
    PathShown,
    SectionShown,
    StageShown,
    WeekShown,
)


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
            texts.say("week.head", curriculum=texts.words(shown.curriculum.title)),
            texts.words(shown.rhythm.summary),
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


def _remembered(plan: DailyPlan, today: date) -> DailyPlan:
    """A past day by what was done, not by what was not; other days as they are."""
    if plan.day >= today:
        return plan
    done = tuple(entry for entry in plan.tasks if entry.standing is Standing.DONE)
    return replace(plan, tasks=done)


def _week_line(entry: PlannedTask, texts: Texts) -> Markup:
    return texts.say(
        f"week.task_{entry.standing.value}",
        title=texts.words(entry.task.title),
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
    buttons = [
        Button(texts.label("button.stage", number=n), f"/path {n}")
        for n in range(1, len(stages) + 1)
    ]
    sections = [
        Button(texts.plain(section.title), f"/path {section.id}") for section in curriculum.sections
    ]
    return Message(
        paragraphs(
            texts.say("path.head", title=texts.words(curriculum.title)),
            texts.words(curriculum.summary),
            *stages,
            _principles(shown, texts),
            finish_line(shown.forecast, texts),
        ),
        (*rows_of(buttons, 4), *rows_of(sections, 2)),
    )


def _principles(shown: PathShown, texts: Texts) -> str | None:
    principles = shown.curriculum.principles
    if not principles:
        return None
    return lines(texts.say("path.principles"), *(f"• {texts.words(words)}" for words in principles))


@card.register
def _(shown: StageShown, texts: Texts) -> Message:
    stage = shown.stage

    def listed(key: str, points: Sequence[str]) -> str | None:
        return lines(texts.say(key), *(f"• {point}" for point in points)) if points else None

    topics = [
        lines(
            f"**{texts.words(topic.title)}**",
            *(f"• {texts.words(point)}" for point in topic.points),
        )
        for topic in stage.topics
    ]
    return Message(
        paragraphs(
            texts.say(
                "stage.head",
                number=shown.number,
                title=texts.words(stage.title),
                period=texts.words(stage.period),
            ),
            listed("stage.goals", [texts.words(words) for words in stage.goals]),
            *topics,
            listed("stage.units", [texts.words(unit.title) for unit in stage.units]),
            listed("stage.criteria", [texts.words(words) for words in stage.criteria]),
            texts.say("path.milestone", words=texts.words(stage.milestone)),
            resource_lines(shown.resources, texts),
        ),
        (
            (
                Button(texts.label("button.path"), "/path"),
                Button(texts.label("button.today"), "/today"),
            ),
        ),
    )


@card.register
def _(shown: SectionShown, texts: Texts) -> Message:
    section = shown.section
    code = f"```\n{section.code}\n```" if section.code else None
    return Message(
        paragraphs(
            f"**{texts.words(section.title)}**",
            lines(*(f"• {texts.words(point)}" for point in section.points)),
            code,
            resource_lines(shown.resources, texts),
        ),
        ((Button(texts.label("button.path"), "/path"),),),
    )
