"""A platform without a network: messages lie on a desk."""

from collections.abc import Awaitable, Callable

from bot.message import Message
from bot.platforms.port import Budget, Did, Draft, Event, Mailbox, NotFetchedError, SentFile


class Desk:
    """What is offered here is the text itself, said by one English learner.

    `on_send` is awaited whenever a message has been laid on the desk.
    """

    name = "desk"
    theme = None
    budget = Budget(1000, 0.0001)

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.on_send: Callable[[], Awaitable[None]] | None = None

    def budget_of(self, address: str) -> Budget:
        return self.budget

    async def open(self) -> None: ...

    @property
    def is_exclusive(self) -> bool:
        return False

    @property
    def is_bound(self) -> bool:
        return False

    async def open_to_send(self) -> None: ...

    async def take_in(self, mailbox: Mailbox) -> None: ...

    def read(self, raw: str) -> Event:
        return Event(Did.SAID, "1", "desk:1", is_private=True, text=raw, language="en")

    async def acknowledge(self, event: Event, words: str = "") -> None: ...

    async def is_administrator(self, address: str, person: str) -> bool:
        return False

    async def show_busy(self, address: str) -> None: ...

    async def fetch(self, file: SentFile, most: int) -> bytes:
        raise NotFetchedError

    def draft(self, address: str) -> Draft | None:
        return None

    async def send(self, address: str, message: Message, seq: int) -> str:
        self.sent.append(message.markup)
        if self.on_send is not None:
            await self.on_send()
        return str(len(self.sent))

    async def close(self) -> None: ...
