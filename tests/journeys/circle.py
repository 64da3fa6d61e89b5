"""A study group that talks to the real program over a real store in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from bot.process import Process
from bot.texts import texts_in
from learning.values import Language
from store.cohorts import cohort_at
from store.inbox import Arrival
from store.learners import Learner, learner_of
from store.port import Store
from store.rounds import open_round_of, questions_of_round
from store.script import Script
from tests.fakes.square import Posted, Square
from tests.journeys.people import NOW, house
from tests.stores import new_store

P = ParamSpec("P")
T = TypeVar("T")

GROUP = "square:-100"
ANA, BOB, CIM, DAN, EVE = 1, 2, 3, 4, 5
MONDAY, TUESDAY, WEDNESDAY, SUNDAY = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-29"


@dataclass(slots=True)
class Circle:
    """Ana, who is an administrator, and others in one group; the test moves its clock."""

    now: datetime = NOW
    language: Language = "zh"
    square: Square = field(default_factory=Square)
    store: Store = field(default_factory=new_store)
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        self.square.language = self.language
        self.square.administrators.add((GROUP, str(ANA)))
        self.begin()

    def begin(self) -> None:
        """Begin a process on what is on disk; the one before it is no more."""
        settled = house(self.language)
        self.process = Process(self.store, settled, {"square": self.square}, lambda: self.now)

    async def restart(self) -> None:
        await self.process.inbox.stop()
        await self.process.outbox.stop()
        self.process.gatherings.stop()
        self.begin()
        await self.process.start()
        await self.process.settled()

    async def happen(self, *arrivals: Arrival) -> None:
        await self.process.inbox.accept(arrivals)
        await self.process.settled()

    async def say(
        self, person: int | str, text: str, group: str = GROUP, *, replied_to: str = ""
    ) -> Posted | None:
        """Say something and give the newest post that came of it."""
        before = len(self.square.posted)
        await self.happen(self.square.said(person, text, group, replied_to=replied_to))
        posted = self.square.posted[before:]
        return posted[-1] if posted else None

    async def press(self, person: int, label: str, group: str = GROUP) -> str:
        """Press the newest button with this in its label, and give what only they are told."""
        post = next(one for one in reversed(self.square.at(group)) if has(one, label))
        return await self.send(person, post.token(label), group)

    async def send(self, person: int, token: str, group: str = GROUP) -> str:
        before = len(self.square.whispers)
        await self.happen(self.square.pressed(person, token, group))
        told = self.square.whispers[before:]
        return told[-1].words if told else ""

    async def opened(self, *people: int, curriculum: str = "starter-30") -> None:
        """A cohort that begins on Monday, with these people in it."""
        await self.say(ANA, f"/group start {curriculum} 2026-11-23")
        for one in people:
            await self.press(one, self.label("button.group_join"))

    async def tick(self) -> None:
        await self.process.gatherings.tick()
        await self.process.settled()

    async def until(
        self, instant: datetime, step: timedelta = timedelta(minutes=15)
    ) -> list[Posted]:
        """Let the clock run, and give what was posted on the way."""
        before = len(self.square.posted)
        while self.now < instant:
            self.now = min(instant, self.now + step)
            await self.process.tick()
            await self.process.settled()
        return self.square.posted[before:]

    async def learner(self, person: int) -> Learner:
        found = await self.store.run(learner_of, "square", str(person))
        assert found is not None
        return found

    async def ask_store(
        self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self.store.run(script, *args, **kwargs)

    def label(self, key: str) -> str:
        return texts_in(self.language).label(key)

    def texts(self, group: str = GROUP) -> Sequence[str]:
        return [one.text for one in self.square.at(group)]


def has(post: Posted, label: str) -> bool:
    return any(label in one for one in post.labels)


async def question_of(circle: Circle, kind: str) -> tuple[int, int, tuple[int, ...]]:
    """The open question's number, its key's place as shown, and the order."""
    cohort = await circle.ask_store(cohort_at, [GROUP])
    assert cohort is not None
    opened = await circle.ask_store(
        open_round_of, cohort.id, "daily" if kind == "daily" else "battle"
    )
    assert opened is not None
    question = (await circle.ask_store(questions_of_round, opened.id))[-1]
    return (
        question.id,
        question.frozen.order.index(int(question.frozen.answer)),
        question.frozen.order,
    )


def sign(place: int) -> str:
    return "①②③④⑤⑥"[place]
