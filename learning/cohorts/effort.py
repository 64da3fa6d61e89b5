"""The effort board: what somebody did, never how well, among people who did about as much."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

# Minutes of focus are counted in blocks of this size, and parts of one in proportion.
FOCUS_BLOCK = 25
LEAGUE_MIN, LEAGUE_MAX = 5, 10
# From ten people on a board is divided, into leagues of about this size.
LEAGUE_USUAL = 8
MOST_SHOWN = 5


class Deed(StrEnum):
    """What earns points. An answer counts whatever its grade."""

    ANSWER = "answer"
    ROLL_CALL = "roll_call"
    EVIDENCE = "evidence"
    BATTLE = "battle"
    FOCUS = "focus"
    EXPLANATION = "explanation"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True)
class Worth:
    """The `points` for each `size` of it; what is beyond `most` times a day or week earns none."""

    points: int
    most: int
    each: Literal["day", "week"] = "day"
    size: int = 1


POINTS: Mapping[Deed, Worth] = {
    Deed.ANSWER: Worth(2, most=1),
    Deed.ROLL_CALL: Worth(2, most=1),
    Deed.EVIDENCE: Worth(1, most=3),
    Deed.BATTLE: Worth(2, most=2),
    Deed.FOCUS: Worth(3, most=4, size=FOCUS_BLOCK),
    Deed.EXPLANATION: Worth(5, most=2, each="week"),
    Deed.EXCHANGE: Worth(3, most=2, each="week"),
}


@dataclass(frozen=True, slots=True)
class Done:
    """Something done on a day of the cohort, so often; of FOCUS `amount` are the minutes."""

    deed: Deed
    day: date
    amount: int = 1


@dataclass(frozen=True, slots=True)
class Effort:
    """The points of somebody on the board: of this week, and of the last one."""

    learner: int
    nickname: str
    points: int
    last_week: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody on the board is told; `rank` only when they are shown."""

    points: int
    is_in_upper_half: bool
    rank: int | None


def points_for(done: Iterable[Done]) -> int:
    """The points for what one learner did; weeks begin on Monday."""
    amounts: defaultdict[tuple[Deed, date], int] = defaultdict(int)
    for one in done:
        begins = timedelta(days=one.day.weekday() if POINTS[one.deed].each == "week" else 0)
        amounts[one.deed, one.day - begins] += max(0, one.amount)
    return sum(_points(POINTS[deed], amount) for (deed, _), amount in amounts.items())


def _points(worth: Worth, amount: int) -> int:
    return min(amount, worth.most * worth.size) * worth.points // worth.size


def leagues(efforts: Sequence[Effort]) -> tuple[tuple[Effort, ...], ...]:
    """Divide a board into leagues of five to ten by last week's effort, most effort first.

    Fewer than ten people are one league. Within a league the most points of this week come first.
    """
    if not efforts:
        return ()
    row = sorted(efforts, key=lambda one: (-one.last_week, one.learner))
    count = 1 if len(row) < LEAGUE_MAX else -(-len(row) // LEAGUE_USUAL)
    least, more = divmod(len(row), count)
    found: list[tuple[Effort, ...]] = []
    for number in range(count):
        size = least + (number < more)
        found.append(tuple(sorted(row[:size], key=lambda one: (-one.points, one.learner))))
        del row[:size]
    return tuple(found)


def rank_of(league: Sequence[Effort], effort: Effort) -> int:
    """One more than there are people with more points, so that ties share a rank."""
    return 1 + sum(one.points > effort.points for one in league)


def shown(league: Sequence[Effort]) -> tuple[Effort, ...]:
    """Those of the upper half who are shown, at most five, most points first.

    Nobody with no points is among them. Those who share a rank are all shown or, when they are
    too many, none of them: whom to leave out would be chance.
    """
    row = sorted(
        (one for one in league if _is_in_upper_half(league, one)),
        key=lambda one: (-one.points, one.learner),
    )
    return tuple(one for one in row if sum(r.points >= one.points for r in row) <= MOST_SHOWN)


def _is_in_upper_half(league: Sequence[Effort], effort: Effort) -> bool:
    """By rank, so that whoever has as many points as one of the upper half is in it too.

    Somebody in the very middle is not: shown, they would show who is below.
    """
    return effort.points > 0 and rank_of(league, effort) <= max(1, len(league) // 2)


def standing(league: Sequence[Effort], learner: int) -> Standing | None:
    """How somebody stands, without any rank unless it is shown; None when not on the board."""
    effort = next((one for one in league if one.learner == learner), None)
    if effort is None:
        return None
    is_shown = effort in shown(league)
    return Standing(
        points=effort.points,
        is_in_upper_half=_is_in_upper_half(league, effort),
        rank=rank_of(league, effort) if is_shown else None,
    )
