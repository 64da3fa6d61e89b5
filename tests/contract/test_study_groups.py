"""A study group on every platform that has groups, from the first word to the platform's own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from bot.inbox import Inbox
from bot.platforms.port import Platform
from bot.process import Process
from store.cohorts import cohort_at, count_members
from store.outbox import receipt_of_post
from store.port import Store
from store.script import rows
from tests.contract.group_desks import ANA, BOB, DiscordGroup, GroupDesk, TelegramGroup
from tests.faults.harness import until
from tests.journeys.people import NOW, at, house
from tests.stores import new_store


@dataclass
class Room:
    """A group with the mentor in it; the test moves its clock."""

    desk: GroupDesk
    store: Store
    process: Process
    now: datetime

    async def until(self, is_so: Callable[[], bool]) -> None:
        async def look() -> bool:
            return is_so()

        await until(look, 20, f"in {self.desk.said()}")
        await self.process.settled()

    async def say(self, person: int, text: str, answered: str, *, to: str = "") -> None:
        """Say something, and wait until the group has read an answer with these words."""
        self.desk.say(person, text, to=to)
        await self.until(lambda: any(answered in one for one in self.desk.said()))

    async def press(self, person: int, receipt: str, label: str) -> str:
        """Press a button, and give what only this person is told."""
        before = len(self.desk.whispers(person))
        self.desk.press(person, receipt, label)
        await self.until(lambda: len(self.desk.whispers(person)) > before)
        return self.desk.whispers(person)[-1]

    async def tick(self, when: str) -> str:
        """Let it be some time, and give the receipt of what was posted last."""
        self.now = at(when)
        await self.process.tick()
        await self.process.settled()
        return await self.newest()

    async def newest(self) -> str:
        found = await self.store.run(
            rows, "select key from outbox where kind = 'group' and state = 'sent' order by seq desc"
        )
        receipt = await self.store.run(receipt_of_post, found[0]["key"])
        assert receipt is not None
        return receipt

    async def opened(self) -> None:
        """A cohort with Ana and Bob in it."""
        await self.say(ANA, "/group start starter-30 2026-11-23 zh Asia/Shanghai", "开张了")
        receipt = await self.newest()
        for one in (ANA, BOB):
            assert "欢迎" in await self.press(one, receipt, "🙋 加入")


@asynccontextmanager
async def _room(desk: GroupDesk) -> AsyncIterator[Room]:
    store = new_store()
    made: list[Room] = []

    def mailbox(platform: Platform) -> Inbox:
        process = Process(store, house(), {platform.name: platform}, lambda: made[0].now)
        made.append(Room(desk, store, process, NOW))
        return process.inbox

    try:
        async with desk.up(mailbox):
            yield made[0]
            await made[0].process.inbox.stop()
            await made[0].process.outbox.stop()
            made[0].process.gatherings.stop()
    finally:
        store.close()


@pytest.fixture(params=[TelegramGroup, DiscordGroup])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    async with _room(request.param(tmp_path)) as made:
        yield made


async def test_an_administrator_opens_a_group_and_each_joins_by_their_own_button(
    room: Room,
) -> None:
    await room.say(BOB, "/group start starter-30", "由这里的管理员")
    assert await room.store.run(cohort_at, [room.desk.address]) is None

    await room.opened()

    cohort = await room.store.run(cohort_at, [room.desk.address])
    assert cohort is not None
    assert await room.store.run(count_members, cohort.id) == 2


async def test_an_answer_to_the_daily_question_is_told_to_its_owner_alone(room: Room) -> None:
    await room.opened()
    asked = await room.tick("2026-11-23 09:00")
    before = list(room.desk.said())

    told = await room.press(BOB, asked, "②")

    assert told == "记下了：②。揭晓前不公开。"
    assert list(room.desk.said()) == before
    await room.tick("2026-11-23 20:00")
    assert "揭晓" in room.desk.said()[-1]
    assert "已经收卷" in await room.press(ANA, asked, "①")


async def test_help_is_asked_in_a_thread_and_what_with_stands_below_it(room: Room) -> None:
    await room.opened()
    called = await room.tick("2026-11-23 21:00")
    await room.press(BOB, called, "🆘 求助")
    help_called = await room.newest()

    assert "给别人的" in await room.press(ANA, help_called, "我来说卡在哪（本人）")
    assert "没有你卡住的记录" in await room.press(BOB, help_called, "我来说卡在哪（本人）")


async def test_a_question_is_answered_below_it(room: Room) -> None:
    await room.opened()

    await room.say(BOB, "LoRA 是什么", "低秩")

    assert not any("低秩" in one for one in room.desk.whispers(BOB))


async def test_a_line_in_reply_to_the_roll_call_is_kept(room: Room) -> None:
    await room.opened()
    called = await room.tick("2026-11-23 21:00")

    await room.say(BOB, "跑通了第一个例子", "记下了", to=called)

    kept = await room.store.run(rows, "select words from contributions")
    assert [one["words"] for one in kept] == ["跑通了第一个例子"]


async def test_a_group_that_threw_the_mentor_out_is_owed_nothing_more(room: Room) -> None:
    await room.opened()

    room.desk.throw_out()
    room.now = at("2026-11-23 09:00")
    for _ in range(2):
        await room.process.tick()
        await room.process.settled()

    left = await room.store.run(rows, "select kind from cohort_clocks where kind <> 'reveal'")
    assert left == []
