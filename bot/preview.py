"""A learner's weeks ahead of time: the real pushes, made by the real tick on a clock that jumps."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.ask import finish_day_of_plan
from bot.house import House
from bot.markup import styled
from bot.message import Message
from bot.platforms.console import ADDRESS, PERSON
from bot.pushes import Made, make_push
from learning.calendar import instant
from learning.plan import PlannedTask, plan_day
from store.clocks import due, earliest_due_at
from store.learners import add_learner, from_epoch, learner_with, saw_learner
from store.port import Store
from store.script import Script
from store.sqlite import SqliteStore
from tools.context import Context, need_study
from tools.marking import MarkTask, mark_task
from tools.registry import Call, perform


class Follow(StrEnum):
    """What the imagined learner does: everything, nothing but answering, or not even that."""

    ALL = "all"
    NONE = "none"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Pushed:
    """One push a learner would get, at `at` by their own clock."""

    at: datetime
    kind: str
    message: Message
    tasks: tuple[PlannedTask, ...]

    def to_json(self, house: House) -> dict[str, object]:
        return {
            "at": self.at.isoformat(timespec="minutes"),
            "kind": self.kind,
            "text": styled(self.message.markup).text,
            "tasks": [
                {
                    "id": one.id,
                    "title": one.task.title.in_language(house.language),
                    "minutes": one.minutes,
                }
                for one in self.tasks
            ],
        }


def preview(
    house: House,
    curriculum: str,
    start: date,
    days: int,
    *,
    hours: float | None,
    zone: ZoneInfo,
    follow: Follow,
) -> list[Pushed]:
    """Every push of `days` local days from `start` on, oldest first.

    Raises:
        Refused: when the curriculum is unknown or the hours too few.
    """
    store = SqliteStore(None)
    try:
        return _Preview(store, house, zone, follow).run(curriculum, start, days, hours)
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class _Preview:
    store: Store
    house: House
    zone: ZoneInfo
    follow: Follow

    def run(self, curriculum: str, start: date, days: int, hours: float | None) -> list[Pushed]:
        evening_before = instant(start - timedelta(days=1), time(20), self.zone)
        learner = self.store.run_now(self._begin, curriculum, start, hours, evening_before)
        pushed: list[Pushed] = []
        for number in range(days):
            day = start + timedelta(days=number)
            for hour, acts in ACTS:
                at = instant(day, hour, self.zone)
                pushed += self._until(at)
                self.store.run_now(acts, self.house, self.follow, learner, at)
            pushed += self._until(instant(day + timedelta(days=1), time(0), self.zone))
        return pushed

    def _begin(
        self, curriculum: str, start: date, hours: float | None, now: datetime
    ) -> Script[int]:
        learner = yield from add_learner(
            "console", PERSON, ADDRESS, self.house.language, self.zone.key, now
        )
        context = Context(learner, self.house.catalogue, ADDRESS, now)
        wanted = self.house.catalogue.curricula.get(curriculum)
        call = Call(
            "start_curriculum",
            {
                "confirmed": True,
                "curriculum": curriculum,
                "hours_a_week": hours or (wanted.hours if wanted else 1),
                "start": start,
            },
        )
        yield from perform(context, call)
        return learner.id

    def _until(self, end: datetime) -> list[Pushed]:
        """Let every push that is due before `end` be made, each at its own instant."""
        pushed: list[Pushed] = []
        while True:
            at = self.store.run_now(earliest_due_at)
            if at is None or from_epoch(at) >= end:
                return pushed
            now = from_epoch(at)
            for one in self.store.run_now(due, now, 10):
                made = self.store.run_now(make_push, self.house.catalogue, one, now)
                pushed += self._pushed(made, now)

    def _pushed(self, made: Made, now: datetime) -> list[Pushed]:
        return [
            Pushed(now.astimezone(self.zone), made.kind, Message.from_json(one.body), made.tasks)
            for one in made.owed
        ]


def at_noon(house: House, follow: Follow, learner_id: int, now: datetime) -> Script[None]:
    """Who follows everything has the first task done by noon."""
    if follow is not Follow.ALL:
        return
    learner = yield from learner_with(learner_id)
    context = Context(learner, house.catalogue, learner.home, now)
    study = yield from need_study(context)
    plan = plan_day(study.curriculum, study.rhythm, study.enrolment.record, context.today)
    first = plan.highlight
    yield from saw_learner(learner_id, now)
    if first is not None:
        mark = MarkTask(outcome="done", tasks=(first.id,), evidence="✓")
        yield from mark_task(context, mark)


def at_night(house: House, follow: Follow, learner_id: int, now: datetime) -> Script[None]:
    """Who follows everything reports the rest; who answers says "nothing today"."""
    if follow is Follow.ALL:
        yield from saw_learner(learner_id, now)
        yield from finish_day_of_plan(learner_id, house, now)
    elif follow is Follow.NONE:
        yield from saw_learner(learner_id, now)


ACTS = ((time(12), at_noon), (time(21), at_night))
