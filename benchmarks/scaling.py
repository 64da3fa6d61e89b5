"""One process on SQLite beside several on PostgreSQL: how many they answer, and what it costs."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.people import bytes_in_use, fill, quiet_house
from benchmarks.programs import SENDS, Mentor, Program, Several, bare
from benchmarks.talk import QUESTION
from bot.clock import fixed_clock
from bot.process import Process
from store.moving import move
from store.port import Store
from store.postgres import PostgresStore
from store.sqlite import SqliteStore
from tests.postgres import PostgresServer, postgres_server

# Learners at once, and how much each says: long enough to measure, short enough to wait for.
CROWDS = {1: 40, 10: 16, 50: 8, 200: 3}
WORKERS = (1, 2, 3)
LATENCY_TURNS = 30
WARMING_UP = 10
TOKENS = 30
# What may be lost without anybody's harm is quicker; a real server keeps what it says it kept.
DURABLE = ("-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on")


async def throughput() -> list[str]:
    return await asyncio.to_thread(_throughput)


def _throughput() -> list[str]:
    lines = []
    with postgres_server(*DURABLE) as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        soon = datetime.now(UTC) + timedelta(days=1)
        fill(folder / "mentor.db", max(CROWDS), (soon - timedelta(days=6)).date(), soon)
        # Before anybody has said anything: the same update would be answered once.
        urls = [_moved(folder, server) for _ in WORKERS]
        programs: list[Callable[[], Program]] = [
            partial(bare, dict.fromkeys(range(1, max(CROWDS) + 1), 0), folder),
            partial(Mentor, folder, is_limited=False),
        ]
        programs += [
            partial(Several, folder, url, count, is_limited=False)
            for count, url in zip(WORKERS, urls, strict=True)
        ]
        figures = [_measured(make) for make in programs]
    theirs = figures[0]
    for ours in figures[1:]:
        rates = ", ".join(
            f"{people} at once {rate:.0f} ({rate / theirs.rates[people]:.2f})"
            for people, rate in ours.rates.items()
        )
        lines.append(
            f"{ours.name}: {ours.latency:.0f} ms from a message to its answer "
            f"({ours.latency - theirs.latency:+.0f} ms beside the bare program), "
            f"{ours.cpu:.1f} ms of CPU a turn (ratio {ours.cpu / theirs.cpu:.2f}); turns/s and "
            f"ratio: {rates}; {ours.megabytes:.0f} MB"
        )
    rates = ", ".join(f"{people} at once {rate:.0f}" for people, rate in theirs.rates.items())
    lines.append(f"bare: {theirs.latency:.0f} ms, {theirs.cpu:.1f} ms of CPU; turns/s: {rates}")
    return lines


class Figures:
    """What was measured of a program, by learners at once where it depends on them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.latency = 0.0
        self.cpu = 0.0
        self.rates: dict[int, float] = {}
        self.megabytes = 0.0


def _measured(make: Callable[[], Program]) -> Figures:
    with make() as program:
        found = Figures(program.name)
        program.answers(TOKENS)
        people = range(1, 1 + LATENCY_TURNS)
        program.latency(people[:WARMING_UP])
        found.latency = program.latency(people)
        cpu = []
        for count, each in CROWDS.items():
            crowd = program.answer_all(range(1, 1 + count), each)
            if crowd.answered < crowd.wanted:
                raise RuntimeError(f"{program.name}: {crowd.answered} of {crowd.wanted} answered")
            found.rates[count] = crowd.rate
            cpu.append(crowd.cpu)
        found.cpu = median(cpu)
        found.megabytes = program.megabytes
    return found


def _moved(folder: Path, server: PostgresServer) -> str:
    """A database of the server's with what stands in the file; gives its URL."""
    url = server.installation()
    file, goal = SqliteStore(folder / "mentor.db"), PostgresStore(url, connections=2)
    for _ in move(file, goal):
        pass
    goal.close()
    file.close()
    return url


MOVED = 2500


async def moving() -> list[str]:
    """To a server and back, as `mentor migrate` does it."""
    with postgres_server(*DURABLE) as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        soon = datetime.now(UTC) + timedelta(days=1)
        fill(folder / "mentor.db", MOVED, (soon - timedelta(days=6)).date(), soon)
        file, again = SqliteStore(folder / "mentor.db"), SqliteStore(folder / "again.db")
        goal = PostgresStore(server.installation(), connections=2)
        begun = time.perf_counter()
        there = list(move(file, goal))
        turned = time.perf_counter()
        back = list(move(goal, again))
        ended = time.perf_counter()
        for store in (file, again, goal):
            store.close()
    if there != back:
        raise RuntimeError("what came back is not what was moved")
    return [
        f"{sum(one.rows for one in there):,} rows moved to a server in {turned - begun:.1f} s and "
        f"back in {ended - turned:.1f} s, the checksums of all {len(there)} tables equal"
    ]


# Pushes -------------------------------------------------------------------------------------------

PUSHES = (1000, 10_000)
WITH_LIMITS = 30.0
LONGEST_FAN_OUT = 600.0


async def fan_out() -> list[str]:
    """From the start to the last push, where all are due at once."""
    return await asyncio.to_thread(_fan_out)


