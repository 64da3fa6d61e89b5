"""What operators tell all learners who want to hear it, each of them once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from learning.pushes import FAREWELL_AFTER, Push
from store.learners import epoch
from store.script import Script, change, change_each, row, rows

# So many learners a minute, that what they ask meanwhile is answered at once: the platforms take
# about thirty messages a second.
A_MINUTE = 300
# Whoever is spoken to has a clock for it, which their quiet hours may move.
_LISTENS = (
    "announcements = 1 and pushes_on = 1 and ignored_pushes < :farewell and created_at <= :now"
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """Markup in both languages; what is empty in one is not told in it."""

    zh: str
    en: str
    id: int = 0


def count_listeners(now: datetime) -> Script[int]:
    found = yield from row(
        f"select count(*) as n from learners where {_LISTENS}",
        farewell=FAREWELL_AFTER,
        now=epoch(now),
    )
    return int(found["n"]) if found else 0


def announce(words: Announcement, now: datetime) -> Script[int]:
    """Keep an announcement and set the clocks of those who want it; give their number."""
    yield from change(
        "insert into announcements (zh, en, made_at) values (:zh, :en, :now)",
        zh=words.zh,
        en=words.en,
        now=epoch(now),
    )
    listeners = yield from rows(
        f"select id from learners where {_LISTENS} order by id",
        farewell=FAREWELL_AFTER,
        now=epoch(now),
    )
    clocks = [
        {
            "learner": one["id"],
            "kind": Push.NEWS.value,
            "at": epoch(now + timedelta(minutes=n // A_MINUTE)),
        }
        for n, one in enumerate(listeners)
    ]
    yield from change_each(
        "insert into clocks (learner, kind, next_due_at) values (:learner, :kind, :at) "
        "on conflict (learner, kind) do nothing",
        clocks,
    )
    return len(clocks)


def take_announcements(learner: int) -> Script[Sequence[Announcement]]:
    """What a learner has not been told yet of what was announced since they came."""
    found = yield from rows(
        "select a.id, a.zh, a.en from announcements a, learners l where l.id = :learner "
        "and a.id > l.last_announcement and a.made_at >= l.created_at order by a.id",
        learner=learner,
    )
    if found:
        yield from change(
            "update learners set last_announcement = :last where id = :learner",
            learner=learner,
            last=found[-1]["id"],
        )
    return [Announcement(one["zh"], one["en"], one["id"]) for one in found]
