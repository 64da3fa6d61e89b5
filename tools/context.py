"""Who a tool acts for, where and when. The model cannot name or change any of it."""

from dataclasses import dataclass
from datetime import date, datetime

from learning.calendar import local_day
from learning.catalogue import Catalogue
from learning.curriculum import Curriculum
from learning.errors import Refused
from learning.rhythm import Rhythm
from store.enrolments import Enrolment, active_enrolment
from store.learners import Learner
from store.script import Script


@dataclass(frozen=True, slots=True)
class Context:
    """`address` is where the turn happens; `now` the instant it is dealt with."""

    learner: Learner
    catalogue: Catalogue
    address: str
    now: datetime

    @property
    def today(self) -> date:
        return local_day(self.now, self.learner.zone)


@dataclass(frozen=True, slots=True)
class Study:
    """What the learner follows just now."""

    enrolment: Enrolment
    curriculum: Curriculum
    rhythm: Rhythm


def study_of(context: Context) -> Script[Study | None]:
    enrolment = yield from active_enrolment(context.learner.id)
    if enrolment is None or enrolment.curriculum not in context.catalogue.curricula:
        return None
    curriculum = context.catalogue.curricula[enrolment.curriculum]
    return Study(enrolment, curriculum, context.catalogue.rhythm_of(curriculum))


def need_study(context: Context) -> Script[Study]:
    """What the learner follows.

    Raises:
        Refused: when they follow nothing yet.
    """
    study = yield from study_of(context)
    if study is None:
        raise Refused("enrolment.none")
    return study
