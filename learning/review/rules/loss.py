"""Losses, and what they are given."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from learning.review.reading import Fine, Hit, Origin, Reading
from learning.review.rules.shape import Matcher
from learning.review.tree import shown
from learning.review.vocabulary import words

SOFTMAX: Final = words("softmax softmax_ Softmax Softmax2d")


def softmax_before_cross_entropy(reading: Reading) -> Iterator[Hit | Fine]:
    for call, logits in given_to(reading, "CrossEntropyLoss", "cross_entropy"):
        origins = reading.origins(logits)
        soft = next((one for one in origins if is_applied(one, SOFTMAX)), None)
        if soft is not None:
            yield Hit(call, {"scores": shown(logits), "softmax": shown(soft.node)})
        elif any(isinstance(one.node, ast.Call) for one in origins):
            yield Fine(call)


def given_to(reading: Reading, layer: str, function: str) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Calls of a loss in either form, each with its first argument."""
    for call in reading.all(ast.Call):
        for origin in reading.origins(call):
            is_layer = origin.layer is not None and origin.short == layer
            is_function = origin.layer is None and origin.short == function
            if (is_layer or is_function) and origin.node is call:
                scores = reading.argument(call, "input", 0)
                if scores is not None:
                    yield call, scores


def is_applied(origin: Origin, names: frozenset[str]) -> bool:
    """Whether a value comes out of one of these, as a function or as an applied layer."""
    return origin.short in names and (origin.layer is not None or origin.short[0].islower())


MATCHERS: Final[Mapping[str, Matcher]] = {
    "softmax-before-cross-entropy": softmax_before_cross_entropy,
}
