"""List the curricula and start one: the first five taps."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field

from learning.calendar import local_day, zone_named
from learning.curriculum import Curriculum
from learning.errors import Refused
from learning.plan import Pace, Record, finish_day
from learning.rhythm import Minutes, scaled
from store.enrolments import enrol, leave
from store.learners import Learner, learner_with, set_language, set_zone
from store.script import Script, nothing
from tools.context import Context, Study, study_of
from tools.plan import Arguments, DayShown, day_shown
from tools.schedule import set_clocks
from tools.settings import HoursAWeek, WeekMinutes, wanted_minutes

LATEST_START = timedelta(days=365)


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
    """The next question of the first day, with what is known and what can be chosen."""

    step: Step
    known: StartCurriculum
    learner: Learner
    now: datetime
    today: date
    curricula: tuple[Curriculum, ...]
    hours: tuple[HoursOption, ...]


@dataclass(frozen=True, slots=True)
class SwitchAsked:
    """Another curriculum is followed now; leaving it wants a yes."""

    current: Curriculum
    wanted: Curriculum
    known: StartCurriculum


@dataclass(frozen=True, slots=True)
class CurriculumStarted:
    learner: Learner
    shown: DayShown


@dataclass(frozen=True, slots=True)
class CurriculaListed:
    curricula: tuple[Curriculum, ...]
    current: str | None


def list_curricula(context: Context, _: ListCurricula) -> Script[CurriculaListed]:
    study = yield from study_of(context)
    return CurriculaListed(
        tuple(context.catalogue.curricula.values()), study.curriculum.id if study else None
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
    if study is not None and known.curriculum in {None, study.curriculum.id}:
        return day_shown(study, today)
    if known.curriculum is not None:
        wanted = _curriculum(context, known.curriculum)
        if study is not None and not known.replace:
            return SwitchAsked(study.curriculum, wanted, known)
    missing = _missing(known, has_study=study is not None)
    if missing is not None:
        return (yield from _asked(context, missing, known, learner, today))
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
    if start < today:
        raise Refused("date.past", date=start.isoformat())
    if start - today > LATEST_START:
        raise Refused("date.too_far", date=start.isoformat())
    shape = context.catalogue.rhythm_of(curriculum).minutes
    minutes: Minutes | None = wanted_minutes(known.hours_a_week, known.weekday_minutes, shape)
    if study is not None:
        yield from leave(study.enrolment.id, today)
    yield from enrol(learner.id, curriculum.id, curriculum.version, start, minutes or shape)
    yield from set_clocks(learner.id, context.now, start)
    started = yield from study_of(context)
    if started is None:
        raise LookupError("enrolments: expected the new enrolment, found none")
    return CurriculumStarted(learner, day_shown(started, today))
