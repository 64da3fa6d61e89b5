"""The week looked back on together, and the effort board of those who want one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from learning.cohorts.effort import (
    Deed,
    Done,
    Effort,
    Standing,
    leagues,
    points_for,
    rank_of,
    shown,
    standing,
)
from learning.cohorts.hardest import hardest
from learning.curriculum import Unit
from learning.progress import week_of
from learning.quiz.items import ChoiceItem
from store.cohorts import Member, members_of
from store.rounds import DoneInRound, close_round, done_between, hardness_between, open_round_of
from store.script import Script
from tools.cohorts.explaining import Note, end_explaining
from tools.cohorts.group import Group

WEEK = timedelta(days=7)
MOST_THANKED = 3
_DEEDS: Mapping[str, Deed] = {
    "daily": Deed.ANSWER,
    "battle": Deed.BATTLE,
    "roll": Deed.ROLL_CALL,
    "explain": Deed.EXPLANATION,
    "focus": Deed.FOCUS,
    "exchange": Deed.EXCHANGE,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody in the upper half of a league; those with as many points share a rank."""

    rank: int
    nickname: str
    points: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A cohort's week: how often things were done, and nobody's number but on the board.

    `thanked` are those who explained something to the others, in public.
    """

    group: Group
    first: date
    last: date
    active: int
    days_done: int
    days_half: int
    answers: int
    right: int
    focus_minutes: int
    explanations: int
    hardest: ChoiceItem | None
    hardest_right: int
    hardest_answered: int
    note: Note | None
    thanked: tuple[str, ...]
    next_units: tuple[Unit, ...]
    board: tuple[tuple[Shown, ...], ...]


@dataclass(frozen=True, slots=True)
class BoardShown:
    """The leagues' upper halves, and how whoever asks stands; None is not on the board."""

    leagues: tuple[tuple[Shown, ...], ...]
    own: Standing | None
    is_empty: bool
    is_whispered: bool = True


def week_told(group: Group) -> Script[Digest]:
    """Look back on the last seven days, and end what the week had opened."""
    note = yield from end_explaining(group)
    exchange = yield from open_round_of(group.cohort.id, "exchange")
    if exchange is not None:
        yield from close_round(exchange.id, group.now)
    first, after = group.today - timedelta(days=6), group.today + timedelta(days=1)
    done = yield from done_between(group.cohort.id, first, after)
    hardness = yield from hardness_between(group.cohort.id, first, after)
    members = yield from members_of(group.cohort.id)
    board = yield from _efforts(group, members)
    by_item = {one.item: one for one in hardness}
    found = hardest((one.item, one.right, one.answered) for one in hardness)
    hard = by_item[found] if found else None
    item = group.catalogue.bank.item(hard.item, None) if hard else None
    explained = {one.learner for one in done if one.kind == "explain" and one.has_words}
    named = [one.name for one in members if one.learner in explained]
    choices = [one.choice for one in done if one.kind == "roll"]
    return Digest(
        group,
        first,
        group.today,
        active=len({one.learner for one in done}),
        days_done=choices.count("done"),
        days_half=choices.count("half"),
        answers=sum(one.answered for one in hardness),
        right=sum(one.right for one in hardness),
        focus_minutes=sum(one.minutes for one in done if one.choice == "in"),
        explanations=len(explained),
        hardest=item if isinstance(item, ChoiceItem) else None,
        hardest_right=hard.right if hard else 0,
        hardest_answered=hard.answered if hard else 0,
        note=note,
        thanked=tuple(named[:MOST_THANKED]),
        next_units=group.units_in(group.weeks_since(group.today + timedelta(days=1))),
        board=_leagues_shown(board),
    )


def show_board(group: Group, learner: int | None) -> Script[BoardShown]:
    members = yield from members_of(group.cohort.id)
    efforts = yield from _efforts(group, members)
    own = next(
        (
            standing(league, learner)
            for league in leagues(efforts)
            for one in league
            if one.learner == learner
        ),
        None,
    )
    return BoardShown(_leagues_shown(efforts), own, is_empty=not efforts)


def _leagues_shown(efforts: Sequence[Effort]) -> tuple[tuple[Shown, ...], ...]:
    found = (
        tuple(Shown(rank_of(league, one), one.nickname, one.points) for one in shown(league))
        for league in leagues(efforts)
    )
    return tuple(one for one in found if one)


def _efforts(group: Group, members: Sequence[Member]) -> Script[list[Effort]]:
    """The effort of this week and the last of those who are on the board."""
    on_board = {one.learner: one.nickname for one in members if one.nickname}
    if not on_board:
        return []
    monday = week_of(group.today)[0]
    done = yield from done_between(group.cohort.id, monday - WEEK, group.today + timedelta(days=1))
    by_learner: dict[int, list[DoneInRound]] = {}
    for one in done:
        by_learner.setdefault(one.learner, []).append(one)

    def points(learner: int, first: date) -> int:
        own = by_learner.get(learner, ())
        return points_for(
            deed for one in own if first <= one.day < first + WEEK for deed in _deeds(one)
        )

    return [
        Effort(learner, nickname, points(learner, monday), points(learner, monday - WEEK))
        for learner, nickname in on_board.items()
    ]


def _deeds(one: DoneInRound) -> list[Done]:
    """What a member's part in a round is worth a point for."""
    found = []
    is_part = one.answers > 0 or one.choice not in {None, "other", "rest"}
    if one.kind == "explain":
        is_part = one.has_words
    if is_part:
        amount = one.minutes if one.kind == "focus" else 1
        found.append(Done(_DEEDS[one.kind], one.day, amount))
    if one.has_words and one.kind in {"roll", "focus"}:
        found.append(Done(Deed.EVIDENCE, one.day))
    return found
