"""Who asked to be forgotten: marks that outlive the rows, so that a backup brings nobody back.

A mark says nothing of anybody; it can only be compared with those of the learners in a backup.
"""

import sqlite3
from collections.abc import Collection
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from store.personal import erase
from store.script import Script, change, row, rows


def forget(learner: int) -> Script[int]:
    """Erase a learner for good, also from backups that are put back later; give the rows."""
    found = yield from row("select id, created_at from learners where id = :id", id=learner)
    if found is not None:
        yield from _keep([_mark(found["id"], found["created_at"])])
    return (yield from erase(learner))


def forget_again(marks: Collection[str]) -> Script[int]:
    """Erase whom a backup brought back, and keep all marks; give how many learners that were."""
    own = yield from rows("select mark from forgotten")
    known = {*marks, *(one["mark"] for one in own)}
    count = 0
    for one in (yield from rows("select id, created_at from learners")):
        if _mark(one["id"], one["created_at"]) in known:
            yield from erase(one["id"])
            count += 1
    yield from _keep(marks)
    return count


def marks_in(path: Path) -> frozenset[str] | None:
    """The marks in a database that nobody writes to; None when it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            known = db.execute("select 1 from sqlite_master where name = 'forgotten'").fetchall()
            found = db.execute("select mark from forgotten").fetchall() if known else []
            return frozenset(str(mark) for (mark,) in found)
    except sqlite3.Error:
        return None


def _keep(marks: Collection[str]) -> Script[None]:
    for mark in marks:
        yield from change(
            "insert into forgotten (mark) values (:mark) on conflict do nothing", mark=mark
        )


def _mark(learner: int, created_at: int) -> str:
    """A number may be given anew after a backup was put back, but not in the same second."""
    return sha256(f"mentor learner {learner} {created_at}".encode()).hexdigest()
