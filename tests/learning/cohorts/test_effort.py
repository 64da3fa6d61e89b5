"""The effort board: nobody wins by flooding, and nobody is shown from below."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.cohorts.effort import (
    MOST_SHOWN,
    POINTS,
    Deed,
    Done,
    Effort,
    leagues,
    points_for,
    rank_of,
    shown,
    standing,
)
from tests.builders import MONDAY


def board(*points: int, last_week: Sequence[int] = ()) -> list[Effort]:
    """Learners 0, 1, 2 and so on with these points."""
    before = last_week or [0] * len(points)
    return [
        Effort(n, f"n{n}", one, last)
        for n, (one, last) in enumerate(zip(points, before, strict=True))
    ]


def boards() -> st.SearchStrategy[list[Effort]]:
    pairs = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60)), max_size=70)
    return pairs.map(
        lambda some: board(*(one for one, _ in some), last_week=[last for _, last in some])
    )


def deeds() -> st.SearchStrategy[list[Done]]:
    days = st.integers(0, 6).map(lambda n: MONDAY + timedelta(days=n))
    return st.lists(st.builds(Done, st.sampled_from(Deed), days, st.integers(0, 500)), max_size=40)


@pytest.mark.parametrize(
    ("deed", "amount", "points"),
    [
        (Deed.ANSWER, 1, 2),
        (Deed.ROLL_CALL, 1, 2),
        (Deed.EVIDENCE, 1, 1),
        (Deed.BATTLE, 1, 2),
        (Deed.FOCUS, 25, 3),
        (Deed.FOCUS, 50, 6),
        (Deed.FOCUS, 10, 1),
        (Deed.FOCUS, 8, 0),
        (Deed.FOCUS, 600, 12),
        (Deed.EXPLANATION, 1, 5),
        (Deed.EXCHANGE, 1, 3),
    ],
)
def test_each_deed_earns_its_points(deed: Deed, amount: int, points: int) -> None:
    assert points_for([Done(deed, MONDAY, amount)]) == points


def test_a_second_answer_on_a_day_earns_nothing_and_one_on_the_next_day_does() -> None:
    days = [MONDAY, MONDAY, MONDAY + timedelta(days=1)]

    assert points_for(Done(Deed.ANSWER, day) for day in days) == 4


def test_short_times_of_focus_add_up_over_a_day() -> None:
    assert points_for([Done(Deed.FOCUS, MONDAY, 13), Done(Deed.FOCUS, MONDAY, 12)]) == 3


def test_explanations_count_twice_a_week_and_anew_in_the_next() -> None:
    days = [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=6)]

    assert points_for(Done(Deed.EXPLANATION, day) for day in days) == 10
    assert points_for(Done(Deed.EXPLANATION, day + timedelta(days=1)) for day in days) == 15


@given(deeds())
def test_no_flood_earns_more_than_a_full_week(done: list[Done]) -> None:
    most = sum(
        worth.points * worth.most * (7 if worth.each == "day" else 1) for worth in POINTS.values()
    )

    assert 0 <= points_for(done) <= most


@given(deeds(), st.sampled_from(Deed))
def test_doing_more_never_earns_less(done: list[Done], deed: Deed) -> None:
    assert points_for([*done, Done(deed, date(2026, 11, 25))]) >= points_for(done)


@given(boards())
def test_leagues_hold_everybody_once_in_sizes_of_five_to_ten(efforts: list[Effort]) -> None:
    found = leagues(efforts)

    assert sorted(one.learner for league in found for one in league) == list(range(len(efforts)))
    if len(efforts) < 10:
        assert len(found) == bool(efforts)
    else:
        assert all(5 <= len(league) <= 10 for league in found)


@given(boards())
def test_no_league_had_less_effort_last_week_than_the_next(efforts: list[Effort]) -> None:
    found = leagues(efforts)

    for one, two in pairwise(found):
        assert min(e.last_week for e in one) >= max(e.last_week for e in two)


@given(boards())
def test_nobody_of_the_lower_half_is_shown(efforts: list[Effort]) -> None:
    for league in leagues(efforts):
        some = shown(league)

        assert len(some) <= MOST_SHOWN
        assert all(one.points > 0 for one in some)
        # Whoever has fewer points than the upper half's last one is of the lower half.
        least = league[max(1, len(league) // 2) - 1].points
        assert all(one.points >= least for one in some)


@given(boards())
def test_nobody_is_left_out_who_has_as_much_as_one_who_is_shown(efforts: list[Effort]) -> None:
    for league in leagues(efforts):
        some = shown(league)
        least = min((one.points for one in some), default=0)

        assert {one for one in league if some and one.points >= least} == set(some)


@given(boards())
def test_a_rank_is_told_only_to_those_who_are_shown(efforts: list[Effort]) -> None:
    for league in leagues(efforts):
        some = {one.learner for one in shown(league)}
        for one in league:
            found = standing(league, one.learner)

            assert found is not None
            assert (found.rank is not None) == (one.learner in some)
            assert found.is_in_upper_half or found.rank is None


def test_ties_share_a_rank() -> None:
    league = board(9, 7, 7, 5)

    assert [rank_of(league, one) for one in league] == [1, 2, 2, 4]


def test_the_upper_half_is_shown_by_points() -> None:
    assert [one.points for one in shown(board(1, 8, 3, 6, 2, 4))] == [8, 6, 4]


def test_a_tie_that_does_not_fit_is_left_out() -> None:
    assert [one.learner for one in shown(board(9, *[5] * 7))] == [0]


def test_one_who_is_not_shown_for_a_tie_still_hears_of_the_upper_half() -> None:
    found = standing(board(9, *[5] * 7), 3)

    assert found is not None
    assert found.is_in_upper_half


def test_who_is_not_on_the_board_has_no_standing() -> None:
    assert standing(board(1, 2), 7) is None
