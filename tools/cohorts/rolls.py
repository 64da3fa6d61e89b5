"""The evening's roll-call: done, half or in need of help, with a line that shows it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from learning.curriculum import Task
from learning.errors import Refused
from learning.plan import Standing, plan_day
from learning.rhythm import Habit
from store.enrolments import latest_blockers
from store.learners import learner_with
from store.rounds import (
    Round,
    contribute,
    contribution_of,
    open_round,
)
from store.script import Script
from tools.cohorts.group import Group
from tools.cohorts.membership import need_member
from tools.cohorts.rounds import need_open
from tools.context import Context, study_of
from tools.good_news import LATELY

# A double tap is no consent to words that nobody has read.
TIME_TO_READ = timedelta(seconds=3)
Choice = Literal["done", "half", "help"]


@dataclass(frozen=True, slots=True)
class RollCalled:
    group: Group
    round: Round


@dataclass(frozen=True, slots=True)
class RollNoted:
    """`asks_for_help` is set the first time that somebody asks for it in this roll-call."""

    round: int
    learner: int
    choice: Choice
    asks_for_help: bool


@dataclass(frozen=True, slots=True)
class TroubleOffered:
    """What would be told the group, shown to its owner alone; `words` is "" when nothing is known.

    It is told when they ask for it a second time.
    """

    words: str


@dataclass(frozen=True, slots=True)
class TroubleTold:
    round: int
    words: str


def call_roll(group: Group) -> Script[RollCalled]:
    opened = yield from open_round(group.cohort.id, "roll", group.today, {}, group.now)
    return RollCalled(group, opened)


def answer_roll(group: Group, learner: int | None, id: int, choice: Choice) -> Script[RollNoted]:
    """Note how a member's day went; they may change it while the roll-call is open.

    Raises:
        Refused: when it is over, or they have not joined.
    """
    member = yield from need_member(group, learner)
    yield from need_open(group, id, "roll")
    before = yield from contribution_of(id, member)
    yield from contribute(id, member, group.now, choice=choice)
    is_first_help = choice == "help" and (before is None or before.offered is None)
    if is_first_help:
        yield from contribute(id, member, group.now, offered="")
    return RollNoted(id, member, choice, asks_for_help=is_first_help)


def tell_trouble(group: Group, learner: int, id: int) -> Script[TroubleOffered | TroubleTold]:
    """Show a member what would be told of their trouble; tell it when they have seen it.

    Raises:
        Refused: when it has been told, or the roll-call is over.
    """
    yield from need_open(group, id, "roll")
    kept = yield from contribution_of(id, learner)
    if kept is None:
        raise Refused("group.over")
    if kept.offered == TOLD:
        raise Refused("group.told_already")
    words = yield from _trouble_of(group, learner)
    has_read = group.now - kept.at >= TIME_TO_READ
    if words and kept.offered == words and has_read:
        yield from contribute(id, learner, group.now, offered=TOLD)
        return TroubleTold(id, words)
    if kept.offered != words:
        yield from contribute(id, learner, group.now, offered=words)
    return TroubleOffered(words)


# Stands where something to tell would, once it has been told.
TOLD = "\x01"


def _trouble_of(group: Group, learner_id: int) -> Script[str]:
    """What a member said they are stuck on lately, else the first task they have open today."""
    learner = yield from learner_with(learner_id)
    context = Context(learner, group.catalogue, learner.home, group.now)
    study = yield from study_of(context)
    if study is None:
        return ""
    language = group.cohort.language
    for one in study.all:
        blockers = yield from latest_blockers(one.enrolment.id, context.today - LATELY)
        for blocker in blockers:
            task = one.curriculum.task_by_id.get(blocker.task)
            if task is not None and task.id not in one.enrolment.record.all_completions:
                title = task.title.in_language(language)
                return f"{title}: {blocker.note}" if blocker.note else title
    plan = plan_day(study.curriculum, study.rhythm, study.enrolment.record, context.today)
    tasks = (
        one.task
        for one in plan.tasks
        if one.standing is Standing.OPEN and not isinstance(one.task, Habit)
    )
    first: Task | None = next(tasks, None)
    return first.title.in_language(language) if first else ""
