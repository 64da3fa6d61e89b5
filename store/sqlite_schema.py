"""Brings a SQLite file's tables up to date."""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlite_utils import Database, Migrations

from store.errors import StorageBrokenError
from store.schema import MIGRATIONS


def _applies(sql: str) -> Callable[[Database], None]:
    def migration(db: Database) -> None:
        db.executescript(sql)

    return migration


_migrations = Migrations("mentor")
for _name, _sql in MIGRATIONS.items():
    _migrations(name=_name)(_applies(_sql))


def migrate(db: Database, path: Path | None) -> None:
    """Bring the tables up to date, one process at a time.

    Raises:
        StorageBrokenError: when the file was written by a newer program.
    """
    with _one_process(path):
        found = {migration.name for migration in _migrations.applied(db)}
        if unknown := found - MIGRATIONS.keys():
            raise StorageBrokenError(
                f"{path}: expected tables this program knows, found migration "
                f"{sorted(unknown)[0]!r} of a newer one. Update Mentor, or restore an older backup."
            )
        _migrations.apply(db)


@lru_cache(maxsize=1)
def empty_tables() -> Database:
    """All tables with nothing in them, to ask for their columns; they are the same anywhere."""
    # Whoever asks first is in the thread of some store.
    db = Database(sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None))
    migrate(db, None)
    return db


@contextmanager
def _one_process(path: Path | None) -> Iterator[None]:
    if path is None:
        yield
        return
    with path.with_suffix(".migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
