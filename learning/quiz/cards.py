"""Review cards: when an item that was answered comes back, by FSRS-6 and with whole days.

The free spaced repetition scheduler, https://github.com/open-spaced-repetition, by its library;
without learning steps, since minutes do not fit somebody who is written to once a day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from hashlib import sha256
from itertools import pairwise

import fsrs

RETENTION = 0.9
LONGEST_INTERVAL = 180
# The library's own fuzz draws from a hidden random source, so the same answers could give another
# date when they are counted again, and a better rating an earlier one.
_SCHEDULER = fsrs.Scheduler(
    desired_retention=RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_INTERVAL,
    enable_fuzzing=False,
)
# From, and share of the interval beyond it, that a date may move by; FSRS's own ranges.
_FUZZ = ((2.5, 0.15), (7.0, 0.1), (20.0, 0.05))


class Rating(IntEnum):
    """How well something was recalled. HARD is a pass; failing is AGAIN, whatever it felt like."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Card:
    """An item as one learner remembers it.

    `stability` is in days: after so many, nine of ten such cards are still recalled.
    `difficulty` goes from 1 to 10. It is due from the local day `due_on` on.
    """

    stability: float
    difficulty: float
    last_review: date
    due_on: date
    reviews: int
    lapses: int


def reviewed(card: Card | None, rating: Rating, day: date, seed: str) -> Card:
    """The card after one review; None is an item answered for the first time.

    `seed` names card and learner; a date moves a little by it, so that what was learned on one
    day does not come back on one day. A better rating never gives an earlier date.
    """
    before = _to_fsrs(card)
    after, _ = _SCHEDULER.review_card(before, fsrs.Rating(rating.value), _noon(day))
    if after.stability is None or after.difficulty is None:
        raise ValueError("fsrs: expected stability and difficulty after a review, found none")
    reviews = 1 if card is None else card.reviews + 1
    interval = _moved((after.due - _noon(day)).days, f"{seed}:{reviews}")
    forgot = card is not None and rating is Rating.AGAIN
    return Card(
        stability=after.stability,
        difficulty=after.difficulty,
        last_review=day,
        due_on=day + timedelta(days=interval),
        reviews=reviews,
        lapses=(card.lapses if card else 0) + forgot,
    )


def recall_probability(card: Card, day: date) -> float:
    """How likely the card is recalled on a day, from 0 to 1."""
    return float(_SCHEDULER.get_card_retrievability(_to_fsrs(card), _noon(day)))


def _to_fsrs(card: Card | None) -> fsrs.Card:
    if card is None:
        return fsrs.Card(card_id=0)
    return fsrs.Card(
        card_id=0,
        state=fsrs.State.Review,
        step=None,
        stability=card.stability,
        difficulty=card.difficulty,
        due=_noon(card.due_on),
        last_review=_noon(card.last_review),
    )


def _noon(day: date) -> datetime:
    """Whole days apart are whole days apart, as the library wants instants in UTC."""
    return datetime.combine(day, time(12), UTC)


def _moved(interval: int, seed: str) -> int:
    """The interval with its small shift; a longer one never becomes the shorter one."""
    reach = 1.0
    ranges = [*_FUZZ, (float("inf"), 0.0)]
    for (start, share), (end, _) in pairwise(ranges):
        reach += share * max(0.0, min(interval, end) - start)
    if interval < _FUZZ[0][0]:
        return interval
    # From -1 to 1, the same for every rating of this review.
    shift = int.from_bytes(sha256(seed.encode()).digest()[:4]) / 2**31 - 1
    return min(LONGEST_INTERVAL, max(2, round(interval + shift * reach)))
