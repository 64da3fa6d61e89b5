"""Show and change how the mentor treats a learner: language, zone, times, minutes, pauses."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from learning.absence import WayBack, lighter, way_back
from learning.calendar import WEEKDAYS, QuietHours, instant, local_day, zone_named
from learning.errors import Refused
from learning.plan import finish_day
from learning.pushes import Push
from learning.rhythm import Minutes, scaled
from store.clocks import next_due, set_clock
from store.enrolments import end_pauses, note_return, pause, set_pace, skip
from store.learners import (
    Learner,
    learner_with,
    set_announcements,
    set_language,
    set_looked_after,
    set_pictures,
    set_pushes,
    set_quiet_days,
    set_times,
    set_zone,
)
from store.script import Script
from tools.context import Context, Study, need_study, study_of
from tools.passed import DayFor, DayPassed, MomentPassed, day_passed, moment_passed
from tools.plan import Arguments
from tools.schedule import next_plan_at, set_clocks

DayMinutes = Annotated[int, Field(ge=0, le=960)]
WeekMinutes = tuple[
    DayMinutes, DayMinutes, DayMinutes, DayMinutes, DayMinutes, DayMinutes, DayMinutes
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
LONGEST_SNOOZE = timedelta(days=7)
HoursAWeek = Annotated[float, Field(ge=0, le=10_000)]
# More is no plan of anybody's; it is asked back.
MOST_HOURS = 80


class ChangeSettings(Arguments):
    """Only what the learner asked to change; nothing at all shows the settings."""

    language: Literal["zh", "en"] | None = None
    zone: str | None = Field(None, description="IANA name, such as Asia/Shanghai.")
    push_at: time | None = Field(None, description="Local time of the morning plan, HH:MM.")
    evening_at: time | None = Field(None, description="Local time of the evening check-in, HH:MM.")
    quiet_from: time | None = Field(None, description="Start of the quiet hours, HH:MM.")
    quiet_to: time | None = Field(None, description="End of the quiet hours, HH:MM.")
    hours_a_week: HoursAWeek | None = None
    weekday_minutes: WeekMinutes | None = Field(None, description="Minutes for Monday to Sunday.")
    pushes: bool | None = Field(None, description="Whether the mentor speaks first at all.")
    announcements: bool | None = Field(
        None, description="Whether news of whoever runs the mentor is wanted."
    )
    looked_after: bool | None = Field(
        None, description="Whether an operator may ask after them when they are long silent."
    )
    pictures: Literal["light", "dark", "off", "auto"] | None = Field(
        None, description="What pictures look like; off for none, auto for what suits the chat."
    )
    pause_days: Annotated[int, Field(ge=1, le=365)] | None = None
    pause_until: date | None = Field(None, description="First day of work after a pause.")
    pause: bool | None = Field(None, description="True: pause until the learner resumes.")
    resume: bool | None = None
    quiet_days: tuple[Weekday, ...] | None = Field(
        None,
        description="Weekdays on which nothing is sent, added to those already quiet; an empty "
        "list for none at all.",
    )
    speaking_days: tuple[Weekday, ...] | None = Field(
        None, description="Weekdays that are no longer quiet."
    )
    snooze_minutes: Annotated[int, Field(ge=5, le=720)] | None = Field(
        None, description="Bring the plan again after this many minutes."
    )
    snooze_until: datetime | None = Field(
        None,
        description="Bring the plan again at this local time, without a zone; at most 7 days on.",
    )
    way_back: WayBack | None = Field(None, description="The way on chosen after an absence.")


@dataclass(frozen=True, slots=True)
class SettingsShown:
    """The settings as the database holds them after `changed`.

    `finish_before` and `finish` differ when the change moved the end of the curriculum.
    `skipped` counts the optional tasks that were left out. `was_moved` is true when the moment
    asked for lies in quiet hours, so that the plan comes after them. `may_ask_person` is true
    where operators can be reached.
    """

    changed: frozenset[str]
    learner: Learner
    minutes: Minutes | None
    paused_until: date | None
    is_paused: bool
    next_push: datetime | None
    snoozed_until: datetime | None
    finish_before: date | None
    finish: date | None
    skipped: int
    way_back: WayBack | None
    was_moved: bool = False
    may_ask_person: bool = False


def change_settings(
    context: Context, wanted: ChangeSettings
) -> Script[SettingsShown | DayPassed | MomentPassed]:
    """Change what is asked for and show it; a time that has passed is asked back instead."""
    passed = _passed(context, wanted)
    if passed is not None:
        return passed
    changed = frozenset(wanted.model_fields_set)
    before = yield from study_of(context)
    finish_before = _finish(before, context.today)
    skipped = 0
    snoozed_until = None
    was_moved = False
    yield from _change_learner(context, wanted)
    if _concerns_the_plan(wanted):
        study = yield from need_study(context)
        yield from _change_plan(context, study, wanted)
    if wanted.way_back is not None:
        study = yield from need_study(context)
        skipped = yield from _go_back(context, study, wanted.way_back)
    if changed:
        yield from set_clocks(context.learner.id, context.now)
    if wanted.snooze_minutes is not None or wanted.snooze_until is not None:
        # There must be a plan to bring again: a promise is kept.
        yield from need_study(context)
    if wanted.snooze_minutes is not None:
        snoozed_until = yield from _snooze(context, wanted.snooze_minutes)
    if wanted.snooze_until is not None:
        snoozed_until, was_moved = yield from _snooze_until(context, wanted.snooze_until)
    shown = yield from _shown(
        context, changed, finish_before, skipped, snoozed_until, wanted.way_back
    )
    return replace(shown, was_moved=was_moved)


def _passed(context: Context, wanted: ChangeSettings) -> DayPassed | MomentPassed | None:
    """What lies behind the learner, though it was meant to come."""
    until = wanted.pause_until
    if until is not None and not wanted.pause_days and until <= context.today:
        return day_passed(until, context.today, DayFor.PAUSE)
    if wanted.snooze_until is None:
        return None
    now = context.now.astimezone(context.learner.zone).replace(tzinfo=None)
    moment = _wall(context, wanted.snooze_until)
    if moment > now:
        return None
    return moment_passed(moment, now, context.learner.quiet)


def _wall(context: Context, moment: datetime) -> datetime:
    """A moment by the learner's clock, even if it was given with a zone."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(context.learner.zone)
    return moment.replace(tzinfo=None, second=0, microsecond=0)


