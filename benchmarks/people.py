"""A database full of learners, quickly."""

import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.house import House
from bot.process import house_of
from bot.settings import read_settings
from learning.rhythm import Rhythm
from store.catalogue import read_catalogue
from store.sqlite import SqliteStore

DONE_BEFORE = 12


def quiet_house() -> House:
    return house_of(read_catalogue(), read_settings({}))


def fill(
    path: Path,
    count: int,
    started_on: date,
    due_at: datetime,
    kinds: tuple[str, ...] = ("plan", "evening"),
    cards: int = 5,
    zone: str = "Asia/Shanghai",
    done: int = DONE_BEFORE,
) -> None:
    """Put `count` learners into a fresh database, some days into engineer-28w.

    Their clocks are due at `due_at`; learner n lives at `telegram:n`, and has so many review
    cards, due on the days around.
    """
    SqliteStore(path).close()
    house = quiet_house()
    curriculum = house.catalogue.curricula["engineer-28w"]
    rhythm: Rhythm = house.catalogue.rhythm_of(curriculum)
    seconds = int(due_at.timestamp())
    db = Database(path)
    with db.atomic():
        db.table("learners").insert_all(
            {
                "id": n,
                "language": "zh",
                "zone": zone,
                "home": f"telegram:{n}",
                "push_at": "08:00",
                "evening_at": "20:30",
                "quiet_from": "22:30",
                "quiet_to": "07:00",
                "pushes_on": 1,
                "ignored_pushes": 0,
                "created_at": seconds - 86400,
                "last_seen_at": seconds - 3600,
            }
            for n in range(1, count + 1)
        )
        db.table("identities").insert_all(
            {"platform": "telegram", "person": str(n), "learner": n} for n in range(1, count + 1)
        )
        db.table("enrolments").insert_all(
            {
                "id": n,
                "learner": n,
                "curriculum": curriculum.id,
                "version": 1,
                "started_on": started_on.isoformat(),
                "state": "active",
            }
            for n in range(1, count + 1)
        )
        db.table("paces").insert_all(
            {
                "enrolment": n,
                "since": started_on.isoformat(),
                "minutes": str(list(rhythm.minutes)),
            }
            for n in range(1, count + 1)
        )
        db.table("completions").insert_all(
            {
                "enrolment": n,
                "task": task.id,
                "day": (started_on + timedelta(days=place // 2)).isoformat(),
                "noted_at": seconds - 86400,
            }
            for n in range(1, count + 1)
            for place, task in enumerate(curriculum.tasks[:done])
        )
        db.table("clocks").insert_all(
            {"learner": n, "kind": kind, "next_due_at": seconds}
            for n in range(1, count + 1)
            for kind in kinds
        )
        items = sorted(house.catalogue.bank.live)
        db.table("cards").insert_all(
            {
                "learner": n,
                "item": items[(7 * n + place) % len(items)] if place < len(items) else f"x-{place}",
                "stability": 5.0,
                "difficulty": 5.0,
                "last_review": started_on.isoformat(),
                "due_on": (started_on + timedelta(days=3 + place % 30)).isoformat(),
                "reviews": 1,
                "lapses": 0,
            }
            for n in range(1, count + 1)
            for place in range(cards)
        )
    db.close()


def bytes_in_use(db: sqlite3.Connection) -> int:
    """What the tables take, without pages that are free."""
    pages, free, size = (
        db.execute(f"pragma {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)
