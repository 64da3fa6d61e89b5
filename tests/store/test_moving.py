"""An installation moves to a server and back, whole, also after it was cut off."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.errors import StorageBrokenError
from store.forgotten import forget
from store.learners import add_learner
from store.moving import move
from store.port import Store
from store.postgres import PostgresStore
from store.script import change, row
from store.sqlite import SqliteStore
from store.sqlite_schema import empty_tables
from tests.keeping import fill
from tests.postgres import PostgresServer

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Store]:
    """An installation with rows in every table, of which some are gone again."""
    store = SqliteStore(tmp_path / "mentor.db")
    for person in ("7", "8", "9"):
        learner = store.run_now(
            add_learner, "telegram", person, f"telegram:{person}", "zh", "Asia/Shanghai", NOW
        )
        store.run_now(fill, learner.id, f"telegram:{person}", f"中文-{person}-%s", 40)
    store.run_now(forget, 3)
    store.run_now(change, "update profile_facts set words = words || char(0) || '😀' where id = 1")
    yield store
    store.close()


@pytest.fixture
def server(postgres: PostgresServer) -> Iterator[Store]:
    store = PostgresStore(postgres.installation(), connections=3)
    yield store
    store.close()


def newest(store: Store) -> int:
    learner = store.run_now(add_learner, "discord", "1", "discord:1", "en", "UTC", NOW)
    return learner.id


def test_every_table_arrives_and_comes_back_as_it_was(
    file: Store, server: Store, tmp_path: Path
) -> None:
    there = list(move(file, server))
    again = SqliteStore(tmp_path / "again.db")
    back = list(move(server, again))

    assert {one.table for one in there} >= {one.name for one in empty_tables().tables} - {
        "_sqlite_migrations",
        "sqlite_sequence",
    }
    assert there == back
    assert sum(one.rows for one in there) > 2000
    # The third learner is gone, and their number is not given again.
    assert newest(server) == newest(again) == newest(file) == 4
    again.close()


@pytest.mark.parametrize("tables", [1, 5, 20, 45])
def test_a_move_that_was_cut_off_goes_on(file: Store, server: Store, tables: int) -> None:
    moving = move(file, server)
    for _ in range(tables):
        next(moving)
    # In the middle of a table as well.
    server.run_now(change, "delete from mastery where concept > '中文-8'")

    there = list(move(file, server))

    counted = file.run_now(row, "select count(*) as n from mastery")
    assert {one.table: one.rows for one in there}["mastery"] == (counted or {})["n"] > 0


def test_another_installation_is_not_written_into(file: Store, server: Store) -> None:
    newest(server)

    with pytest.raises(StorageBrokenError, match="learners: expected an empty database"):
        list(move(file, server))
    assert server.run_now(row, "select count(*) as n from learners") == {"n": 1}


def test_what_changed_during_the_move_is_told(file: Store, server: Store) -> None:
    moving = move(file, server)
    while next(moving).table != "learners":
        pass
    file.run_now(change, "update learners set language = 'en' where id = 1")

    with pytest.raises(StorageBrokenError, match="found other rows"):
        list(move(file, server))
