"""What was seen in one file, as values that can be kept and told."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Self

from pydantic import Field

from learning.code_review.source import Kind, Notice, Place, Problem
from learning.profile import without_keys
from learning.values import Value


class Observation(Value):
    """One thing a rule saw. `rule` is its id, or `ruff:` and a code."""

    rule: str
    place: Place
    names: Mapping[str, str] = {}


KEY_IN_CODE = "key-in-code"
_CUT_KEY = re.compile(r"\b(?:sk-|hf_|gh[pousr]_|AKIA|AIza|xai-|gsk_|glpat-|xox[abp]-)[\w-]{6,}")
_QUOTED = re.compile(r"([\"'])[^\"'\n]{12,}\1")


def _without_keys(one: Observation) -> Observation:
    # What is shown of an expression may be cut in the middle of a key.
    names = {name: _CUT_KEY.sub("[…]", without_keys(said)) for name, said in one.names.items()}
    return one.changed(names=names)


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

    def without_keys(self) -> Self:
        """The same with a mark in the place of every key, for rows and prompts."""
        held = {one.place for one in self.seen if one.rule == KEY_IN_CODE}
        lines = [
            _QUOTED.sub(r"\1[…]\1", line) if self.place_of(number) in held else line
            for number, line in enumerate(self.code.split("\n"), 1)
        ]
        return self.changed(
            code=without_keys("\n".join(lines)),
            seen=tuple(_without_keys(one) for one in self.seen),
            problems=tuple(
                replace(one, names={name: without_keys(said) for name, said in one.names.items()})
                for one in self.problems
            ),
        )

    def place_of(self, line: int) -> Place:
        """Where a line of the code as read stands in the learner's file."""
        before = [run for run in self.runs if run.line <= line]
        if not before:
            return Place(line)
        run = before[-1]
        return Place(run.place.line + line - run.line, run.place.cell)
