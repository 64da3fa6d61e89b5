"""One process keeps to a platform's limits, and lets whoever asked go first."""

import asyncio
from dataclasses import dataclass
from typing import Any, cast

from bot.budgets import OwnBudgets
from bot.platforms.port import Budget, Platform
from store.outbox import Owed

PAUSE = 0.01


@dataclass(frozen=True, slots=True)
class Limits:
    """What of a platform is asked for here."""

    budget: Budget
    of_chat: Budget

    def budget_of(self, _: str) -> Budget:
        return self.of_chat


def budgets(whole: Budget) -> OwnBudgets:
    platform: Any = Limits(whole, Budget(3, PAUSE))
    return OwnBudgets({"telegram": cast(Platform, platform)})


def owed(chat: int, kind: str = "plan") -> Owed:
    return Owed(chat, "telegram", f"telegram:{chat}", chat, kind, "{}", 0, None)


class Sent:
    """Who has gone, in order, and when by the event loop's clock."""

    def __init__(self, limits: OwnBudgets) -> None:
        self._limits = limits
        self.order: list[tuple[int, str]] = []
        self.at: list[float] = []

    async def send(self, one: Owed) -> None:
        await self._limits.wait(one)
        self.order.append((one.seq, one.kind))
        self.at.append(asyncio.get_running_loop().time())


async def test_after_a_burst_one_goes_each_interval() -> None:
    sent = Sent(budgets(Budget(5, PAUSE)))

    await asyncio.gather(*(sent.send(owed(chat)) for chat in range(25)))

    begun = sent.at[0]
    assert sent.at[-1] - begun >= 20 * PAUSE * 0.99
    assert [chat for chat, _ in sent.order] == list(range(25)), "those who came first go first"


async def test_an_answer_waits_for_no_push() -> None:
    sent = Sent(budgets(Budget(1, PAUSE)))
    pushing = [asyncio.create_task(sent.send(owed(chat))) for chat in range(2000)]
    await asyncio.sleep(5 * PAUSE)

    before = len(sent.order)
    await sent.send(owed(5000, "answer"))
    place = sent.order.index((5000, "answer"))

    assert before < 1000
    assert place <= before + 2
    for one in pushing:
        one.cancel()
    await asyncio.gather(*pushing, return_exceptions=True)


async def test_who_gives_up_waiting_takes_no_turn() -> None:
    sent = Sent(budgets(Budget(1, 0.05)))
    await sent.send(owed(1))
    gone = [asyncio.create_task(sent.send(owed(chat))) for chat in range(2, 50)]
    await asyncio.sleep(0)
    last = asyncio.create_task(sent.send(owed(50)))
    await asyncio.sleep(0)
    for one in gone:
        one.cancel()
    async with asyncio.timeout(1):
        await last

    assert sent.order == [(1, "plan"), (50, "plan")]


async def test_a_chat_that_must_wait_holds_up_nobody() -> None:
    limits = budgets(Budget(100, PAUSE))
    sent = Sent(limits)
    await limits.block(owed(1), 0.3)

    waiting = asyncio.create_task(sent.send(owed(1)))
    await asyncio.gather(*(sent.send(owed(chat)) for chat in range(2, 30)))
    assert not waiting.done()
    await waiting

    assert sent.order[-1] == (1, "plan")
    assert sent.at[-1] - sent.at[0] >= 0.25


async def test_who_is_blocked_while_standing_in_line_waits_that_long_too() -> None:
    limits = budgets(Budget(1, 0.1))
    sent = Sent(limits)
    await sent.send(owed(1))
    waiting = asyncio.create_task(sent.send(owed(2)))
    await asyncio.sleep(0)
    await limits.block(owed(2), 0.4)
    await waiting

    assert sent.at[-1] - sent.at[0] >= 0.39
