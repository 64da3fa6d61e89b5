"""Notes for a tick's pushes: one that breaks takes none of the others along, and is told."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.coaching import Coach
from learning.pushes import Push
from store.clocks import set_clock
from store.learners import add_learner
from store.script import Script, rows
from tests.fakes.model import Fault
from tests.faults.harness import until
from tests.journeys.people import at
from tests.journeys.talkers import Talker, talking
from tools.context import Context
from tools.registry import Call, perform


@pytest.fixture
async def talker() -> AsyncIterator[Talker]:
    async with talking() as talker:
        yield talker


async def test_a_note_that_breaks_is_told_to_the_operator_and_gives_its_tokens_back(
    talker: Talker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> str:
        raise ZeroDivisionError("words of the learner")

    process = talker.process
    monkeypatch.setattr(type(process.conversation), "coach", broken)
    coach = Coach(process.store, process.house, process.conversation)

    with caplog.at_level(logging.WARNING):
        notes = await coach.notes([1], at("2026-11-24 08:00"))

    assert notes == {}
    assert "ZeroDivisionError" in caplog.text
    assert "words of the learner" not in caplog.text
    used = await talker.person.ask_store(rows, "select reserved from model_usage")
    assert [one["reserved"] for one in used] == [0] * len(used)
    assert used


async def test_no_note_is_asked_of_a_model_that_is_down(talker: Talker) -> None:
    talker.model.fail(Fault.SERVER_ERROR, times=None)
    await talker.person.say("聊聊注意力")
    asked = len(talker.model.requests)
    counted = await talker.person.ask_store(rows, "select * from model_usage")
    process = talker.process

    notes = await Coach(process.store, process.house, process.conversation).notes(
        [1], at("2026-11-24 08:00")
    )

    assert notes == {}
    assert len(talker.model.requests) == asked
    assert await talker.person.ask_store(rows, "select * from model_usage") == counted


async def test_who_needs_no_note_does_not_wait_for_the_others() -> None:
    async with talking(MENTOR_COACH_NOTES="on", MENTOR_MODEL_PATIENCE="1") as talker:
        now = talker.person.now = at("2026-11-24 08:00")
        await talker.person.ask_store(snoozed_other, talker, now)
        talker.model.fail(Fault.HANG, times=None)

        ticking = asyncio.create_task(talker.process.pushes.tick())
        await until(lambda: asked(talker), 3, "a request for a note")

        owed = await talker.person.ask_store(rows, "select kind from outbox where kind <> 'answer'")
        assert [one["kind"] for one in owed] == ["snooze"]
        await ticking
        owed = await talker.person.ask_store(rows, "select kind from outbox where kind = 'plan'")
        assert len(owed) == 2


async def asked(talker: Talker) -> bool:
    return bool(talker.model.requests)


def snoozed_other(talker: Talker, now: datetime) -> Script[None]:
    """Another learner, whose plan comes again after the first one's."""
    house = talker.process.house
    other = yield from add_learner("console", "2", "console:2", "zh", "Asia/Shanghai", now)
    context = Context(other, house.catalogue, other.home, now - timedelta(days=1))
    known = {"confirmed": True, "curriculum": "starter-30", "start": context.today}
    yield from perform(context, Call("start_curriculum", {**known, "hours_a_week": 10}))
    yield from set_clock(other.id, Push.SNOOZE, now)
