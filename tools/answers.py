"""Answers: graded by code, remembered as cards, shown with the reason for every option."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from learning.concepts import Concept
from learning.errors import Refused
from learning.quiz.cards import Card, Rating, reviewed
from learning.quiz.grading import DONT_KNOW, Given, Verdict, grade, wording_of
from learning.quiz.items import ChoiceItem, Mistake, OpenItem, QuizItem, Source
from learning.quiz.mastery import Mastery, after_answer, after_code, guess_of
from learning.resources import Resource
from store.cards import card_of, drop_card, drop_mastery, keep_card, keep_mastery, mastery_of
from store.quizzes import (
    Question,
    Quiz,
    answer,
    answers_of,
    leave_out,
    open_question,
    question_with,
    quiz_of,
    rate,
)
from store.script import Script
from store.submissions import Shown, shown_of
from tools.concepts import resources_on
from tools.context import Context
from tools.items import item_of
from tools.plan import Arguments

# Somebody who says they guessed was right by chance more often than not.
GUESSED = 0.9
# What is asked in these makes no review card.
WITHOUT_CARDS = frozenset({"placement", "draft"})
# An interview's answer is all that was said in it, which may take several messages.
LONGEST_ANSWER = 12_000
# Typed words answer a question of today or last night; its buttons last much longer.
TYPED_ANSWER_LASTS = timedelta(hours=36)


class AnswerQuestion(Arguments):
    """`option` is the place as shown, from 1; without option and text it is 不会.

    `met` is what a model said of the text, one for each criterion of the rubric.
    """

    question: int
    option: int | None = None
    text: str | None = Field(None, max_length=LONGEST_ANSWER)
    met: tuple[bool, ...] | None = None


class SkipQuestion(Arguments):
    question: int | None = None


class RateAnswer(Arguments):
    question: int
    rating: Literal["again", "hard", "good", "easy"]


class ShowWhy(Arguments):
    question: int


@dataclass(frozen=True, slots=True)
class AnswerGraded:
    """What came of an answer.

    `was_already` is true when it had been answered before, and the first answer stands.
    `asks_if_sure` is set once, on the first right choice. `next_due` is None when the item makes
    no card, as in a placement. `met` marks the criteria of a free text that its words show, or,
    where `is_judged`, that a model found in it.
    """

    question: Question
    item: QuizItem
    kind: str
    verdict: Verdict
    given: Given
    mistake: Mistake | None
    next_due: date | None
    asks_if_sure: bool
    was_already: bool
    place: int
    of: int
    met: tuple[bool, ...] = ()
    is_judged: bool = False
    is_review: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSkipped:
    """`was_already` is true when there was nothing left to skip."""

    question: Question
    was_already: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRated:
    """How an answer counts now, and when its item comes back."""

    question: Question
    rating: Rating
    next_due: date | None


@dataclass(frozen=True, slots=True)
class WhyShown:
    """What stands behind an item: its concept, where to look it up, and what to read.

    `is_draft` marks an item that a model wrote for this learner.
    """

    question: Question
    concept: Concept
    source: Source
    resources: tuple[Resource, ...]
    is_draft: bool = False


def need_question(context: Context, id: int) -> Script[tuple[Question, QuizItem]]:
    """A question of this learner, with its item in the words of then.

    Raises:
        Refused: when it is nobody's or another's, or its author has changed it since.
    """
    question = yield from question_with(id, context.learner.id)
    if question is None:
        raise Refused("quiz.no_question")
    item = yield from item_of(context, question)
    if item is None or wording_of(item) != question.frozen.wording:
        raise Refused("quiz.changed")
    return question, item


def answer_question(context: Context, said: AnswerQuestion) -> Script[AnswerGraded]:
    question, item = yield from need_question(context, said.question)
    quiz = yield from quiz_of(question)
    given = _given(question, item, said)
    graded = grade(item, question.frozen.answer, given)
    learner, today = context.learner.id, context.today
    counts = quiz.kind not in WITHOUT_CARDS
    card = (yield from card_of(learner, question.item)) if counts else None
    is_helped = question.hints > 0
    rating = rating_of(graded.verdict, has_gaps=graded.has_gaps or is_helped) if counts else None
    gap = (today - card.last_review).days if card else None
    is_new = yield from answer(question, given, graded.verdict, rating, today, gap, context.now)
    if not is_new:
        return (yield from _shown(context, question, item, quiz, card, was_already=True))
    is_first = card is None
    # A second answer on one day says nothing about remembering.
    is_review = counts and (card is None or card.last_review < today)
    if rating is not None and is_review:
        card = reviewed(card, rating, today, f"{learner}:{question.item}")
        yield from keep_card(learner, question.item, card)
    if graded.verdict is not Verdict.UNGRADED and quiz.kind != "draft":
        guess = GUESSED if is_helped else guess_of(item)
        yield from _learn(context, item, guess, is_right=graded.verdict is Verdict.RIGHT)
    is_right = graded.verdict is Verdict.RIGHT
    return (
        yield from _shown(
            context,
            question,
            item,
            quiz,
            card,
            asks_if_sure=is_right
            and is_review
            and is_first
            and not is_helped
            and isinstance(item, ChoiceItem),
            is_review=is_review,
        )
    )


def _given(question: Question, item: QuizItem, said: AnswerQuestion) -> Given:
    if said.option is not None and not isinstance(item, ChoiceItem):
        return Given(text=str(said.option))
    if said.option is not None:
        if not 1 <= said.option <= len(question.frozen.order):
            raise Refused("quiz.no_option", most=len(question.frozen.order))
        return Given(option=question.frozen.order[said.option - 1])
    if said.text is not None and said.text.strip():
        fits = isinstance(item, OpenItem) and len(said.met or ()) == len(item.rubric)
        return Given(text=said.text.strip(), met=said.met if fits else None)
    return DONT_KNOW


def rating_of(verdict: Verdict, *, has_gaps: bool = False) -> Rating | None:
    """Right is GOOD, or HARD with gaps or after a hint; anything else is AGAIN.

    A free text that no model judged is rated by whoever wrote it.
    """
    match verdict:
        case Verdict.RIGHT:
            return Rating.HARD if has_gaps else Rating.GOOD
        case Verdict.UNGRADED:
            return None
        case _:
            return Rating.AGAIN


def _learn(context: Context, item: QuizItem, guess: float, *, is_right: bool) -> Script[None]:
    """Let an answer speak for every concept of its item."""
    learner = context.learner.id
    known = yield from mastery_of(learner)
    for concept in item.concepts:
        after = after_answer(known.get(concept), concept, guess, context.today, is_right=is_right)
        yield from keep_mastery(learner, after)


def _shown(
    context: Context,
    question: Question,
    item: QuizItem,
    quiz: Quiz,
    card: Card | None,
    *,
    was_already: bool = False,
    asks_if_sure: bool = False,
    is_review: bool = False,
) -> Script[AnswerGraded]:
    """The answer as it now stands on disk."""
    kept = yield from question_with(question.id, context.learner.id)
    if kept is None or kept.given is None or kept.verdict is None:
        raise LookupError(f"questions: expected an answer to {question.id}, found none")
    items = quiz.plan.get("items", ())
    mistake = grade(item, kept.frozen.answer, kept.given).mistake
    met, is_judged = _criteria_met(item, kept.given)
    return AnswerGraded(
        kept,
        item,
        quiz.kind,
        kept.verdict,
        kept.given,
        mistake,
        card.due_on if card and kept.rating is not None else None,
        asks_if_sure=asks_if_sure,
        was_already=was_already,
        place=kept.place,
        of=len(items) if isinstance(items, Sequence) else 0,
        met=met,
        is_judged=is_judged,
        is_review=is_review,
    )


def _criteria_met(item: QuizItem, given: Given) -> tuple[tuple[bool, ...], bool]:
    """Which criteria are met, and whether a model says so; its author may have changed them."""
    if not isinstance(item, OpenItem):
        return (), False
    if given.met is not None and len(given.met) == len(item.rubric):
        return given.met, True
    return criteria_shown(item, given.text or ""), False


def criteria_shown(item: OpenItem, text: str) -> tuple[bool, ...]:
    """Which criteria a free text seems to meet, by words; only a first guess for its author."""
    lowered = text.lower()
    return tuple(any(sign.lower() in lowered for sign in one.signs) for one in item.rubric)


def skip_question(context: Context, said: SkipQuestion) -> Script[QuestionSkipped]:
    """Leave a question out, the one that waits when none is named; an answer later still counts."""
    learner = context.learner.id
    if said.question is None:
        since = context.now - TYPED_ANSWER_LASTS
        question = yield from open_question(context.address, learner, since)
    else:
        question = yield from question_with(said.question, learner)
    if question is None:
        raise Refused("quiz.no_question")
    was_open = yield from leave_out(question.id)
    return QuestionSkipped(question, was_already=not was_open)


def rate_answer(context: Context, said: RateAnswer) -> Script[AnswerRated]:
    """Say how well an answer was recalled: guessed, easy, or how a free text went."""
    question, item = yield from need_question(context, said.question)
    if question.state != "answered" or question.verdict is None:
        raise Refused("quiz.not_answered")
    quiz = yield from quiz_of(question)
    if quiz.kind == "placement":
        raise Refused("quiz.placement_has_no_rating")
    if quiz.kind == "draft":
        raise Refused("quiz.draft_has_no_rating")
    rating = Rating[said.rating.upper()]
    is_open = isinstance(item, OpenItem)
    if question.hints and not is_open:
        raise Refused("hint.rated_already")
    if question.hints:
        rating = min(rating, Rating.HARD)
    # What was wrong stays wrong: a rating says how, not whether, it was recalled.
    if not is_open and (question.verdict is not Verdict.RIGHT or rating is Rating.AGAIN):
        raise Refused("quiz.only_right_ones")
    verdict = None
    if is_open:
        verdict = Verdict.WRONG if rating is Rating.AGAIN else Verdict.RIGHT
    yield from rate(question.id, rating, verdict)
    card = yield from retell_card(context.learner.id, question.item)
    yield from retell_mastery(context, context.learner.id, item.concepts)
    return AnswerRated(question, rating, card.due_on if card else None)


def retell_card(learner: int, item: str) -> Script[Card | None]:
    """Make a card anew from all its answers, after one of them came to count differently."""
    card: Card | None = None
    for one in (yield from answers_of(learner, [item])):
        if one.rating is None or one.day is None:
            continue
        if card is None or one.day > card.last_review:
            card = reviewed(card, one.rating, one.day, f"{learner}:{item}")
    if card is None:
        yield from drop_card(learner, item)
    else:
        yield from keep_card(learner, item, card)
    return card


def retell_mastery(context: Context, learner: int, concepts: Sequence[str]) -> Script[None]:
    """Make the mastery of concepts anew from the answers to their items, and from code."""
    bank = context.catalogue.bank
    for concept in concepts:
        ids = bank.ever_by_concept.get(concept, ())
        code = deque((yield from shown_of(learner, _rules_about(context, concept))))
        mastery: Mastery | None = None
        for one in (yield from answers_of(learner, ids)):
            if one.day is None or one.verdict in {None, Verdict.UNGRADED}:
                continue
            item = bank.item(one.item, one.seed)
            if item is None:
                continue
            while code and code[0].day <= one.day:
                mastery = _after_code(mastery, concept, code.popleft())
            guess = GUESSED if one.hints or is_guessed(one, item) else guess_of(item)
            is_right = one.verdict is Verdict.RIGHT
            mastery = after_answer(mastery, concept, guess, one.day, is_right=is_right)
        for shown in code:
            mastery = _after_code(mastery, concept, shown)
        if mastery is None:
            yield from drop_mastery(learner, concept)
        else:
            yield from keep_mastery(learner, mastery)


def _rules_about(context: Context, concept: str) -> tuple[str, ...]:
    """The rules of code review that are first of all about a concept."""
    rules = context.catalogue.review_rules.values()
    return tuple(one.id for one in rules if one.concepts[0] == concept)


def _after_code(before: Mastery | None, concept: str, shown: Shown) -> Mastery:
    return after_code(before, concept, shown.day, is_right=shown.is_fine)


def is_guessed(question: Question, item: QuizItem) -> bool:
    """A right choice that its learner called a guess."""
    return isinstance(item, ChoiceItem) and question.rating is Rating.HARD


def show_why(context: Context, said: ShowWhy) -> Script[WhyShown]:
    question, item = yield from need_question(context, said.question)
    quiz = yield from quiz_of(question)
    concept = context.catalogue.concepts[item.concepts[0]]
    return WhyShown(
        question,
        concept,
        item.source,
        resources_on(context.catalogue, concept),
        is_draft=quiz.kind == "draft",
    )
