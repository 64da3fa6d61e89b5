"""A day off: a day or a few to come without tasks, taken only after a yes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic import Field

from learning.plan import Pause, finish_day
from store.enrolments import pause
from store.script import Script
from tools.context import Context, Study, need_study
from tools.passed import DayFor, DayPassed, day_passed
from tools.plan import Arguments

MOST_DAYS = 31


class TakeDayOff(Arguments):
    """From `day` on, as many `days` without tasks."""

    day: date = Field(description="The first day off, today or later.")
    days: int = Field(1, ge=1, le=MOST_DAYS)
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class DayOffAsked:
    """Nothing was changed; the ends are those of the whole plan, None when out of sight.

    `is_free` when there would be no tasks on these days anyway.
    """

    day: date
    days: int
    finish_before: date | None
    finish: date | None
    is_free: bool = False

    @property
    def last(self) -> date:
        return self.day + timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class DayOffTaken(DayOffAsked):
    """The days as the database now holds them."""


def take_day_off(
    context: Context, wanted: TakeDayOff
) -> Script[DayOffAsked | DayOffTaken | DayPassed]:
    """Ask whether these days are to be free and, after a yes, free them."""
    if wanted.day < context.today:
        return day_passed(wanted.day, context.today, DayFor.DAY_OFF)
    study = yield from need_study(context)
    asked = _asked(study, wanted, context.today)
    if asked.is_free or not wanted.confirmed:
        return asked
    yield from pause(study.enrolment.id, wanted.day, asked.last + timedelta(days=1))
    changed = yield from need_study(context)
    finish = finish_day(changed.curriculum, changed.rhythm, changed.enrolment.record, context.today)
    return DayOffTaken(wanted.day, wanted.days, asked.finish_before, finish)


def _asked(study: Study, wanted: TakeDayOff, today: date) -> DayOffAsked:
    record = study.enrolment.record
    off = Pause(wanted.day, wanted.day + timedelta(days=wanted.days))
    rested = replace(record, pauses=[*record.pauses, off])
    days = [wanted.day + timedelta(days=n) for n in range(wanted.days)]
    return DayOffAsked(
        wanted.day,
        wanted.days,
        finish_day(study.curriculum, study.rhythm, record, today),
        finish_day(study.curriculum, study.rhythm, rested, today),
        is_free=not any(record.minutes_on(day) for day in days),
    )
