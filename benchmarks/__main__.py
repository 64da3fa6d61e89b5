"""Run every benchmark and print one table: `python -m benchmarks [name ...]`."""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import psutil

from benchmarks.battle import battle
from benchmarks.code_review import code_review
from benchmarks.content import content
from benchmarks.conversation import conversation
from benchmarks.loopback import TOKEN, LoopbackDiscord, LoopbackTelegram
from benchmarks.people import fill, quiet_house
from benchmarks.pictures import pictures
from benchmarks.programs import is_ready, run_mentor
from benchmarks.quizzes import quizzes
from benchmarks.scaling import fan_out, growth, moving, throughput, tick_cost
from bot.ask import Asker, demo_learner
from bot.clock import fixed_clock
from bot.platforms.configured import menus
from bot.platforms.telegram import Telegram
from bot.process import Process
from bot.settings import settle_libraries
from store.sqlite import SqliteStore
from tests.ports import free_port

NOW = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
STARTED = (NOW - timedelta(days=6)).date()


def telegram(url: str, folder: Path) -> Telegram:
    return Telegram(
        TOKEN, menus=menus(), data_dir=folder, random=Random(1), base_url=url, poll_seconds=2
    )


async def cpu_of(command: str, people: int, rounds: int = 200) -> float:
    """Median CPU in ms of one command: inbox commit, tool, outbox, send over loopback."""
    with tempfile.TemporaryDirectory() as name, LoopbackTelegram() as server:
        folder = Path(name)
        fill(folder / "mentor.db", people, STARTED, NOW + timedelta(days=1))
        store = SqliteStore(folder / "mentor.db")
        platform = telegram(server.url, folder)
        process = Process(store, quiet_house(), {"telegram": platform}, fixed_clock(NOW))
        answered = asyncio.Event()

        async def note(_: object) -> None:
            answered.set()

        process.inbox.on_answer = note
        await process.start()
        figures = []
        for n in range(rounds + 10):
            person = 1 + (n * 37) % min(people, 1000)
            before = time.process_time()
            answered.clear()
            await asyncio.to_thread(server.control, "say", user_id=person, text=command)
            await answered.wait()
            await process.outbox.drained(10)
            figures.append((time.process_time() - before) * 1000)
        await process.stop()
        return statistics.median(figures[10:])


async def today() -> list[str]:
    empty = await cpu_of_client()
    few = await cpu_of("/today", 10)
    many = await cpu_of("/today", 10_000)
    quiz = await cpu_of("/quiz", 10_000)
    return [
        f"/today, whole path, CPU at the median: {few - empty:.1f} ms with 10 learners, "
        f"{many - empty:.1f} ms with 10,000 (ratio {(many - empty) / (few - empty):.2f}); "
        "aim: under 12 ms, ratio 1",
        f"/quiz, whole path with its poll: {quiz - empty:.1f} ms with 10,000 learners; "
        "aim: under 15",
    ]


async def cpu_of_client(rounds: int = 50) -> float:
    """CPU in ms that the benchmark itself spends on asking for one command."""
    with LoopbackTelegram() as server:
        figures = []
        for n in range(rounds):
            before = time.process_time()
            await asyncio.to_thread(server.control, "say", user_id=n + 1, text="x")
            figures.append((time.process_time() - before) * 1000)
        return statistics.median(figures)


async def ticks() -> list[str]:
    lines = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "mentor.db"
        fill(path, 100_000, STARTED, NOW + timedelta(days=1))
        process = Process(SqliteStore(path), quiet_house(), {}, fixed_clock(NOW))
        figures = []
        for _ in range(200):
            before = time.perf_counter()
            await process.pushes.tick()
            figures.append((time.perf_counter() - before) * 1000)
        await process.stop()
        lines.append(
            f"tick, 100,000 learners, none due: {statistics.median(figures):.2f} ms "
            f"(worst {max(figures):.1f}); aim: under 5 ms"
        )
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "mentor.db"
        fill(path, 1000, STARTED, NOW - timedelta(minutes=5), ("plan",))
        process = Process(SqliteStore(path), quiet_house(), {}, fixed_clock(NOW))
        before = time.process_time()
        made = await process.pushes.tick()
        cpu = time.process_time() - before
        await process.stop()
        lines.append(
            f"tick, 1,000 due: {made} plans in the outbox for {cpu:.2f} s of CPU; aim: under 2 s"
        )
    return lines


async def restart() -> list[str]:
    with tempfile.TemporaryDirectory() as name, LoopbackTelegram() as server:
        folder = Path(name)
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        fill(folder / "mentor.db", 10_000, STARTED, tomorrow)
        port = free_port()
        environment = {
            **os.environ,
            **server.environment,
            "MENTOR_DATA_DIR": name,
            "MENTOR_HEALTH_PORT": str(port),
        }
        ready, memory, stopped = await asyncio.to_thread(_life_of, environment, port)
        with LoopbackDiscord() as discord:
            environment |= discord.environment
            (folder / "both").mkdir()
            fill(folder / "both" / "mentor.db", 1000, STARTED, tomorrow)
            environment["MENTOR_DATA_DIR"] = str(folder / "both")
            _, of_both, _ = await asyncio.to_thread(_life_of, environment, port)
    return [
        f"restart with 10,000 learners: ready in {ready:.2f} s; aim: under 3 s",
        f"idle memory without a model: {memory:.0f} MB; aim: under 120 MB",
        f"idle memory with Telegram and Discord, 1,000 learners: {of_both:.0f} MB; "
        "aim: under 200 MB",
        f"SIGTERM: gone in {stopped:.2f} s; aim: under 8 s",
    ]


def _life_of(environment: dict[str, str], port: int) -> tuple[float, float, float]:
    """Seconds until ready, MB when idle, seconds from SIGTERM to the end."""
    before = time.perf_counter()
    child = subprocess.Popen(
        run_mentor(),
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    while not is_ready(port):
        time.sleep(0.02)
    ready = time.perf_counter() - before
    time.sleep(6)
    memory = psutil.Process(child.pid).memory_info().rss / 2**20
    child.send_signal(signal.SIGTERM)
    before = time.perf_counter()
    child.wait(20)
    return ready, memory, time.perf_counter() - before


async def sentences() -> list[str]:
    """CPU of one sentence through the offline agent, from the inbox to the terminal."""
    house = quiet_house()
    store = SqliteStore(None)
    await store.run(demo_learner, house, NOW)
    asker = Asker(store, house, None, fixed_clock(NOW))
    await asker.ask("今天学什么")
    figures = []
    for _ in range(60):
        before = time.process_time()
        await asker.ask("我进度怎么样")
        figures.append((time.process_time() - before) * 1000)
    store.close()
    return [
        f"a sentence without a model: {statistics.median(figures):.1f} ms of CPU; aim: under 15"
    ]


BENCHMARKS: dict[str, Callable[[], Awaitable[list[str]]]] = {
    "today": today,
    "ticks": ticks,
    "restart": restart,
    "sentences": sentences,
    "content": content,
    "quizzes": quizzes,
    "conversation": conversation,
    "code_review": code_review,
    "battle": battle,
    "pictures": pictures,
    "throughput": throughput,
    "fan_out": fan_out,
    "tick_cost": tick_cost,
    "growth": growth,
    "moving": moving,
}


def main() -> None:
    settle_libraries()
    names = sys.argv[1:] or list(BENCHMARKS)
    for name in names:
        for line in asyncio.run(_awaited(BENCHMARKS[name])):
            print(line, flush=True)


async def _awaited(work: Callable[[], Awaitable[list[str]]]) -> list[str]:
    return await work()


if __name__ == "__main__":
    main()
