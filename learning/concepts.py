"""Concepts, the hub of all content, and what people ask about them."""

from typing import Annotated

from pydantic import Field

from learning.values import Explanation, Id, Level, Line, Value, Words


class Concept(Value):
    """One idea of the field; tasks, resources, quiz items and review rules point at it.

    `checked` names the primary source that a second reader held the explanation against.
    """

    id: Id
    name: Words
    aliases: tuple[Line, ...] = ()
    explanation: Explanation
    misconception: Words
    prerequisites: tuple[Id, ...] = ()
    level: Level
    checked: Line


class Comparison(Value):
    """What sets two concepts apart; for whoever asks for the difference."""

    id: Id
    concepts: tuple[Id, Id]
    difference: Explanation
    choose: Words


class Faq(Value):
    """A question people often ask, with its answer. `asked` are other ways to put it."""

    id: Id
    question: Words
    asked: tuple[Line, ...] = ()
    answer: Annotated[tuple[Words, ...], Field(min_length=1)]
    concepts: tuple[Id, ...] = ()
    resources: tuple[Id, ...] = ()
