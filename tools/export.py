"""Give learners what is theirs to take along."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from learning.errors import Refused
from learning.quiz.cards import Card
from learning.quiz.items import QuizItem
from store.cards import all_cards
from store.script import Script
from tools.context import Context
from tools.plan import Arguments

# Generated items have no words without a seed; a deck shows this one's numbers.
SEED_IN_DECK = 1


class ExportData(Arguments):
    format: Literal["anki", "csv"] = "anki"


@dataclass(frozen=True, slots=True)
class CardsExported:
    """Every review card with its item; items that are gone from the bank are left out."""

    format: Literal["anki", "csv"]
    cards: tuple[tuple[QuizItem, Card], ...]
    at: datetime


def export_data(context: Context, wanted: ExportData) -> Script[CardsExported]:
    bank = context.catalogue.bank
    cards: list[tuple[QuizItem, Card]] = []
    for id, card in (yield from all_cards(context.learner.id)).items():
        item = bank.item(id, SEED_IN_DECK if id in bank.recipes else None)
        if item is not None:
            cards.append((item, card))
    if not cards:
        raise Refused("export.no_cards")
    return CardsExported(wanted.format, tuple(cards), context.now)
