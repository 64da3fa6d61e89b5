"""One learner's desk on each platform, over a mentor that can be stopped and started."""

import asyncio
import io
import json
import os
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from typing_extensions import override

from bot.pictures.render import PICTURE
from bot.platforms.configured import menus
from bot.platforms.console import Terminal
from bot.platforms.discord import Discord
from bot.platforms.port import Platform
from bot.platforms.telegram import Telegram
from bot.process import Process
from bot.suggestions import Suggestions
from store.script import row
from store.sqlite import SqliteStore
from tests.fakes import telegram as telegram_server
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram
from tests.faults.harness import until
from tests.journeys.people import NOW, house

ANA = 7


@dataclass(frozen=True, slots=True)
class Seen:
    """A message on the learner's screen."""

    text: str
    labels: tuple[str, ...] = ()


class Desk(ABC):
    """What a learner does and sees; `platform` is the adapter of the run that is on."""

    platform: Platform
    process: Process

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SqliteStore(folder / "mentor.db")
        self.house = house()
        self.suggestions = Suggestions(self.store, self.house, lambda: NOW)

    @asynccontextmanager
    async def up(self) -> AsyncIterator["Desk"]:
        """The world around the platform."""
        try:
            yield self
        finally:
            self.store.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Process]:
        """A process of its own, stopped at the end; the store stays."""
        self.platform = self.make()
        name = self.platform.name
        process = Process(self.store, self.house, {name: self.platform}, lambda: NOW)
        self.process = process
        await process.start()
        try:
            await self.begun()
            yield process
        finally:
            await self.ended()
            for task in process._serving:
                task.cancel()
            await asyncio.gather(*process._serving, return_exceptions=True)
            await process.settled()
            await process.inbox.stop()
            await process.outbox.stop()
            await self.platform.close()

    @abstractmethod
    def make(self) -> Platform: ...

    async def put_away(self, adapter: Platform) -> None:
        """Close an adapter that was made and not run."""
        await adapter.close()

    async def begun(self) -> None:  # noqa: B027 -- most need not wait
        """Wait until the platform listens."""

    async def ended(self) -> None:  # noqa: B027 -- most need not do anything
        """Before the process stops."""

    @abstractmethod
    def seen(self) -> Sequence[Seen]:
        """All that stands on the screen from the mentor, oldest first."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the learner is spoken to."""

    @abstractmethod
    def raw(self, text: str) -> str:
        """An update as the platform keeps it, with these words in it."""

    @abstractmethod
    def files(self) -> Mapping[str, bytes]:
        """What came to the learner as a file, by name."""

    @abstractmethod
    def pictures(self) -> Sequence[bytes]:
        """The pictures that came to the learner."""

    @abstractmethod
    def type(self, text: str) -> None: ...

    @abstractmethod
    def press(self, label: str) -> None:
        """Press the newest button that has these words in its label."""

    async def enrol(self) -> None:
        """Begin starter-30 today."""
        await self.said("/start")
        await self.said(f"/start ok starter-30 10h {NOW.date()}")

    async def said(self, text: str) -> str:
        """Say something; the words of all that comes back."""
        return await self._answer_to(lambda: self.type(text))

    async def pressed(self, label: str) -> str:
        return await self._answer_to(lambda: self.press(label))

    async def _answer_to(self, act: Callable[[], None]) -> str:
        before, dealt_with = len(self.seen()), await self._closed()
        act()

        async def is_dealt_with() -> bool:
            open_ones = await self.store.run(
                row, "select count(*) as n from outbox where state = 'open'"
            )
            is_sent = open_ones is not None and open_ones["n"] == 0
            return is_sent and await self._closed() > dealt_with

        await until(is_dealt_with, 10, "an answer")
        return "\n".join(one.text for one in self.seen()[before:])

    async def _closed(self) -> int:
        found = await self.store.run(row, "select count(*) as n from inbox where state <> 'open'")
        return int(found["n"]) if found else 0


