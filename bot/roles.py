"""What a process does, where several do the mentor's work, and how only one does a thing."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from learning.errors import MentorError
from store.leases import give_up_lease, take_lease
from store.port import Store

log = logging.getLogger("mentor")

# Whoever stops renewing, as a process that was killed, loses it after so long.
LEASE = timedelta(seconds=12)
RENEW_SECONDS = 3.0
# Of a process' connections to the database, so many listen for what there is to do.
LISTENING = 2
# A ticker renews with each tick.
TICKER_LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Connections:
    """How a process shares out those it may have: `most` is 5 or more.

    The library's listeners are lines of their own beside its pool; were they not counted, a queue
    that is quicker after a restart of the server would leave none to the store.
    """

    most: int

    @property
    def queue(self) -> int:
        """Those that fetch jobs and note how they ended."""
        return max(1, self.most // 5)

    @property
    def store(self) -> int:
        return self.most - LISTENING - self.queue


class Role(StrEnum):
    """The part of the work that a process does; ALL is the whole of it."""

    ALL = "all"
    GATEWAY = "gateway"
    WORKER = "worker"
    TICKER = "ticker"

    @property
    def takes_in(self) -> bool:
        """Whether platforms give it their updates."""
        return self in {Role.ALL, Role.GATEWAY}

    @property
    def answers(self) -> bool:
        """Whether it answers and sends."""
        return self in {Role.ALL, Role.WORKER}

    @property
    def ticks(self) -> bool:
        """Whether it makes what is due."""
        return self in {Role.ALL, Role.TICKER}


class Lease:
    """What one process at a time may do. The others may try again and again to have it."""

    def __init__(self, store: Store, name: str, lasts: timedelta = LEASE) -> None:
        self._store = store
        self._name = name
        self._lasts = lasts
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    async def take(self) -> bool:
        """Take or renew it; False while another process has it."""
        return await self._store.run(take_lease, self._name, self._holder, self._lasts)

    async def give_up(self) -> None:
        """Let another process have it at once."""
        await self._store.run(give_up_lease, self._name, self._holder)

    async def while_held(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it whenever the lease is ours, until it ends by itself."""
        while True:
            if not await self._is_ours():
                await asyncio.sleep(RENEW_SECONDS)
                continue
            working = asyncio.ensure_future(work())
            renewing = asyncio.create_task(self._renew())
            try:
                await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
                if working.done():
                    working.result()
                    return
            finally:
                working.cancel()
                renewing.cancel()
                await asyncio.gather(working, renewing, return_exceptions=True)
                await self._let_go()
            log.warning("%s: another process has it now", self._name)

    async def _renew(self) -> None:
        """Renew it until it is lost, or could not be for as long as it lasts."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._lasts.total_seconds()
        while loop.time() < until:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if not await self.take():
                    return
            except MentorError as error:
                log.warning("%s: cannot be kept yet: %s", self._name, error)
                continue
            until = loop.time() + self._lasts.total_seconds()

    async def _is_ours(self) -> bool:
        try:
            return await self.take()
        except MentorError as error:
            log.warning("%s: cannot be had yet: %s", self._name, error)
            return False

    async def _let_go(self) -> None:
        try:
            await self.give_up()
        except MentorError as error:
            log.info("%s: ends by itself: %s", self._name, error)
