"""One file looked at by every rule."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from learning.code_review.reading import Hit, Reading
from learning.code_review.rules import MATCHERS
from learning.code_review.rules.shape import Matcher

# A rule says the same thing at most so often; the rest is counted.
MOST_OF_ONE_RULE = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation: the rule, its place (line from 1, column from 0) and the learner's names."""

    rule: str
    line: int
    column: int
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the rules saw: `fine` are the rules whose subject appears and is done right.

    `failed` are rules that broke over this file, each with what it raised.
    """

    seen: tuple[Seen, ...]
    fine: tuple[str, ...]
    failed: Mapping[str, str] = field(default_factory=dict)


def look_at(tree: ast.Module, text: str, matchers: Mapping[str, Matcher] = MATCHERS) -> Looked:
    """Let every rule look at a parsed file; a rule that breaks does not silence the others."""
    reading = Reading(tree, text)
    seen: list[Seen] = []
    fine: list[str] = []
    failed: dict[str, str] = {}
    for rule, matcher in matchers.items():
        found: dict[tuple[int, int], Seen] = {}
        is_fine = False
        try:
            for one in matcher(reading):
                if not isinstance(one, Hit):
                    is_fine = True
                    continue
                line = getattr(one.node, "lineno", 1)
                column = getattr(one.node, "col_offset", 0)
                found.setdefault((line, column), Seen(rule, line, column, one.names))
                if len(found) >= MOST_OF_ONE_RULE:
                    break
        except Exception as error:  # noqa: BLE001 -- one rule's fault must not silence the others
            failed[rule] = f"{type(error).__name__}: {error}"
        seen.extend(found.values())
        if is_fine and not found:
            fine.append(rule)
    return Looked(tuple(seen), tuple(fine), failed)
