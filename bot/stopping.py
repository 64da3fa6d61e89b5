"""An answer that is still being written: what of it was shown, and how it is stopped."""

import asyncio
import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from bot.platforms.port import Draft

T = TypeVar("T")

_STOP = re.compile(
    r"\s*(?:/stop|停+吧?|停一?下吧?|停止吧?|打住|(?:别|不用)(?:说|写|讲)了|够了"
    r"|(?:please )?stop(?: it| now| please)?|enough|cancel)"
    r"\s*[。.!！~～]*\s*",
    re.IGNORECASE,
)


def is_stop(text: str) -> bool:
    """Whether words, said while an answer is being written, end it."""
    return _STOP.fullmatch(text) is not None


class Stop:
    """One turn's way to be stopped from outside.

    `was_heard` is true once it ended something; words that came too late are answered as others.
    """

    def __init__(self) -> None:
        self._said = asyncio.Event()
        self.was_heard = False

    def say(self) -> None:
        self._said.set()

    async def unless(self, work: Awaitable[T]) -> T | None:
        """Wait for work; None when it was stopped, and then it is over."""
        working = asyncio.ensure_future(work)
        stopped = asyncio.ensure_future(self._said.wait())
        try:
            await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            self.was_heard = True
            return None
        finally:
            stopped.cancel()
            if not working.done():
                working.cancel()
                await asyncio.wait({working})
                if not working.cancelled():
                    working.exception()  # or asyncio reports it as forgotten


@dataclass(slots=True)
class Shown:
    """Passes an answer's frames on, and remembers the last: it is what a stopped answer came to."""

    draft: Draft | None = None
    words: str = ""

    async def frame(self, words: str) -> None:
        self.words = words
        if self.draft is not None:
            await self.draft.frame(words)

    async def end(self) -> None:
        if self.draft is not None:
            await self.draft.end()
