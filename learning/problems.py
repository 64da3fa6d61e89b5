"""Practice problems: LeetCode and the lists made of it."""

from typing import Annotated, Literal

from pydantic import Field

from learning.values import Id, Url, Value, Words


class Problem(Value):
    """One practice problem; `id` is LeetCode's slug, `number` its number there.

    `idea` is the way in, for whoever is stuck; it never gives the whole solution.
    """

    id: Id
    number: Annotated[int, Field(ge=1, le=9999)]
    title: Words
    category: Id
    difficulty: Literal["easy", "medium", "hard"]
    idea: Words
    lists: tuple[Id, ...] = ()

    @property
    def url(self) -> str:
        return f"https://leetcode.com/problems/{self.id}/"


class ProblemList(Value):
    """A list that others made and many follow, such as Blind 75; `count` is its length."""

    id: Id
    title: Words
    url: Url
    count: Annotated[int, Field(ge=1, le=500)]
    note: Words
