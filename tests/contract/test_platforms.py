"""What holds on every platform; a new one is a class of desks more."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.desks import Desk, DiscordDesk, TelegramDesk, TerminalDesk


@pytest.fixture(params=[TerminalDesk, TelegramDesk, DiscordDesk])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    made: Desk = request.param(tmp_path)
    async with made.up():
        yield made


async def test_a_plan_begins_with_a_few_presses_and_its_tasks_are_marked(desk: Desk) -> None:
    async with desk.running():
        await desk.said("/start")
        await desk.said("/start ok starter-30 10h 2026-11-23")
        told = await desk.said("/done 1")

        assert "✅" in told or "完成" in told
