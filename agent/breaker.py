"""Leaves a model alone while it is down, and finds out by itself when it is back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from agent.faults import ModelDownError, ModelFault

log = logging.getLogger("mentor.agent")

# Seconds before each look whether the model is back; the last one repeats. Nobody waits for them.
LOOKS = (2.0, 5.0, 10.0, 20.0)

Probe = Callable[[], Awaitable[None]]


class Breaker:
    """Open means down: learners are answered without this model, and do not wait for it.

    `probe` asks the model for something tiny; as long as it is down, that raises anything but an
    answer of no use.
    """

    def __init__(self, name: str, probe: Probe, looks: tuple[float, ...] = LOOKS) -> None:
        self._name = name
        self._probe = probe
        self._looks = looks
        self._looking: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        return self._looking is not None and not self._looking.done()

    def open(self) -> None:
        if not self.is_open:
            log.warning("%s: down; learners are answered without it", self._name)
            self._looking = asyncio.create_task(self._look(), name=f"probe {self._name}")

    async def _look(self) -> None:
        count = 0
        while True:
            await asyncio.sleep(self._looks[min(count, len(self._looks) - 1)])
            count += 1
            try:
                await self._probe()
            except Exception as error:  # noqa: BLE001 -- whatever it is, nobody else takes it
                if not _is_an_answer(error):
                    log.debug("%s: still down: %s", self._name, type(error).__name__)
                    continue
            log.info("%s: back", self._name)
            return

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})


def _is_an_answer(error: Exception) -> bool:
    """Whether a model spoke, if only to refuse a request for one token, as some models do."""
    return isinstance(error, ModelFault) and not isinstance(error, ModelDownError)
