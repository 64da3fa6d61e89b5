"""Who may come in: people by name or invitation, groups by name, and how old they must be."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from typing_extensions import override

from bot.house import House, Keeper
from bot.process import Process
from store.invitations import invite
from store.learners import learner_of
from tests.fakes.square import Posted
from tests.journeys.circle import ANA, BOB, CIM, GROUP, Circle
from tests.journeys.people import house, run


@dataclass(slots=True)
class Door(Circle):
    """Ana is on the list; the others are not."""

    built: Callable[[House], House] = lambda it: replace(it, allowed=frozenset({f"square:{ANA}"}))

    @override
    def begin(self) -> None:
        settled = self.built(house(self.language))
        self.process = Process(self.store, settled, {"square": self.square}, lambda: self.now)

    async def tell(self, person: int, text: str) -> Posted:
        told = await self.say(person, text, "")
        assert told is not None
        return told

    async def code(self, uses: int = 1, days: int = 7) -> str:
        return await self.ask_store(invite, uses, self.now + timedelta(days=days), self.now)


def test_a_code_lets_in_as_many_as_it_says_and_they_stay() -> None:
    async def scene() -> None:
        door = Door()
        code = await door.code()

        assert "只对受邀的人开放" in (await door.tell(BOB, "你好")).text
        assert "先确认一下" in (await door.tell(BOB, f"/start {code}")).text
        assert "只对受邀" not in (await door.tell(BOB, "今天学什么")).text
        assert "只对受邀的人开放" in (await door.tell(CIM, f"/start {code}")).text
        assert await door.ask_store(learner_of, "square", str(CIM)) is None

    run(scene())


def test_an_expired_or_invented_code_opens_nothing() -> None:
    async def scene() -> None:
        door = Door()
        code = await door.code(days=1)
        door.now += timedelta(days=2)

        for said in (f"/start {code}", "/start abcdefghijkl", "/start", f"/help {code}"):
            assert "只对受邀的人开放" in (await door.tell(BOB, said)).text

    run(scene())


def test_a_code_said_in_a_group_is_not_used_up() -> None:
    async def scene() -> None:
        door = Door()
        code = await door.code()
        await door.say(BOB, f"/start {code}")

        assert "先确认一下" in (await door.tell(BOB, f"/start {code}")).text

    run(scene())


def test_a_group_that_is_not_on_the_list_is_told_its_number() -> None:
    async def scene() -> None:
        listed = frozenset({"square:-7"})
        door = Door(built=lambda it: replace(it, allowed_groups=listed))

        told = await door.say(ANA, "/group start starter-30")
        assert told is not None
        assert GROUP in told.text
        there = await door.say(ANA, "/group", "square:-7")
        assert there is not None
        assert "还没有学习小组" in there.text

    run(scene())


def test_how_old_learners_must_be_is_said_before_they_begin() -> None:
    async def scene() -> None:
        door = Door(built=lambda it: replace(it, keeper=Keeper(minimum_age=16)))

        assert "年满 16 岁" in (await door.tell(BOB, "/start")).text
        assert "年满 16 岁" in (await door.tell(BOB, "/privacy")).text

    run(scene())
