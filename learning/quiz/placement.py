"""Placement: where on a path a learner can begin, from at most twelve items.

Adaptive estimation by the mean of the posterior on a grid (EAP, Bock and Mislevy 1982) with the
three-parameter logistic model: guessing is part of it, a self-rating is the prior. Ability and
difficulty are both places on the path, counted in stages: 0 is its beginning, 1 the end of its
first stage.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

MOST_ITEMS = 12
FEWEST_ITEMS = 5
# As wide as one author's idea of how hard an item is may be wrong.
STEEPNESS = 1.7
SLIP = 0.03
STEPS_A_STAGE = 10
# How much a self-rating is trusted: half the learners are within so many stages of it.
SELF_RATING_SHARE = 0.3
# Stop when the range is narrower than this share of the path.
SURE_SHARE = 0.12
RANGE = 0.7


@dataclass(frozen=True, slots=True)
class Trial:
    """One item of a placement: where on the path it stands, how likely a guess is right."""

    place: float
    guess: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Where somebody stands: the mean, its uncertainty, and a range, all in stages."""

    mean: float
    deviation: float
    low: float
    high: float


@dataclass(frozen=True)
class Placement:
    """A placement on a path of `stages` stages; `self_rating` goes from 0 to 1, None is unsaid."""

    stages: int
    self_rating: float | None = None
    answers: tuple[tuple[Trial, bool], ...] = ()

    @cached_property
    def _grid(self) -> tuple[float, ...]:
        return tuple(n / STEPS_A_STAGE for n in range(self.stages * STEPS_A_STAGE + 1))

    @cached_property
    def _posterior(self) -> tuple[float, ...]:
        rating = 0.25 if self.self_rating is None else self.self_rating
        spread = self.stages * (SELF_RATING_SHARE if self.self_rating is not None else 0.45)
        weights = [
            math.exp(-0.5 * ((ability - rating * self.stages) / spread) ** 2)
            for ability in self._grid
        ]
        for trial, is_right in self.answers:
            weights = [
                weight * (p if is_right else 1 - p)
                for weight, p in zip(
                    weights, (chance(ability, trial) for ability in self._grid), strict=True
                )
            ]
        whole = sum(weights)
        return tuple(weight / whole for weight in weights)

    @property
    def estimate(self) -> Estimate:
        mean = sum(a * p for a, p in zip(self._grid, self._posterior, strict=True))
        variance = sum(
            (a - mean) ** 2 * p for a, p in zip(self._grid, self._posterior, strict=True)
        )
        rest = (1 - RANGE) / 2
        return Estimate(mean, math.sqrt(variance), self._quantile(rest), self._quantile(1 - rest))

    def _quantile(self, share: float) -> float:
        below = 0.0
        for ability, probability in zip(self._grid, self._posterior, strict=True):
            below += probability
            if below >= share:
                return ability
        return self._grid[-1]

    @property
    def is_over(self) -> bool:
        count = len(self.answers)
        is_sure = self.estimate.deviation < SURE_SHARE * self.stages
        return count >= MOST_ITEMS or (count >= FEWEST_ITEMS and is_sure)

    def information(self, trial: Trial) -> float:
        """How much an item would tell, on average over where the learner may stand."""
        return sum(
            probability * _fisher(ability, trial)
            for ability, probability in zip(self._grid, self._posterior, strict=True)
        )

    def most_telling(self, trials: Sequence[Trial]) -> int:
        """The place of the item to ask next; the first of equals."""
        return max(range(len(trials)), key=lambda n: (self.information(trials[n]), -n))

    def with_answer(self, trial: Trial, *, is_right: bool) -> "Placement":
        return Placement(self.stages, self.self_rating, (*self.answers, (trial, is_right)))


def chance(ability: float, trial: Trial) -> float:
    """The probability of a right answer."""
    knows = 1 / (1 + math.exp(-STEEPNESS * (ability - trial.place)))
    return trial.guess + (1 - SLIP - trial.guess) * knows


def _fisher(ability: float, trial: Trial) -> float:
    p = chance(ability, trial)
    knows = (p - trial.guess) / (1 - SLIP - trial.guess)
    slope = STEEPNESS * (1 - SLIP - trial.guess) * knows * (1 - knows)
    return slope * slope / (p * (1 - p))
