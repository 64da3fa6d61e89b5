"""Placement: a few questions that say, as a range of stages, where a learner can begin."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import floor

from pydantic import Field

from learning.catalogue import Catalogue
from learning.curriculum import Curriculum, Stage
from learning.errors import Refused
from learning.quiz.grading import Verdict
from learning.quiz.items import OpenItem, QuizItem
from learning.quiz.mastery import GUESSED_ENTRY, guess_of
from learning.quiz.placement import MOST_ITEMS, Estimate, Placement, Trial
from store.enrolments import skip, take_back_skips
from store.quizzes import (
    Question,
    Quiz,
    begin_quiz,
    end_quiz,
    keep_plan,
    latest_placement,
    questions_of,
    take_up,
)
from store.reports import suspended
from store.script import Script
from tools.context import Context, Study, need_study
from tools.plan import Arguments, Forecast, forecast
from tools.quiz import put, still_waiting

MOST_RATING = 4
# The origin of what a placement leaves out, by which it is taken back.
PLACEMENT = "placement"
# The path is looked at in steps of a quarter stage; so many items of each are weighed up.
BINS_A_STAGE = 4
ITEMS_A_BIN = 2


class TakePlacement(Arguments):
    """Without arguments it goes on where it was, or shows what came of it."""

    rating: int | None = Field(
        None, ge=0, le=MOST_RATING, description="How much of the path is known, 0 to 4."
    )
    begin: int | None = Field(None, ge=1, le=20, description="The stage to begin with.")
    stop: bool = Field(default=False, description="End it with the answers given so far.")
    again: bool = False
    undo: bool = Field(default=False, description="Take back what was left out.")


@dataclass(frozen=True, slots=True)
class RatingAsked:
    """The one question before the questions: how much the learner thinks they know."""

    curriculum: Curriculum


@dataclass(frozen=True, slots=True)
class PlacementPut:
    """A question of a placement; it ends after `most` at the latest."""

    question: Question
    item: QuizItem
    most: int


@dataclass(frozen=True, slots=True)
class BeginAt:
    """What beginning with a stage would leave out: tasks still open, in minutes as well."""

    number: int
    stage: Stage
    tasks: int
    minutes: int


@dataclass(frozen=True, slots=True)
class PlacementShown:
    """Where the answers say a learner stands, from stage `low` to stage `high`, counted from 1."""

    curriculum: Curriculum
    low: int
    high: int
    answered: int
    right: int
    choices: tuple[BeginAt, ...]


@dataclass(frozen=True, slots=True)
class StagesLeftOut:
    """A learner begins with a stage; `tasks` were left out, or taken in again when undone."""

    stage: Stage | None
    tasks: int
    forecast: Forecast


PlacementAnswer = RatingAsked | PlacementPut | PlacementShown | StagesLeftOut


def take_placement(context: Context, wanted: TakePlacement) -> Script[PlacementAnswer]:
    study = yield from need_study(context)
    if wanted.undo:
        return (yield from _undo(context, study))
    if wanted.begin is not None:
        return (yield from _begin_at(context, study, wanted.begin))
    quiz = yield from latest_placement(context.learner.id)
    is_of_this = quiz is not None and quiz.plan.get("curriculum") == study.curriculum.id
    if wanted.rating is None and (quiz is None or not is_of_this or wanted.again):
        return RatingAsked(study.curriculum)
    is_same = quiz is not None and is_of_this and quiz.plan.get("rating") == wanted.rating
    if is_same and quiz is not None and not quiz.plan.get("is_over"):
        # A button pressed twice begins nothing anew.
        return (yield from _go_on(context, study, quiz, stop=wanted.stop))
    if wanted.rating is not None or quiz is None:
        plan = {"curriculum": study.curriculum.id, "rating": wanted.rating, "is_over": False}
        quiz = yield from begin_quiz(
            context.learner.id, context.address, "placement", plan, context.now
        )
    return (yield from _go_on(context, study, quiz, stop=wanted.stop))


def _go_on(
    context: Context, study: Study, quiz: Quiz, *, stop: bool
) -> Script[PlacementPut | PlacementShown]:
    asked = yield from questions_of(quiz.id)
    places = places_on(context.catalogue, study.curriculum)
    placement = _placement(context.catalogue, study.curriculum, quiz, asked, places)
    is_over = stop or placement.is_over or bool(quiz.plan.get("is_over"))
    if not is_over:
        quiz = yield from take_up(quiz, context.now)
        waiting = yield from still_waiting(context, asked, (yield from suspended()))
        if waiting is not None:
            return PlacementPut(*waiting, MOST_ITEMS)
    offered = yield from _offered(context, places, [one.item for one in asked])
    # Whoever leaves out question after question is not held.
    if is_over or not offered or len(asked) >= 2 * MOST_ITEMS:
        # Whoever stops may go on later; what was found so far is shown.
        yield from keep_plan(quiz.id, {**quiz.plan, "is_over": not stop})
        yield from end_quiz(quiz.id, context.now)
        return _shown(study, placement)
    trials = [Trial(places[id], _guess(context.catalogue, id)) for id in offered]
    best = offered[placement.most_telling(trials)]
    question, item = yield from put(context, quiz, len(asked) + 1, best, entry=True)
    return PlacementPut(question, item, MOST_ITEMS)


def _guess(catalogue: Catalogue, id: str) -> float:
    item = catalogue.bank.items.get(id)
    return guess_of(item) if item is not None else GUESSED_ENTRY


def places_on(catalogue: Catalogue, curriculum: Curriculum) -> dict[str, float]:
    """Where on the path each item stands, in stages: where its main concept is first studied."""
    first: dict[str, float] = {}
    for number, stage in enumerate(curriculum.stages):
        for n, unit in enumerate(stage.units):
            place = number + (n + 0.5) / len(stage.units)
            for task in unit.tasks:
                for concept in task.concepts:
                    first.setdefault(concept, place)
    return {
        id: first[one.concepts[0]]
        for id, one in catalogue.bank.live.items()
        if one.concepts[0] in first and not isinstance(one, OpenItem)
    }


def _placement(
    catalogue: Catalogue,
    curriculum: Curriculum,
    quiz: Quiz,
    asked: Sequence[Question],
    places: Mapping[str, float],
) -> Placement:
    """The estimate as the answers so far make it."""
    rating = quiz.plan.get("rating")
    share = rating / MOST_RATING if isinstance(rating, int) else None
    placement = Placement(len(curriculum.stages), share)
    for one in asked:
        if one.verdict in {None, Verdict.UNGRADED} or one.item not in places:
            continue
        trial = Trial(places[one.item], _guess(catalogue, one.item))
        placement = placement.with_answer(trial, is_right=one.verdict is Verdict.RIGHT)
    return placement


def _offered(
    context: Context, places: Mapping[str, float], asked: Sequence[str]
) -> Script[tuple[str, ...]]:
    """A few items of every part of the path, none that was asked, no concept twice."""
    held = yield from suspended()
    bank = context.catalogue.bank
    concepts = {one.concepts[0] for id in asked if (one := bank.of(id)) is not None}
    bins: defaultdict[int, list[str]] = defaultdict(list)
    for id, place in places.items():
        if id not in asked and id not in held and bank.live[id].concepts[0] not in concepts:
            bins[int(place * BINS_A_STAGE)].append(id)

    def by_chance(id: str) -> str:
        return sha256(f"{context.learner.id}:{context.today}:{id}".encode()).hexdigest()

    return tuple(id for ids in bins.values() for id in sorted(ids, key=by_chance)[:ITEMS_A_BIN])


def _shown(study: Study, placement: Placement) -> PlacementShown:
    curriculum = study.curriculum
    low, high = stages_of(placement.estimate, len(curriculum.stages))
    return PlacementShown(
        curriculum,
        low,
        high,
        answered=len(placement.answers),
        right=sum(is_right for _, is_right in placement.answers),
        choices=tuple(
            _beginning_at(study, number)
            for number in range(2, high + 1)
            if number >= low and placement.estimate.mean >= number - 1
        ),
    )


def stages_of(estimate: Estimate, stages: int) -> tuple[int, int]:
    """The range as stages counted from 1; never one of many, as twelve items do not say that."""
    low = min(stages, floor(estimate.low) + 1)
    high = min(stages, floor(estimate.high) + 1)
    if low == high and stages > 1:
        is_upper_half = estimate.mean - floor(estimate.mean) >= 0.5
        low, high = (low, high + 1) if is_upper_half else (low - 1, high)
        low, high = (1, 2) if low < 1 else (stages - 1, stages) if high > stages else (low, high)
    return low, high


def _tasks_before(study: Study, number: int) -> tuple[str, ...]:
    """Tasks in the stages before one that are neither done nor left out for another reason."""
    record = study.enrolment.record
    others = {one.task for one in record.skips} - set(_left_out(study))
    return tuple(
        task.id
        for stage in study.curriculum.stages[: number - 1]
        for unit in stage.units
        for task in unit.tasks
        if task.id not in record.completions and task.id not in others
    )


def _left_out(study: Study) -> tuple[str, ...]:
    """What an earlier placement left out."""
    return tuple(one.task for one in study.enrolment.record.skips if one.origin == PLACEMENT)


def _beginning_at(study: Study, number: int) -> BeginAt:
    tasks = _tasks_before(study, number)
    minutes = sum(study.minutes_of[id] for id in tasks)
    return BeginAt(number, study.curriculum.stages[number - 1], len(tasks), minutes)


def _begin_at(context: Context, study: Study, number: int) -> Script[StagesLeftOut]:
    """Leave out what stands before a stage, and nothing that an earlier choice left out."""
    if number > len(study.curriculum.stages):
        raise Refused("path.no_such_part", most=len(study.curriculum.stages))
    tasks = _tasks_before(study, number)
    yield from take_back_skips(study.enrolment.id, PLACEMENT)
    yield from skip(study.enrolment.id, tasks, context.today, PLACEMENT)
    after = yield from need_study(context)
    stage = study.curriculum.stages[number - 1]
    return StagesLeftOut(stage, len(tasks), forecast(after, context.today))


def _undo(context: Context, study: Study) -> Script[StagesLeftOut]:
    """Take in again what a placement left out."""
    count = yield from take_back_skips(study.enrolment.id, PLACEMENT)
    after = yield from need_study(context)
    return StagesLeftOut(None, count, forecast(after, context.today))
