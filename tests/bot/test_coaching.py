"""Notes for a tick's pushes: one that breaks takes none of the others along, and is told."""

import logging
from collections.abc import AsyncIterator

import pytest

from bot.coaching import Coach
from learning.pushes import Push
from store.clocks import Due
from store.script import rows
from tests.journeys.people import at
from tests.journeys.talkers import Talker, talking


@pytest.fixture
async def talker() -> AsyncIterator[Talker]:
    async with talking() as talker:
        yield talker


async def test_a_note_that_breaks_is_told_to_the_operator_and_gives_its_tokens_back(
    talker: Talker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    due = Due(1, Push.PLAN, at("2026-11-24 08:00"))

    async def broken(*_: object) -> str:
        raise ZeroDivisionError("words of the learner")

    process = talker.process
    monkeypatch.setattr(type(process.conversation), "coach", broken)
    coach = Coach(process.store, process.house, process.conversation)

    with caplog.at_level(logging.WARNING):
        notes = await coach.notes([due], due.due_at)

    assert notes == {}
    assert "ZeroDivisionError" in caplog.text
    assert "words of the learner" not in caplog.text
    used = await talker.person.ask_store(rows("select reserved from model_usage"))
    assert [one["reserved"] for one in used] == [0] * len(used)
    assert used
