"""The SQLite driver: one transaction each, together on disk, and kind when the file is not."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.errors import MisfitError, StorageBrokenError
from store.schema import MIGRATIONS
from store.script import Script, change, change_each, row, rows
from store.sqlite import SqliteStore, back_up, put_back
from tests.journeys.people import NOW


def put(name: str, seq: int) -> Script[int]:
    yield from change(
        "insert into windows (address, learner, first_seq) values (:name, :seq, :seq)",
        name=name,
        seq=seq,
    )
    found = yield from rows("select * from windows")
    return len(found)


def learner(id: int) -> Script[None]:
    yield from change(
        "insert into learners (id, language, zone, home, push_at, evening_at, quiet_from, "
        "quiet_to, pushes_on, created_at, last_seen_at) values "
        "(:id, 'zh', 'UTC', 'console:local', '08:00', '20:30', '22:30', '07:00', 1, 0, 0)",
        id=id,
    )


def put_and_fail(name: str) -> Script[None]:
    yield from put(name, 1)
    raise ValueError(name)


async def test_a_script_that_fails_alone_leaves_nothing() -> None:
    store = SqliteStore(None)
    await store.run(learner, 1)

    with pytest.raises(ValueError, match="one"):
        await store.run(put_and_fail, "one")

    assert await store.run(rows, "select * from windows") == []
    assert await store.rehearse(put, "two", 1) == 1
    assert await store.run(rows, "select * from windows") == []
    assert await store.run(put, "three", 1) == 1
    store.close()


async def test_a_script_that_fails_leaves_nothing_and_its_neighbours_everything() -> None:
    store = SqliteStore(None)
    await store.run(learner, 1)

    results = await asyncio.gather(
        store.run(put, "a", 1),
        store.run(put_and_fail, "b"),
        store.run(put, "c", 1),
        return_exceptions=True,
    )

    kept = await store.run(rows, "select address from windows order by address")
    store.close()
    assert [one["address"] for one in kept] == ["a", "c"]
    assert isinstance(results[1], ValueError)


async def test_a_statement_the_database_refuses_fails_its_own_script_only() -> None:
    store = SqliteStore(None)
    await store.run(learner, 1)

    results = await asyncio.gather(
        store.run(put, "a", 1), store.run(put, "a", 1), return_exceptions=True
    )

    store.close()
    assert results[0] == 1
    assert isinstance(results[1], MisfitError)


async def test_a_rehearsal_gives_its_value_and_keeps_nothing() -> None:
    store = SqliteStore(None)
    await store.run(learner, 1)

    rehearsed = await store.rehearse(put, "a", 1)

    kept = await store.run(rows, "select * from windows")
    store.close()
    assert rehearsed == 1
    assert kept == []


async def test_what_was_answered_is_in_the_file_for_another_reader(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "mentor.db")
    await store.run(learner, 7)

    other = sqlite3.connect(tmp_path / "mentor.db")
    found = other.execute("select id from learners").fetchall()

    other.close()
    store.close()
    assert found == [(7,)]


async def test_many_rows_are_written_by_one_statement() -> None:
    store = SqliteStore(None)
    await store.run(learner, 1)
    sql = "insert into windows (address, learner, first_seq) values (:a, 1, 0)"

    changed = await store.run(change_each, sql, [{"a": str(n)} for n in range(50)])

    store.close()
    assert changed == 50


def test_a_cancelled_caller_does_not_stop_the_writer() -> None:
    async def go() -> int:
        store = SqliteStore(None)
        task = asyncio.create_task(store.run(learner, 1))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        found = await store.run(rows, "select count(*) as n from learners")
        store.close()
        return int(found[0]["n"])

    assert asyncio.run(go()) in {0, 1}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"this is a text file, not a database" * 50, id="a text file"),
        pytest.param(b"SQLite format 3\x00" + b"\xff" * 5000, id="a broken header"),
    ],
)
def test_a_file_that_is_no_database_is_named_with_its_remedy(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "mentor.db"
    path.write_bytes(content)

    with pytest.raises(StorageBrokenError) as broken:
        SqliteStore(path)

    assert str(path) in str(broken.value)
    assert "mentor restore" in str(broken.value)


def test_a_file_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mentor.db"
    SqliteStore(path).close()
    newer = sqlite3.connect(path)
    newer.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) "
        "values ('mentor', 'm999_tomorrow', '')"
    )
    newer.commit()
    newer.close()

    with pytest.raises(StorageBrokenError, match="m999_tomorrow"):
        SqliteStore(path)


def test_a_summary_from_before_its_table_was_made_anew_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "mentor.db"
    earlier = [name for name in MIGRATIONS if name < "m020"]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(
            "create table _sqlite_migrations "
            "(id integer primary key, migration_set text, name text, applied_at text)"
        )
        for name in earlier:
            db.executescript(MIGRATIONS[name])
            db.execute("insert into _sqlite_migrations values (null, 'mentor', ?, '')", (name,))
        insert = next(learner(1))
        db.execute(insert.sql, dict(insert.params))
        db.execute(
            "insert into summaries values ('telegram:7', 1, '学到注意力', 0, 12, 1700000000)"
        )

    store = SqliteStore(path)
    found = store.run_now(rows, "select * from summaries")

    store.close()
    assert [dict(one) for one in found] == [
        {
            "address": "telegram:7",
            "learner": 1,
            "words": "学到注意力",
            "is_foreign": 0,
            "until_seq": 12,
            "made_at": 1700000000,
        }
    ]


def test_every_table_is_strict(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "mentor.db")

    tables = store.run_now(
        rows,
        "select name, sql from sqlite_master where type = 'table' and name not like '%sqlite%'",
    )

    store.close()
    assert all(table["sql"].rstrip().lower().endswith("strict") for table in tables)


def test_a_backup_holds_everything_and_can_be_put_back(tmp_path: Path) -> None:
    path = tmp_path / "mentor.db"
    store = SqliteStore(path)
    store.run_now(learner, 1)
    back_up(path, tmp_path / "copy.db")
    store.run_now(learner, 2)
    store.close()

    put = put_back(tmp_path / "copy.db", path, NOW)

    store = SqliteStore(path)
    found = store.run_now(row, "select count(*) as n from learners")
    store.close()
    assert found == {"n": 1}
    assert put.kept is not None
    assert put.kept.exists()
    assert put.forgotten == 0


def test_a_backup_never_overwrites(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "mentor.db").close()
    (tmp_path / "copy.db").write_text("precious")

    with pytest.raises(StorageBrokenError, match="found a file there"):
        back_up(tmp_path / "mentor.db", tmp_path / "copy.db")

    assert (tmp_path / "copy.db").read_text() == "precious"
