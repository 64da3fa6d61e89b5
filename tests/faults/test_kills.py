"""kill -9 at random moments: nothing is lost, nothing happens twice, little is said twice."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from typing_extensions import override

from bot.clock import system_clock
from bot.message import Message
from bot.outbox import Outbox
from store.outbox import Delivery, owe
from store.port import P
from store.script import Script, T, rows
from store.sqlite import SqliteStore
from tests.faults.desk import Desk
from tests.faults.harness import (
    IS_SOAK,
    History,
    MentorProcess,
    TelegramProcess,
    enrol_people,
    has_arrived,
    history_of,
    new_chance,
    receipt_of,
    task_ids,
)

KILLS, UPDATES = (200, 1000) if IS_SOAK else (8, 96)
# Half of it each in two worlds side by side, each with a Telegram, a mentor and a database.
WORLDS = 2
KILLS, UPDATES = KILLS // WORLDS, UPDATES // WORLDS
PEOPLE = range(1, 1 + UPDATES // 4)
# A send takes this long, so that many a kill meets one on its way.
LATENCY = 0.02
SECONDS_TO_START = 1.2
SECONDS_TO_WORK = 0.8


@dataclass(frozen=True, slots=True)
class Survived:
    """What was left after many kills and one quiet end."""

    history: History
    marks: Mapping[int, set[str]]
    completions: Mapping[int, list[str]]
    texts: Sequence[str]
    repeated_by_run: Counter[int]
    receipts_by_chat: Mapping[str, list[int]]
    """The message ids at Telegram, in the order of the outbox."""
    verdicts: Sequence[str]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Survived]:
    chance = new_chance()
    folders = [tmp_path_factory.mktemp("kills") for _ in range(WORLDS)]

    async def all_survived() -> list[Survived]:
        return await asyncio.gather(
            *(_survived(folder, Random(chance.getrandbits(32))) for folder in folders)
        )

    return asyncio.run(all_survived())


@pytest.fixture(params=range(WORLDS))
def survived(request: pytest.FixtureRequest, worlds: Sequence[Survived]) -> Survived:
    number: int = request.param
    return worlds[number]


async def _survived(folder: Path, chance: Random) -> Survived:
    async with TelegramProcess() as telegram:
        with MentorProcess(folder / "data", folder / "log.txt", telegram.root) as mentor:
            return await _Kills(folder, chance, telegram, mentor).carry_out()


@dataclass(slots=True)
class _Kills:
    folder: Path
    chance: Random
    telegram: TelegramProcess
    mentor: MentorProcess

    async def carry_out(self) -> Survived:
        enrol_people(self.mentor.database, PEOPLE)
        await self.telegram.ask("set", latency=LATENCY)
        wishes = self._wishes()
        said: list[str] = []
        verdicts: list[str] = []
        ends: list[int] = []
        for run in range(KILLS):
            slice_of_run = wishes[run * len(wishes) // KILLS : (run + 1) * len(wishes) // KILLS]
            before = self.chance.randint(0, len(slice_of_run))
            said += await self._say(slice_of_run[:before])
            self.mentor.start()
            said += await self._say(slice_of_run[before:])
            await self._random_moment(ends[-1] if ends else 0)
            self.mentor.kill()
            verdicts.append(self.mentor.verdict_on_a_copy(self.folder / "copy"))
            await asyncio.sleep(0.1)  # what was on its way arrives, and belongs to this run
            ends.append(len(await self.telegram.history()))
        self.mentor.start()
        await self.mentor.is_up()
        await self.telegram.has_taken_all()
        await self.mentor.has_dealt_with_all(within=120)
        assert await self.mentor.stop() == 0
        verdicts.append(self.mentor.verdict_on_a_copy(self.folder / "copy"))
        return await self._survived(wishes, said, verdicts, ends)

    def _wishes(self) -> list[tuple[int, str]]:
        """Three marks of different tasks and one look at the day from everybody, shuffled."""
        tasks = task_ids()
        wishes = [
            (person, text)
            for person in PEOPLE
            for text in (*(f"/done {one}" for one in self.chance.sample(tasks, 3)), "/today")
        ]
        self.chance.shuffle(wishes)
        return wishes

    async def _say(self, wishes: Sequence[tuple[int, str]]) -> list[str]:
        return [await self.telegram.say(person, text) for person, text in wishes]

    async def _random_moment(self, seen: int) -> None:
        """Wait for any moment of the start, or for any after the first answer."""
        if self.chance.random() < 0.25:
            await asyncio.sleep(self.chance.uniform(0, SECONDS_TO_START))
            return
        for _ in range(100):
            if any(has_arrived(entry) for entry in await self.telegram.history(seen)):
                break
            await asyncio.sleep(0.03)
        await asyncio.sleep(self.chance.uniform(0, SECONDS_TO_WORK))

    async def _survived(
        self,
        wishes: Sequence[tuple[int, str]],
        said: Sequence[str],
        verdicts: Sequence[str],
        ends: Sequence[int],
    ) -> Survived:
        calls = await self.telegram.history()
        sends = [entry["result"] for entry in calls if has_arrived(entry)]
        history = history_of(self.mentor, said, sends)
        marks = defaultdict(set)
        for person, text in wishes:
            if text.startswith("/done "):
                marks[person].add(text.removeprefix("/done "))
        completions = defaultdict(list)
        for row in self.mentor.rows(
            "select i.person, c.task from completions c join enrolments e on e.id = c.enrolment "
            "join identities i on i.learner = e.learner"
        ):
            completions[int(row["person"])].append(row["task"])
        repeated = set(history.repeated)
        runs = Counter(
            sum(place >= end for end in ends)
            for place, entry in enumerate(calls)
            if has_arrived(entry) and receipt_of(entry["result"]) in repeated
        )
        receipts = defaultdict(list)
        for row in self.mentor.rows("select address, receipt from outbox order by seq"):
            receipts[row["address"]].append(int(str(row["receipt"]).partition(":")[2]))
        return Survived(
            history,
            marks,
            completions,
            [str(one["text"]) for one in sends],
            runs,
            receipts,
            verdicts,
        )


def test_kills_lose_no_update(survived: Survived) -> None:
    history = survived.history

    assert len(history.said) == UPDATES
    assert (history.lost, history.unfinished, history.parked) == ([], [], [])


def test_every_update_is_answered_whatever_was_killed(survived: Survived) -> None:
    assert survived.history.silent == []
    assert survived.history.outbox == {"sent": UPDATES}


def test_every_mark_is_made_once_whatever_was_killed(survived: Survived) -> None:
    made = {person: sorted(tasks) for person, tasks in survived.completions.items()}
    again = [text for text in survived.texts if "Already" in text]

    assert made == {person: sorted(tasks) for person, tasks in survived.marks.items()}
    assert again == []


def test_a_kill_repeats_at_most_one_answer(survived: Survived) -> None:
    by_run = survived.repeated_by_run

    assert len(survived.history.repeated) <= KILLS
    assert {run: count for run, count in by_run.items() if count > 1} == {}
    assert by_run[KILLS] == 0, "a quiet end repeats nothing"


def test_answers_keep_their_order_through_kills(survived: Survived) -> None:
    orders = survived.receipts_by_chat

    assert {chat: ids for chat, ids in orders.items() if ids != sorted(ids)} == {}


def test_the_database_is_sound_after_every_kill(survived: Survived) -> None:
    assert Counter(survived.verdicts) == {"ok": KILLS + 1}


class Slow(SqliteStore):
    """A database in memory that takes longer over each write than a send may take."""

    @override
    async def run(self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        await asyncio.sleep(0.3)
        return await super().run(script, *args, **kwargs)


async def test_an_answer_leaves_when_the_one_before_it_is_noted_as_sent() -> None:
    """A kill repeats what has left and is not noted: one answer at most, however slow the disk."""
    store, desk = Slow(None), Desk()
    outbox = Outbox(store, {desk.name: desk}, system_clock)
    deliveries = [
        Delivery(f"key:{n}", desk.name, f"desk:{n}", None, "answer", Message(str(n)).to_json())
        for n in range(3)
    ]
    unnoted: list[int] = []

    async def count() -> None:
        noted = store.run_now(rows, "select 1 from outbox where state = 'sent'")
        unnoted.append(len(desk.sent) - len(noted))

    desk.on_send = count
    outbox.deliver(await store.run(owe, deliveries, system_clock()))
    await outbox.drained(10)
    store.close()

    assert unnoted == [1, 1, 1]
