"""Quizzes and reviews: choose what to ask, and ask one question after the other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from pydantic import Field

from learning.catalogue import Catalogue
from learning.concepts import Concept
from learning.errors import Refused
from learning.plan import plan_day
from learning.quiz.choosing import Interest, candidates, choose
from learning.quiz.grading import Frozen, Verdict, freeze, wording_of
from learning.quiz.items import QuizItem
from learning.rhythm import Habit
from store.cards import cards_of, due_count, due_items, mastery_of, next_due
from store.quizzes import (
    Question,
    Quiz,
    ask,
    asked_since,
    begin_quiz,
    end_quiz,
    leave_out,
    put_again,
    questions_of,
)
from store.reports import suspended
from store.script import Script
from tools.concepts import find_concept
from tools.context import Context, Study, study_of
from tools.items import item_of
from tools.plan import Arguments
from tools.reviews import room_for_reviews

USUAL_COUNT = 5
MOST_COUNT = 20
# What was finished in this time is fresh; what came before is asked less.
FRESH = timedelta(days=10)
CONCEPTS_BEFORE = 60
# An item asked so lately is not asked again while there are others.
LATELY = timedelta(days=5)
NEAR_CONCEPTS = 4


class StartQuiz(Arguments):
    topic: str | None = Field(
        None, max_length=100, description="A concept by id or name; empty lets the mentor choose."
    )
    count: int = Field(USUAL_COUNT, ge=1, description="How many questions, 20 at most.")


class StartReview(Arguments):
    pass


@dataclass(frozen=True, slots=True)
class QuestionPut:
    """A question put to the learner. `of` is how many its series has, 0 when that is open.

    `is_again` is true when it had been asked before and still waits for its answer.
    """

    question: Question
    item: QuizItem
    kind: str
    of: int
    topic: Concept | None = None
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class QuizOver:
    """A series that has come to its end. `missed` are the concepts of wrong answers."""

    kind: str
    right: int
    answered: int
    missed: tuple[Concept, ...]
    next_due: date | None
    due_left: int


@dataclass(frozen=True, slots=True)
class NothingToAsk:
    """No item fits: the topic is unknown, or nothing about it stands in the bank."""

    topic: str
    near: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class NothingDue:
    """No card is due; `next_due` is when the next one is, if there are any.

    `is_enough` is true when cards are due, but today's reviews are done.
    """

    next_due: date | None
    is_enough: bool = False


Asked = QuestionPut | QuizOver | NothingToAsk | NothingDue


def start_quiz(context: Context, wanted: StartQuiz) -> Script[Asked]:
    count = min(wanted.count, MOST_COUNT)
    topic: Concept | None = None
    if wanted.topic:
        topic, near = find_concept(context.catalogue, wanted.topic)
        topic = topic or _named_in_part(context.catalogue, wanted.topic)
        if topic is None:
            return NothingToAsk(wanted.topic, near)
    interest = yield from interest_of(context, topic)
    items = yield from _chosen(context, interest, count)
    if not items:
        name = topic.name.in_language(context.learner.language) if topic else ""
        return NothingToAsk(name, _with_items(context.catalogue, topic))
    plan = {"items": items, "topic": topic.id if topic else None}
    quiz = yield from begin_quiz(context.learner.id, context.address, "quiz", plan, context.now)
    return (yield from _next_of(context, quiz, is_first=True))


def _named_in_part(catalogue: Catalogue, said: str) -> Concept | None:
    """The simplest concept with these words in its name, as `latency` in "Latency metrics"."""
    words = said.strip().lower()
    named = [
        one
        for one in catalogue.concepts.values()
        if len(words) > 1 and any(words in name.lower() for name in (one.name.zh, one.name.en))
    ]
    return min(named, key=lambda one: (one.level, len(one.name.en)), default=None)


def start_review(context: Context, _: StartReview) -> Script[Asked]:
    """Ask the cards that are due, the longest overdue first, as many as a day holds."""
    learner = context.learner.id
    due = yield from _due_now(context)
    if not due:
        waiting = yield from due_count(learner, context.today, limit=1)
        return NothingDue((yield from _upcoming(context)), is_enough=waiting > 0)
    quiz = yield from begin_quiz(learner, context.address, "review", {"items": due}, context.now)
    return (yield from _next_of(context, quiz, is_first=True))


def _due_now(context: Context) -> Script[tuple[str, ...]]:
    """The items due, as many as today still has room for."""
    study = yield from study_of(context)
    minutes = study.enrolment.record.minutes_on(context.today) if study else 0
    room = yield from room_for_reviews(context.learner.id, context.today, minutes)
    due = yield from due_items(context.learner.id, context.today, room)
    return tuple(id for id in due if id in context.catalogue.bank.live)


def go_on(context: Context, quiz: Quiz) -> Script[Asked]:
    """The next question of a quiz or review; one that still waits is put again."""
    if quiz.address != context.address:
        raise Refused("quiz.elsewhere")
    return (yield from _next_of(context, quiz))


def _next_of(context: Context, quiz: Quiz, *, is_first: bool = False) -> Script[Asked]:
    items = _items_in(quiz.plan)
    asked = () if is_first else (yield from questions_of(quiz.id))
    held = yield from suspended()
    waiting = yield from still_waiting(context, asked, held)
    if waiting is not None:
        return _put(context, quiz, *waiting, of=len(items), is_again=True)
    bank = context.catalogue.bank
    done = {one.item for one in asked}
    ahead = [id for id in items if id not in done and id in bank.live and id not in held]
    if not ahead:
        return (yield from _over(context, quiz, asked))
    question, item = yield from put(context, quiz, len(asked) + 1, ahead[0])
    return _put(context, quiz, question, item, of=len(asked) + len(ahead))


def still_waiting(
    context: Context, asked: Sequence[Question], held: Collection[str]
) -> Script[tuple[Question, QuizItem] | None]:
    """The question that waits, put once more.

    One whose item was changed, taken away or suspended meanwhile is left out instead.
    """
    for one in asked:
        if one.state != "open":
            continue
        item = yield from item_of(context, one)
        if item is None or wording_of(item) != one.frozen.wording or one.item in held:
            yield from leave_out(one.id)
            continue
        yield from put_again(one.id, context.now)
        return one, item
    return None


def _put(
    context: Context,
    quiz: Quiz,
    question: Question,
    item: QuizItem,
    of: int,
    *,
    is_again: bool = False,
) -> QuestionPut:
    topic = context.catalogue.concepts.get(str(quiz.plan.get("topic")))
    return QuestionPut(question, item, quiz.kind, of, topic, is_again=is_again)


def put(
    context: Context, quiz: Quiz, place: int, id: str, *, entry: bool = False
) -> Script[tuple[Question, QuizItem]]:
    """Freeze an item and keep it as a question; `entry` wants a number typed, not chosen."""
    bank = context.catalogue.bank
    seed: int | None = None
    if id in bank.recipes:
        digest = sha256(f"{context.learner.id}:{id}:{quiz.id}:{context.now}".encode()).digest()
        seed = int.from_bytes(digest[:4])
        seed = bank.entry_seed(seed) if entry else seed
    item = bank.item(id, seed)
    if item is None:
        raise LookupError(f"bank: expected the item {id!r}, found none")
    frozen: Frozen = freeze(item, f"{quiz.id}:{place}:{id}")
    question = yield from ask(quiz, place, id, seed, frozen, context.now)
    return question, item


def _items_in(plan: Mapping[str, object]) -> tuple[str, ...]:
    items = plan.get("items", ())
    return tuple(str(id) for id in items) if isinstance(items, Sequence) else ()


def _over(context: Context, quiz: Quiz, asked: Sequence[Question]) -> Script[QuizOver]:
    yield from end_quiz(quiz.id, context.now)
    answered = [one for one in asked if one.verdict not in {None, Verdict.UNGRADED}]
    missed: dict[str, Concept] = {}
    for one in answered:
        item = context.catalogue.bank.of(one.item)
        if item is not None and one.verdict in {Verdict.WRONG, Verdict.UNKNOWN}:
            concept = context.catalogue.concepts[item.concepts[0]]
            missed[concept.id] = concept
    upcoming = yield from _upcoming(context)
    left = yield from _due_now(context)
    return QuizOver(
        quiz.kind,
        right=sum(one.verdict is Verdict.RIGHT for one in answered),
        answered=len(answered),
        missed=tuple(missed.values()),
        next_due=upcoming,
        due_left=len(left),
    )


def _upcoming(context: Context) -> Script[date | None]:
    """The next day on which something falls due; what is due already is no news."""
    day = yield from next_due(context.learner.id)
    return day if day is not None and day > context.today else None


def interest_of(context: Context, topic: Concept | None) -> Script[Interest]:
    """What this learner's items are chosen by: the topic, or what they study and are weak in."""
    mastery = yield from mastery_of(context.learner.id)
    study = yield from study_of(context)
    now, before = studied(context, study)
    concepts = context.catalogue.concepts
    levels = [concepts[id].level for id in (*now, *before) if id in concepts]
    level = sum(levels) / len(levels) if levels else 1.5
    if topic is not None:
        return Interest(asked=around(context.catalogue, topic), mastery=mastery, level=level)
    if not now and not before:
        before = tuple(one.id for one in concepts.values() if one.level == 1)
    return Interest((), now, before, mastery, level)


