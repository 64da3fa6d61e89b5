"""Work that is awaited between reading a message and keeping what came of it.

A transaction cannot wait: what takes a model or another process is handed over by the turn's first
transaction as `Work`, done outside of any, and ended by a second one.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.answering import Answered
from bot.code_review.process import Reviewer
from bot.conversation import Conversation
from bot.platforms.port import NotFetchedError, SentFile
from bot.stopping import Shown, Stop
from store.script import Prepared
from store.usage import Limit
from tools.context import Context
from tools.registry import Call

Fetch = Callable[[SentFile, int], Awaitable[bytes]]
# Whether somebody may decide for the group at an address.
Decides = Callable[[str, str], Awaitable[bool]]


async def no_files(_file: SentFile, _most: int) -> bytes:
    """Fetch for whoever has none.

    Raises:
        NotFetchedError
    """
    raise NotFetchedError


async def nobody_decides(_address: str, _person: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Means:
    """What work is done with.

    `full` is the limit by which the model may not be asked any more. `shown` is given an answer as
    it grows, and `stop` ends it where it is. `fetch` gives a file of at most so many bytes, and
    `decides` whether somebody may decide for a group.
    """

    conversation: Conversation
    shown: Shown
    stop: Stop
    reviewer: Reviewer
    fetch: Fetch
    decides: Decides = nobody_decides
    full: Limit | None = None


class Work(Protocol):
    """What has to be awaited before a turn can end; nothing of the turn is kept yet."""

    @property
    def context(self) -> Context: ...

    @property
    def asks_model(self) -> bool:
        """Whether a model's tokens are to be set aside for it, where there is one."""
        ...

    async def done(self, means: Means) -> "Done": ...


@dataclass(frozen=True, slots=True)
class Done:
    """Work that is done, as the script that ends the turn or gives the work that comes next.

    `calls` are those that the script may be refused for.
    """

    script: "Prepared[Answered | Work]"
    calls: tuple[Call, ...] = ()
