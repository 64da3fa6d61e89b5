"""A learner asks a person: nothing leaves before a yes, and the answer comes back."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from typing_extensions import override

from bot.process import Process
from store.script import rows
from tests.fakes.square import Posted
from tests.journeys.circle import ANA, BOB, Circle
from tests.journeys.people import at, house, run


class Room(Circle):
    """Ana runs the mentor; Bob learns. Both write in private."""

    @override
    def begin(self) -> None:
        settled = replace(house(self.language), operators=frozenset({f"square:{ANA}"}))
        self.process = Process(self.store, settled, {"square": self.square}, lambda: self.now)

    async def tell(self, person: int, *lines: str) -> Posted:
        told = None
        for line in lines:
            told = await self.say(person, line, "")
        assert told is not None
        return told

    async def tap(self, person: int, label: str) -> None:
        post = next(one for one in reversed(self.read_by(person)) if label in str(one.labels))
        await self.send(person, post.token(label), "")

    def read_by(self, person: int) -> list[Posted]:
        return [one for one in self.square.posted if one.address == f"square:{person}"]


def words(room: Room, person: int) -> str:
    return room.read_by(person)[-1].text


async def opened() -> Room:
    room = Room()
    await room.tell(ANA, "/start")
    await room.tell(BOB, "/start", "/start ok starter-30 10h 2026-11-23")
    return room


@pytest.mark.parametrize("said", ["转人工", "我想找真人帮忙", "/human"])
def test_nothing_leaves_before_a_yes_and_the_answer_comes_back(said: str) -> None:
    async def scene() -> None:
        room = await opened()
        before = len(room.read_by(ANA))

        asked = await room.tell(BOB, said)
        assert "一两句话" in asked.text
        shown = await room.tell(BOB, "第三天的向量数据库一直装不上，今天学什么都行")
        assert "「第三天的向量数据库一直装不上" in shown.text
        assert "30 天启动计划" in shown.text
        assert len(room.read_by(ANA)) == before

        await room.tap(BOB, "发出去")
        assert "编号 1" in words(room, BOB)
        told = words(room, ANA)
        assert "第三天的向量数据库一直装不上" in told
        assert "P2" not in told

        listed = await room.tell(ANA, "/reply")
        assert "向量数据库" in listed.text
        await room.tell(ANA, "/reply 1 先试 pip install *chromadb*，不行再找我")
        assert "转过去了" in words(room, ANA)
        assert "先试 pip install *chromadb*" in words(room, BOB)
        assert "没有等着回复的" in (await room.tell(ANA, "/reply")).text

    run(scene())


def test_never_mind_and_the_other_button_send_nothing() -> None:
    async def scene() -> None:
        room = await opened()
        before = len(room.read_by(ANA))
        await room.tell(BOB, "/human", "算了")
        await room.tell(BOB, "/human 显卡坏了")
        await room.tap(BOB, "不发了")

        assert "没有发" in words(room, BOB)
        assert len(room.read_by(ANA)) == before
        assert await room.ask_store(rows, "select id from help_requests") == []

    run(scene())


def test_who_waits_for_three_answers_waits_for_those_first() -> None:
    async def scene() -> None:
        room = await opened()
        for number in range(3):
            await room.tell(BOB, f"/human 问题 {number}")
            await room.tap(BOB, "发出去")

        assert "3 条在等回复" in (await room.tell(BOB, "/human 再来一个")).text

    run(scene())


def test_only_operators_answer_and_what_is_not_there_is_told() -> None:
    async def scene() -> None:
        room = await opened()
        assert "/reply" not in (await room.tell(BOB, "/reply 1 你好")).text
        assert "没有编号 7" in (await room.tell(ANA, "/reply 7 你好")).text

    run(scene())


def test_who_is_stuck_may_ask_with_what_they_said() -> None:
    async def scene() -> None:
        room = await opened()
        room.now = at("2026-11-23 09:00")
        await room.tell(BOB, "/stuck 1", "pip 装不上 torch")

        await room.tap(BOB, "问真人")

        assert "「pip 装不上 torch」" in words(room, BOB)

    run(scene())


def test_without_operators_nobody_is_promised() -> None:
    async def scene() -> None:
        circle = Circle()
        told = await circle.say(BOB, "/start", "")
        told = await circle.say(BOB, "/human 帮帮我", "")
        assert told is not None
        assert "没有人值班" in told.text
        told = await circle.say(BOB, "/lookafter on", "")
        assert told is not None
        assert "没有人值班" in told.text

    run(scene())


# Asking after somebody ---------------------------------------------------------------------------


def test_who_agreed_is_asked_after_when_silent_and_can_end_it() -> None:
    async def scene() -> None:
        room = await opened()
        assert "可以来问一声" in (await room.tell(BOB, "/lookafter on")).text
        room.now += timedelta(days=9)

        shown = await room.tell(ANA, "/drift")
        assert "9 天没来" in shown.text
        assert "P2" not in shown.text
        await room.tap(ANA, "📨 发给")

        told = next(one for one in reversed(room.read_by(BOB)) if "没见到你" in one.text)
        assert "运行这个导师的人写给你" in told.text
        assert "没有同意被问候" in (await room.tell(ANA, "/drift")).text
        await room.tap(BOB, "以后别来问")
        room.now += timedelta(days=9)
        assert "没有同意被问候" in (await room.tell(ANA, "/drift")).text

    run(scene())


def test_an_operator_may_use_their_own_words() -> None:
    async def scene() -> None:
        room = await opened()
        await room.tell(BOB, "/lookafter on")
        room.now += timedelta(days=6)

        (code,) = re.findall(r"^(\w{6}) · ", (await room.tell(ANA, "/drift")).text, re.M)

        await room.tell(ANA, f"/reach {code} 下周有直播，来听听？")

        assert "下周有直播" in words(room, BOB)
        assert "不在可以问候的人里" in (await room.tell(ANA, f"/reach {code} 再来一次")).text

    run(scene())


@pytest.mark.parametrize("spoil", ["no consent", "lately there", "on a pause", "gone for long"])
def test_who_is_to_be_left_alone_is_not_listed(spoil: str) -> None:
    async def scene() -> None:
        room = await opened()
        if spoil != "no consent":
            await room.tell(BOB, "/lookafter on")
        if spoil == "on a pause":
            await room.tell(BOB, "暂停一个月")
        room.now += timedelta(days={"lately there": 2, "gone for long": 70}.get(spoil, 9))

        assert "没有同意被问候" in (await room.tell(ANA, "/drift")).text
        assert "不在可以问候的人里" in (await room.tell(ANA, "/reach 2 你好")).text

    run(scene())


def test_nobody_else_sees_who_is_silent() -> None:
    async def scene() -> None:
        room = await opened()
        for said in ("/drift", "/reach 1", "/reach 1 你好"):
            assert "没来" not in (await room.tell(BOB, said)).text

    run(scene())
