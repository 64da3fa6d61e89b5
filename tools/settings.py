"""Show and change how the mentor treats a learner: language, zone, times, minutes, pauses."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from learning.absence import WayBack, lighter, way_back
from learning.calendar import QuietHours, local_day, next_local, zone_named
from learning.errors import Refused
from learning.plan import finish_day
from learning.pushes import Push
from learning.rhythm import Minutes, scaled
from store.clocks import next_due, set_clock
from store.enrolments import end_pauses, note_return, pause, set_pace, skip
from store.learners import (
    Learner,
    learner_with,
    set_language,
    set_pushes,
    set_times,
    set_zone,
)
from store.script import Script
from tools.context import Context, Study, need_study, study_of
from tools.plan import Arguments
from tools.schedule import set_clocks

DayMinutes = Annotated[int, Field(ge=0, le=960)]
WeekMinutes = tuple[
    DayMinutes, DayMinutes, DayMinutes, DayMinutes, DayMinutes, DayMinutes, DayMinutes
]
HoursAWeek = Annotated[float, Field(gt=0, le=100)]


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
    pause_days: Annotated[int, Field(ge=1, le=365)] | None = None
    pause_until: date | None = Field(None, description="First day of work after a pause.")
    pause: bool | None = Field(None, description="True: pause until the learner resumes.")
    resume: bool | None = None
    snooze_minutes: Annotated[int, Field(ge=5, le=720)] | None = Field(
        None, description="Bring today's plan again after this many minutes."
    )
    way_back: WayBack | None = Field(None, description="The way on chosen after an absence.")


@dataclass(frozen=True, slots=True)
class SettingsShown:
    """The settings as the database holds them after `changed`.

    `finish_before` and `finish` differ when the change moved the end of the curriculum.
    `skipped` counts the optional tasks that were left out.
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


def change_settings(context: Context, wanted: ChangeSettings) -> Script[SettingsShown]:
    changed = frozenset(wanted.model_fields_set)
    before = yield from study_of(context)
    finish_before = _finish(before, context.today)
    skipped = 0
    snoozed_until = None
    yield from _change_learner(context, wanted)
    if _concerns_the_plan(wanted):
        study = yield from need_study(context)
        yield from _change_plan(context, study, wanted)
    if wanted.way_back is not None:
        study = yield from need_study(context)
        skipped = yield from _go_back(context, study, wanted.way_back)
    if changed:
        yield from set_clocks(context.learner.id, context.now)
    if wanted.snooze_minutes is not None:
        snoozed_until = yield from _snooze(context, wanted.snooze_minutes)
    return (
        yield from _shown(context, changed, finish_before, skipped, snoozed_until, wanted.way_back)
    )


def _change_learner(context: Context, wanted: ChangeSettings) -> Script[None]:
    learner = context.learner
    if wanted.language is not None:
        yield from set_language(learner.id, wanted.language)
    if wanted.zone is not None:
        yield from set_zone(learner.id, zone_named(wanted.zone))
    if wanted.pushes is not None:
        yield from set_pushes(learner.id, on=wanted.pushes)
    quiet = QuietHours(
        wanted.quiet_from or learner.quiet.start, wanted.quiet_to or learner.quiet.end
    )
    for at in (wanted.push_at, wanted.evening_at):
        quiet = _without(quiet, at) if at is not None else quiet
    for at in (wanted.push_at or learner.push_at, wanted.evening_at or learner.evening_at):
        if quiet.cover(at):
            raise Refused("settings.in_quiet_hours", at=at.strftime("%H:%M"))
    yield from set_times(
        learner.id, push_at=wanted.push_at, evening_at=wanted.evening_at, quiet=quiet
    )


def _without(quiet: QuietHours, at: time) -> QuietHours:
    """Quiet hours that give way to a push time the learner asked for."""
    if not quiet.cover(at):
        return quiet
    if at >= time(12):
        after = (datetime.combine(date.min, at) + timedelta(minutes=30)).time()
        return QuietHours(after, quiet.end)
    return QuietHours(quiet.start, at)


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
    if until is not None and until <= today:
        raise Refused("date.past", date=until)
    if until is not None or wanted.pause:
        yield from pause(enrolment, today, until)
    elif wanted.resume:
        yield from end_pauses(enrolment, today)


def wanted_minutes(
    hours_a_week: float | None, weekday_minutes: Minutes | None, shape: Minutes
) -> Minutes | None:
    """Minutes for Monday to Sunday as asked for; a number of hours takes the rhythm's shape.

    Raises:
        Refused: when the week would hold less than a quarter of an hour.
    """
    if weekday_minutes is not None:
        if sum(weekday_minutes) < 15:
            raise Refused("settings.too_few_minutes")
        return weekday_minutes
    if hours_a_week is None:
        return None
    if hours_a_week * 60 < 15:
        raise Refused("settings.too_few_minutes")
    return scaled(shape, round(hours_a_week * 60))


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
        tomorrow = context.today + timedelta(days=1)
        return next_local(context.now, tomorrow, learner.push_at, learner.zone)
    yield from set_clock(learner.id, Push.SNOOZE, at)
    return at


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
    )
