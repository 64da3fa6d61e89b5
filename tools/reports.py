"""Wrong items: learners report them, the operator sees them, corrections reach who answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from learning.catalogue import Catalogue
from learning.errors import Refused
from learning.quiz.bank import Bank
from learning.quiz.grading import Verdict, answer_of, grade, wording_of
from learning.quiz.items import Item, QuizItem
from store.learners import Learner, learner_with
from store.quizzes import Question, answers_to, correct, question_with, quiz_with
from store.reports import (
    KnownAnswer,
    ReportedItem,
    keep_answers,
    known_answers,
    report,
    reported_items,
    settle,
)
from store.script import Script
from tools.answers import rating_of, retell_card, retell_mastery
from tools.context import Context
from tools.plan import Arguments

LONGEST_NOTE = 500


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
    before: Verdict
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
    answered to the old one stays.
    """
    known = yield from known_answers()
    current = dict(_answers(catalogue.bank))
    changed = {id: one for id, one in current.items() if known.get(id) != one}
    remarked: list[Remarked] = []
    for id, one in changed.items():
        before = known.get(id)
        if before is None:
            continue
        yield from settle(id, now)
        if before.wording == one.wording:
            remarked += yield from _grade_again(catalogue, id, one.answer, now)
    yield from keep_answers(changed)
    return remarked


def _answers(bank: Bank) -> Sequence[tuple[str, KnownAnswer]]:
    """Generated items are computed anew each time; only written ones have an answer to correct."""
    return [(id, KnownAnswer(wording_of(item), answer_of(item))) for id, item in bank.items.items()]


def _grade_again(
    catalogue: Catalogue, id: str, answer: str, now: datetime
) -> Script[list[Remarked]]:
    item = catalogue.bank.items[id]
    wording = wording_of(item)
    remarked: list[Remarked] = []
    for question in (yield from answers_to(id)):
        if question.frozen.wording != wording or question.frozen.answer == answer:
            continue
        if question.given is None or question.verdict is None:
            yield from correct(question, answer, None, None)
            continue
        verdict = grade(item, answer, question.given).verdict
        if verdict is question.verdict:
            yield from correct(question, answer, verdict, question.rating)
            continue
        quiz = yield from quiz_with(question.quiz)
        rating = None if quiz.kind == "placement" else rating_of(verdict)
        yield from correct(question, answer, verdict, rating)
        learner = yield from learner_with(question.learner)
        context = Context(learner, catalogue, question.address, now)
        yield from retell_card(learner.id, id)
        yield from retell_mastery(context, learner.id, item.concepts)
        remarked.append(Remarked(learner, question, item, question.verdict, verdict))
    return remarked
