"""The daily question and the quiz battle: put to all, answered in secret, told together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from learning.calendar import instant
from learning.errors import Refused
from learning.quiz.choosing import Interest, candidates, choose
from learning.quiz.grading import freeze, wording_of
from learning.quiz.items import ChoiceItem, Option
from store.cohorts import (
    Happening,
    count_members,
    members_of,
    set_cohort_clock,
)
from store.learners import learner_with
from store.quizzes import ask, begin_apart, leave_out
from store.reports import suspended
from store.rounds import (
    Round,
    RoundAnswer,
    RoundQuestion,
    answer_in_round,
    answer_round,
    answers_in_round,
    answers_to_question,
    ask_cohort,
    close_question,
    close_round,
    items_asked,
    open_round,
    open_round_of,
    questions_of_round,
    round_question,
    round_with,
    take_misses,
)
from store.script import Script
from tools.answers import AnswerQuestion, answer_question
from tools.cohorts.group import Group
from tools.cohorts.membership import need_member
from tools.concepts import find_concept
from tools.context import Context
from tools.quiz import around
from tools.reports import LONGEST_NOTE, ItemReported, ReportItem, report_item

USUAL_COUNT = 5
MOST_COUNT = 10
SECONDS_A_QUESTION, SECONDS_WITH_CODE = 30, 60
# After so many questions that nobody answered, nobody is there.
EMPTY_IN_A_ROW = 2
# A battle that stood still for so long, as in an outage, is over: its people have gone.
LONGEST_PAUSE = timedelta(minutes=10)
# What is pressed in the last moment still has to be dealt with, and clocks strike whole seconds.
GRACE_SECONDS = 1
# In a small group everybody has answered sooner than the time is up.
SMALL_GROUP = 30
# Of fewer answers, how they are spread would say who chose what.
ENOUGH_TO_SPREAD = 3
BEST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class QuestionPosed:
    """A question to all. `of` is how many its round has; `seconds` None is until the reveal."""

    group: Group
    question: RoundQuestion
    item: ChoiceItem
    of: int
    seconds: int | None = None

    @property
    def until(self) -> datetime | None:
        """When it closes; None is at the reveal."""
        if self.seconds is None:
            return None
        return self.group.now + timedelta(seconds=self.seconds + GRACE_SECONDS)


@dataclass(frozen=True, slots=True)
class Revealed:
    """How a question went. `chosen` counts the answers by written option, if there are enough."""

    question: RoundQuestion
    item: ChoiceItem
    answered: int
    right: int
    chosen: Counter[int]


@dataclass(frozen=True, slots=True)
class AnswerNoted:
    """`place` is the option as shown, from 0; `is_first` is false when an earlier one stands.

    `is_last` is set when nobody is left to answer, and the question closes at once.
    """

    place: int
    is_first: bool
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody in a battle's result; the sooner of two with as many right is before the other."""

    name: str
    right: int


@dataclass(frozen=True, slots=True)
class BattleOver:
    """A battle's result: the best, and nobody's place below them."""

    best: tuple[Place, ...]
    of: int
    played: int
    answers: int
    right: int


@dataclass(frozen=True, slots=True)
class BattleWentOn:
    """A question was closed; then comes the next, or the result."""

    round: int
    closed: Revealed | None
    posed: QuestionPosed | None
    over: BattleOver | None


def ask_daily(group: Group) -> Script[QuestionPosed | None]:
    """Put the day's question; None when nothing is left to be asked."""
    items = yield from _chosen(group, group.concepts_in(group.week), 1, f"{group.today}")
    if not items:
        return None
    opened = yield from open_round(
        group.cohort.id, "daily", group.today, {"items": list(items)}, group.now
    )
    posed = yield from _pose(group, opened, 1)
    reveal_at = instant(group.today, group.cohort.reveal_at, group.cohort.zone)
    yield from set_cohort_clock(
        group.cohort.id, Happening.REVEAL, max(reveal_at, group.now + timedelta(minutes=1))
    )
    return posed


def reveal_daily(group: Group) -> Script[Revealed | None]:
    """Close the day's question, and say how it went."""
    opened = yield from open_round_of(group.cohort.id, "daily")
    if opened is None:
        return None
    yield from close_round(opened.id, group.now)
    return (yield from _closed_question(group, opened))


def start_battle(
    group: Group, learner: int | None, count: int | None, topic: str | None
) -> Script[QuestionPosed]:
    """Begin a battle with its first question; of more than the most it has the most.

    Raises:
        Refused: when one is under way, or there is nothing to ask.
    """
    if count is not None and count < 1:
        raise Refused("group.battle_range", most=MOST_COUNT)
    yield from need_member(group, learner)
    if (yield from open_round_of(group.cohort.id, "battle")) is not None:
        raise Refused("group.battle_under_way")
    wanted = min(count or USUAL_COUNT, MOST_COUNT)
    concepts: Sequence[str] = group.concepts_in(group.week)
    if topic:
        concept, _ = find_concept(group.catalogue, topic)
        if concept is None:
            raise Refused("group.battle_topic", topic=topic)
        concepts = around(group.catalogue, concept)
    items = yield from _chosen(group, concepts, wanted, group.now.isoformat())
    if not items:
        raise Refused("group.nothing_to_ask")
    opened = yield from open_round(
        group.cohort.id, "battle", group.today, {"items": list(items)}, group.now
    )
    return (yield from _pose_in_battle(group, opened, 1))