class TelegramDesk(Desk):
    @asynccontextmanager
    @override
    async def up(self) -> AsyncIterator[Desk]:
        async with FakeTelegram() as self.server, super().up():
            self.server.updates.conflict_pause = 0.0
            yield self

    @override
    def make(self) -> Platform:
        return Telegram(
            telegram_server.TOKEN,
            base_url=self.server.root,
            menus=menus(),
            data_dir=self.folder,
            random=Random(1),
            poll_seconds=1,
        )

    @property
    @override
    def address(self) -> str:
        return f"telegram:{ANA}"

    @override
    def raw(self, text: str) -> str:
        chat = {"id": ANA, "type": "private", "first_name": "Ana"}
        person = {"id": ANA, "is_bot": False, "first_name": "Ana"}
        message = {"message_id": 900, "date": 1, "chat": chat, "from": person, "text": text}
        return json.dumps({"update_id": 900, "message": message})

    @override
    def files(self) -> Mapping[str, bytes]:
        sent = [one["document"] for one in self.server.sent(ANA) if one.get("document")]
        return {one["file_name"]: self.server.files[one["file_id"]].content for one in sent}

    @override
    def pictures(self) -> Sequence[bytes]:
        sent = [one["photo"][0] for one in self.server.sent(ANA) if one.get("photo")]
        return [self.server.files[one["file_id"]].content for one in sent]

    @override
    def seen(self) -> Sequence[Seen]:
        return [
            Seen(one.get("text") or one.get("caption") or "", _labels(one))
            for one in self.server.sent(ANA)
        ]

    @override
    def type(self, text: str) -> None:
        self.server.say(ANA, text)

    @override
    def press(self, label: str) -> None:
        for message in reversed(self.server.sent(ANA)):
            for one in _labels(message):
                if label in one:
                    self.server.tap(ANA, message, one)
                    return
        raise LookupError(label)


def _labels(message: dict[str, object]) -> tuple[str, ...]:
    lines = message.get("buttons") or []
    return tuple(button["text"] for line in lines for button in line)  # type: ignore[attr-defined]


class DiscordDesk(Desk):
    @asynccontextmanager
    @override
    async def up(self) -> AsyncIterator[Desk]:
        async with FakeDiscord() as self.server, super().up():
            yield self

    @override
    def make(self) -> Platform:
        words = {"en": "words", "zh": "内容"}
        in_both = menus()
        asking = {tag: [*in_both[tag], ("ask", "ask")] for tag in ("en", "zh")}

        async def suggest(*asked: str) -> Sequence[tuple[str, str]]:
            return await self.suggestions.suggest("discord", *asked)

        return Discord(
            DISCORD_TOKEN,
            menus=asking,
            field=words,
            suggest=suggest,
            data_dir=self.folder,
            random=Random(1),
            api_url=self.server.api_url,
            gateway_url=self.server.gateway_url,
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        """How the mentor waits."""
        await asyncio.sleep(seconds)

    @property
    @override
    def address(self) -> str:
        return f"discord:{ANA}"

    @override
    def raw(self, text: str) -> str:
        return json.dumps({"did": "said", "person": ANA, "text": text})

    @override
    def files(self) -> Mapping[str, bytes]:
        sent = self.server.sent(ANA)
        return {name: content for one in sent for name, content in one.files.items()}

    @override
    def pictures(self) -> Sequence[bytes]:
        return [one for name, one in self.files().items() if name == PICTURE]

    @override
    async def begun(self) -> None:
        await self.server.wait_for(lambda: self.server.connected and self.server.commands)

    @override
    def seen(self) -> Sequence[Seen]:
        return [
            Seen(one.content, tuple(label for line in one.buttons for label in line))
            for one in self.server.sent(ANA)
        ]

    @override
    def type(self, text: str) -> None:
        self.server.say(ANA, text)

    @override
    def press(self, label: str) -> None:
        for message in reversed(self.server.sent(ANA)):
            for line in message.buttons:
                for one in line:
                    if label in one:
                        self.server.press(ANA, message.id, one)
                        return
        raise LookupError(label)


class TerminalDesk(Desk):
    """Lines go through a pipe; a choice is made by its number."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._screen = io.StringIO()

    @override
    async def put_away(self, adapter: Platform) -> None:
        self._keys.close()
        self._lines.close()

    @override
    def make(self) -> Platform:
        reading, writing = os.pipe()
        self._lines = os.fdopen(reading, encoding="utf-8")
        self._keys = os.fdopen(writing, "w", encoding="utf-8", buffering=1)
        return Terminal(history=None, lines=self._lines, out=self._screen)

    @property
    @override
    def address(self) -> str:
        return "console:local"

    @override
    def raw(self, text: str) -> str:
        return json.dumps({"text": text})

    @override
    def files(self) -> Mapping[str, bytes]:
        return {one.name: one.read_bytes() for one in Path.cwd().iterdir() if one.is_file()}

    @override
    def pictures(self) -> Sequence[bytes]:
        return ()

    @override
    async def ended(self) -> None:
        self._keys.close()
        await asyncio.gather(*self.process._serving)
        self._lines.close()

    @override
    def seen(self) -> Sequence[Seen]:
        shown = self._screen.getvalue()
        return [Seen(line) for line in shown.splitlines()]

    @override
    def type(self, text: str) -> None:
        self._keys.write(f"{text}\n")

    @override
    def press(self, label: str) -> None:
        for one in reversed(self.seen()):
            if one.text.startswith("[") and label in one.text:
                self.type(one.text[1 : one.text.index("]")])
                return
        raise LookupError(label)
