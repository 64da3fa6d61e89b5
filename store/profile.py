"""What learners told the mentor about themselves: one row for each fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from learning.profile import FactKind
from store.learners import epoch
from store.script import Row, Script, change, row, rows

Origin = Literal["said", "model", "edited"]


@dataclass(frozen=True, slots=True)
class Fact:
    """`origin` is how it came here; `sentence` what the learner wrote when they said it."""

    id: int
    kind: FactKind
    words: str
    origin: Origin
    sentence: str
    noted_on: date


def _fact(found: Row) -> Fact:
    origin, _, sentence = str(found["source"]).partition(":")
    return Fact(
        found["id"],
        FactKind(found["kind"]),
        found["words"],
        "said" if origin == "said" else "edited" if origin == "edited" else "model",
        sentence,
        date.fromisoformat(found["noted_on"]),
    )


def facts_of(learner: int) -> Script[Sequence[Fact]]:
    """All facts, by kind in the order they are shown, the oldest of a kind first."""
    found = yield from rows(
        "select * from profile_facts where learner = :learner order by id", learner=learner
    )
    kinds = list(FactKind)
    return sorted(map(_fact, found), key=lambda fact: kinds.index(fact.kind))


def fact_with(learner: int, id: int) -> Script[Fact | None]:
    found = yield from row(
        "select * from profile_facts where learner = :learner and id = :id", learner=learner, id=id
    )
    return _fact(found) if found else None


def note_fact(
    learner: int,
    kind: FactKind,
    words: str,
    origin: Origin,
    sentence: str,
    day: date,
    now: datetime,
) -> Script[Fact]:
    """Note a fact; one that is there already is given as it is."""
    yield from change(
        "insert into profile_facts (learner, kind, words, source, noted_on, noted_at) "
        "values (:learner, :kind, :words, :source, :day, :now) "
        "on conflict (learner, kind, words) do nothing",
        learner=learner,
        kind=kind.value,
        words=words,
        source=f"{origin}:{sentence}" if sentence else origin,
        day=day.isoformat(),
        now=epoch(now),
    )
    found = yield from row(
        "select * from profile_facts where learner = :learner and kind = :kind and words = :words",
        learner=learner,
        kind=kind.value,
        words=words,
    )
    if found is None:
        raise LookupError("profile_facts: expected the row just written, found none")
    return _fact(found)


def reword_fact(learner: int, id: int, words: str, day: date, now: datetime) -> Script[None]:
    yield from change(
        "update profile_facts set words = :words, source = 'edited', noted_on = :day, "
        "noted_at = :now where learner = :learner and id = :id",
        learner=learner,
        id=id,
        words=words,
        day=day.isoformat(),
        now=epoch(now),
    )


def drop_fact(learner: int, id: int) -> Script[bool]:
    dropped = yield from change(
        "delete from profile_facts where learner = :learner and id = :id", learner=learner, id=id
    )
    return dropped == 1


def drop_facts(learner: int) -> Script[int]:
    return (
        yield from change("delete from profile_facts where learner = :learner", learner=learner)
    )
