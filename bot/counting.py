"""What a run has counted of itself, in plain numbers; whoever wants to know reads them."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

# Upper bounds in seconds: a button, a plan, a model's answer, a model that is slow.
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


@dataclass(slots=True)
class Histogram:
    """Counts by bound, each on its own; the last one is beyond all bounds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        place = next((n for n, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
        self.counts[place] += 1
        self.total += seconds


@dataclass(slots=True)
class TurnCounts:
    """Updates dealt with, by platform and outcome, and how long each took from its arrival on."""

    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: dict[str, Histogram] = field(default_factory=dict)

    def add(self, platform: str, outcome: str, seconds: float) -> None:
        self.ended[platform, outcome] += 1
        self.seconds.setdefault(platform, Histogram()).add(seconds)


@dataclass(slots=True)
class SendCounts:
    """Deliveries by platform, kind and outcome; one that waits is counted each time."""

    ended: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, platform: str, kind: str, outcome: str) -> None:
        self.ended[platform, kind, outcome] += 1


class LoopLag:
    """How late the event loop wakes whoever sleeps: the longest since it was last asked."""

    EVERY = 0.5

    def __init__(self) -> None:
        self._longest = 0.0

    async def watch(self) -> None:
        """Look until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + self.EVERY
            await asyncio.sleep(self.EVERY)
            self._longest = max(self._longest, loop.time() - due)

    def take(self) -> float:
        longest, self._longest = self._longest, 0.0
        return longest
