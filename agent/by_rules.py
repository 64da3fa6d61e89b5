"""What a learner's sentence means by the rules alone, without a model and without its libraries."""

from agent.router import Routed
from agent.understanding.names import names_of
from agent.understanding.understand import understood
from tools.concepts import find_concept
from tools.context import Context


def understood_by_rules(context: Context, text: str) -> Routed:
    """A sentence as this learner means it, where and when they say it."""
    return understood(
        text,
        context.today,
        context.learner.language,
        names=names_of(context.catalogue),
        is_concept=lambda said: find_concept(context.catalogue, said)[0] is not None,
        now=context.now.astimezone(context.learner.zone).replace(tzinfo=None),
    )
