"""The laws of pods: nobody is lost, sizes hold, and what is covered only grows."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.cohorts.pods import (
    NEAR,
    Candidate,
    _bands,
    _members,
    make_pods,
    pairs_for,
    partners,
    strength_covered,
)


def candidates(smallest: int = 0, largest: int = 60) -> st.SearchStrategy[list[Candidate]]:
    mastery = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 1), max_size=8)
    one = st.builds(Candidate, st.integers(0, 10_000), st.floats(0, 1), mastery)
    return st.lists(one, min_size=smallest, max_size=largest, unique_by=lambda it: it.id)


def alike(count: int) -> list[Candidate]:
    return [Candidate(id, 0.5, {}) for id in range(count)]


def covered(pods: Sequence[Sequence[int]], all_: Sequence[Candidate]) -> int:
    by_id = {one.id: one for one in all_}
    return sum(strength_covered([by_id[id] for id in pod]) for pod in pods)


def spreads(pods: Sequence[Sequence[int]], all_: Sequence[Candidate]) -> list[float]:
    progress = {one.id: one.progress for one in all_}
    return [max(progress[id] for id in pod) - min(progress[id] for id in pod) for pod in pods]


def by_progress_alone(all_: Sequence[Candidate]) -> list[list[int]]:
    return [[member.id for member in pod] for pod in _bands(_members(all_))]


@given(candidates(smallest=3))
def test_everybody_is_in_one_pod_of_three_to_five(all_: list[Candidate]) -> None:
    pods = make_pods(all_)

    assert sorted(id for pod in pods for id in pod) == sorted(one.id for one in all_)
    assert all(3 <= len(pod) <= 5 for pod in pods)


@given(candidates(), st.randoms(use_true_random=False))
def test_the_order_of_candidates_changes_nothing(all_: list[Candidate], random: Random) -> None:
    other = list(all_)
    random.shuffle(other)

    assert make_pods(other) == make_pods(all_)


@given(candidates(smallest=3))
def test_swaps_cover_no_less_than_progress_alone(all_: list[Candidate]) -> None:
    assert covered(make_pods(all_), all_) >= covered(by_progress_alone(all_), all_)


@given(candidates(smallest=3))
def test_no_pod_gets_further_apart_than_it_was_or_than_what_is_near(all_: list[Candidate]) -> None:
    before, after = spreads(by_progress_alone(all_), all_), spreads(make_pods(all_), all_)

    assert all(new <= max(NEAR, old) for new, old in zip(after, before, strict=True))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_are_no_pod(count: int) -> None:
    assert make_pods(alike(count)) == ()


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (3, [3]),
        (4, [4]),
        (5, [5]),
        (6, [3, 3]),
        (7, [3, 4]),
        (8, [4, 4]),
        (9, [4, 5]),
        (11, [3, 4, 4]),
        (12, [4, 4, 4]),
        (13, [4, 4, 5]),
    ],
)
def test_four_is_the_usual_size(count: int, sizes: list[int]) -> None:
    assert sorted(len(pod) for pod in make_pods(alike(count))) == sizes


def test_a_pod_ends_where_the_next_one_is_far_ahead() -> None:
    all_ = [Candidate(id, 0.1 if id < 3 else 0.8, {}) for id in range(7)]

    assert make_pods(all_) == ((0, 1, 2), (3, 4, 5, 6))


def test_those_who_are_strong_in_the_same_are_parted() -> None:
    all_ = [Candidate(id, 0.5, {"a": 0.9} if id < 4 else {"b": 0.9}) for id in range(8)]

    assert covered(make_pods(all_), all_) == 4


def test_strength_does_not_bring_those_together_who_are_far_apart() -> None:
    all_ = [Candidate(id, id // 4 * 0.5, {"a": 0.9} if id < 4 else {"b": 0.9}) for id in range(8)]

    assert make_pods(all_) == ((0, 1, 2, 3), (4, 5, 6, 7))


def test_a_concept_counts_once_somebody_is_strong_in_it() -> None:
    pod = [Candidate(1, 0, {"a": 0.9, "b": 0.8}), Candidate(2, 0, {"a": 0.95, "c": 0.85})]

    assert strength_covered(pod) == 2


@pytest.mark.parametrize(
    ("pod", "pairs"),
    [
        ([], ()),
        ([1], ()),
        ([1, 2], ((1, 2),)),
        ([1, 2, 3], ((1, 2, 3),)),
        ([1, 2, 3, 4], ((1, 2), (3, 4))),
        ([1, 2, 3, 4, 5], ((1, 2), (3, 4, 5))),
    ],
)
def test_nobody_in_a_pod_is_without_a_partner(
    pod: Sequence[int], pairs: Sequence[Sequence[int]]
) -> None:
    assert partners(pod) == pairs


@pytest.mark.parametrize(
    ("loose", "pairs", "pods", "expected"),
    [
        # Two who came later make a pair of their own.
        ([8, 9], {1: 2, 2: 2}, {8: None, 9: None}, {8: 3, 9: 3}),
        # Who parted is not brought together again while there are others.
        ([1, 2], {2: 2, 3: 3}, {1: 1, 2: 1}, {1: 2, 2: 2}),
        ([1, 2, 9], {2: 2}, {1: 1, 2: 1, 9: None}, {1: 3, 9: 3, 2: 2}),
        # One alone goes where there are fewest.
        ([9], {1: 3, 2: 2}, {9: None}, {9: 2}),
        # Nobody is there.
        ([9], {}, {9: None}, {}),
    ],
)
def test_nobody_stays_without_a_partner(
    loose: list[int], pairs: dict[int, int], pods: dict[int, int | None], expected: dict[int, int]
) -> None:
    assert pairs_for(loose, pairs, pods) == expected
