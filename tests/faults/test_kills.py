"""kill -9 at random moments: nothing is lost, nothing happens twice, little is said twice."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tests.fakes.loopback import Json
from tests.faults.harness import (
    IS_SOAK,
    History,
    MentorProcess,
    TelegramProcess,
    enrol_people,
    has_arrived,
    history_of,
    receipt_of,
    task_ids,
)

KILLS, UPDATES = (200, 1000) if IS_SOAK else (10, 120)
PEOPLE = range(1, 1 + UPDATES // 4)
# A send takes this long, so that many a kill meets one on its way.
LATENCY = 0.03
LATEST_KILL = 0.8  # seconds after the first sign of work; by then a slice is mostly done


@dataclass(slots=True)
class Killed:
    """A finished run of kills: what was said, what came of it, and who repeated what."""

    history: History
    marks: Mapping[int, set[str]]
    completions: Mapping[int, list[str]]
    texts: Sequence[tuple[int, str]]
    orders: Mapping[int, tuple[list[str], list[str]]]
    """For each chat the receipts in the outbox's order, and those of them in Telegram's."""
    verdicts: list[str] = field(default_factory=list)
    repeated_by_run: Counter[int] = field(default_factory=Counter)


@pytest.mark.timeout(1800) if False else pytest.mark.filterwarnings()
async def test_x() -> None: ...
