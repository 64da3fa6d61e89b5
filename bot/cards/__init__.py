"""Results as messages: what a tool gave, in the learner's language, one card for each kind."""

from bot.cards import (
    checks,
    choices,
    first_day,
    guidance,
    lookup,
    marks,
    path,
    practice,
    progress,
    settings,
)
from bot.cards.day import day_card
from bot.cards.first_day import zone_card
from bot.cards.parts import NUMBERS, card, error_card, task_name

# Importing a module enters its cards into the table.
CARDS = (
    checks,
    choices,
    first_day,
    guidance,
    lookup,
    marks,
    path,
    practice,
    progress,
    settings,
)

__all__ = ["CARDS", "NUMBERS", "card", "day_card", "error_card", "task_name", "zone_card"]
