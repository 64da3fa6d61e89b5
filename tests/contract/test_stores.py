"""What a database is to the mentor, held by each that there is."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.errors import MisfitError, StorageClosedError
from store.port import Store
from store.postgres import PostgresStore
from store.script import Script, change, change_each, row, rows
from store.sqlite import SqliteStore
from tests.postgres import PostgresServer

Opens = Callable[[], Store]


@pytest.fixture(params=["in memory", "in a file", "on PostgreSQL"])
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opens]:
    """Opens the same database again and again; one in memory only once."""
    opened: list[Store] = []
    if request.param == "on PostgreSQL":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.installation()

    def open_one() -> Store:
        if request.param == "on PostgreSQL":
            store: Store = PostgresStore(url, connections=4)
        else:
            store = SqliteStore(None if request.param == "in memory" else tmp_path / "mentor.db")
        opened.append(store)
        return store

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def store(opens: Opens) -> Store:
    store = opens()
    store.run_now(learner, 1)
    return store


def learner(id: int) -> Script[None]:
    yield from change(
        "insert into learners (id, language, zone, home, push_at, evening_at, quiet_from, "
        "quiet_to, pushes_on, created_at, last_seen_at) values "
        "(:id, 'zh', 'UTC', 'console:local', '08:00', '20:30', '22:30', '07:00', 1, 0, 0)",
        id=id,
    )


def put(name: str, seq: int) -> Script[int]:
    yield from change(
        "insert into windows (address, learner, first_seq) values (:name, 1, :seq)",
        name=name,
        seq=seq,
    )
    found = yield from row("select count(*) as n from windows")
    return int(found["n"]) if found else 0


def put_and_fail(name: str) -> Script[None]:
    yield from put(name, 1)
    raise ValueError(name)


def names() -> Script[list[str]]:
    found = yield from rows("select address from windows order by address")
    return [one["address"] for one in found]


async def test_a_script_that_fails_leaves_nothing_and_its_neighbours_everything(
    store: Store,
) -> None:
    results = await asyncio.gather(
        store.run(put, "a", 1),
        store.run(put_and_fail, "b"),
        store.run(put, "c", 1),
        return_exceptions=True,
    )

    assert isinstance(results[1], ValueError)
    assert await store.run(names) == ["a", "c"]


async def test_a_row_that_is_there_already_is_a_misfit(store: Store) -> None:
    await store.run(put, "a", 1)

    with pytest.raises(MisfitError):
        await store.run(put, "a", 1)
    with pytest.raises(MisfitError):
        await store.run(change, "insert into clocks values (99, 'plan', 1)")
    assert await store.run(names) == ["a"]


async def test_a_rehearsal_gives_its_value_and_keeps_nothing(store: Store) -> None:
    assert await store.rehearse(put, "a", 1) == 1
    assert await store.run(names) == []


async def test_many_rows_are_written_by_one_statement(store: Store) -> None:
    sql = "insert into windows (address, learner, first_seq) values (:a, 1, 0)"

    assert await store.run(change_each, sql, [{"a": str(n)} for n in range(50)]) == 50
    assert len(await store.run(names)) == 50


@pytest.mark.parametrize(
    "text",
    ["", "中文 · ÄÖÜ · 🙂", "a 'quoted' \"word\"", "100 % of :it", "%s %(name)s", "back\\slash",
     "line\nline\r\n\ttab", "{}[]"],
)  # fmt: skip
async def test_text_comes_back_as_it_was(store: Store, text: str) -> None:
    await store.run(put, text, 1)

    assert await store.run(names) == [text]


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)])
async def test_a_number_comes_back_as_it_was(store: Store, number: int) -> None:
    await store.run(put, "a", number)

    found = await store.run(row, "select first_seq from windows")
    assert found == {"first_seq": number}


async def test_a_truth_value_is_a_number_and_a_sum_is_whole(store: Store) -> None:
    yes: bool = store.place != ""
    await store.run(put, "a", yes)
    await store.run(put, "b", 2**40)

    found = await store.run(row, "select sum(first_seq) as all_of_them from windows")
    assert found == {"all_of_them": 2**40 + 1}
    assert isinstance(found["all_of_them"], int)


async def test_text_is_ordered_by_its_bytes(store: Store) -> None:
    for name in ("b", "Ä", "a", "B", "中", "_", "-", "1"):
        await store.run(put, name, 1)

    assert await store.run(names) == ["-", "1", "B", "_", "a", "b", "Ä", "中"]


async def test_percent_signs_and_colons_within_quotes_are_no_gaps(store: Store) -> None:
    await store.run(put, "telegram:-5/7", 1)

    found = await store.run(
        row,
        "select substr(address, instr(address, '/') + 1) as person, ':name %s' as words "
        "from windows where address like '%/%' and address between :place and :place || ';'",
        place="telegram:-5",
    )
    assert found == {"person": "7", "words": ":name %s"}


async def test_changed_counts_the_rows_a_write_touched(store: Store) -> None:
    for name in "abc":
        await store.run(put, name, 1)

    touched = await store.run(change, "update windows set first_seq = 2 where address <> 'a'")
    again = await store.run(
        change,
        "insert into windows (address, learner, first_seq) values ('a', 1, 1) "
        "on conflict (address, learner) do nothing",
    )
    assert (touched, again) == (2, 0)


async def test_numbers_of_rows_are_never_given_twice(store: Store) -> None:
    sql = (
        "insert into outbox (key, platform, address, kind, state, not_before, created_at) "
        "values (:key, 'telegram', 'telegram:1', 'answer', 'open', 1, 1) returning seq"
    )
    first = await store.run(row, sql, key="a")
    await store.run(change, "delete from outbox")
    second = await store.run(row, sql, key="b")

    assert first is not None
    assert second is not None
    assert second["seq"] > first["seq"]


async def test_counting_up_at_the_same_time_loses_no_count(store: Store) -> None:
    await store.run(put, "a", 0)

    def count_up() -> Script[None]:
        yield from change("update windows set first_seq = first_seq + 1")

    await asyncio.gather(*(store.run(count_up) for _ in range(60)))

    assert await store.run(row, "select first_seq from windows") == {"first_seq": 60}


async def test_who_comes_second_sees_what_the_first_has_made(store: Store) -> None:
    """A script that makes what is not there yet: of many at once, one makes it."""

    def found_or_made() -> Script[str]:
        found = yield from row("select first_seq from windows where address = 'a'")
        if found is not None:
            return "found"
        yield from change("insert into windows (address, learner, first_seq) values ('a', 1, 1)")
        return "made"

    results = await asyncio.gather(*(store.run(found_or_made) for _ in range(20)))

    assert sorted(results) == ["found"] * 19 + ["made"]


async def test_two_who_wait_for_each_other_both_come_to_their_end(store: Store) -> None:
    for name in "ab":
        await store.run(put, name, 0)
    count_up = "update windows set first_seq = first_seq + 1 where address = :name"

    def both(first: str, second: str) -> Script[None]:
        yield from change(count_up, name=first)
        yield from change(count_up, name=second)

    await asyncio.gather(*(store.run(both, *pair) for _ in range(15) for pair in ("ab", "ba")))

    found = await store.run(rows, "select first_seq from windows")
    assert [one["first_seq"] for one in found] == [30, 30]


async def test_a_cancelled_caller_stops_nobody_else(store: Store) -> None:
    task = asyncio.create_task(store.run(put, "a", 1))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert await store.run(put, "b", 1) in {1, 2}


async def test_a_closed_store_says_so(store: Store) -> None:
    store.close()

    with pytest.raises(StorageClosedError):
        await store.run(names)


async def test_it_says_where_it_is_and_how_large(store: Store) -> None:
    assert store.place
    assert await store.size() >= 0


def test_what_was_kept_is_there_for_the_next_run(
    opens: Opens, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["opens"] == "in memory":
        pytest.skip("what is in memory goes with it")
    first = opens()
    first.run_now(learner, 1)
    first.run_now(put, "a", 1)
    first.close()

    assert opens().run_now(names) == ["a"]
