"""Gateways, workers and tickers on one server: killed, cut off, exchanged and attacked."""

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from bot.clock import system_clock
from store.postgres import PostgresStore
from tests.faults.harness import (
    IS_SOAK,
    TelegramProcess,
    enrol_in,
    has_arrived,
    history_of,
    new_chance,
    task_ids,
)
from tests.faults.several import Installation, in_words, waits
from tests.postgres import PostgresServer, postgres_server

# An abrupt end loses what was only promised; the machine itself does not fail here.
DURABLE = ("-c", "fsync=off", "-c", "full_page_writes=off")
TURNS = 2000 if IS_SOAK else 120
SECONDS_BETWEEN_KILLS = 10.0 if IS_SOAK else 2.5
WORKERS = 3
SETTLED_WITHIN = 60.0


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramProcess]:
    async with TelegramProcess() as one:
        yield one


@pytest.fixture
def installation(
    tmp_path: Path, postgres: PostgresServer, telegram: TelegramProcess
) -> Iterator[Installation]:
    with Installation(tmp_path, postgres.installation(), telegram) as one:
        yield one


@dataclass(slots=True)
class Talk:
    """People who say things at their own pace, and what became of them."""

    installation: Installation
    chance: Random
    wishes: Sequence[tuple[int, str]]
    said_at: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, installation: Installation, turns: int, chance: Random) -> "Talk":
        """Three marks of different tasks and one look at the day from each, shuffled."""
        people, tasks = range(1, 1 + turns // 4), task_ids()
        enrol_in(PostgresStore(installation.url, connections=2), people)
        wishes = [
            (person, text)
            for person in people
            for text in (*(f"/done {one}" for one in chance.sample(tasks, 3)), "/today")
        ]
        chance.shuffle(wishes)
        return cls(installation, chance, wishes)

    async def carry_out(self, a_second: float) -> None:
        for person, text in self.wishes:
            at = system_clock().timestamp()
            event = await self.installation.telegram.say(person, text)
            self.said_at[event] = at
            await asyncio.sleep(self.chance.expovariate(a_second))

    async def ended_well(self, most_repeated: int) -> Sequence[float]:
        """Nothing is lost, done twice or out of order; give what each answer took."""
        calls = await self.installation.telegram.history()
        sends = [one["result"] for one in calls if has_arrived(one)]
        history = history_of(self.installation, list(self.said_at), sends)
        assert (history.lost, history.unfinished, history.parked) == ([], [], [])
        assert history.silent == []
        assert history.outbox.keys() == {"sent"}
        assert len(history.repeated) <= most_repeated
        self._are_marked_once()
        rows = self.installation.rows("select key, address, receipt from outbox order by seq")
        self._are_in_order(rows)
        found = waits(self.said_at, calls, rows)
        sys.stdout.write(f"{in_words(found)}; {len(history.repeated)} said twice\n")
        return found

    def _are_marked_once(self) -> None:
        wished, made = defaultdict(set), defaultdict(list)
        for person, text in self.wishes:
            if text.startswith("/done "):
                wished[person].add(text.removeprefix("/done "))
        for row in self.installation.rows(
            "select i.person, c.task from completions c join enrolments e on e.id = c.enrolment "
            "join identities i on i.learner = e.learner"
        ):
            made[int(row["person"])].append(row["task"])
        assert {one: sorted(tasks) for one, tasks in made.items()} == {
            one: sorted(tasks) for one, tasks in wished.items()
        }

    def _are_in_order(self, rows: Sequence[Mapping[str, str]]) -> None:
        by_chat = defaultdict(list)
        for row in rows:
            event, message = int(row["key"].split(":")[1]), int(row["receipt"].partition(":")[2])
            by_chat[row["address"]].append((event, message))
        wrong = {chat: found for chat, found in by_chat.items() if found != sorted(found)}
        assert wrong == {}
        messages = {chat: [one for _, one in found] for chat, found in by_chat.items()}
        assert {chat: one for chat, one in messages.items() if one != sorted(one)} == {}


async def test_killed_workers_lose_nothing_and_do_nothing_twice(installation: Installation) -> None:
    talk = Talk.of(installation, TURNS, new_chance())
    gateway, _ = await asyncio.gather(installation.up("gateway"), installation.up("ticker"))
    workers = await asyncio.gather(*(installation.up("worker") for _ in range(WORKERS)))
    await installation.lead_to(gateway)
    await installation.telegram.ask("set", latency=0.02)

    talking = asyncio.create_task(talk.carry_out(a_second=20))
    kills = 0
    while not talking.done():
        await asyncio.sleep(SECONDS_BETWEEN_KILLS)
        victim = workers[kills % WORKERS]
        victim.kill()
        kills += 1
        await asyncio.sleep(0.5)
        victim.start()
    await talking
    await installation.has_dealt_with_all(SETTLED_WITHIN)

    assert kills > 1
    found = await talk.ended_well(most_repeated=kills)
    assert found[-1] < SETTLED_WITHIN


RESTARTS, SECONDS_BETWEEN_RESTARTS = (15, 20.0) if IS_SOAK else (2, 4.0)
RECOVERED_WITHIN = 10.0
# What several fit into: two for the store, two that listen, and one that fetches.
FEW_CONNECTIONS = 5


async def test_a_server_that_restarts_and_cuts_its_lines_costs_nobody_a_word(
    tmp_path: Path, telegram: TelegramProcess
) -> None:
    with (
        postgres_server(*DURABLE) as server,
        Installation(tmp_path, server.installation(), telegram) as installation,
    ):
        turns = 4 * int(RESTARTS * SECONDS_BETWEEN_RESTARTS)
        talk = Talk.of(installation, turns, new_chance())
        await installation.up(
            "all",
            MENTOR_DATABASE_URL=server.limited(installation.url, FEW_CONNECTIONS),
            MENTOR_DATABASE_CONNECTIONS=str(FEW_CONNECTIONS),
        )

        talking = asyncio.create_task(talk.carry_out(a_second=4))
        recovered = []
        for number in range(RESTARTS):
            await asyncio.sleep(SECONDS_BETWEEN_RESTARTS / 2)
            await asyncio.to_thread(server.kill_connections)
            await asyncio.sleep(SECONDS_BETWEEN_RESTARTS / 2)
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(server.start)
            recovered.append(await _answered_again(telegram, 100_000 + number))
        await talking
        await installation.has_dealt_with_all(SETTLED_WITHIN)

        await talk.ended_well(most_repeated=2 * RESTARTS)
        sys.stdout.write(f"back after {[round(one, 1) for one in recovered]} s\n")
        assert max(recovered) < RECOVERED_WITHIN


async def _answered_again(telegram: TelegramProcess, stranger: int) -> float:
    """Seconds until somebody new is answered."""
    loop = asyncio.get_running_loop()
    began_at = loop.time()
    await telegram.say(stranger, "/start")
    await telegram.saw_texts(stranger, "Mentor", within=60)
    return loop.time() - began_at
