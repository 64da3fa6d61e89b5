"""How workers are woken where the mentor runs as several processes."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from bot.clock import Clock
from store.inbox import Where, lanes_waiting
from store.outbox import addresses_waiting
from store.port import Store

# What has waited so long may have been rung for by nobody.
UNHEARD = timedelta(seconds=5)
RUNG_AT_ONCE = 500
NOWHERE: Where = ("", "")


class Kind(StrEnum):
    """What there is to do: HEAR what came in a conversation, or SEND what an address is owed."""

    HEAR = "hear"
    SEND = "send"


class Bell(Protocol):
    def ring(self, kind: Kind, places: Sequence[Where], priority: int = 0) -> None:
        """Say that there is something to do, once it is committed; it is rung for soon.

        Of what waits, that with the higher priority is done first. Should this process end before
        it has rung, whoever looks round for what waits rings again.
        """


class WorkOff(Protocol):
    async def __call__(self, platform: str, place: str, /) -> None:
        """Do all there is to do in a conversation, or for an address."""


class Queue(Bell, Protocol):
    """Rings for workers, and lets this process be one."""

    async def open(self) -> None: ...

    def working(
        self, platforms: Sequence[str], hear: WorkOff, send: WorkOff, blame: WorkOff
    ) -> AbstractAsyncContextManager[None]:
        """Be a worker for these platforms; at the end, let what was begun come to its end.

        `blame` is told of each conversation that a process was at when it was killed.
        """

    async def close(self) -> None:
        """Ring for all that is to be rung for, and let go of the database."""


_LOOKS = {Kind.HEAR: lanes_waiting, Kind.SEND: addresses_waiting}


@dataclass(slots=True)
class Rounds:
    """Looks round for what waits and rings for it again: a process may have ended before it rang.

    Where much waits, each look takes up where the last one ended.
    """

    store: Store
    bell: Bell
    clock: Clock
    _after: dict[Kind, Where] = field(default_factory=dict, init=False)

    async def look(self) -> None:
        before = self.clock() - UNHEARD
        for kind, waiting in _LOOKS.items():
            after = self._after.get(kind, NOWHERE)
            found = await self.store.run(waiting, before, after, RUNG_AT_ONCE)
            self.bell.ring(kind, found)
            self._after[kind] = found[-1] if len(found) == RUNG_AT_ONCE else NOWHERE
