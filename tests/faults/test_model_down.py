"""A model that is down: everybody is answered, hardly anybody waits, and its return is noticed."""

import asyncio
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import httpx
import pytest

from agent.endpoints import Endpoint, Patience
from agent.mentor import AgentConversation
from agent.model import chat_model, hang_up
from bot.clock import fixed_clock, system_clock
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.process import house_of
from bot.settings import read_settings
from bot.turns import Turns
from store.inbox import Arrival
from tests.fakes.model import FakeModel, Fault
from tests.faults.desk import Desk
from tests.faults.harness import (
    IS_SOAK,
    ROOT,
    MentorProcess,
    TelegramProcess,
    enrol_people,
    enrolled,
    the_catalogue,
    until,
)
from tests.ports import free_port
from tests.stores import new_store

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ASKED = "what should I do today?"
# What the fake says when it is left alone; no card of ours holds these words.
BY_THE_MODEL = "You said:"

# Seconds a model that is down may add: to the first turn that meets it, and to all others.
FIRST_ADDS = 5.0
LATER_ADDS = 0.2


# In one process, for seconds ----------------------------------------------------------------------


@dataclass(slots=True)
class Learner:
    """One learner at a desk, whose mentor has a model."""

    inbox: Inbox
    outbox: Outbox
    desk: Desk
    numbers: Iterator[int] = field(default_factory=count)

    async def ask(self) -> tuple[float, str]:
        """Ask for the day, and give the seconds until the answer, and the answer."""
        loop = asyncio.get_running_loop()
        start, before = loop.time(), len(self.desk.sent)
        await self.inbox.accept([Arrival(self.desk.name, str(next(self.numbers)), "1", ASKED)])
        await self.inbox.drained(30)
        await self.outbox.drained(5)
        assert len(self.desk.sent) > before, "every turn is answered"
        return loop.time() - start, "\n".join(self.desk.sent[before:])


class Model:
    """A model at one address, which can go away and come back."""

    def __init__(self) -> None:
        self._port = free_port()
        self._stack = AsyncExitStack()
        self.fake: FakeModel

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    async def comes(self) -> None:
        self.fake = await self._stack.enter_async_context(FakeModel(port=self._port))

    async def goes(self) -> None:
        await self._stack.aclose()

    async def fails(self) -> None:
        self.fake.fail(Fault.SERVER_ERROR, times=None)

    async def hangs(self) -> None:
        self.fake.fail(Fault.HANG, times=None)

    async def heals(self) -> None:
        self.fake.heal()


@asynccontextmanager
async def learner_with(model: Model, looks: tuple[float, ...]) -> AsyncIterator[Learner]:
    """A learner whose mentor waits as long as it always does, and looks whenever it is told to."""
    store, desk, clock = new_store(), Desk(), fixed_clock(NOW)
    house = house_of(the_catalogue(), read_settings({}))
    await store.run(enrolled, desk.name, 1, house.catalogue, NOW)
    client = chat_model(Endpoint("m", model.url, "k"), patience=Patience())
    conversation = AgentConversation(store, [client], looks=looks)
    platforms = {desk.name: desk}
    outbox = Outbox(store, platforms, clock)
    inbox = Inbox(Turns(store, house, conversation), outbox, platforms, clock)
    yield Learner(inbox, outbox, desk)
    await inbox.stop()
    await outbox.stop()
    await conversation.close()
    await hang_up(client)
    store.close()


Way = Callable[[Model], Awaitable[None]]


@pytest.mark.parametrize(
    ("down", "up"),
    [
        pytest.param(Model.goes, Model.comes, id="refuses connections"),
        pytest.param(Model.fails, Model.heals, id="answers with 500"),
        pytest.param(Model.hangs, Model.heals, id="says nothing"),
    ],
)
async def test_a_model_that_is_down_keeps_nobody_waiting_and_is_used_when_it_is_back(
    down: Way, up: Way
) -> None:
    model = Model()
    await model.comes()
    async with learner_with(model, looks=(0.3,)) as learner:
        await learner.ask()  # libraries are loaded by the first answer
        usual, said = await learner.ask()
        assert BY_THE_MODEL in said

        await down(model)
        first, said = await learner.ask()
        assert "min" in said, "the plan, without the model"
        assert BY_THE_MODEL not in said
        assert first - usual <= FIRST_ADDS

        for _ in range(4):
            later, said = await learner.ask()
            assert "min" in said
            assert later - usual <= LATER_ADDS

        await up(model)
        await until(lambda: _is_by_the_model(learner), 6, "an answer by the model")
    await model.goes()


