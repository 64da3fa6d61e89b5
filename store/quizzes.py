"""Quizzes and their questions: what was asked, as it was asked, and what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from learning.quiz.cards import Rating
from learning.quiz.grading import Frozen, Given, Verdict
from store.learners import epoch
from store.script import Row, Script, among, change, row, rows

QuizKind = Literal["quiz", "review", "placement", "draft"]


@dataclass(frozen=True, slots=True)
class Quiz:
    """A short series of questions. `plan` is JSON: what is still to be asked, or how to choose."""

    id: int
    learner: int
    address: str
    kind: QuizKind
    plan: Mapping[str, object]
    is_over: bool


@dataclass(frozen=True, slots=True)
class Question:
    """An item put to a learner. `seed` makes a generated item again; None is a written one.

    `gap` is the number of days since the item was last answered, None the first time. `hints`
    counts the hints that were given before the answer.
    """

    id: int
    quiz: int
    place: int
    learner: int
    address: str
    item: str
    seed: int | None
    frozen: Frozen
    state: Literal["open", "answered", "skipped"]
    day: date | None
    given: Given | None
    verdict: Verdict | None
    rating: Rating | None
    gap: int | None
    hints: int = 0


def begin_quiz(
    learner: int, address: str, kind: QuizKind, plan: Mapping[str, object], now: datetime
) -> Script[Quiz]:
    """Start a series; the one before it is over, its open question stays open."""
    yield from _end_all(learner, now)
    found = yield from row(
        "insert into quizzes (learner, address, kind, plan, started_at) "
        "values (:learner, :address, :kind, :plan, :now) returning id",
        learner=learner,
        address=address,
        kind=kind,
        plan=json.dumps(plan),
        now=epoch(now),
    )
    if found is None:
        raise LookupError("quizzes: expected the new row back, found none")
    return Quiz(found["id"], learner, address, kind, plan, is_over=False)


def begin_apart(
    learner: int, address: str, plan: Mapping[str, object], now: datetime
) -> Script[Quiz]:
    """A series for a question that an interview leads; it is never the one under way."""
    found = yield from row(
        "insert into quizzes (learner, address, kind, plan, started_at, ended_at) "
        "values (:learner, :address, 'quiz', :plan, :now, :now) returning *",
        learner=learner,
        address=address,
        plan=json.dumps(plan),
        now=epoch(now),
    )
    if found is None:
        raise LookupError("quizzes: expected the new row back, found none")
    return _quiz(found)


def quiz_with(id: int) -> Script[Quiz | None]:
    found = yield from row("select * from quizzes where id = :id", id=id)
    return _quiz(found) if found else None


def quiz_of(question: Question) -> Script[Quiz]:
    quiz = yield from quiz_with(question.quiz)
    if quiz is None:
        raise LookupError(f"quizzes: expected a row with id {question.quiz}, found none")
    return quiz


def quiz_under_way(learner: int) -> Script[Quiz | None]:
    """The series that has not ended; there is one at most."""
    found = yield from row(
        "select * from quizzes where learner = :learner and ended_at is null", learner=learner
    )
    return _quiz(found) if found else None


def latest_placement(learner: int) -> Script[Quiz | None]:
    found = yield from row(
        "select * from quizzes where learner = :learner and kind = 'placement' "
        "order by id desc limit 1",
        learner=learner,
    )
    return _quiz(found) if found else None


def take_up(quiz: Quiz, now: datetime) -> Script[Quiz]:
    """Make a series the one under way again."""
    if not quiz.is_over:
        return quiz
    yield from _end_all(quiz.learner, now)
    yield from change("update quizzes set ended_at = null where id = :id", id=quiz.id)
    return replace(quiz, is_over=False)


def _end_all(learner: int, now: datetime) -> Script[None]:
    yield from change(
        "update quizzes set ended_at = :now where learner = :learner and ended_at is null",
        learner=learner,
        now=epoch(now),
    )


def _quiz(found: Row) -> Quiz:
    return Quiz(
        found["id"],
        found["learner"],
        found["address"],
        found["kind"],
        json.loads(found["plan"]),
        is_over=found["ended_at"] is not None,
    )


def keep_plan(quiz: int, plan: Mapping[str, object]) -> Script[None]:
    yield from change(
        "update quizzes set plan = :plan where id = :id", id=quiz, plan=json.dumps(plan)
    )


def end_quiz(quiz: int, now: datetime) -> Script[None]:
    yield from change(
        "update quizzes set ended_at = :now where id = :id and ended_at is null",
        id=quiz,
        now=epoch(now),
    )


def ask(
    quiz: Quiz, place: int, item: str, seed: int | None, frozen: Frozen, now: datetime
) -> Script[Question]:
    found = yield from row(
        "insert into questions (quiz, place, learner, address, item, seed, frozen, state, "
        "asked_at) "
        "values (:quiz, :place, :learner, :address, :item, :seed, :frozen, 'open', :now) "
        "returning *",
        quiz=quiz.id,
        place=place,
        learner=quiz.learner,
        address=quiz.address,
        item=item,
        seed=seed,
        frozen=_frozen_json(frozen),
        now=epoch(now),
    )
    if found is None:
        raise LookupError("questions: expected the new row back, found none")
    return _question(found)


def _frozen_json(frozen: Frozen) -> str:
    return json.dumps([frozen.order, frozen.answer, frozen.wording], ensure_ascii=False)


def _question(found: Row) -> Question:
    order, answer, wording = json.loads(found["frozen"])
    return Question(
        id=found["id"],
        quiz=found["quiz"],
        place=found["place"],
        learner=found["learner"],
        address=found["address"],
        item=found["item"],
        seed=found["seed"],
        frozen=Frozen(tuple(order), answer, wording),
        state=found["state"],
        day=date.fromisoformat(found["day"]) if found["day"] else None,
        given=_given(found["given"]) if found["given"] else None,
        verdict=Verdict(found["verdict"]) if found["verdict"] else None,
        rating=Rating(found["rating"]) if found["rating"] else None,
        gap=found["gap"],
        hints=found["hints"],
    )


def _given(text: str) -> Given:
    """An answer as it was kept; what was kept before models judged has two parts only."""
    option, said, *rest = json.loads(text)
    met = rest[0] if rest else None
    return Given(option, said, None if met is None else tuple(met))


def question_with(id: int, learner: int) -> Script[Question | None]:
    """A question by its number; another learner's is none."""
    found = yield from row(
        "select * from questions where id = :id and learner = :learner", id=id, learner=learner
    )
    return _question(found) if found else None


