"""A platform in memory with people and groups: what is said to all, to one, and as a notice."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.markup import styled
from bot.message import Message
from bot.platforms.port import (
    Budget,
    Did,
    Draft,
    Event,
    GoneError,
    Mailbox,
    MovedError,
    NotFetchedError,
    SentFile,
    press_token,
)
from store.inbox import Arrival


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it stands somewhere; `seq` is its delivery's."""

    address: str
    receipt: str
    seq: int
    message: Message

    @property
    def text(self) -> str:
        return styled(self.message.markup).text

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(one.label for one in self.message.flat_buttons)

    def token(self, label: str) -> str:
        """What pressing the button with these words in its label sends."""
        place = next(n for n, one in enumerate(self.labels) if label in one)
        return press_token(self.seq, place)


@dataclass(frozen=True, slots=True)
class Whisper:
    """A notice that only whoever pressed a button is shown."""

    person: str
    group: str
    words: str


@dataclass(slots=True)
class Square:
    """A person's address is `square:7`, a group's `square:-1`.

    `whispers_commands` makes commands in groups answered where only their person sees it, as
    Discord does. `gone` are addresses that cannot be reached, `moved` those with a new name.
    """

    whispers_commands: bool = False
    language: str = "zh"
    administrators: set[tuple[str, str]] = field(default_factory=set)
    posted: list[Posted] = field(default_factory=list)
    whispers: list[Whisper] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    _events: int = 0

    name = "square"
    theme = None
    budget = Budget(100_000, 0.000_01)

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

    # What people do -----------------------------------------------------------------------------

    def said(
        self, person: int | str, text: str, group: str = "", *, replied_to: str = "", name: str = ""
    ) -> Arrival:
        return self.happened(Did.SAID, person, text, group, replied_to=replied_to, name=name)

    def pressed(self, person: int, token: str, group: str = "", *, name: str = "") -> Arrival:
        return self.happened(Did.PRESSED, person, token, group, name=name)

    def happened(
        self,
        did: Did,
        person: int | str,
        text: str,
        group: str = "",
        *,
        replied_to: str = "",
        name: str = "",
    ) -> Arrival:
        self._events += 1
        raw = json.dumps(
            [did.value, str(person), text, group, replied_to, name or f"P{person}", self._events]
        )
        lane = f"{group}/{person}" if did is Did.PRESSED and group else group or f"square:{person}"
        return Arrival(self.name, str(self._events), lane, raw)

    def read(self, raw: str) -> Event:
        did, person, text, group, replied_to, name, number = json.loads(raw)
        is_whispered = self.whispers_commands and (did == "pressed" or text.startswith("/"))
        return Event(
            Did(did),
            person,
            group if group and not is_whispered else f"square:{person}",
            is_private=not group or is_whispered,
            text=text,
            language=self.language,
            press=str(number) if did == "pressed" else "",
            group=group,
            name=name,
            message=f"{group}#{number}",
            replied_to=replied_to,
        )

    # What the mentor does -----------------------------------------------------------------------

    async def acknowledge(self, event: Event, words: str = "") -> None:
        assert len(words) <= 200
        if words:
            self.whispers.append(Whisper(event.person, event.group, words))

    async def is_administrator(self, address: str, person: str) -> bool:
        return (address, person) in self.administrators

    async def show_busy(self, address: str) -> None: ...

    async def fetch(self, file: SentFile, most: int) -> bytes:
        raise NotFetchedError

    def draft(self, address: str) -> Draft | None:
        return None

    async def send(self, address: str, message: Message, seq: int) -> str:
        if address in self.gone:
            raise GoneError("gone")
        if address in self.moved:
            raise MovedError(self.moved[address])
        receipt = f"{address}#{1_000_000 + seq}"
        self.posted.append(Posted(address, receipt, seq, message))
        return receipt

    async def close(self) -> None: ...

    # What can be seen ---------------------------------------------------------------------------

    def at(self, address: str) -> Sequence[Posted]:
        return [one for one in self.posted if one.address == address]
