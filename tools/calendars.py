"""The plan ahead as days for a calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from learning.calendar import days, instant
from learning.curriculum import Curriculum
from learning.errors import Refused
from learning.plan import PlannedTask, Standing
from store.enrolments import Enrolment
from store.script import Script
from tools.context import Context, need_study
from tools.export import only_in_private
from tools.plan import Arguments, day_shown, plans_as_expected

MOST_DAYS = 26 * 7


class ExportCalendar(Arguments):
    pass


@dataclass(frozen=True, slots=True)
class StudyDay:
    """One day with work. `uid` stays the same for the same day of the same enrolment.

    `start` is the learner's push time on their own clock.
    """

    uid: str
    start: datetime
    tasks: tuple[PlannedTask, ...]
    review_minutes: int

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.tasks) + self.review_minutes


@dataclass(frozen=True, slots=True)
class CalendarMade:
    """Days to come; `goes_on` is true when the plan is longer than a calendar holds."""

    curriculum: Curriculum
    days: tuple[StudyDay, ...]
    zone: ZoneInfo
    goes_on: bool
    at: datetime


def export_calendar(context: Context, _: ExportCalendar) -> Script[CalendarMade]:
    """The study days up to the day the plan ends, and no further than half a year.

    Raises:
        Refused: when there is nothing left to do, or no day to do it on.
    """
    only_in_private(context)
    study = yield from need_study(context)
    learner, today = context.learner, context.today
    shown = day_shown(study, today)
    if shown.is_finished:
        raise Refused("calendar.finished")
    first = max(today, shown.starts_on)
    wanted = tuple(days(first, MOST_DAYS))
    finish = shown.forecast.finish
    plans = plans_as_expected(study, today, wanted)
    found = []
    for plan in plans:
        tasks = tuple(one for one in plan.tasks if one.standing is not Standing.DONE)
        if tasks and (finish is None or plan.day <= finish):
            at = instant(plan.day, learner.push_at, learner.zone).astimezone(learner.zone)
            uid = _uid(study.enrolment, plan.day)
            found.append(StudyDay(uid, at, tasks, plan.review_minutes))
    if not found:
        raise Refused("calendar.nothing")
    goes_on = finish is None or finish > wanted[-1]
    return CalendarMade(study.curriculum, tuple(found), learner.zone, goes_on, context.now)


def _uid(enrolment: Enrolment, day: date) -> str:
    """A name that tells nothing of whose day it is, and is the same in every export."""
    whose = f"{enrolment.learner}/{enrolment.id}/{enrolment.curriculum}"
    begun = enrolment.record.started_on
    return f"{sha256(f'{whose}/{begun}/{day}'.encode()).hexdigest()[:32]}@mentor"
