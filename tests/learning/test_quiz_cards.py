"""When cards come back: laws of the schedule, a simulated learner, mastery and placement."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.quiz.cards import LONGEST_INTERVAL, Card, Rating, recall_probability, reviewed
from learning.quiz.mastery import Mastery, Standing, after_answer, guess_of
from learning.quiz.placement import MOST_ITEMS, Placement, Trial, chance
from learning.quiz.reviews import is_pile, minutes_for, most_cards, spread
from tests.learning.quiz_builders import make_choice, make_numeric

DAY = date(2026, 11, 23)

histories = st.lists(
    st.tuples(st.sampled_from(Rating), st.integers(min_value=1, max_value=200)), max_size=8
)


def card_after(history: Sequence[tuple[Rating, int]], seed: str) -> tuple[Card | None, date]:
    """The card after some reviews, each so many days after the one before, and the next day."""
    card, day = None, DAY
    for rating, days in history:
        card = reviewed(card, rating, day, seed)
        day += timedelta(days=days)
    return card, day


@given(history=histories, seed=st.text(max_size=8))
def test_a_better_rating_never_brings_a_card_sooner(
    history: list[tuple[Rating, int]], seed: str
) -> None:
    card, day = card_after(history, seed)

    due = [reviewed(card, rating, day, seed).due_on for rating in Rating]

    assert due == sorted(due)


@given(history=histories, rating=st.sampled_from(Rating), seed=st.text(max_size=8))
def test_a_card_comes_back_after_a_day_at_least_and_half_a_year_at_most(
    history: list[tuple[Rating, int]], rating: Rating, seed: str
) -> None:
    card, day = card_after(history, seed)

    after = reviewed(card, rating, day, seed)

    assert 1 <= (after.due_on - day).days <= LONGEST_INTERVAL
    assert after == reviewed(card, rating, day, seed)


def test_right_answers_grow_the_interval_and_a_wrong_one_brings_it_back() -> None:
    card, day, intervals = None, DAY, []
    for _ in range(4):
        card = reviewed(card, Rating.GOOD, day, "x")
        intervals.append((card.due_on - day).days)
        day = card.due_on

    forgotten = reviewed(card, Rating.AGAIN, day, "x")

    assert intervals == sorted(intervals)
    assert intervals[0] <= 3
    assert intervals[3] > 60
    assert (forgotten.due_on - day).days <= 7
    assert forgotten.lapses == 1


def test_on_its_day_a_card_is_recalled_nine_times_in_ten() -> None:
    card, day = None, DAY
    for _ in range(4):
        card = reviewed(card, Rating.GOOD, day, "x")
        day = card.due_on

    assert card is not None
    assert recall_probability(card, card.due_on) == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("minutes", [30, 60, 90])
def test_over_half_a_year_reviews_stay_under_the_cap_and_what_is_asked_is_mostly_known(
    minutes: int,
) -> None:
    """Three new items a day; whether one is recalled follows FSRS's own forgetting curve."""
    chance = Random(7)
    cards: dict[str, Card] = {}
    most = most_cards(minutes)
    reviews_a_day: list[int] = []
    recalled: list[bool] = []
    for n in range(180):
        day = DAY + timedelta(days=n)
        due = sorted((id for id in cards if cards[id].due_on <= day), key=lambda i: cards[i].due_on)
        if is_pile(len(due), most):
            for id, later in spread(due, most, day):
                cards[id] = Card(
                    cards[id].stability,
                    cards[id].difficulty,
                    cards[id].last_review,
                    later,
                    cards[id].reviews,
                    cards[id].lapses,
                )
        asked = due[:most]
        reviews_a_day.append(len(asked))
        for id in asked:
            knows = chance.random() < recall_probability(cards[id], day)
            recalled.append(knows)
            rating = Rating.GOOD if knows else Rating.AGAIN
            cards[id] = reviewed(cards[id], rating, day, id)
        for new in range(3 if n % 7 < 6 and len(due) <= most else 0):
            cards[f"{n}-{new}"] = reviewed(
                None, Rating.GOOD if chance.random() < 0.6 else Rating.AGAIN, day, f"{n}-{new}"
            )

    assert max(reviews_a_day) <= most
    assert minutes_for(max(reviews_a_day)) <= minutes * 0.2 + 1
    assert sum(recalled) / len(recalled) >= 0.86
    assert len(cards) > 200


