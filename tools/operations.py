"""How the installation is doing, for whoever runs it."""

from dataclasses import dataclass
from datetime import UTC

from learning.errors import Refused
from store.figures import Figures, People, figures, people
from store.script import Script
from tools.context import Context
from tools.plan import Arguments


class ShowOperations(Arguments):
    """Figures of the last day."""


@dataclass(frozen=True, slots=True)
class OperationsShown:
    figures: Figures
    people: People


def show_operations(context: Context, _: ShowOperations) -> Script[OperationsShown]:
    """Count the last day; for operators only, and nobody is named."""
    if not context.is_operator:
        raise Refused("operator.only")
    now = context.now.astimezone(UTC)
    return OperationsShown((yield from figures(now)), (yield from people(now)))
