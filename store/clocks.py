"""When each learner is next owed a push, one row for each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from learning.pushes import Push
from store.learners import epoch, from_epoch
from store.script import Script, change, rows


@dataclass(frozen=True, slots=True)
class Due:
    learner: int
    push: Push
    due_at: datetime


def due(now: datetime, limit: int) -> Script[Sequence[Due]]:
    """The pushes whose time has come, the longest due first."""
    found = yield from rows(
        "select learner, kind, next_due_at from clocks where next_due_at <= :now "
        "order by next_due_at limit :limit",
        now=epoch(now),
        limit=limit,
    )
    return [Due(one["learner"], Push(one["kind"]), from_epoch(one["next_due_at"])) for one in found]


def is_due(one: Due) -> Script[bool]:
    """Whether a clock that was seen to strike is still to be dealt with."""
    found = yield from rows(
        "select 1 from clocks where learner = :learner and kind = :kind and next_due_at = :at",
        learner=one.learner,
        kind=one.push.value,
        at=epoch(one.due_at),
    )
    return bool(found)


def set_clock(learner: int, push: Push, due_at: datetime) -> Script[None]:
    yield from change(
        "insert into clocks (learner, kind, next_due_at) values (:learner, :kind, :due_at) "
        "on conflict (learner, kind) do update set next_due_at = excluded.next_due_at",
        learner=learner,
        kind=push.value,
        due_at=epoch(due_at),
    )


def stop_clock(learner: int, push: Push) -> Script[None]:
    yield from change(
        "delete from clocks where learner = :learner and kind = :kind",
        learner=learner,
        kind=push.value,
    )


def next_due(learner: int) -> Script[Sequence[Due]]:
    found = yield from rows(
        "select learner, kind, next_due_at from clocks where learner = :learner",
        learner=learner,
    )
    return [Due(one["learner"], Push(one["kind"]), from_epoch(one["next_due_at"])) for one in found]


def earliest_due_at() -> Script[int | None]:
    """The earliest instant at which any push is due, in seconds since 1970."""
    found = yield from rows("select min(next_due_at) as at from clocks")
    at: int | None = found[0]["at"]
    return at
