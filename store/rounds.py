"""Rounds: what a cohort does together, such as a question, a battle or a roll-call."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from learning.quiz.grading import Frozen
from store.learners import epoch, from_epoch
from store.script import HELD, Row, Script, change, change_each, row, rows

# The hardest item, last week's effort and what was asked lately are all that is looked for.
ROUNDS_KEPT = timedelta(days=180)

RoundKind = Literal["daily", "battle", "roll", "explain", "focus", "exchange"]


@dataclass(frozen=True, slots=True)
class Round:
    """`plan` is JSON: the items to come, the minutes, the concept. `day` is the cohort's own."""

    id: int
    cohort: int
    kind: RoundKind
    day: date
    plan: Mapping[str, object]
    is_open: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class RoundQuestion:
    """An item put to a cohort; all see its options in the same order."""

    id: int
    round: int
    place: int
    item: str
    frozen: Frozen
    is_open: bool


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a member gave to a round: a choice, a line of words, or both.

    `offered` is what may be told of them once they say so; `points` are the criteria their words
    meet.
    """

    learner: int
    choice: str | None
    words: str | None
    offered: str | None
    points: tuple[str, ...]
    may_keep: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RoundAnswer:
    question: int
    learner: int
    option: int
    is_right: bool
    answered_at: datetime


def open_round(
    cohort: int, kind: RoundKind, day: date, plan: Mapping[str, object], now: datetime
) -> Script[Round]:
    """Begin a round; one of its kind that was still open is closed."""
    yield from change(
        "update rounds set state = 'closed', closed_at = :now "
        "where cohort = :cohort and kind = :kind and state = 'open'",
        cohort=cohort,
        kind=kind,
        now=epoch(now),
    )
    found = yield from row(
        "insert into rounds (cohort, kind, day, plan, state, opened_at) "
        "values (:cohort, :kind, :day, :plan, 'open', :now) returning *",
        cohort=cohort,
        kind=kind,
        day=day.isoformat(),
        plan=json.dumps(plan, ensure_ascii=False),
        now=epoch(now),
    )
    if found is None:
        raise LookupError("rounds: expected the new row back, found none")
    return _round(found)


def _round(found: Row) -> Round:
    return Round(
        found["id"],
        found["cohort"],
        found["kind"],
        date.fromisoformat(found["day"]),
        json.loads(found["plan"]),
        is_open=found["state"] == "open",
        opened_at=from_epoch(found["opened_at"]),
    )


def round_with(id: int, *, is_held: bool = False) -> Script[Round | None]:
    """A round; held, it is not closed while something is given to it."""
    found = yield from row(f"select * from rounds where id = :id {HELD if is_held else ''}", id=id)
    return _round(found) if found else None


def open_round_of(cohort: int, kind: RoundKind) -> Script[Round | None]:
    found = yield from row(
        "select * from rounds where cohort = :cohort and kind = :kind and state = 'open'",
        cohort=cohort,
        kind=kind,
    )
    return _round(found) if found else None


def rounds_since(cohort: int, kind: RoundKind, since: date) -> Script[Sequence[Round]]:
    found = yield from rows(
        "select * from rounds where cohort = :cohort and kind = :kind and day >= :since "
        "order by id",
        cohort=cohort,
        kind=kind,
        since=since.isoformat(),
    )
    return [_round(one) for one in found]


def close_round(id: int, now: datetime) -> Script[bool]:
    changed = yield from change(
        "update rounds set state = 'closed', closed_at = :now where id = :id and state = 'open'",
        id=id,
        now=epoch(now),
    )
    return changed == 1


def forget_rounds(before: date) -> Script[None]:
    """Delete what was done together long ago; notes that were kept stay."""
    old = "(select id from rounds where day < :before and state <> 'open')"
    for condition in (
        f"round_answers where question in (select id from round_questions where round in {old})",
        f"round_questions where round in {old}",
        f"contributions where round in {old}",
        "rounds where day < :before and state <> 'open'",
    ):
        yield from change(f"delete from {condition}", before=before.isoformat())


# Questions ---------------------------------------------------------------------------------------


def ask_cohort(
    of: int, place: int, item: str, frozen: Frozen, now: datetime
) -> Script[RoundQuestion]:
    found = yield from row(
        "insert into round_questions (round, place, item, frozen, state, asked_at) "
        "values (:round, :place, :item, :frozen, 'open', :now) returning *",
        round=of,
        place=place,
        item=item,
        frozen=json.dumps([frozen.order, frozen.answer, frozen.wording]),
        now=epoch(now),
    )
    if found is None:
        raise LookupError("round_questions: expected the new row back, found none")
    return _question(found)


def _question(found: Row) -> RoundQuestion:
    order, answer, wording = json.loads(found["frozen"])
    return RoundQuestion(
        found["id"],
        found["round"],
        found["place"],
        found["item"],
        Frozen(tuple(order), answer, wording),
        is_open=found["state"] == "open",
    )


def round_question(id: int, *, is_held: bool = False) -> Script[RoundQuestion | None]:
    """A question; held, it is not closed while an answer to it is taken."""
    found = yield from row(
        f"select * from round_questions where id = :id {HELD if is_held else ''}", id=id
    )
    return _question(found) if found else None


def questions_of_round(of: int) -> Script[Sequence[RoundQuestion]]:
    found = yield from rows(
        "select * from round_questions where round = :round order by place", round=of
    )
    return [_question(one) for one in found]


def close_question(id: int) -> Script[bool]:
    changed = yield from change(
        "update round_questions set state = 'closed' where id = :id and state = 'open'", id=id
    )
    return changed == 1


def items_asked(cohort: int) -> Script[frozenset[str]]:
    """The items that a cohort has had."""
    found = yield from rows(
        "select distinct q.item from round_questions q join rounds r on r.id = q.round "
        "where r.cohort = :cohort",
        cohort=cohort,
    )
    return frozenset(one["item"] for one in found)


def answer_round(
    question: int, learner: int, option: int, now: datetime, *, is_right: bool
) -> Script[bool]:
    """Keep an answer; False when there was one already, which then stands."""
    changed = yield from change(
        "insert into round_answers (question, learner, option, is_right, answered_at) "
        "values (:question, :learner, :option, :is_right, :now) "
        "on conflict (question, learner) do nothing",
        question=question,
        learner=learner,
        option=option,
        is_right=int(is_right),
        now=epoch(now),
    )
    return changed == 1


def answer_in_round(question: int, learner: int) -> Script[int | None]:
    """The option a member chose."""
    found = yield from row(
        "select option from round_answers where question = :question and learner = :learner",
        question=question,
        learner=learner,
    )
    return int(found["option"]) if found else None


def answers_to_question(question: int) -> Script[Sequence[RoundAnswer]]:
    """In the order of their learners, which tells nobody who was first."""
    found = yield from rows(
        "select * from round_answers where question = :question order by learner",
        question=question,
    )
    return [_answer(one) for one in found]


def answers_in_round(of: int) -> Script[Sequence[RoundAnswer]]:
    found = yield from rows(
        "select a.* from round_answers a join round_questions q on q.id = a.question "
        "where q.round = :round order by a.learner, q.place",
        round=of,
    )
    return [_answer(one) for one in found]


def untold_misses(cohort: int) -> Script[Sequence[int]]:
    """The members who missed something in a question that is over and have not been told."""
    found = yield from rows(
        "select distinct a.learner from round_answers a "
        "join round_questions q on q.id = a.question join rounds r on r.id = q.round "
        "where a.is_right = 0 and a.told_at is null and r.cohort = :cohort "
        "and r.state = 'closed' order by a.learner",
        cohort=cohort,
    )
    return [int(one["learner"]) for one in found]


def take_misses(cohort: int, learner: int, now: datetime) -> Script[Sequence[RoundAnswer]]:
    """What a member missed in rounds that are over, each once."""
    found = yield from rows(
        "select a.* from round_answers a "
        "join round_questions q on q.id = a.question join rounds r on r.id = q.round "
        "where a.learner = :learner and a.is_right = 0 and a.told_at is null "
        "and r.cohort = :cohort and r.state = 'closed' order by q.id",
        learner=learner,
        cohort=cohort,
    )
    yield from change_each(
        "update round_answers set told_at = :now where question = :question and learner = :learner",
        [{"question": one["question"], "learner": learner, "now": epoch(now)} for one in found],
    )
    return [_answer(one) for one in found]


def _answer(found: Row) -> RoundAnswer:
    return RoundAnswer(
        found["question"],
        found["learner"],
        found["option"],
        bool(found["is_right"]),
        from_epoch(found["answered_at"]),
    )


# Contributions -----------------------------------------------------------------------------------


def contribute(
    of: int,
    learner: int,
    now: datetime,
    *,
    choice: str | None = None,
    words: str | None = None,
    offered: str | None = None,
    points: Sequence[str] | None = None,
) -> Script[None]:
    """Keep what a member gives; what is not given now stays as it was."""
    yield from change(
        "insert into contributions (round, learner, choice, words, offered, points, at) "
        "values (:round, :learner, :choice, :words, :offered, :points, :now) "
        "on conflict (round, learner) do update set "
        "choice = coalesce(excluded.choice, contributions.choice), "
        "words = coalesce(excluded.words, contributions.words), "
        "offered = coalesce(excluded.offered, contributions.offered), "
        # What may be kept was said of other words.
        "may_keep = case when excluded.words is null then contributions.may_keep else 0 end, "
        "points = coalesce(excluded.points, contributions.points), at = excluded.at",
        round=of,
        learner=learner,
        choice=choice,
        words=words,
        offered=offered,
        points=None if points is None else ",".join(points),
        now=epoch(now),
    )


def allow_keeping(of: int, learner: int) -> Script[bool]:
    """Note that a member's words may be kept as the group's; False when that was noted before."""
    changed = yield from change(
        "update contributions set may_keep = 1 "
        "where round = :round and learner = :learner and may_keep = 0",
        round=of,
        learner=learner,
    )
    return changed == 1


def contribution_of(of: int, learner: int) -> Script[Contribution | None]:
    found = yield from row(
        "select * from contributions where round = :round and learner = :learner",
        round=of,
        learner=learner,
    )
    return _contribution(found) if found else None


def contributions_to(of: int) -> Script[Sequence[Contribution]]:
    """What was given to a round, the earliest first."""
    found = yield from rows(
        "select * from contributions where round = :round order by at, learner", round=of
    )
    return [_contribution(one) for one in found]


def _contribution(found: Row) -> Contribution:
    return Contribution(
        found["learner"],
        found["choice"],
        found["words"],
        found["offered"],
        tuple(filter(None, (found["points"] or "").split(","))),
        bool(found["may_keep"]),
        from_epoch(found["at"]),
    )


@dataclass(frozen=True, slots=True)
class DoneInRound:
    """What one member did in one round; `answers` counts the questions they answered."""

    learner: int
    kind: RoundKind
    day: date
    choice: str | None
    has_words: bool
    answers: int
    minutes: int


def done_between(cohort: int, first: date, before: date) -> Script[Sequence[DoneInRound]]:
    """What members did in a cohort's rounds of some days."""
    answered = yield from rows(
        "select r.kind, r.day, a.learner, count(*) as answers from rounds r "
        "join round_questions q on q.round = r.id join round_answers a on a.question = q.id "
        "where r.cohort = :cohort and r.day >= :first and r.day < :before "
        "group by r.id, a.learner",
        cohort=cohort,
        first=first.isoformat(),
        before=before.isoformat(),
    )
    given = yield from rows(
        "select r.kind, r.day, r.plan, c.learner, c.choice, c.words is not null as has_words "
        "from rounds r join contributions c on c.round = r.id "
        "where r.cohort = :cohort and r.day >= :first and r.day < :before",
        cohort=cohort,
        first=first.isoformat(),
        before=before.isoformat(),
    )
    found = [
        DoneInRound(
            one["learner"],
            one["kind"],
            date.fromisoformat(one["day"]),
            None,
            has_words=False,
            answers=one["answers"],
            minutes=0,
        )
        for one in answered
    ]
    return found + [
        DoneInRound(
            one["learner"],
            one["kind"],
            date.fromisoformat(one["day"]),
            one["choice"],
            has_words=bool(one["has_words"]),
            answers=0,
            minutes=int(json.loads(one["plan"]).get("minutes", 0)),
        )
        for one in given
    ]


