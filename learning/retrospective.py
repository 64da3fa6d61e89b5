"""The week looked back on: what was planned and done, and what next week might be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from learning.course import minutes_by_day
from learning.plan import Record, minutes_for_tasks
from learning.progress import WEEK, week_of
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

    `since` is its first day. `days` had something finished on them, `days_planned` had minutes
    for it. `daily` has each day with the minutes done and those it had room for.
    """

    since: date
    tasks: int
    minutes: int
    planned: int
    days: int
    days_planned: int
    daily: tuple[tuple[date, int, int], ...] = ()


def week_done(minutes_of: Mapping[str, int], rhythm: Rhythm, record: Record, today: date) -> Week:
    """What was finished since Monday, beside what the days up to today had room for."""
    days = [day for day in week_of(today) if day <= today]
    return done_on(minutes_of, rhythm, record, days)


def last_days(today: date) -> tuple[date, ...]:
    """Seven days up to today: a whole week on any day, and Monday to Sunday on a Sunday."""
    return tuple(today - timedelta(days=n) for n in reversed(range(WEEK)))


def done_on(
    minutes_of: Mapping[str, int], rhythm: Rhythm, record: Record, days: Sequence[date]
) -> Week:
    """What was finished on some days, beside what they had room for."""
    done = [one for one in record.all_completions.values() if one.day in days]
    rooms = [minutes_for_tasks(rhythm, record, day) for day in days]
    by_day = minutes_by_day(minutes_of, record)
    worked = [by_day.get(day, 0) for day in days]
    return Week(
        days[0],
        tasks=len(done),
        minutes=sum(worked),
        planned=sum(rooms),
        days=len({one.day for one in done}),
        days_planned=sum(room > 0 for room in rooms),
        daily=tuple(zip(days, worked, rooms, strict=True)),
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


def as_of(record: Record, day: date) -> Record:
    """The record as it stood at the end of an earlier day.

    A pause that has ended since is known with its end, as nothing tells when that was set.
    """
    return replace(
        record,
        paces=[one for one in record.paces if one.since <= day] or record.paces[:1],
        pauses=[one for one in record.pauses if one.since <= day],
        completions={id: one for id, one in record.completions.items() if one.day <= day},
        postponements=[one for one in record.postponements if one.day <= day],
        skips=[one for one in record.skips if one.day <= day],
        returns=[one for one in record.returns if one <= day],
        picks=[one for one in record.picks if one.day <= day],
        companions=tuple(replace(one, record=as_of(one.record, day)) for one in record.companions),
    )


class Proposal(StrEnum):
    """The one thing a weekly review proposes."""

    RESUME = "resume"
    FINISHED = "finished"
    BLOCKER = "blocker"
    CONCEPT = "concept"
    REVIEW = "review"
    SMALL_STEP = "small_step"
    LESS = "less"
    MORE = "more"
    SAME = "same"


# Of cards that were due, fewer than this recalled asks for reviews before anything new.
LOW_RETENTION = 0.8
# Fewer answers say nothing about a share.
ENOUGH_REVIEWS = 5


@dataclass(frozen=True, slots=True)
class Signs:
    """What a proposal is computed from. `recalled` of `reviews` due cards; `due` wait today."""

    is_paused: bool
    is_finished: bool
    has_blocker: bool
    has_missed: bool
    reviews: int
    recalled: int
    due: int


def proposal_for(week: Week, lowest: float, signs: Signs) -> Proposal:
    """One proposal from the figures: what stands in the way first, then the amount of work.

    `lowest` is the weakest answer of the weekly check, 1 where it was not taken.
    """
    if signs.is_paused:
        return Proposal.RESUME
    if signs.is_finished:
        return Proposal.FINISHED
    if signs.has_blocker:
        return Proposal.BLOCKER
    if signs.has_missed:
        return Proposal.CONCEPT
    is_low = signs.recalled < LOW_RETENTION * signs.reviews and signs.reviews >= ENOUGH_REVIEWS
    if is_low and signs.due:
        return Proposal.REVIEW
    if not week.tasks:
        return Proposal.SMALL_STEP
    return Proposal(advice_for(week, lowest).value)
