"""The week looked back on: what was planned and done, and what next week might be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from learning.plan import Record, minutes_for_tasks
from learning.progress import week_of
from learning.rhythm import Minutes, Rhythm, scaled

# Under this share of the planned minutes the plan, not the learner, is too big.
TOO_MUCH = 0.6
# Whoever gives themselves no more than this somewhere is not at ease.
IN_DOUBT = 0.34
LEAST_MINUTES_A_WEEK = 60
# Two days say nothing about a week.
ENOUGH_DAYS = 3


class Advice(StrEnum):
    """What is proposed for next week."""

    LESS = "less"
    SAME = "same"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Week:
    """One week's work; minutes count the curriculum's tasks, without habits.

    `days` had something finished on them, `days_planned` had minutes for it.
    """

    monday: date
    tasks: int
    minutes: int
    planned: int
    days: int
    days_planned: int


def week_done(minutes_of: Mapping[str, int], rhythm: Rhythm, record: Record, today: date) -> Week:
    """What was finished since Monday, beside what the days up to today had room for."""
    days = [day for day in week_of(today) if day <= today]
    done = [one for one in record.all_completions.values() if one.day in days]
    rooms = [minutes_for_tasks(rhythm, record, day) for day in days]
    return Week(
        days[0],
        tasks=len(done),
        minutes=sum(minutes_of.get(one.task, 0) for one in done),
        planned=sum(rooms),
        days=len({one.day for one in done}),
        days_planned=sum(room > 0 for room in rooms),
    )


def advice_for(week: Week, lowest: float) -> Advice:
    """Less when the week was far too full, more when it was done with ease.

    `lowest` is the weakest answer of the weekly check, 0 to 1: nobody who doubts what they
    learned is sent faster.
    """
    if week.days_planned < ENOUGH_DAYS:
        return Advice.SAME
    was_full = week.minutes < TOO_MUCH * week.planned
    if was_full or (lowest <= IN_DOUBT and week.minutes < week.planned):
        return Advice.LESS
    if week.minutes >= week.planned and lowest >= TOO_MUCH:
        return Advice.MORE
    return Advice.SAME


def next_week(advice: Advice, week: Week, minutes: Minutes) -> Minutes:
    """Next week's minutes by the advice: what was managed, the same, or an hour more."""
    whole = sum(minutes)
    if advice is Advice.LESS:
        managed = round(whole * max(week.minutes / week.planned, 0.3) / 30) * 30
        return scaled(minutes, min(whole, max(LEAST_MINUTES_A_WEEK, managed)))
    if advice is Advice.MORE:
        return scaled(minutes, whole + 60)
    return minutes