def _change_learner(context: Context, wanted: ChangeSettings) -> Script[None]:
    learner = context.learner
    if wanted.pictures is not None:
        yield from set_pictures(learner.id, "" if wanted.pictures == "auto" else wanted.pictures)
    if wanted.looked_after and not context.has_operators:
        raise Refused("human.nobody")
    if wanted.looked_after is not None:
        yield from set_looked_after(learner.id, on=wanted.looked_after)
    if wanted.announcements is not None:
        yield from set_announcements(learner.id, on=wanted.announcements)
    if wanted.language is not None:
        yield from set_language(learner.id, wanted.language)
    if wanted.zone is not None:
        yield from set_zone(learner.id, zone_named(wanted.zone))
    if wanted.pushes is not None:
        yield from set_pushes(learner.id, on=wanted.pushes)
    if wanted.quiet_days is not None or wanted.speaking_days is not None:
        yield from set_quiet_days(learner.id, _quiet_days(learner, wanted))
    quiet = QuietHours(
        wanted.quiet_from or learner.quiet.start, wanted.quiet_to or learner.quiet.end
    )
    for at in (wanted.push_at, wanted.evening_at):
        quiet = _without(quiet, at) if at is not None else quiet
    yield from set_times(
        learner.id,
        push_at=_outside(quiet, wanted.push_at or learner.push_at),
        evening_at=_outside(quiet, wanted.evening_at or learner.evening_at),
        quiet=quiet,
    )


def _quiet_days(learner: Learner, wanted: ChangeSettings) -> frozenset[int]:
    """The quiet days as they are to be.

    Raises:
        Refused: when no day would be left to speak on.
    """
    before = frozenset() if wanted.quiet_days == () else learner.quiet_days
    more = {WEEKDAYS.index(day) for day in wanted.quiet_days or ()}
    fewer = {WEEKDAYS.index(day) for day in wanted.speaking_days or ()}
    days = (before - fewer) | more
    if len(days) == len(WEEKDAYS):
        raise Refused("settings.all_days_quiet")
    return days


def _without(quiet: QuietHours, at: time) -> QuietHours:
    """Quiet hours that give way to a push time the learner asked for."""
    if not quiet.cover(at):
        return quiet
    if at >= time(12):
        after = (datetime.combine(date.min, at) + timedelta(minutes=30)).time()
        return QuietHours(after, quiet.end)
    return QuietHours(quiet.start, at)


def _outside(quiet: QuietHours, at: time) -> time:
    """A push time that gives way to quiet hours the learner asked for.

    It waits until they end, but an evening is not put off until morning.
    """
    if not quiet.cover(at):
        return at
    if quiet.start < quiet.end or at < time(12):
        return quiet.end
    return (datetime.combine(date(2000, 1, 1), quiet.start) - timedelta(hours=1)).time()


def _concerns_the_plan(wanted: ChangeSettings) -> bool:
    return bool(
        wanted.hours_a_week
        or wanted.weekday_minutes
        or wanted.pause_days
        or wanted.pause_until
        or wanted.pause
        or wanted.resume
    )


