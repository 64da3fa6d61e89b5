"""The week in review: what was planned and done, what stayed, and one proposal."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from learning.concepts import Concept
from learning.curriculum import Kind, Task
from learning.plan import PlannedTask, finish_day, plan_day
from learning.progress import progress_of, week_of
from learning.resources import Resource
from learning.retrospective import (
    Proposal,
    Signs,
    Week,
    advice_for,
    as_of,
    done_on,
    last_days,
    next_week,
    proposal_for,
)
from learning.rhythm import Minutes
from learning.values import Words
from store.checks import check_of, passes_since
from store.enrolments import latest_blockers
from store.quizzes import due_cards_answered, items_missed
from store.script import Script
from tools.checks import finish_with
from tools.concepts import concept_named_in, resources_on
from tools.context import Context, Study, need_study
from tools.plan import Arguments

# More names are no review.
MOST_NAMED = 3
# So many wrong answers about one concept are no slip.
MISSED = 2
# What took most of somebody is named first.
_WEIGHTY = (Kind.PROJECT, Kind.PRACTICE, Kind.WRITING, Kind.INTERVIEW, Kind.LEETCODE)


class ReviewWeek(Arguments):
    """The last seven local days, today with them."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A task that is still stuck, and where to look: the concept behind it, and something on it."""

    task: Task
    concept: Concept | None
    resource: Resource | None


@dataclass(frozen=True, slots=True)
class WeekReviewed:
    """The last seven days as the database has them, and what is proposed.

    `recalled` of `reviews` cards that were due. `finish_before` is what the plan said a week ago,
    or before the first day, `begun_on`, where that was within these days. `minutes` and
    `finish_then` belong to the proposal of other hours; `blocked`, `missed` and `step` to those of
    their names. `is_checked` says whether the weekly check has been taken.
    """

    week: Week
    last_day: date
    named: tuple[Words, ...]
    reviews: int
    recalled: int
    due: int
    practice: int
    finish_now: date | None
    finish_before: date | None
    proposal: Proposal
    minutes_now: Minutes
    minutes: Minutes
    finish_then: date | None
    blocked: Blocked | None
    missed: Concept | None
    step: PlannedTask | None
    is_checked: bool
    begun_on: date | None = None


def review_week(context: Context, _: ReviewWeek) -> Script[WeekReviewed]:
    study = yield from need_study(context)
    return (yield from week_reviewed(context, study))


def week_reviewed(context: Context, study: Study) -> Script[WeekReviewed]:
    today, record, learner = context.today, study.enrolment.record, context.learner.id
    days = last_days(today)
    week = done_on(study.minutes_of, study.rhythm, record, days)
    reviews, recalled = yield from due_cards_answered(learner, days[0])
    practice = yield from passes_since(learner, days[0])
    blocked = yield from _blocked(context, study, days[0])
    missed = yield from _missed(context, days[0])
    check = yield from check_of(study.enrolment.id, week_of(today)[0])
    lowest = _lowest(context, study, check)
    plan = plan_day(study.curriculum, study.rhythm, record, today)
    is_finished = all(
        progress_of(one.curriculum, one.enrolment.record, today).is_finished for one in study.all
    )
    proposal = proposal_for(
        week,
        lowest,
        Signs(
            is_paused=record.is_paused_on(today),
            is_finished=is_finished,
            has_blocker=blocked is not None,
            has_missed=missed is not None,
            reviews=reviews,
            recalled=recalled,
            due=study.reviews_due,
        ),
    )
    finish_now = finish_day(study.curriculum, study.rhythm, record, today)
    minutes_now = record.pace_on(today)
    minutes, finish_then = minutes_now, finish_now
    if proposal in {Proposal.LESS, Proposal.MORE}:
        minutes = next_week(advice_for(week, lowest), week, minutes_now)
        finish_then = finish_with(study, minutes, today)
        is_sooner = finish_then is not None and finish_now is not None and finish_then < finish_now
        is_no_use = proposal is Proposal.MORE and not is_sooner
        if finish_then is None or minutes == minutes_now or is_no_use:
            proposal, minutes, finish_then = Proposal.SAME, minutes_now, finish_now
    step = next((one for one in plan.open_tasks if isinstance(one.task, Task)), None)
    if proposal is Proposal.SMALL_STEP and step is None:
        proposal = Proposal.SAME
    return WeekReviewed(
        week,
        today,
        _named(study, days[0]),
        reviews,
        recalled,
        study.reviews_due,
        practice,
        finish_now,
        _finish_before(study, today),
        proposal,
        minutes_now,
        minutes,
        finish_then,
        blocked,
        missed,
        step,
        is_checked=check is not None,
        begun_on=record.started_on if days[0] < record.started_on <= today else None,
    )


def _lowest(context: Context, study: Study, check: dict[str, int] | None) -> float:
    """The weakest answer of this week's check, as a share of the best."""
    scales = context.catalogue.checks[study.curriculum.weekly_check].scales
    shares = [check[one.id] / one.most for one in scales if one.id in check] if check else []
    return min(shares, default=1.0)


def _named(study: Study, since: date) -> tuple[Words, ...]:
    """The titles of what was finished, the weightiest first; habits only where nothing else was."""
    found: list[tuple[bool, int, int, Words]] = []
    for one in study.enrolment.record.all_completions.values():
        if one.day < since:
            continue
        task = study.of_task(one.task).curriculum.task_by_id.get(one.task)
        title = task.title if task else one.title
        if title is not None:
            kind = _WEIGHTY.index(task.kind) if task and task.kind in _WEIGHTY else len(_WEIGHTY)
            found.append((task is None, kind, -(task.minutes if task else 0), title))
    found.sort(key=lambda one: one[:3])
    return tuple(dict.fromkeys(title for *_, title in found))[:MOST_NAMED]


def _finish_before(study: Study, today: date) -> date | None:
    """What the plan said a week ago; in the first week, what it said before the first day.

    On the first day itself there is nothing to compare with.
    """
    record = study.enrolment.record
    then = max(today - timedelta(days=7), record.started_on - timedelta(days=1))
    if record.started_on >= today:
        return None
    return finish_day(study.curriculum, study.rhythm, as_of(record, then), then)


def _blocked(context: Context, study: Study, since: date) -> Script[Blocked | None]:
    """The latest task said to be stuck that is still to be done."""
    for own in study.all:
        closed = own.enrolment.record.closed_before(context.today + timedelta(days=1))
        for one in (yield from latest_blockers(own.enrolment.id, since)):
            task = own.curriculum.task_by_id.get(one.task)
            if task is None or task.id in closed:
                continue
            concept = concept_named_in(context.catalogue, one.note, task.concepts)
            if concept is None and task.concepts:
                concept = context.catalogue.concepts[task.concepts[0]]
            own_resources = [context.catalogue.resources[id] for id in task.resources]
            if not own_resources and concept is not None:
                own_resources = list(resources_on(context.catalogue, concept))
            return Blocked(task, concept, own_resources[0] if own_resources else None)
    return None


def _missed(context: Context, since: date) -> Script[Concept | None]:
    """The concept that most answers since a day were wrong about, from two on."""
    bank = context.catalogue.bank
    items = yield from items_missed(context.learner.id, since)
    found = Counter(item.concepts[0] for id in items if (item := bank.of(id)) is not None)
    concept, times = next(iter(found.most_common(1)), ("", 0))
    is_askable = times >= MISSED and concept in bank.by_concept
    return context.catalogue.concepts.get(concept) if is_askable else None