@dataclass(frozen=True, slots=True)
class Hardness:
    """How often an item was answered in a cohort's rounds, and how often rightly."""

    item: str
    right: int
    answered: int


def hardness_between(cohort: int, first: date, before: date) -> Script[Sequence[Hardness]]:
    found = yield from rows(
        "select q.item, sum(a.is_right) as correct, count(*) as answered from rounds r "
        "join round_questions q on q.round = r.id join round_answers a on a.question = q.id "
        "where r.cohort = :cohort and r.day >= :first and r.day < :before and q.state = 'closed' "
        "group by q.item order by q.item",
        cohort=cohort,
        first=first.isoformat(),
        before=before.isoformat(),
    )
    return [Hardness(one["item"], int(one["correct"]), int(one["answered"])) for one in found]


# Notes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupNote:
    learner: int
    concept: str
    words: str


def keep_note(cohort: int, learner: int, concept: str, words: str, now: datetime) -> Script[None]:
    yield from change(
        "insert into group_notes (cohort, learner, concept, words, kept_at) "
        "values (:cohort, :learner, :concept, :words, :now)",
        cohort=cohort,
        learner=learner,
        concept=concept,
        words=words,
        now=epoch(now),
    )


def notes_of(cohort: int, limit: int) -> Script[Sequence[GroupNote]]:
    """The newest notes of a cohort."""
    found = yield from rows(
        "select learner, concept, words from group_notes where cohort = :cohort "
        "order by id desc limit :limit",
        cohort=cohort,
        limit=limit,
    )
    return [GroupNote(one["learner"], one["concept"], one["words"]) for one in found]
