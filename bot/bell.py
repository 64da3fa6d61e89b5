"""How workers are woken where the mentor runs as several processes."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol, TypeAlias

# A platform, and the lane or the address there.
Where: TypeAlias = tuple[str, str]


class Kind(StrEnum):
    """What there is to do: HEAR what came in a conversation, or SEND what an address is owed."""

    HEAR = "hear"
    SEND = "send"


class Bell(Protocol):
    def ring(self, kind: Kind, places: Sequence[Where], priority: int = 0) -> None:
        """Say that there is something to do, once it is committed; it is rung for soon.

        Of what waits, that with the higher priority is done first. Should this process end before
        it has rung, whoever looks round for what waits rings again.
        """
