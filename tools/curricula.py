"""List the curricula and start one: the first five taps."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field

from learning.calendar import local_day, zone_named
from learning.curriculum import Curriculum, Task
from learning.errors import Refused
from learning.knowledge import already_known, known_concepts
from learning.plan import Pace, Record, finish_day
from learning.rhythm import Minutes, scaled
from store.enrolments import enrol, leave, past_tasks, pause, set_pace, skip
from store.learners import Learner, learner_with, set_language, set_zone
from store.script import Script, nothing
from tools.context import Context, Study, finished_tasks, need_study, study_of
from tools.plan import Arguments, DayShown, day_shown
from tools.schedule import set_clocks, stop_clocks
from tools.settings import HoursAWeek, WeekMinutes, wanted_minutes

LATEST_START = timedelta(days=365)
# A day holds three tasks at most, so that more curricula than that would starve.
MOST_AT_ONCE = 3


class ListCurricula(Arguments):
    pass


class StartCurriculum(Arguments):
    """What is known so far; what is missing is asked for, one thing at a time."""

    confirmed: bool = Field(default=False, description="Language and zone were confirmed.")
    language: Literal["zh", "en"] | None = None
    zone: str | None = Field(None, description="IANA name.")
    curriculum: str | None = Field(None, description="A curriculum's id.")
    hours_a_week: HoursAWeek | None = None
    weekday_minutes: WeekMinutes | None = Field(None, description="Minutes for Monday to Sunday.")
    start: date | None = None
    replace: bool = Field(default=False, description="Leave the curriculum followed now.")
    beside: bool = Field(
        default=False, description="Follow it beside the present one, sharing its minutes."
    )


class LeaveCurriculum(Arguments):
    """Stop following a curriculum; what was done in it stays known."""

    curriculum: str | None = Field(
        None, description="Its id; not needed when only one is followed."
    )
    confirmed: bool = False


class LeaveOutKnown(Arguments):
    """Leave out the reading whose concepts the learner knows from another curriculum."""


class Step(StrEnum):
    CONFIRM = "confirm"
    CURRICULUM = "curriculum"
    HOURS = "hours"
    START = "start"


@dataclass(frozen=True, slots=True)
class HoursOption:
    hours: int
    finish: date | None


@dataclass(frozen=True, slots=True)
class StartAsked:
    """The next question of the first day, with what is known and what can be chosen.

    `passed` is a day that was named for the start, but lies behind.
    """

    step: Step
    known: StartCurriculum
    learner: Learner
    now: datetime
    today: date
    curricula: tuple[Curriculum, ...]
    hours: tuple[HoursOption, ...]
    passed: date | None = None
    minimum_age: int | None = None


@dataclass(frozen=True, slots=True)
class SwitchAsked:
    """Another curriculum is followed now; leaving it wants a yes."""

    current: Curriculum
    wanted: Curriculum
    known: StartCurriculum
    can_join: bool


@dataclass(frozen=True, slots=True)
class KnownAhead:
    """Reading of a curriculum about what the learner knows from elsewhere."""

    curriculum: Curriculum
    tasks: tuple[Task, ...]

    @property
    def minutes(self) -> int:
        return sum(task.minutes for task in self.tasks)


@dataclass(frozen=True, slots=True)
class CurriculumStarted:
    learner: Learner
    curriculum: Curriculum
    shown: DayShown
    known: KnownAhead | None


@dataclass(frozen=True, slots=True)
class KnownLeftOut:
    known: KnownAhead
    finish_before: date | None
    shown: DayShown


@dataclass(frozen=True, slots=True)
class LeaveAsked:
    """Leaving wants a yes; `choices` are those followed, when it was not said which."""

    choices: tuple[Curriculum, ...]


@dataclass(frozen=True, slots=True)
class CurriculumLeft:
    left: Curriculum
    shown: DayShown | None


@dataclass(frozen=True, slots=True)
class CurriculaListed:
    curricula: tuple[Curriculum, ...]
    followed: tuple[str, ...]


def list_curricula(context: Context, _: ListCurricula) -> Script[CurriculaListed]:
    study = yield from study_of(context)
    return CurriculaListed(
        tuple(context.catalogue.curricula.values()),
        tuple(one.curriculum.id for one in study.all) if study else (),
    )


Started = StartAsked | SwitchAsked | CurriculumStarted | DayShown


def start_curriculum(context: Context, known: StartCurriculum) -> Script[Started]:
    if known.language is not None:
        yield from set_language(context.learner.id, known.language)
    if known.zone is not None:
        yield from set_zone(context.learner.id, zone_named(known.zone))
    learner = yield from learner_with(context.learner.id)
    today = local_day(context.now, learner.zone)
    study = yield from study_of(context)
    followed = {one.curriculum.id for one in study.all} if study else set()
    if study is not None and (known.curriculum is None or known.curriculum in followed):
        return day_shown(study, today)
    if known.curriculum is not None:
        wanted = _curriculum(context, known.curriculum)
        if study is not None and not (known.replace or known.beside):
            can_join = len(study.all) < MOST_AT_ONCE
            return SwitchAsked(study.curriculum, wanted, known, can_join=can_join)
        if study is not None and known.beside:
            return (yield from _joined(context, study, wanted, learner, known.start or today))
    passed = known.start if known.start is not None and known.start < today else None
    if passed is not None:
        known = known.model_copy(update={"start": None})
    # A week that cannot be is asked back now, and not after the last question.
    wanted_minutes(known.hours_a_week, known.weekday_minutes, (1, 1, 1, 1, 1, 1, 1))
    missing = _missing(known, has_study=study is not None)
    if missing is not None:
        asked = yield from _asked(context, missing, known, learner, today)
        return replace(asked, passed=passed)
    return (yield from _enrolled(context, known, learner, today, study))


def _missing(known: StartCurriculum, *, has_study: bool) -> Step | None:
    if not known.confirmed and not has_study and known.curriculum is None:
        return Step.CONFIRM
    if known.curriculum is None:
        return Step.CURRICULUM
    if known.hours_a_week is None and known.weekday_minutes is None:
        return Step.HOURS
    return Step.START if known.start is None else None


def _curriculum(context: Context, id: str) -> Curriculum:
    if id not in context.catalogue.curricula:
        raise Refused("curriculum.unknown", id=id)
    return context.catalogue.curricula[id]


def _asked(
    context: Context, step: Step, known: StartCurriculum, learner: Learner, today: date
) -> Script[StartAsked]:
    hours: tuple[HoursOption, ...] = ()
    if step is Step.HOURS and known.curriculum is not None:
        curriculum = _curriculum(context, known.curriculum)
        hours = tuple(
            HoursOption(count, _finish_at(context, curriculum, count, today))
            for count in sorted({5, 7, curriculum.hours, 15})
        )
    asked = StartAsked(
        step,
        known,
        learner,
        context.now,
        today,
        tuple(context.catalogue.curricula.values()),
        hours,
        minimum_age=context.minimum_age,
    )
    return (yield from nothing(asked))


def _finish_at(context: Context, curriculum: Curriculum, hours: int, today: date) -> date | None:
    rhythm = context.catalogue.rhythm_of(curriculum)
    record = Record(today, [Pace(today, scaled(rhythm.minutes, hours * 60))])
    return finish_day(curriculum, rhythm, record, today)


def _enrolled(
    context: Context, known: StartCurriculum, learner: Learner, today: date, study: Study | None
) -> Script[CurriculumStarted]:
    curriculum = _curriculum(context, known.curriculum or "")
    start = known.start or today
    if start - today > LATEST_START:
        raise Refused("date.too_far", date=start)
    shape = context.catalogue.rhythm_of(curriculum).minutes
    minutes: Minutes | None = wanted_minutes(known.hours_a_week, known.weekday_minutes, shape)
    if study is not None:
        yield from _leave(study, study, today, minutes or shape)
    yield from enrol(learner.id, curriculum.id, curriculum.version, start, minutes or shape)
    yield from set_clocks(learner.id, context.now, start)
    return (yield from _started(context, learner, curriculum, today))


def _joined(
    context: Context, study: Study, curriculum: Curriculum, learner: Learner, start: date
) -> Script[CurriculumStarted]:
    """Follow a curriculum beside the others; it begins now and takes its share of their days."""
    if len(study.all) >= MOST_AT_ONCE:
        raise Refused("curricula.too_many", most=MOST_AT_ONCE)
    if start != context.today:
        raise Refused("curricula.beside_begins_today")
    minutes = study.enrolment.record.pace_on(start)
    yield from enrol(learner.id, curriculum.id, curriculum.version, start, minutes)
    return (yield from _started(context, learner, curriculum, start))


def _started(
    context: Context, learner: Learner, curriculum: Curriculum, today: date
) -> Script[CurriculumStarted]:
    study = yield from study_of(context)
    if study is None:
        raise LookupError("enrolments: expected the new enrolment, found none")
    known = yield from _known_ahead(context, study, curriculum)
    return CurriculumStarted(learner, curriculum, day_shown(study, today), known)


def _known_ahead(
    context: Context, study: Study, curriculum: Curriculum
) -> Script[KnownAhead | None]:
    own = next(one for one in study.all if one.curriculum is curriculum)
    past = yield from past_tasks(context.learner.id, but=own.enrolment.id)
    known = known_concepts(finished_tasks(context, past))
    closed = own.enrolment.record.closed_before(context.today + timedelta(days=1))
    tasks = already_known(curriculum, known, closed)
    return KnownAhead(curriculum, tasks) if tasks else None


def leave_out_known(context: Context, _: LeaveOutKnown) -> Script[KnownLeftOut]:
    study = yield from need_study(context)
    newest = max(study.all, key=lambda one: one.enrolment.id)
    known = yield from _known_ahead(context, study, newest.curriculum)
    if known is None:
        raise Refused("curriculum.nothing_known")
    before = day_shown(study, context.today).forecast.finish
    ids = tuple(task.id for task in known.tasks)
    yield from skip(newest.enrolment.id, ids, context.today)
    after = yield from need_study(context)
    return KnownLeftOut(known, before, day_shown(after, context.today))


def leave_curriculum(
    context: Context, wanted: LeaveCurriculum
) -> Script[LeaveAsked | CurriculumLeft]:
    study = yield from need_study(context)
    named = [one for one in study.all if wanted.curriculum in {None, one.curriculum.id}]
    if not named:
        raise Refused("curriculum.not_followed", id=wanted.curriculum)
    if len(named) > 1 or not wanted.confirmed:
        return LeaveAsked(tuple(one.curriculum for one in named))
    left = named[0]
    yield from _leave(study, left, context.today, study.enrolment.record.pace_on(context.today))
    after = yield from study_of(context)
    if after is None:
        yield from stop_clocks(context.learner.id)
    return CurriculumLeft(left.curriculum, day_shown(after, context.today) if after else None)


def _leave(study: Study, left: Study, today: date, minutes: Minutes) -> Script[None]:
    """Leave one; when it was the first, the next takes over its minutes and pauses."""
    yield from leave(left.enrolment.id, today)
    if left.enrolment.id != study.enrolment.id or not study.beside:
        return
    heir = study.beside[0].enrolment.id
    yield from set_pace(heir, today, minutes)
    for one in study.enrolment.record.pauses:
        if one.until is None or one.until > today:
            yield from pause(heir, max(one.since, today), one.until)
