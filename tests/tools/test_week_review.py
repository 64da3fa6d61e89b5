"""The week in review: its figures, its one proposal, and its length whatever the data."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import card
from bot.markup import styled
from bot.texts import texts_in
from learning.concepts import Concept
from learning.curriculum import Kind, Task
from learning.plan import PlannedTask, Standing
from learning.retrospective import Proposal, Signs, Week, as_of, last_days, proposal_for
from learning.values import Explanation, Language, Words
from store.learners import add_learner, learner_with
from store.port import Store
from store.script import change
from tests.builders import MONDAY, built_in, make_record
from tests.stores import new_store
from tools.context import Context
from tools.registry import Call, perform
from tools.week_review import Blocked, WeekReviewed

# Monday morning in Shanghai.
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass(slots=True)
class Desk:
    store: Store
    learner: int
    now: datetime = NOW

    async def do(self, tool: str, **args: Any) -> Any:
        learner = await self.store.run(learner_with, self.learner)
        context = Context(learner, built_in(), "console:local", self.now)
        return await self.store.run(perform, context, Call(tool, args))

    async def review(self) -> WeekReviewed:
        return cast(WeekReviewed, await self.do("review_week"))

    def go_to(self, day: int, hour: int = 1) -> None:
        """To a day of November 2026, by its number."""
        self.now = datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    store = new_store()
    learner = await store.run(
        add_learner, "console", "local", "console:local", "zh", "Asia/Shanghai", NOW
    )
    found = Desk(store, learner.id)
    await found.do(
        "start_curriculum", confirmed=True, curriculum="starter-30", hours_a_week=10, start=MONDAY
    )
    yield found
    store.close()


async def test_a_review_looks_at_seven_local_days_with_today(desk: Desk) -> None:
    await desk.do("mark_task", outcome="done", tasks=["1"])
    desk.go_to(29)

    inside = await desk.review()
    desk.go_to(30)
    outside = await desk.review()

    assert (inside.week.since, inside.last_day) == (date(2026, 11, 23), date(2026, 11, 29))
    assert inside.week.tasks == 1
    assert outside.week.tasks == 0


async def test_at_most_three_tasks_are_named_and_a_project_comes_first(desk: Desk) -> None:
    for day in (23, 24, 25, 26, 27, 28):
        desk.go_to(day)
        await desk.do("mark_task", outcome="done", tasks=["all"])

    reviewed = await desk.review()

    assert reviewed.week.tasks > 3
    assert len(reviewed.named) == 3


async def test_only_due_cards_count_for_what_was_remembered(desk: Desk) -> None:
    await _answered(desk, "quiz", ["right", "wrong"])
    await _answered(desk, "review", ["right", "right", "wrong", "ungraded"])

    reviewed = await desk.review()

    assert (reviewed.reviews, reviewed.recalled) == (3, 2)


async def _answered(desk: Desk, kind: str, verdicts: list[str], item: str = "x") -> None:
    """Answers of today to items that had been answered before, as they are kept."""
    day = (desk.now + timedelta(hours=8)).date().isoformat()
    await desk.store.run(
        change,
        "insert into quizzes (learner, address, kind, plan, started_at) "
        "values (:learner, 'console:local', :kind, '{}', 0)",
        learner=desk.learner,
        kind=kind,
    )
    for n, verdict in enumerate(verdicts, 1):
        await desk.store.run(
            change,
            "insert into questions (quiz, place, learner, address, item, frozen, state, "
            "asked_at, day, given, verdict, rating, gap) values ((select max(id) from quizzes)"
            ", :n, :learner, 'console:local', :item, '[[],\"0\",\"\"]', 'answered', 0, :day, "
            "'[null,null,null]', :verdict, 3, 4)",
            n=n,
            learner=desk.learner,
            item=item,
            day=day,
            verdict=verdict,
        )


async def test_problems_solved_this_week_are_counted(desk: Desk) -> None:
    await desk.do("log_practice", problems=["1"])
    desk.go_to(30)
    await desk.do("log_practice", problems=["15", "42"])

    assert (await desk.review()).practice == 2


async def test_the_finish_date_is_held_against_a_week_ago(desk: Desk) -> None:
    desk.go_to(24)
    kept = await desk.review()
    desk.go_to(30)
    idle = await desk.review()

    assert kept.finish_before is not None
    assert idle.finish_now is not None
    assert idle.finish_before is not None
    assert idle.finish_now > idle.finish_before


async def test_an_open_blocker_is_what_is_proposed_until_it_is_done(desk: Desk) -> None:
    await desk.do("mark_task", outcome="stuck", tasks=["1"], note="卡在反向传播")

    stuck = await desk.review()
    await desk.do("mark_task", outcome="done", tasks=["1"])
    solved = await desk.review()

    assert stuck.proposal is Proposal.BLOCKER
    assert stuck.blocked is not None
    assert stuck.blocked.concept is not None
    assert stuck.blocked.concept.name.zh == "反向传播"
    assert solved.proposal is not Proposal.BLOCKER


async def test_a_concept_missed_twice_is_proposed_for_a_quiz(desk: Desk) -> None:
    items = next(iter(built_in().bank.by_concept.values()))
    await desk.do("mark_task", outcome="done", tasks=["1"])
    await _answered(desk, "quiz", ["wrong"], items[0])
    once = await desk.review()
    await _answered(desk, "review", ["unknown"], items[0])

    twice = await desk.review()

    assert once.missed is None
    assert twice.proposal is Proposal.CONCEPT
    assert twice.missed is not None
    assert twice.missed.id == built_in().bank.items[items[0]].concepts[0]


async def test_too_full_a_week_is_answered_with_fewer_hours_and_their_date(desk: Desk) -> None:
    await desk.do("mark_task", outcome="done", tasks=["1"])
    desk.go_to(29)

    reviewed = await desk.review()

    assert reviewed.proposal is Proposal.LESS
    assert sum(reviewed.minutes) < sum(reviewed.minutes_now)
    assert reviewed.finish_then is not None
    assert reviewed.finish_now is not None
    assert reviewed.finish_then > reviewed.finish_now


async def test_an_empty_week_is_answered_with_ten_minutes(desk: Desk) -> None:
    desk.go_to(29)

    reviewed = await desk.review()

    assert reviewed.proposal is Proposal.SMALL_STEP
    assert reviewed.step is not None


async def test_a_break_is_left_in_peace(desk: Desk) -> None:
    await desk.do("change_settings", pause_days=10)
    desk.go_to(29)

    assert (await desk.review()).proposal is Proposal.RESUME


def test_what_stands_in_the_way_comes_before_the_amount_of_work() -> None:
    week = Week(MONDAY, tasks=1, minutes=30, planned=600, days=1, days_planned=7)
    all_at_once = Signs(
        is_paused=False,
        is_finished=False,
        has_blocker=True,
        has_missed=True,
        reviews=10,
        recalled=1,
        due=5,
    )

    assert proposal_for(week, 1.0, all_at_once) is Proposal.BLOCKER


def test_the_record_of_a_week_ago_knows_nothing_of_this_week() -> None:
    record = make_record(done={"a": MONDAY, "b": MONDAY + timedelta(days=3)})

    assert set(as_of(record, MONDAY + timedelta(days=2)).completions) == {"a"}


def test_last_days_are_a_whole_week_on_sundays() -> None:
    days = last_days(date(2026, 11, 29))

    assert (days[0].weekday(), len(days), days[-1]) == (0, 7, date(2026, 11, 29))


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=400)
_WORDS = st.builds(Words, zh=_TEXT, en=_TEXT)
_DAYS = st.none() | st.dates(date(2026, 1, 1), date(2036, 12, 31))
_MINUTES = st.tuples(*[st.integers(0, 1440)] * 7)
_COUNT = st.integers(0, 100_000)


@st.composite
def reviews_of_anything(draw: st.DrawFn) -> WeekReviewed:
    words = draw(_WORDS)
    task = Task(
        id="t", kind=Kind.READING, minutes=240, title=words, evidence=words, done_when=words
    )
    concept = Concept(
        id="c",
        name=words,
        explanation=Explanation(zh="x" * 20, en="x" * 40),
        misconception=words,
        level=1,
        checked="x",
    )
    resource = next(iter(built_in().resources.values())).changed(title=words)
    blocked = draw(st.sampled_from([None, Blocked(task, concept, resource)]))
    return WeekReviewed(
        week=Week(MONDAY, draw(_COUNT), draw(_COUNT), draw(_COUNT), 7, 7),
        last_day=MONDAY,
        named=tuple(draw(st.lists(_WORDS, max_size=3))),
        reviews=draw(_COUNT),
        recalled=draw(_COUNT),
        due=draw(_COUNT),
        practice=draw(_COUNT),
        finish_now=draw(_DAYS),
        finish_before=draw(_DAYS),
        proposal=draw(st.sampled_from(Proposal)),
        minutes_now=draw(_MINUTES),
        minutes=draw(_MINUTES),
        finish_then=draw(_DAYS),
        blocked=blocked or Blocked(task, concept, None),
        missed=concept,
        step=PlannedTask("t", task, 240, Standing.OPEN),
        is_checked=draw(st.booleans()),
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@settings(max_examples=150, deadline=None)
@given(reviewed=reviews_of_anything())
def test_a_review_has_at_most_900_characters(language: Language, reviewed: WeekReviewed) -> None:
    """Whatever is in it, long names and many years included."""
    message = card(reviewed, texts_in(language))

    assert len(styled(message.markup).text) <= 900
