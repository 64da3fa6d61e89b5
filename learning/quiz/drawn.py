"""What one seed of a generator gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one seed gives: numbers or words for the gaps, the answer, wrong answers by name.

    A mistake that leads to the right answer, or to that of another, is left out of the item.
    """

    values: Mapping[str, object]
    answer: float
    mistakes: Mapping[str, float]


Draw = Callable[[Random], Drawn]
