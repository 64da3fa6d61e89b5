"""The PostgreSQL driver when the server is not as it should be."""

import asyncio
import threading
from collections.abc import Iterator

import psycopg
import pytest

from store import postgres
from store.errors import StorageBrokenError
from store.postgres import PostgresStore, in_psycopg_words, place_of
from store.postgres_schema import in_postgres_words
from store.schema import MIGRATIONS
from store.script import Script, change, row, rows
from store.sqlite_schema import empty_tables
from tests.postgres import PostgresServer, postgres_server, why_none


def beat() -> Script[int]:
    yield from change(
        "insert into pulse (id, at) values (1, 1) on conflict (id) do update set at = pulse.at + 1"
    )
    found = yield from row("select at from pulse")
    return int(found["at"]) if found else 0


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that a test may stop."""
    reason = why_none()
    if reason is not None:
        pytest.skip(reason)
    with postgres_server() as server:
        yield server


@pytest.fixture
def store(own_server: PostgresServer) -> Iterator[PostgresStore]:
    store = PostgresStore(own_server.installation(), connections=5)
    yield store
    store.close()


def refused(url: str) -> str:
    with pytest.raises(StorageBrokenError) as told:
        PostgresStore(url)
    said = str(told.value)
    assert "\n" not in said
    return said


def test_nobody_listens_there() -> None:
    said = refused("postgresql://mentor:geheim@127.0.0.1:1/mentor")
    assert "PostgreSQL 127.0.0.1:1/mentor" in said
    assert "See that it runs" in said
    assert "geheim" not in said


def test_the_database_is_missing(postgres: PostgresServer) -> None:
    assert "createdb" in refused(postgres.url("nowhere"))


def test_the_user_is_unknown(postgres: PostgresServer) -> None:
    url = postgres.url().replace("mentor@", "somebody:geheim@")
    said = refused(url)
    assert "Correct the user or the password" in said
    assert "geheim" not in said


def test_an_address_that_is_none_is_told_without_it() -> None:
    with pytest.raises(StorageBrokenError, match="MENTOR_DATABASE_URL: expected an address"):
        place_of("postgresql://mentor:geheim@127.0.0.1:port/mentor?nonsense=1")


def test_a_user_without_rights_leaves_nothing_behind(postgres: PostgresServer) -> None:
    url = postgres.database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop role if exists weak")
        connection.execute("create role weak login")

    assert "Give this user the rights" in refused(url.replace("mentor@", "weak@"))
    with psycopg.connect(url) as connection:
        found = connection.execute("select count(*) from pg_tables where schemaname = 'public'")
        assert found.fetchone() == (0,)


def test_an_old_server_is_told_by_its_number(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No old one can be had here, so what counts as old is moved instead."""
    monkeypatch.setattr("store.postgres.OLDEST_SERVER", 99)
    assert "expected PostgreSQL 99 or newer, found 1" in refused(postgres.database())


def test_tables_of_a_newer_program_are_left_alone(postgres: PostgresServer) -> None:
    url = postgres.installation()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("insert into schema_migrations (name) values ('m999_later')")

    assert "'m999_later' of a newer one" in refused(url)


def test_a_migration_that_fails_leaves_nothing_half_done(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.database()
    broken = {**MIGRATIONS, "m999": "create table fine (id integer); create table fine (id text);"}
    monkeypatch.setattr("store.postgres_schema.MIGRATIONS", broken)

    assert "already exists" in refused(url)
    with psycopg.connect(url) as connection:
        found = connection.execute("select count(*) from pg_tables where schemaname = 'public'")
        assert found.fetchone() == (0,)


def test_many_processes_that_start_at_once_migrate_once(postgres: PostgresServer) -> None:
    url = postgres.database()
    stores: list[PostgresStore] = []
    threads = [
        threading.Thread(target=lambda: stores.append(PostgresStore(url, connections=3)))
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert [one.run_now(beat) for one in stores] == [1, 2, 3, 4]
    for store in stores:
        store.close()


def test_both_databases_have_the_same_columns(postgres: PostgresServer) -> None:
    words = {"text": "TEXT", "bigint": "INTEGER", "double precision": "REAL"}
    with psycopg.connect(postgres.installation()) as connection:
        found = connection.execute(
            "select table_name, column_name, data_type, is_nullable "
            "from information_schema.columns c join information_schema.tables t "
            "using (table_schema, table_name) where table_schema = 'public' "
            "and table_type = 'BASE TABLE' and table_name <> 'schema_migrations' "
            "and table_name not like 'procrastinate%'"
        ).fetchall()
    there = {(table, name, words[kind], empty == "NO") for table, name, kind, empty in found}
    here = {
        (table.name, one.name, one.type, bool(one.notnull or one.is_pk))
        for table in empty_tables().tables
        if table.name not in {"_sqlite_migrations", "sqlite_sequence"}
        for one in table.columns
    }
    assert there == here


def test_no_migration_has_a_word_that_only_one_of_them_knows() -> None:
    for sql in MIGRATIONS.values():
        assert "strict" not in in_postgres_words(sql)
        assert "autoincrement" not in in_postgres_words(sql)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("select :name", b"select %(name)s"),
        ("select ':name', '100%', 'it''s :name'", b"select ':name', '100%%', 'it''s :name'"),
        ("select 7 % 2", b"select 7 %% 2"),
        ("select * from a /* held */", b"select * from a for update"),
    ],
)
def test_gaps_are_written_as_psycopg_reads_them(ours: str, theirs: bytes) -> None:
    assert in_psycopg_words(ours) == theirs


async def test_a_server_that_restarts_is_waited_for(
    own_server: PostgresServer, store: PostgresStore
) -> None:
    await store.run(beat)
    own_server.stop()

    waiting = [asyncio.create_task(store.run(beat)) for _ in range(20)]
    await asyncio.sleep(0.3)
    await asyncio.to_thread(own_server.start)

    assert sorted(await asyncio.gather(*waiting)) == list(range(2, 22))


async def test_a_connection_that_is_ended_costs_nobody_anything(
    own_server: PostgresServer, store: PostgresStore
) -> None:
    """Each beat is counted once, whatever becomes of the connections meanwhile."""
    beats = [asyncio.create_task(store.run(beat)) for _ in range(300)]
    for _ in range(5):
        await asyncio.sleep(0.05)
        await asyncio.to_thread(own_server.kill_connections)

    done = await asyncio.gather(*beats, return_exceptions=True)

    # What broke within COMMIT nobody can know; it is told, and nothing else may be.
    unknown = [one for one in done if isinstance(one, BaseException)]
    assert all(isinstance(one, StorageBrokenError) and "is unknown" in str(one) for one in unknown)
    at = await store.run(beat) - 1
    assert 300 - len(unknown) <= at <= 300


async def test_a_server_that_stays_away_is_told_with_its_remedy(
    own_server: PostgresServer, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 0.5)
    own_server.stop()

    with pytest.raises(StorageBrokenError, match="See that it runs"):
        await store.run(beat)


async def test_columns_that_are_added_meanwhile_break_no_plan(
    own_server: PostgresServer, store: PostgresStore
) -> None:
    """As while an update is rolled out: older processes go on beside the newer tables."""
    for _ in range(10):
        await store.run(rows, "select * from learners")
    with psycopg.connect(
        own_server.url(store.place.rpartition("/")[2]), autocommit=True
    ) as connection:
        connection.execute("alter table learners add column later text")

    assert await store.run(rows, "select * from learners") == []
