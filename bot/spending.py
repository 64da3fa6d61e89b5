"""Sets a model's tokens aside before a turn asks it, and settles what it used after."""

from dataclasses import dataclass
from typing import TypeVar

from store.script import Script
from store.usage import Limit, Usage, reserve, settle
from tools.allowance import Allowance
from tools.context import Context

T = TypeVar("T")

# A turn's prompt with its tools comes to about 7,000 tokens, and often needs a second request.
RESERVED_TOKENS = 16_000


@dataclass(frozen=True, slots=True)
class Spending:
    """What a turn has set aside, and everything it counts for."""

    limits: tuple[Limit, ...]

    def settled(self, script: Script[T], usage: Usage) -> Script[T]:
        """Run a script and, in the same transaction, count what the turn used."""
        value = yield from script
        yield from settle(self.limits, RESERVED_TOKENS, usage)
        return value


def set_aside(allowance: Allowance, context: Context) -> Script[Spending | None]:
    """Set tokens aside; None when a limit has no room for them."""
    limits = allowance.limits(context)
    full = yield from reserve(limits, RESERVED_TOKENS)
    return Spending(limits) if full is None else None
