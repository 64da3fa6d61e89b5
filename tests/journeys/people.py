"""People of the journeys: they talk to the real program over a real store in memory."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from bot.ask import Asked, Asker
from bot.house import House
from bot.markup import styled
from bot.message import Message
from bot.platforms.console import ADDRESS
from bot.process import house_of
from bot.settings import read_settings
from learning.catalogue import Catalogue
from learning.values import Language
from store.outbox import Owed
from store.port import Store
from store.script import Script, rows
from tests.builders import built_in
from tests.stores import new_store

P = ParamSpec("P")
T = TypeVar("T")

# Sunday evening in Shanghai, the day before the plan begins.
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def catalogue() -> Catalogue:
    return built_in()


def house(language: Language = "zh", zone: str = "Asia/Shanghai") -> House:
    return replace(house_of(catalogue(), read_settings({})), language=language, zone=zone)


@dataclass(slots=True)
class Person:
    """A learner at a terminal whose clock the test moves."""

    language: Language = "zh"
    zone: str = "Asia/Shanghai"
    now: datetime = NOW
    store: Store = field(default_factory=new_store)
    asker: Asker = field(init=False)

    def __post_init__(self) -> None:
        self.asker = Asker(self.store, house(self.language, self.zone), None, lambda: self.now)

    async def say(self, *lines: str) -> Asked:
        """Say one line after another and give the last answer."""
        answer = Asked((), ())
        for line in lines:
            answer = await self.asker.ask(line)
        return answer

    async def tap(self, label: str) -> Asked:
        """Choose the button of the last message whose label holds `label`."""
        last = await self.last_message()
        labels = [button.label for button in last.flat_buttons]
        number = next((n for n, one in enumerate(labels, 1) if label in one), None)
        assert number is not None, f"{label!r} is not among {labels}"
        return await self.say(str(number))

    async def last_message(self) -> Message:
        found = await self.store.run(
            rows,
            "select body from deliveries where address = :at order by seq desc limit 1",
            at=ADDRESS,
        )
        return Message.from_json(found[0]["body"])

    async def enrol(self, curriculum: str = "starter-30", hours: int = 10) -> None:
        """Begin on the next Monday."""
        await self.say("/start", f"/start ok {curriculum} {hours}h 2026-11-23")

    async def pushed(self, until: datetime) -> list[Owed]:
        """Let the clock run to `until`, and give what was pushed on the way."""
        pushes: list[Owed] = []
        while self.now < until:
            self.now = min(until, self.now + timedelta(minutes=30))
            pushes += await self._tick()
        return pushes

    async def _tick(self) -> list[Owed]:
        before = await self._newest()
        process = self.asker._process
        await process.pushes.tick()
        await process.settled()
        found = await self.store.run(
            rows,
            "select seq, platform, address, learner, kind, body, tries, expires_at "
            "from deliveries where seq > :before and state <> 'skipped' order by seq",
            before=before,
        )
        return [Owed(**one) for one in found]

    async def _newest(self) -> int:
        found = await self.store.run(rows, "select coalesce(max(seq), 0) as seq from outbox")
        return int(found[0]["seq"])

    async def ask_store(
        self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self.store.run(script, *args, **kwargs)


def text_of(answer: Asked) -> str:
    return "\n\n".join(styled(message.markup).text for message in answer.messages)


def pushed_text(owed: Owed) -> str:
    return styled(Message.from_json(owed.body).markup).text


def at(text: str, zone_offset: int = 8) -> datetime:
    """An instant given by the clock in Shanghai, such as `2026-11-23 08:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=zone_offset)


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
