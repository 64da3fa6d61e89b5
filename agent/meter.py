"""Counts the tokens of a turn, whichever of its parts asks the model."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from store.usage import Usage

# In UTF-8, English and Chinese alike come to about this many bytes a token.
BYTES_A_TOKEN = 3.5


@dataclass(slots=True)
class Meter:
    """What one turn has used so far."""

    usage: Usage = field(default_factory=Usage)

    def note(self, usage: Usage) -> None:
        self.usage += usage


_running: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """Count on `meter` what is asked inside, in tasks begun there as well."""
    token = _running.set(meter)
    try:
        yield
    finally:
        _running.reset(token)


def note_usage(usage: Usage) -> None:
    """Count the tokens of one request; outside a turn nobody counts."""
    meter = _running.get()
    if meter is not None:
        meter.note(usage)


def tokens_of(size: int) -> int:
    """An estimate for so many bytes of text, where a provider says nothing."""
    return round(size / BYTES_A_TOKEN)
