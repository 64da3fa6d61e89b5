"""A day or a moment that has passed where one to come is needed: asked back, never guessed."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from learning.calendar import QuietHours

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


class DayFor(StrEnum):
    """What the day was said for."""

    LATER = "later"
    PAUSE = "pause"
    DAY_OFF = "day_off"


@dataclass(frozen=True, slots=True)
class DayPassed:
    """Nothing was changed; `choices` are days that may have been meant, the nearest first."""

    day: date
    purpose: DayFor
    tasks: tuple[str, ...]
    choices: tuple[date, date]
    is_today: bool


@dataclass(frozen=True, slots=True)
class MomentPassed:
    """Nothing was changed; all are times of the learner's own clock."""

    moment: datetime
    choices: tuple[datetime, datetime]


def day_passed(day: date, today: date, purpose: DayFor, tasks: tuple[str, ...] = ()) -> DayPassed:
    """Offer the same weekday or the same day of a month to come, and a day soon."""
    alike = _same_weekday(day, today) if today - day < WEEK else _same_day_of_month(day, today)
    soon = today + DAY
    if purpose is DayFor.PAUSE or soon == alike:
        soon = today + timedelta(days=7 - today.weekday())
    if soon == alike:
        soon += WEEK
    return DayPassed(day, purpose, tasks, (min(alike, soon), max(alike, soon)), day == today)


def _same_weekday(day: date, today: date) -> date:
    return today + timedelta(days=(day.weekday() - today.weekday() - 1) % 7 + 1)


def _same_day_of_month(day: date, today: date) -> date:
    """The 31st is the 30th where a month has no more days."""
    year, month = today.year, today.month
    for _ in range(2):
        found = date(year, month, min(day.day, monthrange(year, month)[1]))
        if found > today:
            return found
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return today + DAY


def moment_passed(moment: datetime, now: datetime, quiet: QuietHours) -> MomentPassed:
    """Offer the next time the clock shows the same, and an hour from now or else the morning."""
    again = datetime.combine(now.date(), moment.time())
    if again <= now:
        again += DAY
    again = _out_of(quiet, again)
    soon = now.replace(second=0, microsecond=0) + timedelta(hours=1, minutes=-now.minute % 5)
    soon = _out_of(quiet, soon)
    if abs(again - soon) < timedelta(minutes=30):
        again = _out_of(quiet, again + DAY)
    return MomentPassed(moment, (min(again, soon), max(again, soon)))


def _out_of(quiet: QuietHours, moment: datetime) -> datetime:
    """The same moment, or the end of the quiet hours that it lies in."""
    if not quiet.cover(moment.time()):
        return moment
    end = datetime.combine(moment.date(), quiet.end)
    return end if end > moment else end + DAY
