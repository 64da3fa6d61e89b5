"""What learners asked for and the catalogue does not have, to be counted and named to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from store.script import Script, change, rows

KEPT = timedelta(days=90)
LONGEST = 40
# What only one person asked for may say who they are.
LEAST_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class Gap:
    words: str
    people: int


def note_gap(learner: int, words: str, day: date) -> Script[None]:
    """Note what was missing; longer words are somebody's own and are not kept."""
    plain = " ".join(words.casefold().split())
    if not 1 < len(plain) <= LONGEST:
        return
    yield from change(
        "insert into gaps (learner, words, day) values (:learner, :words, :day) "
        "on conflict (learner, words) do update set day = excluded.day",
        learner=learner,
        words=plain,
        day=day.isoformat(),
    )


def gaps_since(day: date, limit: int) -> Script[Sequence[Gap]]:
    """What more than one person missed, most people first."""
    found = yield from rows(
        "select words, count(*) as people from gaps where day >= :day group by words "
        "having count(*) >= :least order by people desc, words limit :limit",
        day=day.isoformat(),
        least=LEAST_PEOPLE,
        limit=limit,
    )
    return [Gap(one["words"], one["people"]) for one in found]


def forget_gaps(before: date) -> Script[int]:
    return (yield from change("delete from gaps where day < :day", day=before.isoformat()))
