"""The two processes of a fault test, and its chance."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.faults.harness import MentorProcess, TelegramProcess, new_chance


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramProcess]:
    async with TelegramProcess() as process:
        yield process


@pytest.fixture
def mentor(telegram: TelegramProcess, tmp_path: Path) -> Iterator[MentorProcess]:
    """A mentor that is not started yet."""
    process = MentorProcess(tmp_path / "data", telegram.root, tmp_path / "log.txt")
    yield process
    process.kill()


@pytest.fixture
def chance() -> Random:
    return new_chance()
