"""What one process at a time may do, by the server's clock."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.roles import Lease
from store.leases import give_up_lease, take_lease
from store.postgres import PostgresStore
from store.script import Script, change, rows
from tests.postgres import PostgresServer

LONG = timedelta(seconds=60)


@pytest.fixture
def store(postgres: PostgresServer) -> Iterator[PostgresStore]:
    one = PostgresStore(postgres.installation(), connections=6)
    yield one
    one.close()


async def test_of_many_who_ask_at_once_one_has_it(store: PostgresStore) -> None:
    asked = (store.run(take_lease, "ticker", f"process {number}", LONG) for number in range(20))

    assert sum(await asyncio.gather(*asked)) == 1


async def test_its_holder_renews_it_and_nobody_else_has_it_before_its_end(
    store: PostgresStore,
) -> None:
    assert await store.run(take_lease, "ticker", "a", LONG)

    assert await store.run(take_lease, "ticker", "a", LONG)
    assert not await store.run(take_lease, "ticker", "b", LONG)
    assert await store.run(take_lease, "another", "b", LONG)


async def test_it_is_anybodys_when_it_has_run_out_or_was_given_up(store: PostgresStore) -> None:
    await store.run(take_lease, "ticker", "a", timedelta(0))
    assert await store.run(take_lease, "ticker", "b", LONG)

    await store.run(give_up_lease, "ticker", "a")
    assert not await store.run(take_lease, "ticker", "a", LONG), "it was not a's to give up"

    await store.run(give_up_lease, "ticker", "b")
    assert await store.run(take_lease, "ticker", "a", LONG)


async def test_what_is_done_while_it_is_held_is_done_by_one_and_then_by_the_next(
    store: PostgresStore,
) -> None:
    at_work: list[str] = []
    begun = {name: asyncio.Event() for name in "ab"}

    async def work(name: str) -> None:
        at_work.append(name)
        begun[name].set()
        try:
            await asyncio.Event().wait()
        finally:
            at_work.remove(name)

    leases = {name: Lease(store, "line", timedelta(seconds=5)) for name in "ab"}
    first = asyncio.create_task(leases["a"].while_held(lambda: work("a")))
    await begun["a"].wait()
    second = asyncio.create_task(leases["b"].while_held(lambda: work("b")))
    await asyncio.sleep(0.5)
    assert at_work == ["a"]

    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    async with asyncio.timeout(10):
        await begun["b"].wait()
    assert at_work == ["b"]
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


async def test_whoever_has_lost_it_stops(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.roles.RENEW_SECONDS", 0.05)
    began, stopped = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    def taken_away() -> Script[None]:
        yield from change("update leases set holder = 'another' where name = 'line'")

    lease = Lease(store, "line")
    holding = asyncio.create_task(lease.while_held(work))
    async with asyncio.timeout(10):
        await began.wait()
        await store.run(taken_away)
        await stopped.wait()
    holding.cancel()
    await asyncio.gather(holding, return_exceptions=True)
    (left,) = await store.run(rows, "select holder from leases")
    assert left["holder"] == "another", "what is another's is not given up"
