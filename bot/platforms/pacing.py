"""Pauses between tries, and answers that grow on somebody's screen without asking too often."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import Random

from bot.platforms.port import RetryLaterError
from learning.errors import MentorError

log = logging.getLogger("mentor.platforms")

Sleep = Callable[[float], Awaitable[None]]

# Seconds between the frames of a growing answer: soon at first, as a reader wants a sign, then ever
# more rarely, as each is a request that says little more.
FIRST_FRAME_LASTS = 0.8
# An answer that is whole this soon after its first frame needs none before it.
SOON = 0.1
FRAMES_SLOW_DOWN = 3.0
LAST_FRAME_LASTS = 10.0
MOST_FAILURES = 3


class Pauses:
    """Pauses that grow, from `first` to `most` seconds, each of a random length up to that."""

    def __init__(self, first: float, most: float, random: Random, sleep: Sleep) -> None:
        self.count = 0
        self._first = first
        self._most = most
        self._random = random
        self._sleep = sleep

    async def pause(self, at_least: float = 0.0) -> None:
        longest = min(self._most, self._first * 2 ** min(self.count, 10))
        self.count += 1
        await self._sleep(max(at_least, self._random.uniform(self._first, longest)))

    def reset(self) -> None:
        self.count = 0


class Growing:
    """A growing answer on somebody's screen: one frame on its way at a time, the latest wins.

    `show` brings a frame there, or raises one of the port's errors; what it is given are words in
    markup. It says whether there was anything to show.
    """

    def __init__(self, show: Callable[[str], Awaitable[bool]], sleep: Sleep) -> None:
        self._show = show
        self._sleep = sleep
        self._interval = FIRST_FRAME_LASTS
        self._failures = 0
        self._has_begun = False
        self._latest = ""
        self._is_over = False
        self._is_sending = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        return self._is_over

    async def frame(self, words: str) -> None:
        """Show the answer as far as it has come; returns at once and never raises."""
        if self._is_over:
            return
        self._latest = words
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def end(self) -> None:
        """Let no further frame appear, such as behind the finished answer."""
        self._is_over = True
        if self._task is None:
            return
        if self._is_sending:
            await asyncio.wait({self._task}, timeout=2)
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _run(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            await self._sleep(SOON)
        while self._latest and not self._is_over:
            words, self._latest = self._latest, ""
            pause = await self._try(words)
            if not self._is_over:
                await self._sleep(pause)

    async def _try(self, words: str) -> float:
        """Show one frame and say how long to wait before the next."""
        self._is_sending = True
        try:
            if not await self._show(words):
                return 0.0
        except MentorError as error:
            log.debug("A frame was not shown: %s", error)
            self._failures += 1
            self._is_over = self._is_over or self._failures >= MOST_FAILURES
            asked = 0.0
            if isinstance(error, RetryLaterError):
                self._interval *= 2
                asked = error.after
            return max(self._interval, asked)
        finally:
            self._is_sending = False
        pause = self._interval
        self._interval = min(LAST_FRAME_LASTS, pause * FRAMES_SLOW_DOWN)
        return pause
