"""The weekly check: a few scales on which learners judge their own week."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from learning.values import Id, Value, Words


class Scale(Value):
    """One question of the weekly check: points from 1, or named levels from worst to best."""

    id: Id
    title: Words
    question: Words
    points: Annotated[int, Field(ge=2, le=10)] | None = None
    levels: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _is_points_or_levels(self) -> Self:
        if (self.points is None) == (not self.levels):
            raise ValueError(
                "expected either points or levels, found "
                + ("neither" if self.points is None else "both")
            )
        if len(self.levels) == 1:
            raise ValueError("levels: expected at least two, found one")
        return self

    @property
    def most(self) -> int:
        """The best answer; the worst is 1."""
        return self.points or len(self.levels)


class WeeklyCheck(Value):
    id: Id
    title: Words
    scales: Annotated[tuple[Scale, ...], Field(min_length=1, max_length=8)]
