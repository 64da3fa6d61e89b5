"""The pieces that cards are made of, and the table that finds a result's card."""

import re
from collections.abc import Sequence
from functools import singledispatch

from bot.message import Button, Message
from bot.texts import Markup, Texts
from learning.concepts import Concept
from learning.curriculum import Task
from learning.errors import MentorError
from learning.resources import Resource
from learning.rhythm import Habit
from tools.plan import (
    Forecast,
)

NUMBERS = "①②③④⑤⑥⑦⑧⑨"


@singledispatch
def card(result: object, texts: Texts) -> Message:  # noqa: ARG001 -- the shape of every card
    raise TypeError(f"cards: expected a tool's result, found {type(result).__name__}")


def error_card(error: MentorError, texts: Texts) -> Message:
    """A refusal or a failure as one kind sentence, with the next step where there is one."""
    key = error.key if texts.has(error.key) else "error.unexpected"
    values = getattr(error, "values", {})
    buttons: tuple[tuple[Button, ...], ...] = ()
    if key == "enrolment.none":
        buttons = ((Button(texts.label("button.start"), "/start"),),)
    return Message(texts.say(key, **values), buttons)


def lines(*parts: str | None) -> str:
    """Lines one below the other; a missing one leaves no gap."""
    return "\n".join(part for part in parts if part)


def paragraphs(*parts: str | None) -> str:
    return "\n\n".join(part for part in parts if part)


def filled(*rows: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    """Rows of buttons without the empty ones."""
    return tuple(row for row in rows if row)


def finish_line(forecast: Forecast, texts: Texts) -> Markup:
    """When it ends by the plan, and where the last weeks lead when that is elsewhere."""
    planned = _planned_finish(forecast, texts)
    if forecast.real is None:
        return planned
    real = texts.say(
        "forecast.real",
        hours=hours_of(forecast.real.minutes_a_week),
        finish=day_or_unknown(forecast.real.finish, texts),
    )
    return Markup(lines(planned, real))


def _planned_finish(forecast: Forecast, texts: Texts) -> Markup:
    hours = hours_of(forecast.minutes_a_week)
    if forecast.finish is None:
        return texts.say("forecast.unknown", hours=hours)
    if forecast.finish_with_an_hour_more and forecast.finish_with_an_hour_more < forecast.finish:
        saved = (forecast.finish - forecast.finish_with_an_hour_more).days
        return texts.say("forecast.with_more", hours=hours, finish=forecast.finish, saved=saved)
    return texts.say("forecast.plain", hours=hours, finish=forecast.finish)


def zone_words(key: str) -> str:
    """A zone as people say it: the sign of `Etc/GMT-8` is the opposite of UTC+8's."""
    found = re.fullmatch(r"Etc/GMT([+-])(\d+)", key)
    if found is None:
        return key
    return f"UTC{'+' if found[1] == '-' else '-'}{found[2]}"


def hours_of(minutes: int) -> str:
    """Hours to one decimal, or the half hour meant: a week of whole minutes is seldom round."""
    hours = minutes / 60
    half = round(hours * 2) / 2
    return f"{half if abs(hours - half) <= 0.15 else round(hours, 1):g}"


def day_or_unknown(day: object, texts: Texts) -> Markup:
    if day is None:
        return texts.say("forecast.out_of_sight")
    return texts.say("forecast.day", day=day)


def resource_lines(resources: Sequence[Resource], texts: Texts) -> str | None:
    if not resources:
        return None
    gap = "" if texts.language == "zh" else " "
    return lines(
        *(
            texts.say(
                "resource.line",
                title=_title(one, texts),
                price=texts.label(f"resource.price_{one.price}"),
                note=texts.words(one.note),
            )
            + (f"{gap}{texts.words(one.doubt)}" if one.doubt else "")
            for one in resources
        )
    )


def _title(resource: Resource, texts: Texts) -> Markup:
    title = texts.words(resource.title)
    return Markup(f"[{title}]({resource.url})" if resource.url else title)


def task_name(task: Task | Habit, texts: Texts) -> Markup:
    """A task's title, with the session where it has several."""
    title = texts.words(task.title)
    if isinstance(task, Habit) or task.sessions == 1:
        return title
    return texts.say("task.name", title=title, session=task.session, sessions=task.sessions)


def bar(done: int, whole: int, width: int = 10) -> Markup:
    filled = round(width * done / whole) if whole else 0
    if done and not filled:
        filled = 1
    return Markup("▓" * filled + "░" * (width - filled))


def concept_button(concept: Concept, texts: Texts) -> Button:
    return Button(
        texts.label("button.concept", name=texts.plain(concept.name)), f"/explain {concept.id}"
    )
