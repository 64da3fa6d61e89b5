"""Gateways, workers and tickers on one server: killed, cut off, exchanged and attacked."""

import asyncio
import socket
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from bot.clock import system_clock
from bot.roles import TICKER_LEASE
from bot.scheduler import TICK_SECONDS
from learning.pushes import Push
from store.clocks import set_clock
from store.postgres import PostgresStore
from tests.faults.harness import (
    IS_SOAK,
    MentorProcess,
    TelegramProcess,
    enrol_in,
    enrolled,
    has_arrived,
    history_of,
    new_chance,
    task_ids,
    the_catalogue,
)
from tests.faults.several import PATH, PORT, Installation, in_words, waits
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
PAUSE = 5.0
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


# The next release, with one more step for the tables.
NEXT_RELEASE = """
from store import schema
schema.MIGRATIONS["m999_next"] = (
    "alter table learners add column motto text;"
)
from bot.cli import main
main()
"""


async def test_a_release_is_exchanged_for_the_next_without_a_word_lost(
    installation: Installation, tmp_path: Path
) -> None:
    talk = Talk.of(installation, TURNS, new_chance())
    old = [await installation.up(role) for role in ("gateway", "worker", "ticker")]
    await installation.lead_to(old[0])
    program = tmp_path / "next_release.py"
    program.write_text(NEXT_RELEASE)

    talking = asyncio.create_task(talk.carry_out(a_second=10))
    await asyncio.sleep(2)
    new = [installation.new(role) for role in ("gateway", "worker", "ticker")]
    for one in new:
        one.command = (sys.executable, str(program), "run", "--role", one.command[-1])
        one.start()
        await installation.ready(one)
    await installation.lead_to(new[0], old[0])
    for one in old:
        assert await one.stop() == 0
    await talking
    await installation.has_dealt_with_all(SETTLED_WITHIN)

    found = await talk.ended_well(most_repeated=0)
    assert not IS_SOAK or found[-1] < PAUSE
    assert installation.rows("select motto from learners limit 1") == [{"motto": None}]


PUSHED = 20 if not IS_SOAK else 400


# A tenth of the pauses that a program has between its looks.
HASTY = f"""
import datetime, bot.cli, bot.process, bot.scheduler
bot.scheduler.TICK_SECONDS = {TICK_SECONDS / 10}
bot.process.TICKER_LEASE = datetime.timedelta(seconds={TICKER_LEASE.total_seconds() / 10})
bot.cli.main()
"""


async def test_two_tickers_push_once_also_when_the_leader_is_killed(
    installation: Installation,
) -> None:
    people = range(1, 1 + PUSHED)
    tickers = [installation.new("ticker") for _ in range(2)]
    for one in tickers:
        if not IS_SOAK:
            one.command = (sys.executable, "-c", HASTY, *one.command[1:])
        one.start()
    await asyncio.gather(*map(installation.ready, tickers))
    gateway = await installation.up("gateway")
    await installation.up("worker")
    await installation.lead_to(gateway)
    for person in people:
        await installation.telegram.ask("meet", chat_id=person)

    let_be_due(installation, people[: PUSHED // 2])
    await _pushed_once(installation, PUSHED // 2)
    (lease,) = installation.rows("select holder from leases where name = 'ticker'")
    leader = next(one for one in tickers if f":{one.pid}:" in lease["holder"])
    leader.kill()
    let_be_due(installation, people[PUSHED // 2 :])
    await _pushed_once(installation, PUSHED)
    (lease,) = installation.rows("select holder from leases where name = 'ticker'")
    assert f":{leader.pid}:" not in lease["holder"]


def let_be_due(installation: Installation, people: Sequence[int]) -> None:
    """Let people have begun where it is eight in the morning now, when plans are pushed."""
    now = system_clock()
    east = (8 - now.hour + 12) % 24 - 12
    store = PostgresStore(installation.url, connections=2)
    for person in people:
        zone = f"Etc/GMT{-east:+d}"
        learner = store.run_now(enrolled, "telegram", person, the_catalogue(), now, zone)
        store.run_now(set_clock, learner, Push.PLAN, now)
    store.close()


async def _pushed_once(installation: Installation, count: int) -> None:
    """Wait until so many pushes have been sent, and see that nobody got two."""
    await installation.telegram.saw_sends(count, within=90)
    await asyncio.sleep(1)
    sends = await installation.telegram.sends()
    chats = [one["chat"]["id"] for one in sends]
    assert len(chats) == len(set(chats)) == count


POSTS, BYTES = 200, 100 * 2**20
MOST_GROWTH = 20 * 2**20


async def test_posts_without_the_secret_cost_the_gateway_nothing(
    installation: Installation,
) -> None:
    talk = Talk.of(installation, 40, new_chance())
    gateway, _ = await asyncio.gather(installation.up("gateway"), installation.up("worker"))
    await installation.lead_to(gateway)
    await talk.carry_out(a_second=40)
    await installation.has_dealt_with_all(SETTLED_WITHIN)
    before = _peak(gateway)

    more = Talk(installation, talk.chance, [(person, "/today") for person in range(1, 11)])
    attacked = [_attack(gateway) for _ in range(POSTS)]
    statuses, _ = await asyncio.gather(asyncio.gather(*attacked), more.carry_out(a_second=20))
    await installation.has_dealt_with_all(SETTLED_WITHIN)

    grown = _peak(gateway) - before
    sys.stdout.write(f"grown by {grown / 2**20:.1f} MB\n")
    assert set(statuses) <= {401, None}
    assert grown < MOST_GROWTH
    # A line that found no room is posted anew; nobody who has the secret is refused.
    assert set(await installation.telegram.ask("webhook_answers")) <= {200, 0}


async def _attack(gateway: MentorProcess) -> int | None:
    """Post 100 MB until told off or cut off; give the status, if one came."""
    loop = asyncio.get_running_loop()
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {BYTES}\r\n\r\n"
    with socket.socket() as line:
        line.settimeout(0)
        await loop.sock_connect(line, ("127.0.0.1", int(gateway.environment[PORT])))
        await loop.sock_sendall(line, head.encode())
        sending = asyncio.create_task(_send_all(line))
        try:
            answer = await loop.sock_recv(line, 64)
        except OSError:
            return None
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
    return int(answer.split()[1]) if answer else None


async def _send_all(line: socket.socket) -> None:
    for _ in range(BYTES // 2**16):
        await asyncio.get_running_loop().sock_sendall(line, bytes(2**16))


def _peak(process: MentorProcess) -> int:
    """The most bytes a process has ever held."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM in /proc")
