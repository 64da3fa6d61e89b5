"""What was seen in one file, as values that can be kept and told."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from learning.review.source import Kind, Notice, Place, Problem
from learning.values import Value


class Observation(Value):
    """One thing a rule saw. `rule` is its id, or `ruff:` and a code."""

    rule: str
    place: Place
    names: Mapping[str, str] = {}


class Run(Value):
    """Where lines that follow one another begin: a line of the code as read, and its place."""

    line: int
    place: Place


class Examined(Value):
    """What the child process told of a file.

    `code` is the Python that was looked at as one text, and `runs` the places of its lines; both
    are empty when there was none. `fine` are rules whose subject appears and is done right.
    """

    name: str = ""
    kind: Kind
    language: str | None = None
    notices: tuple[Notice, ...] = ()
    problems: tuple[Problem, ...] = ()
    lines: Annotated[int, Field(ge=0)] = 0
    seen: tuple[Observation, ...] = ()
    fine: tuple[str, ...] = ()
    failed: Mapping[str, str] = {}
    code: str = ""
    runs: tuple[Run, ...] = ()

    def place_of(self, line: int) -> Place:
        """Where a line of the code as read stands in the learner's file."""
        before = [run for run in self.runs if run.line <= line]
        if not before:
            return Place(line)
        run = before[-1]
        return Place(run.place.line + line - run.line, run.place.cell)
