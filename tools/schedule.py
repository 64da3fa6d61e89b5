"""Set a learner's clocks: when the next planned push and the next evening are due."""

from datetime import date, datetime, timedelta

from learning.calendar import local_day, next_speaking
from learning.pushes import FAREWELL_AFTER, UNASKED, Push
from store.clocks import set_clock, stop_clock
from store.learners import Learner, learner_with, note_ignored
from store.script import Script


def set_clocks(learner_id: int, now: datetime, first_day: date | None = None) -> Script[None]:
    """Make the clocks fit the learner's zone and times as the database now holds them.

    The next planned push falls on a later local date than the last one, so that a change of zone
    or time never brings two on one date; nothing is due before `first_day`, nor on a quiet day.
    """
    learner = yield from learner_with(learner_id)
    if not learner.pushes_on:
        yield from stop_clock(learner_id, Push.PLAN)
        yield from stop_clock(learner_id, Push.EVENING)
        return
    today = local_day(now, learner.zone)
    after_last = learner.last_plan_day + timedelta(days=1) if learner.last_plan_day else today
    earliest = max(today, first_day or today)
    yield from set_clock(
        learner_id,
        Push.PLAN,
        next_speaking(
            now, max(earliest, after_last), learner.push_at, learner.zone, learner.quiet_days
        ),
    )
    yield from set_clock(learner_id, Push.EVENING, next_evening_at(learner, now, earliest))


def fall_silent(learner_id: int) -> Script[None]:
    """Stop speaking first, until the learner's next word sets the clocks again."""
    yield from note_ignored(learner_id, FAREWELL_AFTER)
    yield from stop_clocks(learner_id)


def stop_clocks(learner_id: int) -> Script[None]:
    for push in UNASKED:
        yield from stop_clock(learner_id, push)


def next_plan_at(learner: Learner, now: datetime, days: int) -> datetime:
    """When the planned push is due: `days` local days after today, or on the next that speaks."""
    first_day = local_day(now, learner.zone) + timedelta(days=days)
    return next_speaking(now, first_day, learner.push_at, learner.zone, learner.quiet_days)


def next_evening_at(learner: Learner, now: datetime, first_day: date) -> datetime:
    return next_speaking(now, first_day, learner.evening_at, learner.zone, learner.quiet_days)
