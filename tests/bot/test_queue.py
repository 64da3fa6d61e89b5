"""The queue on a server: who is rung for is worked off once at a time, whatever ends on the way."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from bot.bell import Kind, Rounds, WorkOff
from bot.clock import system_clock
from bot.queue import PostgresQueue
from bot.roles import LISTENING, Connections
from store.errors import StorageBrokenError
from store.inbox import Arrival, Where, receive
from store.postgres import PostgresStore
from tests.faults.harness import until
from tests.postgres import PostgresServer

ANA, BEN = ("telegram", "1"), ("telegram", "2")


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.installation()


class Worked:
    """What was worked off, and by how many at once; it waits for `free` each time."""

    def __init__(self) -> None:
        self.done: list[Where] = []
        self.most: Counter[Where] = Counter()
        self._now: Counter[Where] = Counter()
        self.free = asyncio.Event()
        self.free.set()
        self.begun = asyncio.Event()

    async def __call__(self, platform: str, place: str) -> None:
        where = (platform, place)
        self._now[where] += 1
        self.most[where] = max(self.most[where], self._now[where])
        self.begun.set()
        try:
            await self.free.wait()
            self.done.append(where)
        finally:
            self._now[where] -= 1

    async def saw(self, count: int) -> None:
        async def look() -> bool:
            return len(self.done) >= count

        await until(look, 20, f"{count} times worked off")


async def nothing(platform: str, place: str) -> None:
    """As if there were nothing to send, or nobody to blame."""


@asynccontextmanager
async def worker(
    url: str, hear: WorkOff, *, send: WorkOff = nothing, blame: WorkOff = nothing
) -> AsyncIterator[PostgresQueue]:
    queue = PostgresQueue(url, Connections(10).queue)
    await queue.open()
    try:
        async with queue.working(["telegram"], hear, send, blame):
            yield queue
    finally:
        await queue.close()


def jobs(url: str) -> list[Mapping[str, Any]]:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        found = "select * from procrastinate_jobs where task_name in ('hear', 'send') order by id"
        return list(connection.execute(found).fetchall())


async def left(url: str, count: int) -> None:
    async def look() -> bool:
        return len(await asyncio.to_thread(jobs, url)) == count

    await until(look, 20, f"{count} jobs left")


async def test_who_is_rung_for_is_worked_off_and_nothing_is_left_of_it(url: str) -> None:
    worked, sent = Worked(), Worked()
    async with worker(url, worked, send=sent) as queue:
        queue.ring(Kind.HEAR, [ANA, BEN])
        queue.ring(Kind.SEND, [ANA])
        await worked.saw(2)
        await sent.saw(1)
        await left(url, 0)

    assert sorted(worked.done) == [ANA, BEN]
    assert sent.done == [ANA]


async def test_one_waits_at_most_and_one_is_at_work_at_most(url: str) -> None:
    worked = Worked()
    worked.free.clear()
    async with worker(url, worked) as one, worker(url, worked) as other:
        one.ring(Kind.HEAR, [ANA])
        async with asyncio.timeout(10):
            await worked.begun.wait()
        for _ in range(20):
            one.ring(Kind.HEAR, [ANA])
            other.ring(Kind.HEAR, [ANA])
        await left(url, 2)
        await asyncio.sleep(0.5)
        assert len(jobs(url)) == 2, "one at work, and one for what came since"

        worked.free.set()
        await worked.saw(2)
        await left(url, 0)

    assert worked.most[ANA] == 1
    assert worked.done == [ANA, ANA]


async def test_it_takes_no_more_connections_than_its_share(url: str) -> None:
    """Those that listen are beside the pool, and a store would have to do without."""
    worked, shared_out = Worked(), Connections(10)
    async with worker(url, worked, send=worked) as queue:
        queue.ring(Kind.HEAR, [("telegram", str(number)) for number in range(200)])
        queue.ring(Kind.SEND, [("telegram", str(number)) for number in range(200)])
        most = 0
        with psycopg.connect(url) as connection:
            while len(worked.done) < 400:
                (found,) = connection.execute(
                    "select count(*) from pg_stat_activity where pid <> pg_backend_pid() "
                    "and datname = current_database()"
                ).fetchone() or (0,)
                connection.commit()
                most = max(most, found)
                await asyncio.sleep(0.01)

    assert LISTENING < most <= LISTENING + shared_out.queue


@pytest.mark.parametrize("most", [5, 9, 10, 100, 1000])
def test_what_a_process_may_have_is_shared_out_and_a_store_has_two_at_least(most: int) -> None:
    shared_out = Connections(most)

    assert LISTENING + shared_out.queue + shared_out.store == most
    assert shared_out.store >= 2


async def test_others_are_not_held_up(url: str) -> None:
    slow, quick = asyncio.Event(), asyncio.Event()

    async def hear(_: str, place: str) -> None:
        if place == "1":
            await slow.wait()
        else:
            quick.set()

    async with worker(url, hear) as queue:
        queue.ring(Kind.HEAR, [ANA])
        queue.ring(Kind.HEAR, [BEN])
        async with asyncio.timeout(10):
            await quick.wait()
        slow.set()


@pytest.mark.parametrize("error", [RuntimeError("x"), StorageBrokenError("away")])
async def test_what_fails_is_rung_for_again(
    url: str, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    worked, failures = Worked(), iter([error, error])

    async def hear(platform: str, place: str) -> None:
        for one in failures:
            raise one
        await worked(platform, place)

    async with worker(url, hear) as queue:
        queue.ring(Kind.HEAR, [ANA])
        await worked.saw(1)
        await left(url, 0)

    assert worked.done == [ANA]
    assert sum("hear telegram" in one.getMessage() for one in caplog.records) == 2


async def test_what_a_stopped_worker_was_at_is_another_s_at_once(url: str) -> None:
    stuck, worked = Worked(), Worked()
    stuck.free.clear()
    async with worker(url, stuck) as queue:
        queue.ring(Kind.HEAR, [ANA])
        async with asyncio.timeout(10):
            await stuck.begun.wait()
    async with worker(url, worked):
        await worked.saw(1)
        await left(url, 0)

    assert stuck.done == []
    assert worked.done == [ANA]


@pytest.mark.parametrize("is_waited_for", [False, True], ids=["alone", "rung for again meanwhile"])
async def test_what_a_vanished_worker_was_at_is_blamed_and_done_by_another(
    url: str, *, is_waited_for: bool
) -> None:
    """A twin that waits under the same queueing lock is the case in which others get stuck."""
    worked, blamed = Worked(), Worked()
    vanished(url)
    async with worker(url, worked, blame=blamed) as queue:
        if is_waited_for:
            queue.ring(Kind.HEAR, [ANA])
        await worked.saw(1)
        await left(url, 0)

    assert set(worked.done) == {ANA}
    assert blamed.done == [ANA]


def vanished(url: str) -> None:
    """Leave what a process leaves that was killed an hour ago while it was at somebody."""
    with psycopg.connect(url) as connection:
        (worker_id,) = connection.execute(
            "insert into procrastinate_workers (last_heartbeat) "
            "values (now() - interval '1 hour') returning id"
        ).fetchone() or (0,)
        name = "hear telegram 1"
        connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, "
            "status, worker_id) values ('hear telegram', 'hear', %s, %s, "
            """'{"platform": "telegram", "lane": "1"}', 'doing', %s)""",
            (name, name, worker_id),
        )


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    one = PostgresStore(url, connections=2)
    yield one
    one.close()


async def test_what_nobody_rang_for_is_found(url: str, store: PostgresStore) -> None:
    worked, sent = Worked(), Worked()

    now = system_clock()
    for event, (lane, minutes) in enumerate([("1", 1), ("1", 1), ("2", 0)]):
        arrival = Arrival("telegram", str(event), lane, "{}")
        await store.run(receive, [arrival], now - timedelta(minutes=minutes))
    async with worker(url, worked, send=sent) as queue:
        await Rounds(store, queue, system_clock).look()
        await worked.saw(1)
        await left(url, 0)

    assert worked.done == [ANA], "what has only just come is rung for by whoever took it in"