async def _is_by_the_model(learner: Learner) -> bool:
    _, said = await learner.ask()
    return BY_THE_MODEL in said


# As processes, for ten minutes --------------------------------------------------------------------

DOWN_SECONDS = 600
BACK_WITHIN = 60
PEOPLE = range(1, 21)
PAUSE = 3.0


@contextmanager
def model_process(port: int) -> Iterator[Callable[..., None]]:
    """The fake model in a process of its own, and a way to call its controls."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.model", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()

    def control(name: str, **arguments: object) -> None:
        url = f"http://127.0.0.1:{port}/control/{name}"
        httpx.post(url, json=arguments, trust_env=False).raise_for_status()

    try:
        yield control
    finally:
        process.kill()
        process.communicate()


async def asked(telegram: TelegramProcess, person: int) -> tuple[float, str]:
    """Ask for the day, and give the seconds until the answer, and the answer."""
    since = len(await telegram.history())
    start = system_clock().timestamp()
    await telegram.say(person, ASKED)

    async def look() -> list[dict[str, object]]:
        found = await telegram.history(since)
        return [
            one
            for one in found
            if one["method"].lower() == "sendmessage"
            and str(one["params"].get("chat_id")) == str(person)
            and one["outcome"] == "ok"
        ]

    (sent, *_) = await until(look, 30, f"an answer for {person}")
    params = sent["params"]
    assert isinstance(params, dict)
    return float(str(sent["finished"])) - start, str(params["text"])


@pytest.mark.skipif(not IS_SOAK, reason="takes eleven minutes; ask with MENTOR_SOAK=1")
async def test_ten_minutes_without_the_model_are_answered_and_over_within_one(
    telegram: TelegramProcess, mentor: MentorProcess
) -> None:
    port = free_port()
    mentor.environment |= {
        "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "OPENAI_API_KEY": "k",
        "MENTOR_TURNS_HOUR": "none",
        "MENTOR_TOKENS_LEARNER_DAY": "none",
        "MENTOR_TOKENS_NEW_DAY": "none",
    }
    enrol_people(mentor.database, PEOPLE)
    people = iter([person for _ in range(100) for person in PEOPLE])
    loop = asyncio.get_running_loop()
    with model_process(port):
        mentor.start()
        await mentor.is_up()
        await asked(telegram, next(people))
        usual = statistics.median([(await asked(telegram, next(people)))[0] for _ in range(10)])

    began = loop.time()
    waited = [(await asked(telegram, next(people)))[0] - usual]
    while loop.time() < began + DOWN_SECONDS / 3:
        await asyncio.sleep(PAUSE)
        waited.append((await asked(telegram, next(people)))[0] - usual)
    with model_process(port) as control:
        for fault, upto in (("500", 2 / 3), ("hang", 1.0)):
            control("heal")
            control("script", steps=[{"fault": fault, "times": None}])
            while loop.time() < began + DOWN_SECONDS * upto:
                await asyncio.sleep(PAUSE)
                waited.append((await asked(telegram, next(people)))[0] - usual)
        control("heal")
        back = loop.time()
        while BY_THE_MODEL not in (await asked(telegram, next(people)))[1]:
            assert loop.time() < back + BACK_WITHIN, "the model is back and nobody notices"
            await asyncio.sleep(1)

    sys.stdout.write(f"added: first {waited[0]:.3f} s, later at most {max(waited[1:]):.3f} s\n")
    assert waited[0] <= FIRST_ADDS
    assert max(waited[1:]) <= LATER_ADDS
