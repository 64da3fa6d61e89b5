"""From what was seen to what is said: the most serious first, each matter once, one praise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from learning.code_review.examined import Examined, Observation
from learning.code_review.rulebook import ReviewRule, Weight
from learning.code_review.source import Place

WEIGHTS: Final[tuple[Weight, ...]] = ("essential", "actionable", "informative")
# So many findings are told at once; the rest on demand.
MOST_AT_ONCE: Final = 5
RULE_OF_SYNTAX: Final = "syntax"


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter in one file, with every place of it, the first in front.

    `names` are the learner's own names at the first place.
    """

    rule: str
    weight: Weight
    file: str
    places: tuple[Place, ...]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a model says of one line; no rule stands behind it."""

    file: str
    place: Place
    words: str


def findings_in(files: Iterable[Examined], rules: Mapping[str, ReviewRule]) -> tuple[Finding, ...]:
    """Every matter by weight, then by file and line; what stands in no rulebook is left out."""
    by_code = {f"ruff:{one.ruff}": one for one in rules.values() if one.ruff}
    found: list[Finding] = []
    for file in files:
        found.extend(_in_file(file, rules, by_code))
    order = {weight: place for place, weight in enumerate(WEIGHTS)}
    return tuple(sorted(found, key=lambda one: order[one.weight]))


def _in_file(
    file: Examined, rules: Mapping[str, ReviewRule], by_code: Mapping[str, ReviewRule]
) -> Iterator[Finding]:
    seen: dict[str, list[Observation]] = {}
    for one in file.seen:
        rule = by_code.get(one.rule) or rules.get(one.rule)
        if rule is not None:
            seen.setdefault(rule.id, []).append(one)
    found = []
    told = {id: {one.place for one in observed} for id, observed in seen.items()}
    for id, all_observed in seen.items():
        said = {place for other in rules[id].unless for place in told.get(other, ())}
        observed = [one for one in all_observed if one.place not in said]
        if not observed:
            continue
        observed.sort(key=lambda one: _order(one.place))
        places = tuple(dict.fromkeys(one.place for one in observed))
        names = _all_names(observed) if rules[id].ruff else observed[0].names
        found.append(Finding(id, rules[id].weight, file.name, places, names))
    yield from sorted(found, key=lambda one: _order(one.places[0]))


def _all_names(observed: Sequence[Observation]) -> Mapping[str, str]:
    """What ruff named, all in one, as each place may name another."""
    named = dict.fromkeys(one.names["name"] for one in observed if "name" in one.names)
    return {"name": ", ".join(named)} if named else {}


def praise_in(
    files: Sequence[Examined], rules: Mapping[str, ReviewRule], told: Iterable[Finding]
) -> ReviewRule | None:
    """The weightiest rule that was looked for, met and never broken, of those that have a word.

    Nothing is praised about what something else is found wrong with: that the order of three steps
    is right comforts nobody while one of them is missing.
    """
    broken = {one.rule for one in told}
    wrong = {concept for id in broken if id in rules for concept in rules[id].concepts}
    fine = dict.fromkeys(id for file in files for id in file.fine)
    met = [
        rules[id]
        for id in fine
        if id in rules
        and rules[id].praise
        and id not in broken
        and not wrong & {*rules[id].concepts}
    ]
    return min(met, key=lambda one: WEIGHTS.index(one.weight), default=None)


def _order(place: Place) -> tuple[int, int]:
    return (place.cell or 0, place.line)
