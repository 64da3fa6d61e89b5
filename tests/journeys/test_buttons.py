"""Buttons: each its learner's own, pressed once or often, today or after a restart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from bot.clock import fixed_clock
from bot.house import House
from bot.markup import styled
from bot.message import Message
from bot.platforms.console import Terminal
from bot.platforms.port import Did, Event, press_token
from bot.process import Process
from store.inbox import Arrival
from store.port import Store
from store.script import row, rows
from tests.journeys.people import NOW, house
from tests.stores import new_store


@dataclass(slots=True)
class Sent:
    address: str
    seq: int
    message: Message


class Chat(Terminal):
    """A platform of many people whose events are given as they mean, and sends are kept."""

    def __init__(self) -> None:
        super().__init__(history=None)
        self.sent: list[Sent] = []

    @override
    def read(self, raw: str) -> Event:
        found = json.loads(raw)
        return Event(Did(found["did"]), found["person"], found["address"], True, found["text"])  # noqa: FBT003

    @override
    async def send(self, address: str, message: Message, seq: int) -> str:
        self.sent.append(Sent(address, seq, message))
        return str(seq)


@dataclass(slots=True)
class Room:
    store: Store = field(default_factory=new_store)
    chat: Chat = field(default_factory=Chat)
    home: House = field(default_factory=house)
    events: int = 0

    async def happens(self, person: str, text: str, did: Did = Did.SAID) -> Sequence[Sent]:
        """Let one thing happen in a fresh process over the same store; give what was sent."""
        self.chat.sent.clear()
        process = Process(self.store, self.home, {"console": self.chat}, fixed_clock(NOW))
        self.events += 1
        address = f"console:{person}"
        raw = {"did": did.value, "person": person, "address": address, "text": text}
        await process.inbox.accept([Arrival("console", str(self.events), address, json.dumps(raw))])
        await process.settled()
        return list(self.chat.sent)

    async def press(self, person: str, on: Sent, place: int) -> Sequence[Sent]:
        return await self.happens(person, press_token(on.seq, place), Did.PRESSED)


def text(sent: Sequence[Sent]) -> str:
    return "\n".join(styled(one.message.markup).text for one in sent)


async def enrolled(room: Room, person: str) -> Sent:
    """A learner with today's plan in front of them."""
    await room.happens(person, "/start")
    return (await room.happens(person, "/start ok starter-30 10h 2026-11-22"))[0]


async def test_a_button_works_after_a_restart() -> None:
    room = Room()
    plan = await enrolled(room, "ann")

    answer = await room.press("ann", plan, 0)

    assert "记下了" in text(answer)


async def test_another_learners_button_changes_nothing() -> None:
    room = Room()
    plan = await enrolled(room, "ann")
    await enrolled(room, "bob")

    answer = await room.press("bob", plan, 0)

    assert "这个按钮是别人的" in text(answer)
    assert await room.store.run(rows, "select * from completions") == []


async def test_a_button_pressed_twenty_times_counts_once() -> None:
    room = Room()
    plan = await enrolled(room, "ann")

    for _ in range(20):
        await room.press("ann", plan, 0)

    assert await room.store.run(row, "select count(*) as n from completions") == {"n": 1}


async def test_a_made_up_token_is_answered_politely() -> None:
    room = Room()
    await enrolled(room, "ann")

    for token in ("999999.0", "1.99", "x", "", "-1.0", "1.0.0", "９.０", "1" * 60 + ".1"):
        answer = await room.happens("ann", token, Did.PRESSED)
        assert "过期" in text(answer) or "这个按钮是别人的" in text(answer)


async def test_one_learner_never_sees_anothers_words() -> None:
    room = Room()
    people = [f"person{n}" for n in range(12)]
    for person in people:
        await enrolled(room, person)
        await room.happens(person, f"/done first-run canary-{person}-evidence")

    for person in people:
        for command in ("/today", "/progress", "/week", "/path", "/settings", "/undo"):
            said = text(await room.happens(person, command))
            assert not any(f"canary-{one}-" in said for one in people if one != person)


async def test_an_update_that_comes_twice_has_one_effect() -> None:
    room = Room()
    await enrolled(room, "ann")
    await room.happens("ann", "/today")
    room.events -= 1

    again = await room.happens("ann", "/today")

    assert again == []