def open_question(address: str, learner: int, since: datetime) -> Script[Question | None]:
    """The question that waits for its answer, in the series under way.

    Only at an address, and put since an instant: older ones are answered by their buttons.
    """
    found = yield from row(
        "select q.* from questions q join quizzes z on z.id = q.quiz "
        "where q.learner = :learner and q.state = 'open' and q.address = :address "
        "and q.asked_at >= :since and z.ended_at is null order by q.id desc limit 1",
        learner=learner,
        address=address,
        since=epoch(since),
    )
    return _question(found) if found else None


def questions_of(quiz: int) -> Script[Sequence[Question]]:
    found = yield from rows("select * from questions where quiz = :quiz order by place", quiz=quiz)
    return [_question(one) for one in found]


def note_hint(question: int) -> Script[None]:
    """Count one more hint to a question that is not answered yet."""
    yield from change(
        "update questions set hints = hints + 1 where id = :id and state <> 'answered'", id=question
    )


def put_again(question: int, now: datetime) -> Script[None]:
    """Note that a waiting question was shown once more."""
    yield from change(
        "update questions set asked_at = :now where id = :id", id=question, now=epoch(now)
    )


def latest_answered(quiz: int) -> Script[Question | None]:
    found = yield from row(
        "select * from questions where quiz = :quiz and state = 'answered' "
        "order by answered_at desc, id desc limit 1",
        quiz=quiz,
    )
    return _question(found) if found else None


def has_answered_on(learner: int, day: date) -> Script[bool]:
    found = yield from row(
        "select 1 as one from questions where learner = :learner and day = :day limit 1",
        learner=learner,
        day=day.isoformat(),
    )
    return found is not None


def reviews_on(learner: int, day: date) -> Script[int]:
    """How many items the learner recalled on a day that they had answered on an earlier one."""
    found = yield from row(
        "select count(*) as count from questions where learner = :learner and day = :day "
        "and gap > 0",
        learner=learner,
        day=day.isoformat(),
    )
    return int(found["count"]) if found else 0


def due_cards_answered(learner: int, since: date) -> Script[tuple[int, int]]:
    """How many cards that had fallen due were answered since a day, and how many were recalled."""
    found = yield from row(
        "select count(*) as answered, "
        "coalesce(sum(case when q.verdict = 'right' then 1 else 0 end), 0) as recalled "
        "from questions q join quizzes z on z.id = q.quiz "
        "where q.learner = :learner and q.day >= :since and q.gap > 0 and z.kind = 'review' "
        "and q.verdict <> 'ungraded'",
        learner=learner,
        since=since.isoformat(),
    )
    return (int(found["answered"]), int(found["recalled"])) if found else (0, 0)


