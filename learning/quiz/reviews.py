"""How much reviewing a day may hold, and what becomes of a pile after days away."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil

# A card and its explanation take about half a minute to read and answer.
CARDS_A_MINUTE = 2
# Reviews may take this share of a day's minutes; the rest belongs to the plan.
SHARE_OF_DAY = 0.2
FEWEST_CARDS = 4
MOST_CARDS = 60
# On a day without minutes nothing is pushed, and whoever asks gets a few.
CARDS_ON_A_FREE_DAY = 10
# A pile of more than so many days' reviews is spread rather than shown.
PILE_DAYS = 2


def most_cards(minutes_of_day: int) -> int:
    """The most reviews for a day of so many minutes."""
    if minutes_of_day <= 0:
        return CARDS_ON_A_FREE_DAY
    cards = int(minutes_of_day * SHARE_OF_DAY * CARDS_A_MINUTE)
    return min(MOST_CARDS, max(FEWEST_CARDS, cards))


def minutes_for(cards: int) -> int:
    return ceil(cards / CARDS_A_MINUTE)


def is_pile(due: int, most: int) -> bool:
    """Whether so much has come due that it must not be shown as a debt."""
    return due > PILE_DAYS * most


def spread(items: Sequence[str], most: int, today: date) -> list[tuple[str, date]]:
    """New due dates for a pile: today's share stays, the others follow day by day.

    `items` come longest overdue first. At most half of a day's reviews are spread onto it, so
    that what falls due by itself still has room.
    """
    rest = items[most:]
    a_day = max(1, most // 2)
    return [(item, today + timedelta(days=1 + n // a_day)) for n, item in enumerate(rest)]
