"""A shared timer, and the line at its end that counts as evidence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from learning.errors import Refused
from store.cohorts import Happening, set_cohort_clock
from store.rounds import (
    close_round,
    contribute,
    contribution_of,
    contributions_to,
    open_round,
    open_round_of,
)
from store.script import Script
from tools.cohorts.group import Group
from tools.cohorts.membership import need_member
from tools.cohorts.rounds import need_open

USUAL_MINUTES = 25
SHORTEST, LONGEST = 5, 120


@dataclass(frozen=True, slots=True)
class FocusBegun:
    group: Group
    round: int
    minutes: int
    until: datetime


@dataclass(frozen=True, slots=True)
class FocusJoined:
    was_already: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class FocusOver:
    """`joined` is how many were there."""

    round: int
    minutes: int
    joined: int


def begin_focus(group: Group, learner: int | None, minutes: int | None) -> Script[FocusBegun]:
    """Set the timer; whoever sets it is in.

    Raises:
        Refused: when one is running, or it would be too short or too long.
    """
    member = yield from need_member(group, learner)
    wanted = USUAL_MINUTES if minutes is None else minutes
    if not SHORTEST <= wanted <= LONGEST:
        raise Refused("group.focus_range", least=SHORTEST, most=LONGEST)
    if (yield from open_round_of(group.cohort.id, "focus")) is not None:
        raise Refused("group.focus_running")
    until = group.now + timedelta(minutes=wanted)
    opened = yield from open_round(
        group.cohort.id, "focus", group.today, {"minutes": wanted}, group.now
    )
    yield from contribute(opened.id, member, group.now, choice="in")
    yield from set_cohort_clock(group.cohort.id, Happening.FOCUS, until)
    return FocusBegun(group, opened.id, wanted, until)


def join_focus(group: Group, learner: int | None, id: int) -> Script[FocusJoined]:
    member = yield from need_member(group, learner)
    found = yield from need_open(group, id, "focus")
    before = yield from contribution_of(id, member)
    yield from contribute(id, member, group.now, choice="in")
    minutes = int(str(found.plan.get("minutes", USUAL_MINUTES)))
    until = found.opened_at + timedelta(minutes=minutes)
    return FocusJoined(was_already=before is not None, until=until)


def end_focus(group: Group) -> Script[FocusOver | None]:
    found = yield from open_round_of(group.cohort.id, "focus")
    if found is None:
        return None
    yield from close_round(found.id, group.now)
    given = yield from contributions_to(found.id)
    joined = sum(one.choice == "in" for one in given)
    return FocusOver(found.id, int(str(found.plan.get("minutes", USUAL_MINUTES))), joined)
