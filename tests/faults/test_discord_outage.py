"""Discord's gateway is lost for a while: nothing said to the mentor is lost or answered twice.

`MENTOR_OUTAGE_MINUTES=30` makes it a real half hour (`make outage`); without it, a few seconds.
"""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typing_extensions import override

from bot.platforms.discord import LONGEST_PAUSE, SECONDS_TO_CONNECT
from store.script import row, rows
from tests.contract.desks import ANA, DiscordDesk
from tests.faults.harness import until

GUILD, ROOM, NEW_ROOM, CLOSED_ROOM = 500, 600, 601, 602
BOB, CIM, DAN = 8, 9, 10
PEOPLE = (ANA, BOB, CIM, DAN)
TALK = 130  # messages to nobody, more than Discord gives at once
HALF_AN_HOUR = 1800

# A test has no settings of the mentor's; this is the test's own.
_MINUTES = float(os.environ.get("MENTOR_OUTAGE_MINUTES", "0"))  # noqa: TID251 (see the line above)
SECONDS = _MINUTES * 60 or 1.0
# Without minutes to wait for, the mentor's own pauses are this much shorter.
HASTE = 1.0 if _MINUTES else 0.1
PATIENCE = 180.0 if _MINUTES else 40.0


@dataclass(slots=True)
class Talk:
    """What people say to the mentor, wherever they are, and what became of it."""

    desk: DiscordDesk
    said: list[str] = field(default_factory=list)
    by_place: Counter[int] = field(default_factory=Counter)

    def write(self, *people: int) -> None:
        for person in people:
            self._note(person, self.desk.server.say(person, "/help"))

    def mention(self, room: int, person: int = BOB) -> None:
        said = self.desk.server.say(person, "hello", channel=room, mentions_bot=True)
        self._note(room, said)

    def chat(self, room: int, count: int = TALK) -> None:
        for number in range(count):
            self.desk.server.say(CIM, f"between us {number}", channel=room)

    def _note(self, place: int, id: str) -> None:
        self.said.append(id)
        self.by_place[place] += 1

    async def are_answered(self) -> bool:
        """Whether all of it is dealt with, and every answer is sent."""
        found = await self.desk.store.run(rows, "select event, state from inbox")
        closed = {one["event"] for one in found if one["state"] != "open"}
        open_ones = await self.desk.store.run(
            row, "select count(*) as n from outbox where state = 'open'"
        )
        return closed >= set(self.said) and open_ones == {"n": 0}

    async def answers(self) -> Counter[str]:
        """The number of answers that are kept to each thing said."""
        found = await self.desk.store.run(rows, "select key from outbox where state = 'sent'")
        return Counter(one["key"].split(":")[1] for one in found)

    def seen(self) -> Counter[int]:
        """The number of the mentor's messages in each place."""
        return Counter({place: len(self.desk.server.sent(place)) for place in self.by_place})


class HastyDesk(DiscordDesk):
    """A desk whose mentor sleeps as this test says."""

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds * HASTE)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[DiscordDesk]:
    made = HastyDesk(tmp_path)
    async with made.up():
        rooms = {ROOM: "学习", NEW_ROOM: "闲聊", CLOSED_ROOM: "管理"}
        made.server.guild(GUILD, PEOPLE, rooms)
        yield made


async def settled(talk: Talk, within: float = PATIENCE) -> None:
    await until(talk.are_answered, within, "all that was said answered")


def told(line: str) -> None:
    if _MINUTES:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


@pytest.mark.parametrize(
    ("session", "rest"),
    [
        pytest.param("kept", "down", id="resumed"),
        pytest.param("forgotten", "up", id="asked for"),
        pytest.param("forgotten", "back later", id="asked for again and again"),
    ],
)
async def test_what_is_said_while_the_gateway_is_away_is_answered_once(
    desk: DiscordDesk, session: str, rest: str
) -> None:
    """The session is resumed, or everybody who may have written is asked for it."""
    talk, server = Talk(desk), desk.server
    loop = asyncio.get_running_loop()
    async with desk.running():
        talk.write(ANA, BOB, DAN)
        talk.mention(ROOM)
        await settled(talk)

        await server.go_away(gateway_only=rest == "up")
        if session == "forgotten":
            server.forget_sessions()
        talk.write(ANA, BOB)
        talk.chat(ROOM)
        talk.mention(ROOM)
        await asyncio.sleep(SECONDS)
        talk.mention(NEW_ROOM)
        talk.write(ANA)
        if rest == "back later":
            server.fail("GET", "/channels/*/messages", 503, times=6)
        await server.come_back()
        came_back = loop.time()

        async def is_heard() -> bool:
            return server.connected > 0

        await until(is_heard, PATIENCE, "a line again")
        told(f"{session}, REST {rest}: a line {loop.time() - came_back:.1f} s after it could be")
        # What is said now must not make anybody forget what was said before.
        talk.write(ANA, DAN)
        talk.mention(ROOM)
        await settled(talk)
        told(f"{session}, REST {rest}: all answered after {loop.time() - came_back:.1f} s")
        answers, seen = await talk.answers(), talk.seen()

    assert answers == dict.fromkeys(talk.said, 1)
    assert seen == talk.by_place


async def test_after_half_an_hour_without_a_gateway_it_still_asks_every_half_minute(
    tmp_path: Path,
) -> None:
    """The library alone would by then wait for a quarter of an hour."""
    pauses: list[float] = []

    class Impatient(HastyDesk):
        @override
        async def sleep(self, seconds: float) -> None:
            pauses.append(seconds)
            await asyncio.sleep(0.001)

    desk = Impatient(tmp_path)
    talk = Talk(desk)
    async with desk.up(), desk.running():
        talk.write(ANA)
        await settled(talk)
        pauses.clear()
        await desk.server.go_away(gateway_only=True)
        talk.write(ANA)

        async def is_half_an_hour_over() -> bool:
            return sum(pauses) > HALF_AN_HOUR

        await until(is_half_an_hour_over, PATIENCE, "half an hour of pauses")
        tries = len(pauses)
        await desk.server.come_back()
        await settled(talk)
        answers = await talk.answers()

    assert max(pauses) <= LONGEST_PAUSE
    assert tries > HALF_AN_HOUR / (LONGEST_PAUSE + SECONDS_TO_CONNECT)
    assert answers == dict.fromkeys(talk.said, 1)


async def test_a_session_whose_own_gateway_is_no_more_is_taken_up_at_another(
    desk: HastyDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, ready = Talk(desk), desk.server._ready
    gone = {"resume_gateway_url": "ws://127.0.0.1:9/gw"}
    monkeypatch.setattr(desk.server, "_ready", lambda session: ready(session) | gone)
    async with desk.running():
        talk.write(ANA)
        await settled(talk)
        desk.server.drop_line()
        talk.write(ANA)
        await settled(talk)
        answers = await talk.answers()

    assert len(desk.server.resumes) == 1
    assert answers == dict.fromkeys(talk.said, 1)


async def test_a_session_that_is_never_taken_up_is_given_up(desk: HastyDesk) -> None:
    """Discord hangs up on every attempt and never says that the session is over."""
    talk = Talk(desk)
    async with desk.running():
        talk.write(ANA)
        await settled(talk)
        (session,) = desk.server._sessions.values()
        session.events.clear()  # what was heard is more than there is: 4007, each time
        desk.server.drop_line()
        talk.write(ANA)
        await settled(talk)
        answers = await talk.answers()

    assert answers == dict.fromkeys(talk.said, 1)
