"""The hardest question of a group: the one worth coming back to."""

from collections.abc import Iterable

FEWEST_ANSWERS = 3
# From this share of right answers on a question was not hard.
EASY = 0.7


def hardest(counts: Iterable[tuple[str, int, int]]) -> str | None:
    """The item with the smallest share of right answers; None when none was hard.

    `counts` are an item's id, how often it was answered rightly and how often altogether. What
    was answered fewer than three times says too little. Of equals, the one answered most often.
    """
    hard = [
        (right / answered, -answered, id)
        for id, right, answered in counts
        if answered >= FEWEST_ANSWERS and right / answered < EASY
    ]
    return min(hard)[2] if hard else None
