"""The two processes of a fault test, and its chance."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from tests.faults.harness import MentorProcess, TelegramProcess, enrol_people, new_chance


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramProcess]:
    async with TelegramProcess() as process:
        yield process


@pytest.fixture
def mentor(telegram: TelegramProcess, tmp_path: Path) -> Iterator[MentorProcess]:
    """A mentor that is not started yet."""
    with MentorProcess(tmp_path / "data", tmp_path / "log.txt", telegram.root) as process:
        yield process


@pytest.fixture
def chance() -> Random:
    return new_chance()


@dataclass(slots=True)
class Town:
    """A mentor at work for a whole test session, and people of whom each belongs to one test.

    Everybody is enrolled; their pushes are due in a year.
    """

    telegram: TelegramProcess
    mentor: MentorProcess
    _people: Iterator[int] = field(default_factory=lambda: count(1))

    def person(self) -> int:
        return next(self._people)

    def people(self, number: int) -> list[int]:
        return [self.person() for _ in range(number)]


PEOPLE = 120


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    async with TelegramProcess() as telegram:
        with MentorProcess(folder / "data", folder / "log.txt", telegram.root) as mentor:
            enrol_people(mentor.database, range(1, 1 + PEOPLE), with_clocks=True)
            mentor.start()
            await mentor.is_up()
            yield Town(telegram, mentor)


@pytest_asyncio.fixture(loop_scope="session")
async def town(whole_town: Town) -> AsyncIterator[Town]:
    """The shared mentor, without the faults of the test before."""
    yield whole_town
    await whole_town.telegram.ask("heal")
