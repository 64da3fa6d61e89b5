"""Who agreed to be asked after and has been silent for long: an operator may write to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from pydantic import Field

from learning.curriculum import Curriculum
from learning.errors import Refused
from store.learners import Learner, note_reached, silent_learners
from store.script import Script
from tools.context import Context, study_of
from tools.plan import Arguments, day_shown

SILENT_FOR = timedelta(days=5)
# Who has been gone for longer has most likely left, and is let go.
GONE_FOR = timedelta(days=60)
MOST_LISTED = 5


class ShowSilent(Arguments):
    """For operators."""


class ReachOut(Arguments):
    """Without words the drafted ones are sent; `code` is one that the list shows."""

    code: str = Field(max_length=40)
    words: str = Field("", max_length=3000)


@dataclass(frozen=True, slots=True)
class Silent:
    """A learner who has not written for `days`, and where they stopped."""

    learner: Learner
    days: int
    curriculum: Curriculum
    day_number: int

    @property
    def code(self) -> str:
        """Names them in the list and nowhere else: a number would open more doors."""
        return sha256(f"silent {self.learner.id} {self.learner.came_at}".encode()).hexdigest()[:6]


@dataclass(frozen=True, slots=True)
class SilentShown:
    silent: Sequence[Silent]


@dataclass(frozen=True, slots=True)
class ReachedOut:
    """Words to be delivered where the learner is spoken to first; empty ones are the draft."""

    silent: Silent
    words: str


def show_silent(context: Context, _: ShowSilent) -> Script[SilentShown]:
    """Whom an operator may ask after: with their consent, following something, on no pause.

    Raises:
        Refused: for anybody but an operator.
    """
    if not context.is_operator:
        raise Refused("operator.only")
    return SilentShown((yield from _silent(context)))


def reach_out(context: Context, wanted: ReachOut) -> Script[ReachedOut]:
    """Write to one of them.

    Raises:
        Refused: for anybody but an operator, and for whoever is not among them.
    """
    if not context.is_operator:
        raise Refused("operator.only")
    silent = yield from _silent(context)
    found = next((one for one in silent if one.code == wanted.code.lower()), None)
    if found is None:
        raise Refused("silent.not_among", code=wanted.code)
    yield from note_reached(found.learner.id, context.now)
    return ReachedOut(found, wanted.words.strip())


def _silent(context: Context) -> Script[Sequence[Silent]]:
    now = context.now
    found = yield from silent_learners(now - SILENT_FOR, now - GONE_FOR, MOST_LISTED * 4)
    silent: list[Silent] = []
    for learner, seen_at in found:
        theirs = replace(context, learner=learner, address=learner.home)
        study = yield from study_of(theirs)
        if study is None or study.enrolment.record.is_paused_on(theirs.today):
            continue
        shown = day_shown(study, theirs.today)
        if not shown.is_finished and len(silent) < MOST_LISTED:
            days = (now - seen_at).days
            silent.append(Silent(learner, days, study.curriculum, shown.day_number))
    return silent