def items_missed(learner: int, since: date) -> Script[tuple[str, ...]]:
    """The items answered wrong, or not known, since a day; one for each such answer."""
    found = yield from rows(
        "select q.item from questions q join quizzes z on z.id = q.quiz "
        "where q.learner = :learner and q.day >= :since and z.kind in ('quiz', 'review') "
        "and q.verdict in ('wrong', 'unknown') order by q.id",
        learner=learner,
        since=since.isoformat(),
    )
    return tuple(one["item"] for one in found)


def days_answered(learner: int, since: date) -> Script[frozenset[date]]:
    """The local days on which the learner answered anything; asked for progress."""
    found = yield from rows(
        "select distinct day from questions where learner = :learner and day >= :since",
        learner=learner,
        since=since.isoformat(),
    )
    return frozenset(date.fromisoformat(one["day"]) for one in found)


def answer(
    question: Question,
    given: Given,
    verdict: Verdict,
    rating: Rating | None,
    day: date,
    gap: int | None,
    now: datetime,
) -> Script[bool]:
    """Keep an answer; False when there was one already, which then stands."""
    changed = yield from change(
        "update questions set state = 'answered', given = :given, verdict = :verdict, "
        "rating = :rating, day = :day, gap = :gap, answered_at = :now "
        "where id = :id and state <> 'answered'",
        id=question.id,
        given=json.dumps([given.option, given.text, given.met], ensure_ascii=False),
        verdict=verdict.value,
        rating=rating,
        day=day.isoformat(),
        gap=gap,
        now=epoch(now),
    )
    return changed == 1


def leave_out(question: int) -> Script[bool]:
    changed = yield from change(
        "update questions set state = 'skipped' where id = :id and state = 'open'", id=question
    )
    return changed == 1


def rate(question: int, rating: Rating, verdict: Verdict | None = None) -> Script[None]:
    """Change how well an answer was recalled, and for free text how it was judged."""
    yield from change(
        "update questions set rating = :rating, verdict = coalesce(:verdict, verdict) "
        "where id = :id and state = 'answered'",
        id=question,
        rating=rating,
        verdict=verdict.value if verdict else None,
    )


def correct(
    question: Question, answer: str, verdict: Verdict | None, rating: Rating | None
) -> Script[None]:
    """Put a corrected answer, and the verdict that follows from it, in the place of the old.

    A changed verdict stays noted until its owner has been told.
    """
    yield from change(
        "update questions set frozen = :frozen, rating = :rating, verdict_before = "
        "case when verdict = :verdict then verdict_before else coalesce(verdict_before, verdict) "
        "end, verdict = :verdict where id = :id",
        id=question.id,
        frozen=_frozen_json(replace(question.frozen, answer=answer)),
        verdict=verdict.value if verdict else None,
        rating=rating,
    )


def answers_to(item: str) -> Script[Sequence[Question]]:
    """Every question about an item, of all learners, that was answered or is still open."""
    found = yield from rows(
        "select * from questions where item = :item and state <> 'skipped' order by id", item=item
    )
    return [_question(one) for one in found]


def answers_of(learner: int, items: Sequence[str]) -> Script[Sequence[Question]]:
    """A learner's answers to some items, in the order they were given."""
    if not items:
        return []
    gaps, values = among("item", items)
    found = yield from rows(
        f"select * from questions where learner = :learner and item in ({gaps}) "
        "and state = 'answered' order by answered_at, id",
        learner=learner,
        **values,
    )
    return [_question(one) for one in found]


def corrected(learner: int) -> Script[Sequence[Question]]:
    """Answers that count differently since a correction their owner has not heard of."""
    found = yield from rows(
        "select * from questions where learner = :learner and verdict_before is not null "
        "and verdict_before <> verdict order by id",
        learner=learner,
    )
    return [_question(one) for one in found]


def told_of_corrections(learner: int) -> Script[None]:
    yield from change(
        "update questions set verdict_before = null where learner = :learner "
        "and verdict_before is not null",
        learner=learner,
    )


def asked_since(learner: int, items: Sequence[str], since: datetime) -> Script[frozenset[str]]:
    """Which of some items were put to the learner since an instant."""
    if not items:
        return frozenset()
    gaps, values = among("item", items)
    found = yield from rows(
        f"select distinct item from questions where learner = :learner and item in ({gaps}) "
        "and asked_at >= :since",
        learner=learner,
        since=epoch(since),
        **values,
    )
    return frozenset(one["item"] for one in found)
