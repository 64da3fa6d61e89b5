"""Wrong items: learners report them, the operator sees them, corrections reach who answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pydantic import Field

from learning.catalogue import Catalogue
from learning.errors import Refused
from learning.quiz.bank import Bank
from learning.quiz.generators import made
from learning.quiz.grading import Verdict, answer_of, grade, wording_of
from learning.quiz.items import Item, QuizItem
from store.learners import Learner, learner_with
from store.quizzes import (
    Question,
    answers_to,
    correct,
    corrected,
    question_with,
    quiz_of,
    told_of_corrections,
)
from store.reports import (
    KnownAnswer,
    ReportedItem,
    hold_back_retired,
    keep_answers,
    known_answers,
    report,
    reported_items,
    settle,
)
from store.script import Script
from tools.answers import WITHOUT_CARDS, rating_of, retell_card, retell_mastery
from tools.context import Context
from tools.plan import Arguments

LONGEST_NOTE = 500
# Odd seeds ask for the number, every third offers a choice.
SEEDS_COMPARED = range(6)


class ReportItem(Arguments):
    question: int
    note: str | None = Field(None, max_length=LONGEST_NOTE)


class ShowReports(Arguments):
    """`keep` names an item whose answer was looked at and is right."""

    keep: str | None = None


@dataclass(frozen=True, slots=True)
class ItemReported:
    """`is_first` is true when this learner had not reported it before."""

    question: Question
    item: Item
    reports: int
    is_suspended: bool
    is_first: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class ReportsShown:
    """Open reports with their items; an item is None when its author took it away."""

    reports: tuple[tuple[ReportedItem, Item | None], ...]
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class Remarked:
    """An answer that counts differently since its item's answer was corrected."""

    learner: Learner
    question: Question
    item: QuizItem
    after: Verdict


def report_item(context: Context, said: ReportItem) -> Script[ItemReported]:
    question = yield from question_with(said.question, context.learner.id)
    item = context.catalogue.bank.of(question.item) if question else None
    if question is None or item is None:
        raise Refused("quiz.no_question")
    reported = yield from report(
        context.learner.id, question.item, question.id, said.note, context.now
    )
    return ItemReported(
        question, item, reported.reports, reported.is_suspended, reported.is_new, said.note
    )


def show_reports(context: Context, wanted: ShowReports) -> Script[ReportsShown]:
    """What learners call wrong; for operators only."""
    if not context.is_operator:
        raise Refused("operator.only")
    if wanted.keep is not None:
        settled = yield from settle(wanted.keep, context.now)
        if not settled:
            raise Refused("reports.none_of", item=wanted.keep)
    found = yield from reported_items()
    bank = context.catalogue.bank
    return ReportsShown(tuple((one, bank.of(one.item)) for one in found), wanted.keep)


def remark(catalogue: Catalogue, now: datetime) -> Script[Sequence[Remarked]]:
    """Grade again what was answered before an item's answer was corrected, and give what changed.

    Costs one look at the answers known so far; items whose answer is as it was are not touched,
    so a second run changes nothing. An item with other words is another question: what was
    answered to the old one stays. Cards of items that are gone or retired fall due no more.
    """
    bank = catalogue.bank
    known = yield from known_answers()
    current = dict(_answers(bank))
    changed = {id: one for id, one in current.items() if known.get(id) != one}
    remarked: list[Remarked] = []
    for id in changed:
        if id in known:
            yield from settle(id, now)
            remarked += yield from _grade_again(catalogue, id, now)
    yield from keep_answers(changed)
    retired = (known.keys() | current.keys()) - bank.live.keys()
    yield from hold_back_retired(retired, now)
    return remarked


def _answers(bank: Bank) -> Iterator[tuple[str, KnownAnswer]]:
    """The answer of every item; of a generator those to a few seeds, which stand for all."""
    for id, item in bank.items.items():
        yield id, KnownAnswer(wording_of(item), answer_of(item))
    for id, recipe in bank.recipes.items():
        items = [made(recipe, seed) for seed in SEEDS_COMPARED]
        answers = [(wording_of(item), answer_of(item)) for item in items]
        yield id, KnownAnswer("", sha256(repr(answers).encode()).hexdigest())


def _grade_again(catalogue: Catalogue, id: str, now: datetime) -> Script[list[Remarked]]:
    remarked: list[Remarked] = []
    for question in (yield from answers_to(id)):
        item = catalogue.bank.item(id, question.seed)
        if item is None or question.frozen.wording != wording_of(item):
            continue
        answer = answer_of(item)
        if question.frozen.answer == answer:
            continue
        if question.given is None or question.verdict is None:
            yield from correct(question, answer, None, None)
            continue
        verdict = grade(item, answer, question.given).verdict
        if verdict is question.verdict:
            yield from correct(question, answer, verdict, question.rating)
            continue
        quiz = yield from quiz_of(question)
        has_gaps = question.hints > 0
        rating = None if quiz.kind in WITHOUT_CARDS else rating_of(verdict, has_gaps=has_gaps)
        yield from correct(question, answer, verdict, rating)
        learner = yield from learner_with(question.learner)
        context = Context(learner, catalogue, question.address, now)
        yield from retell_card(learner.id, id)
        yield from retell_mastery(context, learner.id, item.concepts)
        remarked.append(Remarked(learner, question, item, verdict))
    return remarked


def corrections_of(context: Context) -> Script[tuple[Remarked, ...]]:
    """What counts differently for a learner since they were last told; now they are."""
    found = yield from corrected(context.learner.id)
    yield from told_of_corrections(context.learner.id)
    remarked = []
    for question in found:
        item = context.catalogue.bank.item(question.item, question.seed)
        if item is not None and question.verdict is not None:
            remarked.append(Remarked(context.learner, question, item, question.verdict))
    return tuple(remarked)
