"""Rhythms: which kinds of work fall on which days, and the habits that come back by themselves."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from learning.curriculum import Kind
from learning.values import Id, Value, Words

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Minutes = tuple[int, int, int, int, int, int, int]


def weekday(day: date) -> Weekday:
    return WEEKDAYS[day.weekday()]


class Slot(Value):
    """A part of the day and what it is for; shown to people."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    part: Literal["morning", "afternoon", "evening"]
    minutes: Annotated[int, Field(ge=5, le=600)]
    words: Words


class Habit(Value):
    """Work that returns every week or month and is never carried over.

    Its minutes are what remains of its share of the day, so `minutes` is the most it takes.
    """

    id: Id
    kind: Kind
    every: Literal["week", "month"]
    weekday: Weekday
    minutes: Annotated[int, Field(ge=5, le=240)]
    title: Words
    details: Words
    evidence: Words
    done_when: Words

    def falls_on(self, day: date) -> bool:
        """A monthly habit falls on the first such weekday of the month."""
        return weekday(day) == self.weekday and (self.every == "week" or day.day <= 7)


class Rhythm(Value):
    """`minutes` for Monday to Sunday; `project_days` offer project work first."""

    id: Id
    title: Words
    summary: Words
    minutes: Minutes
    project_days: tuple[Weekday, ...]
    slots: tuple[Slot, ...]
    habits: tuple[Habit, ...] = ()

    @model_validator(mode="after")
    def _minutes_are_days(self) -> Self:
        for name, minutes in zip(WEEKDAYS, self.minutes, strict=True):
            if not 0 <= minutes <= 960:
                raise ValueError(f"minutes for {name}: expected 0 to 960, found {minutes}")
        return self


def scaled(minutes: Minutes, minutes_a_week: int) -> Minutes:
    """The same week at another size.

    Rounded up to whole minutes, so that more minutes a week never mean fewer on any day.
    """
    whole = sum(minutes)
    mon, tue, wed, thu, fri, sat, sun = (-(-m * minutes_a_week // whole) for m in minutes)
    return (mon, tue, wed, thu, fri, sat, sun)
