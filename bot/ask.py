"""One message through the whole path, with what came of it as a value."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import uuid4

from typing_extensions import override

from bot.answering import Answered
from bot.clock import fixed_clock
from bot.house import House
from bot.markup import styled
from bot.message import Message
from bot.platforms.console import ADDRESS, PERSON, Terminal
from bot.process import Process
from bot.settings import Settings
from learning.calendar import instant, local_day
from learning.plan import plan_day
from store.inbox import Arrival
from store.learners import add_learner, learner_with
from store.port import Store
from store.script import Script
from store.sqlite import SqliteStore
from tools.context import Context, need_study
from tools.marking import MarkTask, mark_task
from tools.registry import Call, perform

DEMO_CURRICULUM = "starter-30"
DEMO_DAY = 4


class _Listener(Terminal):
    """A terminal that keeps what it is sent instead of printing it."""

    def __init__(self) -> None:
        super().__init__(history=None)
        self.heard: list[Message] = []

    @override
    async def send(self, address: str, message: Message, seq: int) -> str:
        self.heard.append(message)
        return str(seq)


@dataclass(frozen=True, slots=True)
class Asked:
    messages: tuple[Message, ...]
    calls: tuple[Call, ...]

    def to_json(self) -> str:
        return json.dumps(
            {
                "messages": [
                    {
                        "text": styled(one.markup).text,
                        "actions": [button.label for button in one.flat_buttons],
                    }
                    for one in self.messages
                ],
                "tools": [{"name": one.tool, "args": dict(one.args)} for one in self.calls],
            },
            ensure_ascii=False,
            default=str,
        )


@dataclass(slots=True)
class Asker:
    """Asks one question after another of one store."""

    store: Store
    house: House
    settings: Settings | None
    clock: Callable[[], datetime]
    _listener: _Listener = field(default_factory=_Listener)
    _calls: list[Call] = field(default_factory=list)
    _process: Process = field(init=False)

    def __post_init__(self) -> None:
        platforms = {"console": self._listener}
        self._process = Process(self.store, self.house, platforms, self.clock, self.settings)
        self._process.inbox.on_answer = self._note

    async def _note(self, answered: Answered) -> None:
        self._calls.extend(answered.calls)

    async def ask(self, text: str) -> Asked:
        self._listener.heard.clear()
        self._calls.clear()
        raw = json.dumps({"text": text})
        await self._process.inbox.accept([Arrival("console", uuid4().hex, ADDRESS, raw)])
        await self._process.settled()
        return Asked(tuple(self._listener.heard), tuple(self._calls))


async def ask_demo(lines: Sequence[str], house: House, now: datetime) -> list[Asked]:
    """Ask each line of a learner of their own, on day 4 of the starter plan, day 3 finished."""
    answers = []
    for line in lines:
        store = SqliteStore(None)
        try:
            await store.run(demo_learner, house, now)
            asker = Asker(store, house, None, fixed_clock(now))
            answers.append(await asker.ask(line))
        finally:
            store.close()
    return answers


def demo_learner(house: House, now: datetime) -> Script[None]:
    """A learner who began three days ago and finished every day since."""
    learner = yield from add_learner(
        "console", PERSON, ADDRESS, house.language, house.zone, now - timedelta(days=DEMO_DAY)
    )
    first = local_day(now, learner.zone) - timedelta(days=DEMO_DAY - 1)
    began = instant(first, time(7), learner.zone)
    context = Context(learner, house.catalogue, ADDRESS, began)
    yield from perform(
        context,
        Call(
            "start_curriculum",
            {"confirmed": True, "curriculum": DEMO_CURRICULUM, "hours_a_week": 10, "start": first},
        ),
    )
    for days in range(DEMO_DAY - 1):
        yield from finish_day_of_plan(learner.id, house, began + timedelta(days=days, hours=12))


def finish_day_of_plan(learner_id: int, house: House, now: datetime) -> Script[None]:
    """Mark all of a day's plan as done, with a line of evidence."""
    learner = yield from learner_with(learner_id)
    context = Context(learner, house.catalogue, learner.home, now)
    study = yield from need_study(context)
    plan = plan_day(study.curriculum, study.rhythm, study.enrolment.record, context.today)
    ids = tuple(entry.id for entry in plan.open_tasks)
    if ids:
        yield from mark_task(context, MarkTask(outcome="done", tasks=ids, evidence="✓"))


def ask_once(asker: Asker, text: str) -> Asked:
    return asyncio.run(asker.ask(text))
