"""All matchers by the id of their rule, in the order of the groups."""

from collections.abc import Mapping
from typing import Final

from learning.code_review.rules import (
    api,
    attention,
    evaluation,
    hidden,
    hugging_face,
    loss,
    modules,
    rag_agents,
    similarity,
    training,
)
from learning.code_review.rules.shape import Matcher

MATCHERS: Final[Mapping[str, Matcher]] = {
    **training.MATCHERS,
    **loss.MATCHERS,
    **modules.MATCHERS,
    **attention.MATCHERS,
    **evaluation.MATCHERS,
    **hugging_face.MATCHERS,
    **rag_agents.MATCHERS,
    **similarity.MATCHERS,
    **api.MATCHERS,
    **hidden.MATCHERS,
}
