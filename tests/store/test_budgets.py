"""A bot's limits, counted in the database for all who send for it."""

import asyncio
from collections.abc import Iterator

import pytest

from store.budgets import Rate, block_sends, book_send, forget_full_budgets
from store.postgres import PostgresStore
from store.script import Script, change, rows
from tests.postgres import PostgresServer

WHOLE = Rate("telegram", 30, 1 / 28)
ANY = 3600.0


@pytest.fixture
def stores(postgres: PostgresServer) -> Iterator[tuple[PostgresStore, PostgresStore]]:
    """Two processes' stores, on one database."""
    url = postgres.installation()
    both = (PostgresStore(url, connections=3), PostgresStore(url, connections=3))
    yield both
    for one in both:
        one.close()


def chat(number: int) -> Rate:
    return Rate(f"chat {number}", 3, 1.0)


async def test_two_processes_book_no_turn_twice(
    stores: tuple[PostgresStore, PostgresStore],
) -> None:
    waits = await asyncio.gather(
        *(stores[n % 2].run(book_send, WHOLE, chat(n), ANY) for n in range(100))
    )

    # Thirty at once, then one each 1/28 s; what passed while they were booked came for nothing.
    booked = sorted(one for one in waits if one is not None)
    assert len(booked) == 100
    assert sum(one == 0 for one in booked) >= 30
    assert booked[-1] <= 70 / 28 + 0.001
    later = [one for one in booked if one > 0]
    assert len({round(one, 4) for one in later}) == len(later)


async def test_a_chat_has_turns_of_its_own(stores: tuple[PostgresStore, PostgresStore]) -> None:
    waits = [await stores[n % 2].run(book_send, WHOLE, chat(1), ANY) for n in range(5)]

    assert waits[:3] == [0, 0, 0]
    assert 0.5 < (waits[3] or 0) <= 1
    assert 1.5 < (waits[4] or 0) <= 2
    assert await stores[0].run(book_send, WHOLE, chat(2), ANY) == 0


async def test_who_asked_for_nothing_takes_no_turn_far_ahead(
    stores: tuple[PostgresStore, PostgresStore],
) -> None:
    tight = Rate("telegram", 1, 10.0)
    assert await stores[0].run(book_send, tight, chat(1), 0.5) == 0

    refused = [await stores[1].run(book_send, tight, chat(2), 0.5) for _ in range(3)]
    answer = await stores[0].run(book_send, tight, chat(3), ANY)

    assert refused == [None, None, None]
    assert answer is not None
    assert 9 < answer <= 10, "what was refused has taken nothing"


async def test_what_one_is_told_by_the_platform_holds_for_all(
    stores: tuple[PostgresStore, PostgresStore],
) -> None:
    await stores[0].run(block_sends, chat(1), 30.0)
    await stores[0].run(block_sends, chat(1), 5.0)

    wait = await stores[1].run(book_send, WHOLE, chat(1), ANY)

    assert wait is not None
    assert 29 < wait <= 30, "a shorter pause does not end a longer one"
    assert await stores[1].run(book_send, WHOLE, chat(2), ANY) == 0


async def test_scopes_that_say_nothing_are_forgotten_after_an_hour(
    stores: tuple[PostgresStore, PostgresStore],
) -> None:
    for number in range(3):
        await stores[0].run(book_send, WHOLE, chat(number), ANY)

    def an_hour_ago() -> Script[None]:
        yield from change(
            "update send_budgets set free_from = free_from - 3700000000 where scope <> 'telegram'"
        )

    assert await stores[0].run(forget_full_budgets) == 0
    await stores[0].run(an_hour_ago)
    assert await stores[0].run(forget_full_budgets) == 3
    (left,) = await stores[0].run(rows, "select scope from send_budgets")
    assert left["scope"] == "telegram"
