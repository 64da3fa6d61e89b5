"""The end of a day without anything to mark: a small step, or tomorrow; nothing is changed."""

from dataclasses import dataclass
from typing import Literal

from learning.curriculum import Task
from learning.plan import DailyPlan, PlannedTask, plan_day
from store.script import Script
from tools.context import Context, need_study
from tools.plan import Arguments


class CloseDay(Arguments):
    """How the day went: nothing was done, or some of it."""

    how: Literal["nothing", "half"] = "nothing"


@dataclass(frozen=True, slots=True)
class DayClosed:
    """What is still open today; `step` is the shortest of it."""

    how: Literal["nothing", "half"]
    plan: DailyPlan
    step: PlannedTask | None


def close_day(context: Context, said: CloseDay) -> Script[DayClosed]:
    study = yield from need_study(context)
    record = study.enrolment.record
    plan = plan_day(study.curriculum, study.rhythm, record, context.today)
    tasks = [one for one in plan.open_tasks if isinstance(one.task, Task)]
    step = min(tasks or plan.open_tasks, key=lambda one: one.minutes, default=None)
    return DayClosed(said.how, plan, step)
