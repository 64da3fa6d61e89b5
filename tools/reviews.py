"""Today's reviews: counted once at the day's first look, so that the plan leaves room for them."""

from datetime import date, timedelta

from learning.plan import Record, ReviewTime
from learning.quiz.reviews import is_pile, minutes_for, most_cards, spread
from store.cards import due_count, due_items, put_off_cards, review_minutes, set_review_minutes
from store.quizzes import reviews_on
from store.script import Script

# A forecast expects as many reviews a day as these days had.
USUAL_DAYS = 14
# The most of a pile that is spread at once; a card a day for two years.
LARGEST_PILE = 800


def room_for_reviews(learner: int, today: date, minutes: int) -> Script[int]:
    """How many reviews a day of so many minutes still has room for."""
    done = yield from reviews_on(learner, today)
    return max(0, most_cards(minutes) - done)


def todays_reviews(learner: int, record: Record, today: date) -> Script[tuple[int, ReviewTime]]:
    """How many cards wait today, and the minutes set aside for reviews today and usually.

    The first look of a day sets its minutes, which then stay, however many cards are left; a
    pile after days away is spread over the days to come instead.
    """
    minutes_today = record.minutes_on(today)
    most = most_cards(minutes_today)
    due = yield from due_count(learner, today, limit=2 * most + 1)
    since = today - timedelta(days=USUAL_DAYS - 1)
    known = yield from review_minutes(learner, since)
    if is_pile(due, most):
        pile = yield from due_items(learner, today, LARGEST_PILE)
        yield from put_off_cards(learner, spread(pile, most, today))
    due = min(due, (yield from room_for_reviews(learner, today, minutes_today)))
    if due and minutes_today and today not in known:
        known[today] = minutes_for(due)
        yield from set_review_minutes(learner, today, known[today])
    usual = round(sum(known.values()) / USUAL_DAYS)
    return due, ReviewTime(known, today, usual)