def studied(context: Context, study: Study | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The concepts of what was finished lately or is on today's plan, and of what came before."""
    if study is None:
        return (), ()
    record, today = study.enrolment.record, context.today
    now: dict[str, None] = {}
    before: dict[str, None] = {}
    done = sorted(record.all_completions.values(), key=lambda one: one.day, reverse=True)
    for one in done:
        task = study.of_task(one.task).curriculum.task_by_id.get(one.task)
        if task is not None:
            group = now if one.day > today - FRESH else before
            group.update(dict.fromkeys(task.concepts))
        if len(before) >= CONCEPTS_BEFORE:
            break
    if not now:
        plan = plan_day(study.curriculum, study.rhythm, record, today)
        for entry in plan.tasks:
            if not isinstance(entry.task, Habit):
                now.update(dict.fromkeys(entry.task.concepts))
    return tuple(now), tuple(id for id in before if id not in now)


def around(catalogue: Catalogue, topic: Concept) -> tuple[str, ...]:
    """A concept, its parts such as `rag.hyde`, what builds on it, and what it builds on."""
    parts = [id for id in catalogue.concepts if id.startswith(f"{topic.id}.")]
    above = [one.id for one in catalogue.concepts.values() if topic.id in one.prerequisites]
    return tuple(dict.fromkeys((topic.id, *parts, *above, *topic.prerequisites)))


def _chosen(context: Context, interest: Interest, count: int) -> Script[tuple[str, ...]]:
    """Choose items; a named topic keeps to itself as far as its items go."""
    bank, learner = context.catalogue.bank, context.learner.id
    held = yield from suspended()
    offered = tuple(id for id in candidates(bank, interest) if id not in held)
    if not interest.asked and len(offered) < count:
        easy = Interest(studied_before=tuple(bank.by_concept), level=interest.level)
        offered = tuple(dict.fromkeys((*offered, *candidates(bank, easy))))
        offered = tuple(id for id in offered if id not in held)
    cards = yield from cards_of(learner, offered)
    lately = yield from asked_since(learner, offered, context.now - LATELY)
    return choose(
        bank,
        interest,
        offered,
        cards=cards,
        just_asked=lately,
        today=context.today,
        count=count,
        seed=f"{learner}:{context.now.isoformat()}",
    )


def _with_items(catalogue: Catalogue, topic: Concept | None) -> tuple[Concept, ...]:
    """Neighbours of a concept that there are items about."""
    if topic is None:
        return ()
    by_concept = catalogue.bank.by_concept
    near = [catalogue.concepts[id] for id in around(catalogue, topic) if id in by_concept]
    return tuple(near[:NEAR_CONCEPTS])