def _change_plan(context: Context, study: Study, wanted: ChangeSettings) -> Script[None]:
    enrolment, today = study.enrolment.id, context.today
    minutes = wanted_minutes(wanted.hours_a_week, wanted.weekday_minutes, study.rhythm.minutes)
    if minutes is not None:
        yield from set_pace(enrolment, today, minutes)
    until = today + timedelta(days=wanted.pause_days) if wanted.pause_days else wanted.pause_until
    if until is not None or wanted.pause:
        yield from pause(enrolment, today, until)
    elif wanted.resume:
        yield from end_pauses(enrolment, today)


def wanted_minutes(
    hours_a_week: float | None, weekday_minutes: Minutes | None, shape: Minutes
) -> Minutes | None:
    """Minutes for Monday to Sunday as asked for; a number of hours takes the rhythm's shape.

    Raises:
        Refused: when the week would hold less than a quarter of an hour, or more than anybody has.
    """
    if weekday_minutes is not None:
        need_fair_week(sum(weekday_minutes))
        return weekday_minutes
    if hours_a_week is None:
        return None
    need_fair_week(round(hours_a_week * 60))
    return scaled(shape, round(hours_a_week * 60))


def need_fair_week(minutes: int) -> None:
    """Let so many minutes a week be, if a plan can be made of them.

    Raises:
        Refused: naming what is possible.
    """
    if minutes < 15:
        raise Refused("settings.too_few_minutes")
    if minutes > MOST_HOURS * 60:
        raise Refused("settings.too_many_hours", most=MOST_HOURS)


def _go_back(context: Context, study: Study, way: WayBack) -> Script[int]:
    record = study.enrolment.record
    offered = way_back(study.curriculum, study.rhythm, record, context.today)
    if way is WayBack.LIGHTER:
        pace = lighter(record.pace_on(context.today))
        yield from set_pace(study.enrolment.id, context.today, pace)
    yield from note_return(study.enrolment.id, context.today, way.value)
    skips = next(option.skips for option in offered.options if option.way is way)
    yield from skip(study.enrolment.id, skips, context.today)
    return len(skips)


def _snooze(context: Context, minutes: int) -> Script[datetime]:
    """Bring today's plan again later; when that is night or tomorrow, the next plan will do."""
    learner = yield from learner_with(context.learner.id)
    at = context.now + timedelta(minutes=minutes)
    is_today = local_day(at, learner.zone) == context.today
    if not is_today or learner.quiet.cover(at.astimezone(learner.zone).time()):
        return next_plan_at(learner, context.now, 1)
    yield from set_clock(learner.id, Push.SNOOZE, at)
    return at


def _snooze_until(context: Context, wanted: datetime) -> Script[tuple[datetime, bool]]:
    """Bring the plan at a moment of the learner's choice, on a quiet day as well.

    Quiet hours are kept; then the plan comes when they end, and the second value is true.

    Raises:
        Refused: when it is further ahead than a week.
    """
    learner = yield from learner_with(context.learner.id)
    moment = _wall(context, wanted)
    is_moved = learner.quiet.cover(moment.time())
    day = moment.date()
    if is_moved:
        day += timedelta(days=moment.time() >= learner.quiet.end)
        moment = datetime.combine(day, learner.quiet.end)
    at = instant(moment.date(), moment.time(), learner.zone)
    if moment.date() - context.today > LONGEST_SNOOZE:
        raise Refused("settings.snooze_too_far", day=wanted.date())
    yield from set_clock(learner.id, Push.SNOOZE, at)
    return at, is_moved


def _finish(study: Study | None, today: date) -> date | None:
    if study is None:
        return None
    return finish_day(study.curriculum, study.rhythm, study.enrolment.record, today)


def _shown(
    context: Context,
    changed: frozenset[str],
    finish_before: date | None,
    skipped: int,
    snoozed_until: datetime | None,
    way: WayBack | None,
) -> Script[SettingsShown]:
    """Read everything back; the confirmation says this and nothing else."""
    learner = yield from learner_with(context.learner.id)
    study = yield from study_of(context)
    today = local_day(context.now, learner.zone)
    clocks = yield from next_due(learner.id)
    record = study.enrolment.record if study else None
    pauses = [pause for pause in record.pauses if pause.covers(today)] if record else []
    return SettingsShown(
        changed=changed,
        learner=learner,
        minutes=record.pace_on(today) if record else None,
        paused_until=pauses[-1].until if pauses else None,
        is_paused=bool(pauses),
        next_push=next((due.due_at for due in clocks if due.push is Push.PLAN), None),
        snoozed_until=snoozed_until,
        finish_before=finish_before,
        finish=_finish(study, today),
        skipped=skipped,
        way_back=way,
        may_ask_person=context.has_operators,
    )
