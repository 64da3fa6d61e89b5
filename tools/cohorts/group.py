"""A cohort at an instant, and the context of nobody in which it looks things up."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from learning.calendar import QuietHours, local_day
from learning.catalogue import Catalogue
from learning.cohorts.week import concepts_of_week, units_of_week, weekly_minutes, weeks_of
from learning.curriculum import Curriculum, Unit
from learning.values import Language
from store.cohorts import Cohort
from store.learners import NOBODY, Learner
from tools.context import Context


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort as it is dealt with now."""

    cohort: Cohort
    catalogue: Catalogue
    now: datetime

    @property
    def today(self) -> date:
        return local_day(self.now, self.cohort.zone)

    @property
    def curriculum(self) -> Curriculum | None:
        """None when its author has taken it away since."""
        return self.catalogue.curricula.get(self.cohort.curriculum)

    @property
    def week(self) -> int:
        """The week of the curriculum, from 0; it ends with the last one."""
        return max(0, min(self.weeks_since(self.today), self.weeks - 1))

    @property
    def digest_day(self) -> int:
        """The weekday of the digest, or the last one before it on which the mentor speaks."""
        one = self.cohort
        days = ((one.digest_on - n) % 7 for n in range(7))
        return next((day for day in days if day not in one.quiet_days), one.digest_on)

    def weeks_since(self, day: date) -> int:
        return (day - self.cohort.started_on).days // 7

    @property
    def last_day(self) -> date:
        """The curriculum's last day; the digest on it or after it is the last."""
        return self.cohort.started_on + timedelta(days=7 * self.weeks - 1)

    @property
    def is_over(self) -> bool:
        return self.today > self.last_day

    @property
    def weeks(self) -> int:
        curriculum = self.curriculum
        return weeks_of(curriculum, self._minutes(curriculum)) if curriculum else 1

    def units_in(self, week: int) -> tuple[Unit, ...]:
        curriculum = self.curriculum
        return units_of_week(curriculum, self._minutes(curriculum), week) if curriculum else ()

    def concepts_in(self, week: int) -> tuple[str, ...]:
        curriculum = self.curriculum
        if curriculum is None:
            return ()
        return concepts_of_week(curriculum, self._minutes(curriculum), week)

    def _minutes(self, curriculum: Curriculum) -> int:
        return weekly_minutes(curriculum, self.catalogue.rhythm_of(curriculum))

    @property
    def as_nobody(self) -> Context:
        """A context to look things up for all in the group, in the group's language."""
        one = self.cohort
        return as_nobody(self.catalogue, one.address, self.now, one.language, one.zone)


def as_nobody(
    catalogue: Catalogue, place: str, now: datetime, language: Language, zone: ZoneInfo
) -> Context:
    """A context that is no learner's, for a place where all can read."""
    nobody = Learner(
        NOBODY,
        language,
        zone,
        home=place,
        push_at=time(8),
        evening_at=time(20),
        quiet=QuietHours(time(23), time(7)),
        pushes_on=False,
        ignored_pushes=0,
        last_plan_day=None,
    )
    return Context(nobody, catalogue, place, now, is_private=False)
