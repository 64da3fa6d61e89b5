"""Give learners what is theirs to take along."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field

from learning.errors import Refused
from learning.quiz.cards import Card
from learning.quiz.items import QuizItem
from store.cards import all_cards
from store.personal import count_kept
from store.script import Script
from tools.context import Context
from tools.plan import Arguments

# Generated items have no words without a seed; a deck shows this one's numbers.
SEED_IN_DECK = 1


class ExportData(Arguments):
    format: Literal["all", "anki", "csv"] = Field(
        "all", description="Everything that is kept, or only the review cards."
    )


@dataclass(frozen=True, slots=True)
class EverythingExported:
    """How many rows are the learner's, by table; the file is made of them when it is sent.

    `cards` are the review cards with their items, as in a deck of their own.
    """

    counts: Mapping[str, int]
    cards: tuple[tuple[QuizItem, Card], ...]
    at: datetime

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class CardsExported:
    """Every review card with its item; items that are gone from the bank are left out."""

    format: Literal["anki", "csv"]
    cards: tuple[tuple[QuizItem, Card], ...]
    at: datetime


def export_data(context: Context, wanted: ExportData) -> Script[EverythingExported | CardsExported]:
    only_in_private(context)
    cards = yield from _cards(context)
    if wanted.format == "all":
        counts = yield from count_kept(context.learner.id)
        return EverythingExported(counts, cards, context.now)
    if not cards:
        raise Refused("export.no_cards")
    return CardsExported(wanted.format, cards, context.now)


def _cards(context: Context) -> Script[tuple[tuple[QuizItem, Card], ...]]:
    bank = context.catalogue.bank
    cards: list[tuple[QuizItem, Card]] = []
    for id, card in (yield from all_cards(context.learner.id)).items():
        item = bank.item(id, SEED_IN_DECK if id in bank.recipes else None)
        if item is not None:
            cards.append((item, card))
    return tuple(cards)


def only_in_private(context: Context) -> None:
    """What is a learner's own is given, and erased, where nobody else reads it.

    Raises:
        Refused: in a group.
    """
    if not context.is_private:
        raise Refused("export.private_only")