def test_a_pile_after_days_away_is_spread_and_nothing_of_it_is_lost() -> None:
    items = [f"item-{n}" for n in range(90)]

    later = spread(items, 10, DAY)

    assert [id for id, _ in later] == items[10:]
    assert min(day for _, day in later) == DAY + timedelta(days=1)
    per_day = [sum(day == one for _, day in later) for one in {day for _, day in later}]
    assert max(per_day) <= 5


@given(minutes=st.integers(min_value=0, max_value=1000))
def test_reviews_take_a_fifth_of_the_day_at_most_but_a_few_cards_always_fit(minutes: int) -> None:
    cards = most_cards(minutes)

    assert cards >= 4
    assert minutes == 0 or minutes_for(cards) <= max(2, minutes * 0.2 + 1)


# Mastery ------------------------------------------------------------------------------------------


def answered(verdicts: str, guess: float) -> Mastery:
    """Mastery after answers, a plus for each right one and a minus for each wrong one."""
    mastery: Mastery | None = None
    for sign in verdicts:
        mastery = after_answer(mastery, "lora", guess, DAY, is_right=sign == "+")
    assert mastery is not None
    return mastery


def test_a_concept_is_solid_after_right_answers_and_never_after_one() -> None:
    guess = guess_of(make_choice())

    assert answered("+", guess).standing is Standing.LEARNING
    assert answered("+++", guess).standing is Standing.STRONG
    assert answered("--", guess).standing is Standing.WEAK


def test_a_typed_number_says_more_than_a_choice() -> None:
    by_choice = answered("+", guess_of(make_choice()))
    by_number = answered("+", guess_of(make_numeric()))

    assert by_number.probability > by_choice.probability


@given(verdicts=st.text("+-", min_size=1, max_size=20))
def test_a_right_answer_never_leaves_less_than_a_wrong_one_would(verdicts: str) -> None:
    guess = guess_of(make_choice())
    before = answered(verdicts, guess)

    right = after_answer(before, "lora", guess, DAY, is_right=True)
    wrong = after_answer(before, "lora", guess, DAY, is_right=False)

    assert 0 < wrong.probability <= right.probability < 1
    assert right.answers == wrong.answers == len(verdicts) + 1


# Placement ----------------------------------------------------------------------------------------


def placed(ability: float, rating: float | None, random: Random, stages: int = 5) -> Placement:
    trials = [Trial(random.uniform(0, stages), 0.19) for _ in range(60)]
    placement = Placement(stages, rating)
    while not placement.is_over:
        trial = trials.pop(placement.most_telling(trials))
        is_right = random.random() < chance(ability, trial)
        placement = placement.with_answer(trial, is_right=is_right)
    return placement


def test_placement_ends_after_twelve_items_and_mostly_finds_the_neighbourhood() -> None:
    random = Random(3)
    errors = []
    inside = 0
    for _ in range(200):
        ability = random.uniform(0, 5)
        rating = min(1.0, max(0.0, (ability + random.gauss(0, 1.2)) / 5))
        placement = placed(ability, rating, random)
        assert len(placement.answers) <= MOST_ITEMS
        estimate = placement.estimate
        errors.append(abs(estimate.mean - ability))
        inside += estimate.low <= ability <= estimate.high

    assert sum(errors) / len(errors) < 0.6
    assert inside / 200 > 0.6


def test_all_right_means_further_than_all_wrong() -> None:
    trials = [Trial(n / 2, 0.2) for n in range(10)]
    good, bad = Placement(5), Placement(5)
    for trial in trials:
        good = good.with_answer(trial, is_right=True)
        bad = bad.with_answer(trial, is_right=False)

    assert good.estimate.low > bad.estimate.high


def test_a_self_rating_moves_the_estimate_and_answers_outweigh_it() -> None:
    trials = [Trial(n / 2, 0.2) for n in range(10)]
    boaster = Placement(5, 1.0)
    for trial in trials:
        boaster = boaster.with_answer(trial, is_right=False)

    assert Placement(5, 1.0).estimate.mean > Placement(5, 0.0).estimate.mean
    assert boaster.estimate.mean < 2
