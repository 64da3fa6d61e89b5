"""All matchers by the id of their rule, in the order of the groups."""

from collections.abc import Mapping
from typing import Final

from learning.review.rules import evaluation, loss, training
from learning.review.rules.shape import Matcher

MATCHERS: Final[Mapping[str, Matcher]] = {**training.MATCHERS, **evaluation.MATCHERS, **loss.MATCHERS}
