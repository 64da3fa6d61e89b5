"""The texts of the review rules, and what a finding says about a file."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from learning.values import Id, Value, Words

Weight = Literal["essential", "actionable", "informative"]
# Behind the line of an example that its finding must point to.
_GAP = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")
HERE = "# <-- here"
Code = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class ReviewRule(Value):
    """What one rule says when it finds something.

    `happens`, `why` and `fix` may hold gaps such as `{scores}`, which a finding fills with the
    learner's own names; every finding of the rule has them all. `praise` is said when the file
    does what the rule asks. A rule with a `ruff` code is looked for by ruff, any other by the
    matcher of its id. It is silent about a line of which a rule of `unless` speaks. Each bad
    example marks the line of its finding with `# <-- here`; the good ones are free of findings of
    this rule.
    """

    id: Id
    weight: Weight
    title: Words
    happens: Words
    why: Words
    fix: Words
    praise: Words | None = None
    concepts: Annotated[tuple[Id, ...], Field(min_length=1, max_length=4)]
    ruff: Annotated[str, StringConstraints(pattern=r"^[A-Z]+[0-9]+$")] | None = None
    unless: tuple[Id, ...] = ()
    bad: Annotated[tuple[Code, ...], Field(min_length=1)]
    good: Annotated[tuple[Code, ...], Field(min_length=1)]

    @property
    def gaps(self) -> tuple[str, ...]:
        """The names that a finding fills in, as the Chinese texts use them."""
        texts = (self.happens.zh, self.why.zh, self.fix.zh)
        return tuple(sorted({gap for text in texts for gap in _GAP.findall(text)}))


def ruff_codes(rules: Iterable[ReviewRule]) -> tuple[str, ...]:
    """What ruff is to look for."""
    return tuple(dict.fromkeys(one.ruff for one in rules if one.ruff))


def filled(text: str, names: Mapping[str, str]) -> str:
    """A rule's text with the learner's names in its gaps; other braces stay as they are."""
    return _GAP.sub(lambda gap: names.get(gap[1], gap[0]), text)
