"""What each learner remembers: review cards, mastery of concepts, minutes given to reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from learning.quiz.cards import Card
from learning.quiz.mastery import WEAK, Mastery
from store.script import Row, Script, among, change, change_each, row, rows


def card_of(learner: int, item: str) -> Script[Card | None]:
    found = yield from row(
        "select * from cards where learner = :learner and item = :item", learner=learner, item=item
    )
    return _card(found) if found else None


def cards_of(learner: int, items: Sequence[str]) -> Script[dict[str, Card]]:
    """The learner's cards of some items, by item."""
    if not items:
        return {}
    gaps, values = among("item", items)
    found = yield from rows(
        f"select * from cards where learner = :learner and item in ({gaps})",
        learner=learner,
        **values,
    )
    return {one["item"]: _card(one) for one in found}


def all_cards(learner: int) -> Script[dict[str, Card]]:
    """Every card of a learner, by item; for exports, not for a turn."""
    found = yield from rows(
        "select * from cards where learner = :learner order by item", learner=learner
    )
    return {one["item"]: _card(one) for one in found}


def _card(found: Row) -> Card:
    return Card(
        stability=found["stability"],
        difficulty=found["difficulty"],
        last_review=date.fromisoformat(found["last_review"]),
        due_on=date.fromisoformat(found["due_on"]),
        reviews=found["reviews"],
        lapses=found["lapses"],
    )


def keep_card(learner: int, item: str, card: Card) -> Script[None]:
    yield from change(
        "insert into cards (learner, item, stability, difficulty, last_review, due_on, reviews, "
        "lapses) values (:learner, :item, :stability, :difficulty, :last_review, :due_on, "
        ":reviews, :lapses) on conflict (learner, item) do update set "
        "stability = excluded.stability, difficulty = excluded.difficulty, "
        "last_review = excluded.last_review, due_on = excluded.due_on, "
        "reviews = excluded.reviews, lapses = excluded.lapses",
        learner=learner,
        item=item,
        stability=card.stability,
        difficulty=card.difficulty,
        last_review=card.last_review.isoformat(),
        due_on=card.due_on.isoformat(),
        reviews=card.reviews,
        lapses=card.lapses,
    )


def drop_card(learner: int, item: str) -> Script[None]:
    yield from change(
        "delete from cards where learner = :learner and item = :item", learner=learner, item=item
    )


def due_items(learner: int, day: date, limit: int) -> Script[tuple[str, ...]]:
    """The items due on a day, the longest overdue first; suspended ones wait."""
    found = yield from rows(
        "select item from cards where learner = :learner and due_on <= :day "
        "and item not in (select item from suspensions) order by due_on, item limit :limit",
        learner=learner,
        day=day.isoformat(),
        limit=limit,
    )
    return tuple(one["item"] for one in found)


def due_count(learner: int, day: date, limit: int) -> Script[int]:
    """How many items are due on a day, counted up to a limit."""
    found = yield from row(
        "select count(*) as count from (select 1 from cards where learner = :learner "
        "and due_on <= :day and item not in (select item from suspensions) limit :limit) as due",
        learner=learner,
        day=day.isoformat(),
        limit=limit,
    )
    return int(found["count"]) if found else 0


def next_due(learner: int) -> Script[date | None]:
    """The day the next card falls due, or fell."""
    found = yield from row(
        "select min(due_on) as day from cards where learner = :learner "
        "and item not in (select item from suspensions)",
        learner=learner,
    )
    return date.fromisoformat(found["day"]) if found and found["day"] else None


def put_off_cards(learner: int, dates: Sequence[tuple[str, date]]) -> Script[None]:
    """Give cards another due date and leave what is known of them as it is."""
    yield from change_each(
        "update cards set due_on = :day where learner = :learner and item = :item",
        [{"learner": learner, "item": item, "day": day.isoformat()} for item, day in dates],
    )


