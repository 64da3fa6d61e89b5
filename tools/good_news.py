"""Good news about a task that was stuck: the learner is asked whether it is done as well."""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import Field

from learning.plan import PlannedTask, Standing, plan_day
from store.enrolments import latest_blockers
from store.script import Script
from tools.context import Context, Study, need_study
from tools.plan import Arguments

# Trouble told longer ago is no longer what the news is about.
LATELY = timedelta(days=3)


class HearGoodNews(Arguments):
    task: str | None = Field(None, max_length=100, description="The task that was stuck.")


@dataclass(frozen=True, slots=True)
class GoodNews:
    """Nothing is marked by it.

    `was_stuck` is the open task the news is about, None when no trouble was told lately;
    `open_tasks` are today's, by their numbers.
    """

    was_stuck: PlannedTask | None
    open_tasks: tuple[tuple[int, PlannedTask], ...]


def hear_good_news(context: Context, told: HearGoodNews) -> Script[GoodNews]:
    study = yield from need_study(context)
    plan = plan_day(study.curriculum, study.rhythm, study.enrolment.record, context.today)
    numbered = tuple(
        (number, one) for number, one in enumerate(plan.tasks, 1) if one.standing is Standing.OPEN
    )
    stuck = [told.task] if told.task else (yield from _stuck_lately(context, study))
    found = (one for id in stuck for _, one in numbered if one.id == id)
    return GoodNews(next(found, None), numbered)


def _stuck_lately(context: Context, study: Study) -> Script[list[str]]:
    stuck: list[str] = []
    for one in study.all:
        blockers = yield from latest_blockers(one.enrolment.id, context.today - LATELY)
        stuck += [blocker.task for blocker in blockers]
    return stuck
