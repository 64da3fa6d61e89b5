"""Results as messages: what a tool gave, in the learner's language, one card for each kind."""

from bot.cards import first_day, lookup, marks, path, progress, settings
from bot.cards.day import day_card
from bot.cards.first_day import zone_card
from bot.cards.parts import NUMBERS, card, error_card

# Importing a module enters its cards into the table.
CARDS = (first_day, lookup, marks, path, progress, settings)

__all__ = ["CARDS", "NUMBERS", "card", "day_card", "error_card", "zone_card"]
