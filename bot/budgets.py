"""How soon may be sent: a platform's limits, held by one process or by several together."""

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from heapq import heappop, heappush
from itertools import count
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


class _Line:
    """Whoever waits for a turn of the whole bot: those who asked first, then by coming.

    One timer lets the next one through. Were all of them woken for each turn, ten thousand pushes
    would keep a core busy with waiting.
    """

    def __init__(self, bucket: _Bucket) -> None:
        self._bucket = bucket
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, *, is_push: bool) -> None:
        """Wait for a turn, and take it."""
        come = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (is_push, next(self._numbers), come))
        if self._timer is None:
            self._let_through()
        await come

    def _let_through(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        while self._waiting:
            wait = self._bucket.wait(loop.time())
            if wait > 0:
                self._timer = loop.call_later(wait, self._let_through)
                return
            *_, come = heappop(self._waiting)
            # Who has gone away meanwhile takes no turn.
            if not come.done():
                self._bucket.spend(loop.time())
                come.set_result(None)


class OwnBudgets:
    """The limits of a bot that only this process sends for."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms
        self._buckets: dict[str, _Bucket] = {}
        self._lines = {name: _Line(_Bucket(one.budget)) for name, one in platforms.items()}

    async def wait(self, owed: Owed) -> None:
        loop = asyncio.get_running_loop()
        while True:
            own = self._bucket(owed).wait(loop.time())
            if own > 0:
                await asyncio.sleep(own)
                continue
            await self._lines[owed.platform].turn(is_push=owed.kind in PUSHES)
            bucket = self._bucket(owed)
            # It may have been blocked while it stood in line.
            if bucket.wait(loop.time()) <= 0:
                bucket.spend(loop.time())
                return

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
