"""Sets a model's tokens aside before a turn asks it, and settles what it used after."""

from dataclasses import dataclass
from typing import TypeVar

from store.script import Prepared, Script
from store.usage import Limit, Usage, reserve, settle
from tools.allowance import EVERYBODY, TURN_TOKENS, Allowance
from tools.context import Context

T = TypeVar("T")

_MONTH = len("2026-11")


@dataclass(frozen=True, slots=True)
class Spending:
    """What a turn has set aside, and everything it counts for."""

    limits: tuple[Limit, ...]

    def settled(self, script: Prepared[T], usage: Usage) -> Script[T]:
        """Run a script and, in the same transaction, count what the turn used."""
        value = yield from script()
        yield from settle(self.limits, TURN_TOKENS, usage)
        return value


def set_aside(allowance: Allowance, context: Context) -> Script[Spending | Limit]:
    """Set tokens aside, or give the limit that has no room for them."""
    limits = allowance.limits(context)
    full = yield from reserve(limits, TURN_TOKENS)
    return Spending(limits) if full is None else full


def notice_of(full: Limit) -> str:
    """The text that tells a learner why no model is asked."""
    if full.turns is not None:
        return "snippets.model_busy_hour"
    if full.scope != EVERYBODY:
        return "snippets.model_spent"
    is_month = len(full.period) == _MONTH
    return "snippets.model_spent_here_month" if is_month else "snippets.model_spent_here"
