"""What a chat platform is to the mentor: it gives events, takes messages, and says what happened.

A new platform is one module with this shape.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.message import Message
from bot.pictures.palette import Theme
from learning.errors import MentorError
from store.inbox import Arrival


class Did(StrEnum):
    """What a person did. IGNORED is nothing the mentor answers; LEFT means pushes must stop.

    CAME_IN is said of a group that has let the mentor in, and MOVED of one with a new address.
    """

    SAID = "said"
    PRESSED = "pressed"
    SENT_SOMETHING_ELSE = "sent_something_else"
    LEFT = "left"
    CAME_IN = "came_in"
    MOVED = "moved"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that a message carries, still at the platform; `size` is in bytes, as it says."""

    id: str
    name: str
    size: int | None = None


# Who speaks as the group itself, as the platform lets its administrators do and nobody else.
AS_THE_GROUP = "the group"


@dataclass(frozen=True, slots=True)
class Event:
    """What one update means.

    `person` is the platform's unchangeable id of who did it, or AS_THE_GROUP; `address` is where
    an answer goes, such as `telegram:7`. `text` holds the words, or those below a picture, with
    code in fences and `> ` before each line of a quote; for a pressed button, its token. `language`
    is the client's, as the platform names it. `is_addressed` is false in a group when the words are
    not meant for the mentor. `is_forwarded` marks words of somebody else's. `file` is what was
    sent, `replied` and `replied_file` what the message answers to.

    `group` is the address of the group's place where it happened, "" in private; it differs from
    `address` where only its person sees the answer. `parent` is the place around that one: the chat
    of a topic, the channel of a thread. `name` is what the person is called there. `message` and
    `replied_to` name the message itself, and the one it answers, as a receipt does. MOVED has the
    new address in `text`.
    """

    did: Did
    person: str
    address: str
    is_private: bool
    text: str = ""
    language: str | None = None
    thing: str = ""
    press: str = ""
    is_addressed: bool = True
    is_forwarded: bool = False
    file: SentFile | None = None
    replied: str = ""
    replied_file: SentFile | None = None
    group: str = ""
    parent: str = ""
    name: str = ""
    message: str = ""
    replied_to: str = ""


class UnreadableEventError(MentorError):
    """An update has no shape that this program knows."""


class RetryLaterError(MentorError):
    """The platform asks to wait `after` seconds."""

    def __init__(self, after: float) -> None:
        super().__init__(f"asked to wait {after:g} s")
        self.after = after


class NotSentError(MentorError):
    """The message certainly did not arrive; it can be sent again."""


class UnknownOutcomeError(MentorError):
    """The message may or may not have arrived."""


class GoneError(MentorError):
    """The address can no longer be reached: blocked, kicked, or deleted."""


class MovedError(MentorError):
    """The address has a new name, `address`."""

    def __init__(self, address: str) -> None:
        super().__init__(f"moved to {address}")
        self.address = address


class NotFetchedError(MentorError):
    """A file cannot be had from the platform, or is larger than it said."""

    key = "code.not_fetched"


class RejectedError(MentorError):
    """The platform will never take this message."""


class FatalError(MentorError):
    """This platform cannot go on, as with a wrong token; `exit_code` is for the process."""

    exit_code = 77


class Mailbox(Protocol):
    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Put updates on disk; only then may the platform be told that they were received.

        Raises:
            StorageFullError: when they could not be written; they must be offered again.
        """

    async def refuse(self, platform: str, event: str, note: str) -> None:
        """Remember an update that has no readable shape, so that it is not offered for ever."""

    async def newest(self, platform: str) -> Mapping[str, str]:
        """The newest update of each conversation of late, by its lane, to ask for what came since.

        It is the one with the largest number, on a platform that numbers its updates.
        """


class Draft(Protocol):
    """An answer that is still being written, as far as somebody sees it."""

    async def frame(self, words: str) -> None:
        """Show the answer as far as it has come; never raises."""

    async def end(self) -> None:
        """Let no further frame appear, such as behind the finished answer; never raises."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A token bucket: at most `burst` sends at once, then one each `interval` seconds."""

    burst: int
    interval: float


class Platform(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def theme(self) -> Theme | None:
        """What pictures look like where nobody wished for another; None shows no pictures."""

    @property
    def budget(self) -> Budget:
        """What the whole platform takes from one account."""

    def budget_of(self, address: str) -> Budget:
        """What one address takes."""

    @property
    def is_exclusive(self) -> bool:
        """Whether only one process may take in at a time."""

    @property
    def is_bound(self) -> bool:
        """Whether what one process takes in must be answered by the same."""

    async def open(self) -> None:
        """Connect and make known what the mentor can do.

        Raises:
            FatalError: when the platform will not have us.
        """

    async def open_to_send(self) -> None:
        """Connect where another process takes in; `open` is not called then.

        Raises:
            FatalError: when the platform will not have us.
        """

    async def take_in(self, mailbox: Mailbox) -> None:
        """Give every update to `mailbox`, until cancelled."""

    def read(self, raw: str) -> Event:
        """Say what a stored update means.

        Raises:
            UnreadableEventError: when it has no shape that this program knows.
        """

    async def acknowledge(self, event: Event, words: str = "") -> None:
        """Tell the person's client that a press was noticed; never raises.

        `words`, of at most 200 characters, are shown to nobody else, such as in a group.
        """

    async def is_administrator(self, address: str, person: str) -> bool:
        """Whether somebody may decide for the group at an address, as the platform says now.

        Raises:
            NotSentError: when it cannot be asked.
        """

    async def show_busy(self, address: str) -> None:
        """Show that an answer is being written; never raises."""

    def draft(self, address: str) -> Draft | None:
        """A growing answer, or None where that is not possible; whoever asked for it ends it."""

    async def send(self, address: str, message: Message, seq: int) -> str:
        """Send one message, in parts if it is long, and give a receipt.

        `seq` names the delivery; a button's token is made from it and the button's place. The
        receipt of a quiz poll is `poll_receipt` of its id.

        Raises:
            RetryLaterError, NotSentError, UnknownOutcomeError, GoneError, MovedError,
            RejectedError, FatalError
        """

    async def fetch(self, file: SentFile, most: int) -> bytes:
        """Give the content of a file of at most so many bytes.

        Raises:
            NotFetchedError: when it is larger, or cannot be had.
        """

    async def close(self) -> None: ...


def press_token(seq: int, place: int) -> str:
    """The token of one button; it means nothing to anybody but the delivery's own learner."""
    return f"{seq}.{place}"


def read_press_token(token: str) -> tuple[int, int] | None:
    seq, _, place = token.partition(".")
    # A larger number is no delivery's, and none that a database could look for.
    if seq.isdecimal() and place.isdecimal() and len(seq) <= 18 and len(place) <= 4:
        return int(seq), int(place)
    return None


POLL = "poll:"


def poll_receipt(id: str) -> str:
    """The receipt of a quiz poll; its votes come with this and nothing else."""
    return f"{POLL}{id}"


def vote_token(id: str, place: int) -> str:
    """What an event says of a vote: the poll and the place of the option."""
    return f"{POLL}{id}.{place}"


def read_vote_token(token: str) -> tuple[str, int] | None:
    """The poll's receipt and the place of the option."""
    receipt, _, place = token.rpartition(".")
    if receipt.startswith(POLL) and place.isdecimal() and len(token) <= 80:
        return receipt, int(place)
    return None
