"""Whatever a tool gives can be shown: to a learner as a card, to a model as a view."""

import sys
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from agent.views import view
from bot.cards import card
from tools.registry import TOOLS, Tool


def results_of(tool: Tool) -> set[type]:
    """The classes a tool's script may return, by its annotation."""
    module = vars(sys.modules[tool.script.__module__])
    returned = get_type_hints(tool.script, module)["return"]
    (given,) = get_args(returned)[2:] or get_args(returned)
    return set(_classes(given))


def _classes(hint: Any) -> list[type]:
    if get_origin(hint) in {Union, UnionType}:
        return [one for part in get_args(hint) for one in _classes(part)]
    return [hint] if isinstance(hint, type) else []


# What is awaited before anything can be shown, and what only a button of the learner's own brings.
_AWAITED, _BY_HAND = {"DraftWanted"}, {"Forgotten", "HelpAsked"}


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_every_result_of_a_tool_has_a_card(name: str) -> None:
    found = results_of(TOOLS[name])

    assert found
    default = card.dispatch(object)
    assert {one.__name__ for one in found if card.dispatch(one) is default} <= _AWAITED


@pytest.mark.parametrize("name", sorted(one for one, tool in TOOLS.items() if tool.for_model))
def test_every_result_that_a_model_may_get_has_a_view(name: str) -> None:
    default = view.dispatch(object)

    found = results_of(TOOLS[name])

    assert {one.__name__ for one in found if view.dispatch(one) is default} <= _BY_HAND
