"""A screen on which an answer grows, in memory."""

import asyncio

END = "(end)"


class Screen:
    """Keeps every frame that it was told to show, and END."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._is_told = asyncio.Event()

    async def frame(self, words: str) -> None:
        self.told.append(words)
        self._is_told.set()

    async def end(self) -> None:
        self.told.append(END)

    async def shows(self, words: str) -> None:
        """Wait until a frame holds these words."""
        async with asyncio.timeout(10):
            while not any(words in one for one in self.told):
                self._is_told.clear()
                await self._is_told.wait()
