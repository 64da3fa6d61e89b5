"""Which question of a group is worth coming back to."""

from collections.abc import Sequence

import pytest

from learning.cohorts.hardest import hardest


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        pytest.param([], None, id="nothing asked"),
        pytest.param([("a", 0, 2)], None, id="too few answers"),
        pytest.param([("a", 7, 10)], None, id="seven of ten is not hard"),
        pytest.param([("a", 2, 3)], "a", id="two of three is"),
        pytest.param([("a", 2, 4), ("b", 1, 4), ("c", 3, 4)], "b", id="the smallest share"),
        pytest.param([("a", 1, 3), ("b", 2, 6)], "b", id="of equals the one answered most"),
        pytest.param([("b", 1, 3), ("a", 1, 3)], "a", id="the same whatever the order"),
        pytest.param([("a", 0, 0)], None, id="never answered"),
    ],
)
def test_the_hardest_has_the_smallest_share_of_right_answers(
    counts: Sequence[tuple[str, int, int]], found: str | None
) -> None:
    assert hardest(counts) == found
