"""Practice problems are logged, taken back, and what is left of a list is shown."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from learning.errors import Refused
from store.learners import add_learner, learner_with
from store.port import Store
from tests.builders import built_in
from tests.stores import new_store
from tools.context import Context
from tools.practice import PracticeShown
from tools.registry import Call, perform

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@dataclass(slots=True)
class Desk:
    store: Store
    learner: int
    now: datetime = NOW

    async def do(self, tool: str, **args: Any) -> object:
        """Each call is a minute after the one before."""
        self.now += timedelta(minutes=1)
        learner = await self.store.run(learner_with, self.learner)
        context = Context(learner, built_in(), "console:local", self.now)
        return await self.store.run(perform, context, Call(tool, args))

    async def practise(self, **args: Any) -> PracticeShown:
        return cast(PracticeShown, await self.do("log_practice", **args))


@pytest.fixture
async def desk() -> Any:
    store = new_store()
    learner = await store.run(
        add_learner, "console", "local", "console:local", "zh", "Asia/Shanghai", NOW
    )
    yield Desk(store, learner.id)
    store.close()


async def test_the_entry_made_last_is_taken_back_and_earlier_ones_stay(desk: Desk) -> None:
    await desk.practise(problems=["1"])
    await desk.practise(problems=["15", "42"])

    shown = await desk.practise(undo=True)

    assert (shown.taken_back, shown.total) == (2, 1)


async def test_a_count_that_was_too_high_is_taken_back_whole(desk: Desk) -> None:
    await desk.practise(count=15)

    shown = await desk.practise(undo=True)

    assert (shown.taken_back, shown.total) == (15, 0)


async def test_with_nothing_logged_today_there_is_nothing_to_take_back(desk: Desk) -> None:
    await desk.practise(problems=["1"])
    desk.now += timedelta(days=1)

    with pytest.raises(Refused, match="none_undo"):
        await desk.practise(undo=True)


async def test_a_task_marked_after_the_entry_keeps_its_problem(desk: Desk) -> None:
    start = {"confirmed": True, "curriculum": "career-24w", "hours_a_week": 22}
    await desk.do("start_curriculum", **start, start="2026-11-24")
    task = next(one for one in built_in().curricula["career-24w"].tasks if one.problems)
    await desk.practise(problems=["42"])
    await desk.do("mark_task", outcome="done", tasks=[task.id])

    shown = await desk.practise(undo=True)

    assert (shown.taken_back, shown.total) == (1, len(task.problems))


async def test_what_is_left_of_a_list_comes_easy_first(desk: Desk) -> None:
    await desk.practise(problems=["1"])

    shown = await desk.practise(list="blind-75")

    assert shown.chosen is not None
    assert shown.chosen.id == "blind-75"
    assert len(shown.next) == 10
    assert "two-sum" not in {one.id for one in shown.next}
    assert {one.difficulty for one in shown.next} == {"easy"}


async def test_without_a_list_no_problems_are_proposed(desk: Desk) -> None:
    shown = await desk.practise()

    assert (shown.next, shown.chosen) == ((), None)