def go_on_with_battle(group: Group, due_at: datetime) -> Script[BattleWentOn | None]:
    """Close the question that is open, and put the next or tell the result."""
    opened = yield from open_round_of(group.cohort.id, "battle")
    if opened is None:
        return None
    closed = yield from _closed_question(group, opened)
    asked = yield from questions_of_round(opened.id)
    place = len(asked) + 1
    items = _items_in(opened)
    goes_on = (
        place <= len(items)
        and group.catalogue.bank.item(items[place - 1], None) is not None
        and group.now - due_at <= LONGEST_PAUSE
        and not (yield from _are_unanswered(asked[-EMPTY_IN_A_ROW:]))
    )
    if goes_on:
        posed = yield from _pose_in_battle(group, opened, place)
        return BattleWentOn(opened.id, closed, posed, None)
    yield from close_round(opened.id, group.now)
    over = yield from _result(group, opened)
    return BattleWentOn(opened.id, closed, None, over)


def _are_unanswered(asked: Sequence[RoundQuestion]) -> Script[bool]:
    for one in asked:
        if (yield from answers_to_question(one.id)):
            return False
    return len(asked) == EMPTY_IN_A_ROW


def _items_in(opened: Round) -> tuple[str, ...]:
    items = opened.plan.get("items", ())
    return tuple(str(id) for id in items) if isinstance(items, Sequence) else ()


def _pose_in_battle(group: Group, opened: Round, place: int) -> Script[QuestionPosed]:
    has_code = bool(_choice(group, _items_in(opened)[place - 1]).code)
    seconds = SECONDS_WITH_CODE if has_code else SECONDS_A_QUESTION
    posed = yield from _pose(group, opened, place, seconds)
    until = posed.until or group.now
    yield from set_cohort_clock(group.cohort.id, Happening.BATTLE, until)
    return posed


def _pose(
    group: Group, opened: Round, place: int, seconds: int | None = None
) -> Script[QuestionPosed]:
    items = _items_in(opened)
    item = _choice(group, items[place - 1])
    frozen = freeze(item, f"{opened.id}:{place}:{item.id}")
    question = yield from ask_cohort(opened.id, place, item.id, frozen, group.now)
    return QuestionPosed(group, question, item, len(items), seconds)


def _choice(group: Group, id: str) -> ChoiceItem:
    item = group.catalogue.bank.item(id, None)
    if not isinstance(item, ChoiceItem):
        # Not a wrong kind of argument: the bank has changed since the question was chosen.
        raise LookupError(f"bank: expected an item with options named {id!r}, found none")  # noqa: TRY004
    return item


def _chosen(
    group: Group, concepts: Sequence[str], count: int, seed: str
) -> Script[tuple[str, ...]]:
    """Items with options about some concepts, those first that the cohort has not had."""
    bank = group.catalogue.bank
    held = frozenset((yield from suspended()))
    had = yield from items_asked(group.cohort.id)
    known = group.catalogue.concepts
    levels = [known[id].level for id in concepts if id in known]
    interest = Interest(asked=tuple(concepts), level=sum(levels) / len(levels) if levels else 1.5)
    offered = _with_options(group, candidates(bank, interest), held)
    if len(set(offered) - had) < count:
        basics = [one.id for one in known.values() if one.level <= max(levels, default=1)]
        more = candidates(bank, Interest(studied_before=basics))
        offered = tuple(dict.fromkeys((*offered, *_with_options(group, more, held))))
    fresh = tuple(id for id in offered if id not in had)
    return choose(
        bank,
        interest,
        # What the cohort has had comes again only when too little else is left.
        fresh if len(fresh) >= count else offered,
        cards={},
        just_asked=had,
        today=group.today,
        count=count,
        seed=f"{group.cohort.id}:{seed}",
    )


def _with_options(group: Group, ids: Sequence[str], held: frozenset[str]) -> tuple[str, ...]:
    bank = group.catalogue.bank
    return tuple(id for id in ids if id not in held and isinstance(bank.live[id], ChoiceItem))


