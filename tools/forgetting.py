"""Forget a learner: everything that is theirs, after a yes of their own hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import Field

from store.forgotten import forget
from store.learners import from_epoch
from store.personal import count_kept
from store.script import Script
from tools.context import Context
from tools.export import only_in_private
from tools.plan import Arguments

YES_LASTS = timedelta(seconds=60)


class ForgetMe(Arguments):
    """`asked_at` is when the yes was asked for, in seconds since 1970; its button carries it."""

    confirmed: bool = Field(default=False, description="Said only by the learner's own button.")
    asked_at: int | None = Field(None, ge=0, le=2**40, description="Carried by that button.")


@dataclass(frozen=True, slots=True)
class EraseAsked:
    """Nothing is erased yet. `was_late` is true when a yes came after its time."""

    counts: Mapping[str, int]
    at: datetime
    was_late: bool

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The learner is a stranger now; `rows` of theirs are gone."""

    rows: int


def forget_me(context: Context, wanted: ForgetMe) -> Script[EraseAsked | Forgotten]:
    only_in_private(context)
    if wanted.confirmed and _is_in_time(wanted.asked_at, context.now):
        return Forgotten((yield from forget(context.learner.id)))
    counts = yield from count_kept(context.learner.id)
    was_late = wanted.confirmed and wanted.asked_at is not None
    return EraseAsked(counts, context.now, was_late)


def _is_in_time(asked_at: int | None, now: datetime) -> bool:
    return asked_at is not None and timedelta() <= now - from_epoch(asked_at) <= YES_LASTS
