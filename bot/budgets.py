"""How soon may be sent: a platform's limits, held by one process or by several together."""

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from typing import Protocol

from bot.platforms.port import Budget, Platform
from store.budgets import Rate, block_sends, book_send
from store.outbox import PUSHES, Owed
from store.port import Store

MOST_BUCKETS = 5000
# Whoever asked for nothing takes its turn only so shortly before, or a day's pushes would have
# taken all turns of the next minutes when somebody asks for something.
PUSH_AHEAD_SECONDS = 0.5
# An answer takes the next turn that there is.
ANSWER_AHEAD_SECONDS = 3600.0


class Budgets(Protocol):
    async def wait(self, owed: Owed) -> None:
        """Wait until a delivery may go, and count it as gone."""

    async def block(self, owed: Owed, seconds: float) -> None:
        """Let nothing go to a delivery's address for so long."""


class _Bucket:
    """A token bucket over the event loop's clock."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._free_at = 0.0

    def wait(self, monotonic: float) -> float:
        """Seconds until the next send is allowed."""
        spare = self._budget.interval * (self._budget.burst - 1)
        return max(0.0, self._free_at - spare - monotonic)

    def spend(self, monotonic: float) -> None:
        self._free_at = max(self._free_at, monotonic) + self._budget.interval

    def block(self, until: float) -> None:
        spare = self._budget.interval * (self._budget.burst - 1)
        self._free_at = max(self._free_at, until + spare)

    def is_full(self, monotonic: float) -> bool:
        return self._free_at <= monotonic


class OwnBudgets:
    """The limits of a bot that only this process sends for."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms
        self._buckets: dict[str, _Bucket] = {}
        self._whole = {name: _Bucket(one.budget) for name, one in platforms.items()}

    async def wait(self, owed: Owed) -> None:
        loop = asyncio.get_running_loop()
        whole = self._whole[owed.platform]
        while True:
            bucket = self._bucket(owed)
            now = loop.time()
            wait = max(bucket.wait(now), whole.wait(now))
            if wait <= 0:
                bucket.spend(now)
                whole.spend(now)
                return
            await asyncio.sleep(wait)

    async def block(self, owed: Owed, seconds: float) -> None:
        self._bucket(owed).block(asyncio.get_running_loop().time() + seconds)

    def _bucket(self, owed: Owed) -> _Bucket:
        lane = f"{owed.platform} {owed.address}"
        if lane not in self._buckets:
            self._forget_full_buckets()
            budget = self._platforms[owed.platform].budget_of(owed.address)
            self._buckets[lane] = _Bucket(budget)
        return self._buckets[lane]

    def _forget_full_buckets(self) -> None:
        """A full bucket says nothing; with many addresses the others are few."""
        if len(self._buckets) < MOST_BUCKETS:
            return
        now = asyncio.get_running_loop().time()
        self._buckets = {lane: one for lane, one in self._buckets.items() if not one.is_full(now)}


class SharedBudgets:
    """The limits of a bot that several processes send for, kept in their database."""

    def __init__(self, store: Store, platforms: Mapping[str, Platform]) -> None:
        self._store = store
        self._platforms = platforms

    async def wait(self, owed: Owed) -> None:
        platform = self._platforms[owed.platform]
        whole = Rate(platform.name, platform.budget.burst, platform.budget.interval)
        most = PUSH_AHEAD_SECONDS if owed.kind in PUSHES else ANSWER_AHEAD_SECONDS
        while True:
            wait = await self._store.run(book_send, whole, self._rate(owed), most)
            await asyncio.sleep(PUSH_AHEAD_SECONDS if wait is None else wait)
            if wait is not None:
                return

    async def block(self, owed: Owed, seconds: float) -> None:
        await self._store.run(block_sends, self._rate(owed), seconds)

    def _rate(self, owed: Owed) -> Rate:
        budget = self._platforms[owed.platform].budget_of(owed.address)
        # Whom was written to is nobody's to read there.
        scope = sha256(f"{owed.platform} {owed.address}".encode()).hexdigest()[:32]
        return Rate(scope, budget.burst, budget.interval)
