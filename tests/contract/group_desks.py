"""A group on each platform that has groups, over the adapter alone; Ana decides there, Bob not."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from typing_extensions import override

from bot.message import Message
from bot.platforms.configured import menus
from bot.platforms.discord import Discord
from bot.platforms.port import Did, Event, Mailbox, Platform
from bot.platforms.telegram import Telegram
from store.inbox import Arrival
from tests.fakes import telegram as telegram_server
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord, Posted
from tests.fakes.telegram import FakeTelegram

ANA, BOB = 7, 8
GROUP = -100500
GUILD, ROOM = 500, 600


MailboxOf = Callable[[Platform], Mailbox]


class Kept:
    """A mailbox that keeps what it is given for the test."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        self.arrivals += arrivals

    async def refuse(self, platform: str, event: str, note: str) -> None:
        raise AssertionError((platform, event, note))

    async def newest(self, platform: str) -> Mapping[str, str]:
        return {}


class GroupDesk(ABC):
    """What people do in the group and see of it; messages are named by their receipts."""

    platform: Platform

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = Kept()
        self._seq = 0

    @asynccontextmanager
    async def up(self, mailbox_of: MailboxOf | None = None) -> AsyncIterator["GroupDesk"]:
        """The adapter at work; what it hears is kept, or goes to a mailbox made for it."""
        self.platform = self.make()
        mailbox = mailbox_of(self.platform) if mailbox_of else self.kept
        await self.platform.open()
        listening = asyncio.create_task(self.platform.take_in(mailbox))
        try:
            await self.begun()
            yield self
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await self.platform.close()

    @abstractmethod
    def make(self) -> Platform: ...

    async def begun(self) -> None:  # noqa: B027 -- most need not wait
        """Wait until the platform listens."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the group is spoken to."""

    @abstractmethod
    async def changed(self, count: int) -> None:
        """Wait until so many updates were kept."""

    @abstractmethod
    def say(self, person: int, text: str, *, to: str = "") -> None:
        """Say something to the mentor, or in reply to a message of its own."""

    @abstractmethod
    def press(self, person: int, receipt: str, label: str) -> None: ...

    @abstractmethod
    def whispers(self, person: int) -> Sequence[str]:
        """What only this person was shown."""

    @abstractmethod
    def below(self, receipt: str) -> Sequence[str]:
        """What the mentor said in answer to a message, or in its thread."""

    @abstractmethod
    def said(self) -> Sequence[str]:
        """All that the mentor has said where everybody sees it."""

    @abstractmethod
    def throw_out(self) -> None:
        """Let the mentor be in the group no longer."""

    async def send(self, message: Message) -> str:
        self._seq += 1
        return await self.platform.send(self.address, message, self._seq)

    async def heard(self, did: Did) -> list[Event]:
        """The events of one kind so far; at least one."""
        count = 1
        while True:
            await self.changed(count)
            events = [self.platform.read(one.raw) for one in self.kept.arrivals]
            if found := [one for one in events if one.did is did]:
                return found
            count = len(events) + 1


class TelegramGroup(GroupDesk):
    @asynccontextmanager
    @override
    async def up(self, mailbox_of: MailboxOf | None = None) -> AsyncIterator[GroupDesk]:
        async with FakeTelegram() as self.server:
            self.server.meet(GROUP)
            self.server.appoint(GROUP, ANA)
            self.server.appoint(GROUP, BOB, "member")
            async with super().up(mailbox_of):
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
        return f"telegram:{GROUP}"

    @override
    async def changed(self, count: int) -> None:
        await self.server.wait_for(lambda: len(self.kept.arrivals) >= count)

    @override
    def say(self, person: int, text: str, *, to: str = "") -> None:
        answered: dict[str, Any] = {"reply_to_message": self._sent(to)} if to else {}
        self.server.say(person, text if to else f"@MentorBot {text}", GROUP, **answered)

    @override
    def press(self, person: int, receipt: str, label: str) -> None:
        self.server.tap(person, self._sent(receipt), label)

    def _sent(self, receipt: str) -> dict[str, object]:
        return next(
            one
            for one in self.server.sent(GROUP)
            if receipt == f"{one['chat_id']}:{one['message_id']}"
        )

    @override
    def whispers(self, person: int) -> Sequence[str]:
        return self.server.alerts(person)

    @override
    def below(self, receipt: str) -> Sequence[str]:
        return [
            one["text"]
            for one in self.server.sent(GROUP)
            if receipt == f"{one['chat_id']}:{one['reply_to']}"
        ]

    @override
    def said(self) -> Sequence[str]:
        return [one["text"] for one in self.server.sent()]

    @override
    def throw_out(self) -> None:
        self.server.kick(GROUP, ANA)


class DiscordGroup(GroupDesk):
    @asynccontextmanager
    @override
    async def up(self, mailbox_of: MailboxOf | None = None) -> AsyncIterator[GroupDesk]:
        async with FakeDiscord() as self.server:
            self.server.guild(GUILD, [ANA, BOB], {ROOM: "学习"}, owner=1)
            self.server.appoint(GUILD, ANA)
            async with super().up(mailbox_of):
                yield self

    @override
    def make(self) -> Platform:
        in_both = menus()

        async def suggest(*asked: str) -> Sequence[tuple[str, str]]:
            raise AssertionError(asked)

        return Discord(
            DISCORD_TOKEN,
            menus={tag: [*in_both[tag], ("ask", "ask")] for tag in ("en", "zh")},
            field={"en": "words", "zh": "内容"},
            suggest=suggest,
            data_dir=self.folder,
            random=Random(1),
            api_url=self.server.api_url,
            gateway_url=self.server.gateway_url,
        )

    @override
    async def begun(self) -> None:
        await self.server.wait_for(lambda: self.server.connected and self.server.commands)

    @property
    @override
    def address(self) -> str:
        return f"discord:{GUILD}:{ROOM}"

    @override
    async def changed(self, count: int) -> None:
        await self.server.wait_for(lambda: len(self.kept.arrivals) >= count)

    @override
    def say(self, person: int, text: str, *, to: str = "") -> None:
        answered = to.rpartition(":")[2] or None
        self.server.say(person, text, channel=ROOM, reply_to=answered, mentions_bot=not to)

    @override
    def press(self, person: int, receipt: str, label: str) -> None:
        self.server.press(person, receipt.rpartition(":")[2], label)

    @override
    def whispers(self, person: int) -> Sequence[str]:
        return [one.content for one in self.server.whispers(person)]

    @override
    def below(self, receipt: str) -> Sequence[str]:
        id = receipt.rpartition(":")[2]
        return [one.content for one in self._public() if id in (one.reply_to, str(one.channel))]

    @override
    def said(self) -> Sequence[str]:
        return [one.content for one in self._public()]

    def _public(self) -> list[Posted]:
        return [one for one in self.server.sent() if one.ephemeral_to is None]

    @override
    def throw_out(self) -> None:
        self.server.kick(GUILD)
