"""Results as messages: what a tool gave, in the learner's language, one card for each kind."""

from bot.cards import (
    accounts,
    checks,
    choices,
    code_review,
    cohorts,
    days_off,
    export,
    first_day,
    good_news,
    guidance,
    human_help,
    interview,
    keeping,
    looking_after,
    lookup,
    marks,
    operations,
    passed,
    path,
    placement,
    practice,
    profile,
    progress,
    quiz,
    reports,
    settings,
    usage,
    weeks,
)
from bot.cards.day import day_card
from bot.cards.first_day import zone_card
from bot.cards.parts import NUMBERS, card, error_card, task_name
from bot.cards.quiz import answer_doubted_card
from bot.cards.reports import corrections_card, operator_note

# Importing a module enters its cards into the table.
CARDS = (
    accounts,
    checks,
    choices,
    code_review,
    cohorts,
    days_off,
    export,
    first_day,
    good_news,
    guidance,
    human_help,
    interview,
    keeping,
    looking_after,
    lookup,
    marks,
    operations,
    passed,
    path,
    placement,
    practice,
    profile,
    progress,
    quiz,
    reports,
    settings,
    usage,
    weeks,
)

__all__ = [
    "CARDS",
    "NUMBERS",
    "answer_doubted_card",
    "card",
    "corrections_card",
    "day_card",
    "error_card",
    "operator_note",
    "task_name",
    "zone_card",
]