def answer_in_group(
    group: Group, learner: int | None, question_id: int, place: int
) -> Script[AnswerNoted]:
    """Take an answer to a question that is open; `place` is the option as shown, from 0.

    Raises:
        Refused: when the question is closed, or they have not joined.
    """
    member = yield from need_member(group, learner)
    question = yield from round_question(question_id, is_held=True)
    if question is None or not 0 <= place < len(question.frozen.order):
        raise Refused("group.no_question")
    of = yield from round_with(question.round)
    if of is None or of.cohort != group.cohort.id:
        raise Refused("group.no_question")
    first = yield from answer_in_round(question.id, member)
    if first is not None:
        return AnswerNoted(question.frozen.order.index(first), is_first=False)
    if not (question.is_open and of.is_open):
        raise Refused("group.question_closed")
    option = question.frozen.order[place]
    is_right = str(option) == question.frozen.answer
    yield from answer_round(question.id, member, option, group.now, is_right=is_right)
    is_last = of.kind == "battle" and (yield from _is_last(group, question))
    if is_last:
        yield from set_cohort_clock(group.cohort.id, Happening.BATTLE, group.now)
    return AnswerNoted(place, is_first=True, is_last=is_last)


def _is_last(group: Group, question: RoundQuestion) -> Script[bool]:
    """Whether everybody has answered, so that a small group need not wait."""
    members = yield from count_members(group.cohort.id)
    if not 1 < members <= SMALL_GROUP:
        return False
    answers = yield from answers_to_question(question.id)
    return len(answers) >= members


def _closed_question(group: Group, opened: Round) -> Script[Revealed | None]:
    asked = yield from questions_of_round(opened.id)
    question = asked[-1] if asked else None
    if question is None:
        return None
    yield from close_question(question.id)
    answers = yield from answers_to_question(question.id)
    item = group.catalogue.bank.item(question.item, None)
    if not isinstance(item, ChoiceItem):
        # Its author has taken it away since: there is nothing to tell of it.
        return None
    chosen = Counter(one.option for one in answers)
    return Revealed(
        question,
        item,
        len(answers),
        sum(one.is_right for one in answers),
        chosen if len(answers) >= ENOUGH_TO_SPREAD else Counter(),
    )


def _result(group: Group, opened: Round) -> Script[BattleOver]:
    answers = yield from answers_in_round(opened.id)
    names = {one.learner: one.name for one in (yield from members_of(group.cohort.id))}
    by_learner: dict[int, list[RoundAnswer]] = {}
    for one in answers:
        by_learner.setdefault(one.learner, []).append(one)

    def rank(learner: int) -> tuple[int, float, int]:
        given = by_learner[learner]
        right = [one for one in given if one.is_right]
        return -len(right), sum(one.answered_at.timestamp() for one in right), learner

    best = [
        Place(names[learner], sum(one.is_right for one in by_learner[learner]))
        for learner in sorted(by_learner, key=rank)
        if learner in names
    ]
    return BattleOver(
        # Never the lower half: in a battle of three the third would be the last.
        tuple(one for one in best[: min(BEST_SHOWN, len(best) // 2)] if one.right),
        of=len(_items_in(opened)),
        played=len(by_learner),
        answers=len(answers),
        right=sum(one.is_right for one in answers),
    )


# Told of a question ------------------------------------------------------------------------------


def report_in_group(
    group: Group, learner_id: int | None, question: RoundQuestion, note: str
) -> Script[ItemReported]:
    """Take a member's word that an item is wrong; it is heard like one told in private."""
    member = yield from need_member(group, learner_id)
    learner = yield from learner_with(member)
    plan = {"items": [question.item], "round": question.round}
    quiz = yield from begin_apart(member, learner.home, plan, group.now)
    own = yield from ask(quiz, 1, question.item, None, question.frozen, group.now)
    yield from leave_out(own.id)
    context = Context(learner, group.catalogue, learner.home, group.now)
    return (yield from report_item(context, ReportItem(question=own.id, note=note[:LONGEST_NOTE])))


@dataclass(frozen=True, slots=True)
class OptionTold:
    """Why somebody might choose an option, and what is wrong with it; `place` from 0 as shown."""

    place: int
    option: Option


def tell_option(group: Group, question: RoundQuestion, place: int) -> OptionTold | None:
    """What speaks for or against an option of a question that is closed; None without one."""
    item = group.catalogue.bank.item(question.item, None)
    if not isinstance(item, ChoiceItem) or not 0 <= place < len(question.frozen.order):
        return None
    return OptionTold(place, item.options[question.frozen.order[place]])


# Misses ------------------------------------------------------------------------------------------


def tell_misses(group: Group, learner_id: int) -> Script[int]:
    """Put what a member missed into their own deck, each once; nobody else hears of it."""
    learner = yield from learner_with(learner_id)
    context = Context(learner, group.catalogue, learner.home, group.now)
    missed = yield from take_misses(group.cohort.id, learner_id, group.now)
    count = 0
    for one in missed:
        question = yield from round_question(one.question)
        item = group.catalogue.bank.item(question.item, None) if question else None
        if question is None or item is None or wording_of(item) != question.frozen.wording:
            # What was asked is no more; its card would ask something else.
            continue
        plan = {"items": [question.item], "round": question.round}
        quiz = yield from begin_apart(learner_id, learner.home, plan, group.now)
        own = yield from ask(quiz, 1, question.item, None, question.frozen, group.now)
        place = question.frozen.order.index(one.option) + 1
        yield from answer_question(context, AnswerQuestion(question=own.id, option=place))
        count += 1
    return count
