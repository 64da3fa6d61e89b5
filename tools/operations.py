"""How the installation is doing, for whoever runs it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from learning.errors import Refused
from store.figures import Figures, People, figures, people
from store.gaps import Gap, gaps_since
from store.links import dead_links
from store.script import Script
from tools.context import Budget, Context
from tools.plan import Arguments

GAPS_OF = timedelta(days=30)
MOST_GAPS = 5
MOST_LINKS = 3


class ShowOperations(Arguments):
    """Figures of the last day."""


@dataclass(frozen=True, slots=True)
class OperationsShown:
    """`days` is how far it looks back; `gaps` are of the last month."""

    figures: Figures
    people: People
    gaps: Sequence[Gap]
    dead_links: Sequence[str]
    days: int = 1
    budget: Budget = field(default_factory=Budget)


def show_operations(context: Context, _: ShowOperations) -> Script[OperationsShown]:
    """Count the last day; for operators only, and nobody is named."""
    if not context.is_operator:
        raise Refused("operator.only")
    return replace((yield from operations_of(context.now)), budget=context.budget)


def operations_of(now: datetime, days: int = 1) -> Script[OperationsShown]:
    """How the last days went, and what people missed."""
    now = now.astimezone(UTC)
    return OperationsShown(
        (yield from figures(now, timedelta(days=days))),
        (yield from people(now)),
        (yield from gaps_since(now.date() - GAPS_OF, MOST_GAPS)),
        (yield from dead_links(MOST_LINKS)),
        days,
    )