def _fan_out() -> list[str]:
    lines = []
    with postgres_server(*DURABLE) as server:
        for count in PUSHES:
            for is_limited in (False, True):
                with _all_due(count) as folder:
                    lines.append(
                        _told(count, Mentor(folder, is_limited=is_limited), is_limited=is_limited)
                    )
                with _all_due(count) as folder:
                    url = _moved(folder, server)
                    three = Several(folder, url, 3, has_ticker=True, is_limited=is_limited)
                    lines.append(_told(count, three, is_limited=is_limited))
    return lines


@contextmanager
def _all_due(count: int) -> Iterator[Path]:
    """So many learners for whom it is past eight in the morning, wherever they are."""
    now = datetime.now(UTC)
    east = (8 - now.hour + 12) % 24 - 12
    with tempfile.TemporaryDirectory() as name:
        began = (now - timedelta(days=6)).date()
        path = Path(name) / "mentor.db"
        fill(path, count, began, now, ("plan",), cards=0, zone=f"Etc/GMT{-east:+d}")
        yield Path(name)


def _told(count: int, program: Program, *, is_limited: bool) -> str:
    program.known = count
    with program:
        program.telegram.control("enforce_rates" if is_limited else "heal")
        times: list[float] = []
        end = time.monotonic() + LONGEST_FAN_OUT
        while len(times) < count and time.monotonic() < end:
            calls = program.news()
            sends = (one for one in calls if one["method"].lower() in SENDS)
            times += [one["finished"] for one in sends if one["outcome"] == "ok"]
            time.sleep(0.2)
        cpu, memory = program.cpu_seconds, program.megabytes
    if not times:
        raise RuntimeError(f"{program.name}: nothing was pushed")
    seconds = max(times) - min(times)
    ideal = count / WITH_LIMITS
    against = f" (ratio {seconds / ideal:.2f} to {ideal:.0f} s)" if is_limited else ""
    return (
        f"{len(times)} of {count} pushes due at once, {program.name}, "
        f"{'with' if is_limited else 'without'} Telegram's limits: {seconds:.1f} s{against}, "
        f"{len(times) / seconds:.0f} a second, {cpu / count * 1000:.1f} ms of CPU each, the start "
        f"included; {memory:.0f} MB"
    )


# Ticks and growth ---------------------------------------------------------------------------------

HOUSES = (1000, 10_000, 100_000, 1_000_000)
ON_A_SERVER = 10_000
LOOKS = 100


async def tick_cost() -> list[str]:
    """A tick when nobody is due, by the number of learners."""
    now = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
    figures, on_server = {}, 0.0
    for count in HOUSES:
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "mentor.db"
            fill(path, count, now.date(), now + timedelta(days=1), cards=0, done=0)
            figures[count] = await _tick(SqliteStore(path), now)
            if count == ON_A_SERVER:
                with postgres_server(*DURABLE) as server:
                    url = _moved(path.parent, server)
                    on_server = await _tick(PostgresStore(url, connections=2), now)
    least = figures[HOUSES[0]]
    told = ", ".join(f"{count:,} {ms:.2f} ms ({ms / least:.2f})" for count, ms in figures.items())
    return [
        f"a tick when nobody is due, by learners, and ratio: {told}; on PostgreSQL with "
        f"{ON_A_SERVER:,}: {on_server:.2f} ms; aim: the same for all"
    ]


async def _tick(store: Store, now: datetime) -> float:
    process = Process(store, quiet_house(), {}, fixed_clock(now))
    figures = []
    for _ in range(LOOKS):
        before = time.perf_counter()
        await process.tick()
        figures.append((time.perf_counter() - before) * 1000)
    await process.stop()
    return median(figures)


TALKERS = 4
AFTER = (10, 100, 1000)


async def growth() -> list[str]:
    """Bytes that a turn adds to the database, from the first turns to the thousandth."""
    return await asyncio.to_thread(_growth)


def _growth() -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        soon = datetime.now(UTC) + timedelta(days=1)
        fill(folder / "mentor.db", TALKERS, (soon - timedelta(days=6)).date(), soon)
        people = range(1, 1 + TALKERS)
        looks = sorted({0, *AFTER, *(turn * 9 // 10 for turn in AFTER if turn > AFTER[0])})
        sizes = {}
        with Mentor(folder, is_limited=False) as mentor:
            mentor.answers(TOKENS)
            done = 0
            for turn in looks:
                _talk(mentor, people, turn - done)
                done = turn
                sizes[turn] = _bytes_of(mentor.database)
    each = {
        turn: (sizes[turn] - sizes[before]) / (turn - before) / TALKERS
        for before, turn in pairwise(looks)
        if turn in AFTER
    }
    told = ", ".join(f"to turn {turn:,}: {size:.0f}" for turn, size in each.items())
    return [f"bytes of the database for a turn of {TALKERS} learners, {told}; aim: constant"]


def _talk(mentor: Mentor, people: Sequence[int], turns: int) -> None:
    for _ in range(turns):
        for person in people:
            mentor.telegram.control("say", user_id=person, text=QUESTION)
        wanted = len(people)
        while wanted:
            wanted -= sum(map(mentor.is_answer, mentor.news()))
            time.sleep(0.005)


def _bytes_of(database: Path) -> int:
    # What a summary or a receipt adds comes behind the answer.
    time.sleep(1)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return bytes_in_use(db)