def mastery_of(learner: int) -> Script[dict[str, Mastery]]:
    """What the learner's answers say of concepts, by concept; at most as many as there are."""
    found = yield from rows("select * from mastery where learner = :learner", learner=learner)
    return {
        one["concept"]: Mastery(
            one["concept"],
            one["probability"],
            one["answers"],
            one["right_answers"],
            date.fromisoformat(one["day"]),
        )
        for one in found
    }


def weak_concepts(learner: int) -> Script[tuple[str, ...]]:
    """The concepts that answers say are not known, the weakest first."""
    found = yield from rows(
        "select concept from mastery where learner = :learner and probability < :weak "
        "order by probability",
        learner=learner,
        weak=WEAK,
    )
    return tuple(one["concept"] for one in found)


def keep_mastery(learner: int, mastery: Mastery) -> Script[None]:
    yield from change(
        "insert into mastery (learner, concept, probability, answers, right_answers, day) "
        "values (:learner, :concept, :probability, :answers, :right, :day) "
        "on conflict (learner, concept) do update set probability = excluded.probability, "
        "answers = excluded.answers, right_answers = excluded.right_answers, day = excluded.day",
        learner=learner,
        concept=mastery.concept,
        probability=mastery.probability,
        answers=mastery.answers,
        right=mastery.right,
        day=mastery.day.isoformat(),
    )


def drop_mastery(learner: int, concept: str) -> Script[None]:
    yield from change(
        "delete from mastery where learner = :learner and concept = :concept",
        learner=learner,
        concept=concept,
    )


def review_minutes(learner: int, since: date) -> Script[dict[date, int]]:
    """The minutes set aside for reviews, by local day."""
    found = yield from rows(
        "select day, minutes from review_days where learner = :learner and day >= :since",
        learner=learner,
        since=since.isoformat(),
    )
    return {date.fromisoformat(one["day"]): one["minutes"] for one in found}


def set_review_minutes(learner: int, day: date, minutes: int) -> Script[None]:
    """Set a day's minutes aside; what was set aside first stays."""
    yield from change(
        "insert into review_days (learner, day, minutes) values (:learner, :day, :minutes) "
        "on conflict (learner, day) do nothing",
        learner=learner,
        day=day.isoformat(),
        minutes=minutes,
    )


@dataclass(frozen=True, slots=True)
class Retention:
    """Of the items first answered at least `days` ago: what later answers said of them.

    `measured` had an answer after a gap of at least that long, `recalled` of these the latest such
    was right; the others were learned long enough ago and never asked again so late.
    """

    days: int
    learned: int
    measured: int
    recalled: int

    @property
    def unmeasured(self) -> int:
        return self.learned - self.measured


def retention_after(
    learner: int, today: date, horizons: Sequence[int]
) -> Script[tuple[Retention, ...]]:
    """What is recalled after each of some numbers of days.

    Reads the learner's answers by index; asked for progress, not in every turn.
    """
    found = []
    for days in horizons:
        one = yield from _retention(learner, today, days)
        found.append(one)
    return tuple(found)


def _retention(learner: int, today: date, days: int) -> Script[Retention]:
    learned = yield from row(
        "select count(*) as count from (select item from questions where learner = :learner "
        "and state = 'answered' and rating is not null group by item having min(day) <= :before) "
        "as items",
        learner=learner,
        before=(today - timedelta(days=days)).isoformat(),
    )
    found = yield from rows(
        "select q.verdict, count(*) as count from questions q join (select max(id) as id "
        "from questions where learner = :learner and state = 'answered' and gap >= :days "
        "and verdict <> 'ungraded' group by item) latest on latest.id = q.id group by q.verdict",
        learner=learner,
        days=days,
    )
    counts = {one["verdict"]: int(one["count"]) for one in found}
    return Retention(
        days,
        learned=int(learned["count"]) if learned else 0,
        measured=sum(counts.values()),
        recalled=counts.get("right", 0),
    )
