"""A program under measurement: child processes between a Telegram and a model on loopback."""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import psutil
from typing_extensions import override

from benchmarks.loopback import TOKEN, LoopbackModel, LoopbackTelegram
from benchmarks.talk import PIECE, QUESTION, answer
from tests.ports import free_port

LOOK_SECONDS = 0.006
PROBE_SECONDS = 0.02
TAKEN_UP_SECONDS = 1.0
LONGEST_TURN = 60.0
LONGEST_SILENCE = 8.0
# What a program still does behind its last answer, such as receipts and summaries.
SETTLING_SECONDS = 0.4

SENDS = frozenset({"sendmessage", "editmessagetext"})
ABOUT_NO_ANSWER = frozenset({"getupdates", "getme", "deletewebhook", "setmycommands"})

# What to run, and what to add to its environment.
Child = tuple[Sequence[str], Mapping[str, str]]
Command = Callable[[str, str], Sequence[Child]]


@dataclass(slots=True)
class Watched:
    """What was seen of a process from outside: seconds until `/live` answered, and MB."""

    lags: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    @property
    def worst_lag_of_99_percent(self) -> float:
        return sorted(self.lags)[int(len(self.lags) * 0.99)]


class Program:
    """Child processes with servers of their own, up between `with` and its end."""

    def __init__(self, name: str, command: Command) -> None:
        self.name = name
        # People 1 to so many have opened the chat before.
        self.known = 0
        self._command = command
        self._tail = ""
        self._read = 0

    def __enter__(self) -> Self:
        self.telegram = LoopbackTelegram().__enter__()
        self.model = LoopbackModel().__enter__()
        for person in range(1, 1 + self.known):
            self.telegram.control("meet", chat_id=person)
        children = self._command(self.telegram.url, f"{self.model.url}/v1")
        inherited = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        }
        self._children = [
            subprocess.Popen(arguments, env={**inherited, **added}, stderr=subprocess.DEVNULL)
            for arguments, added in children
        ]
        self._watched = [psutil.Process(one.pid) for one in self._children]
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._children:
            one.kill()
            one.wait()
        self.model.__exit__()
        self.telegram.__exit__()

    def answers(self, tokens: int, seconds: float = 0.0) -> None:
        """Let the model answer everything with so many tokens, spread over so many seconds."""
        text = answer(tokens)
        self._tail = text[-5:]
        self.model.control("set", text=text, piece=PIECE, pause=seconds / tokens)

    @property
    def cpu_seconds(self) -> float:
        times = [one.cpu_times() for one in self._watched]
        return float(sum(one.user + one.system for one in times))

    @property
    def megabytes(self) -> float:
        return float(sum(one.memory_info().rss for one in self._watched)) / 2**20

    # Turns --------------------------------------------------------------------------------------

    def news(self) -> list[dict[str, Any]]:
        """What it has asked of Telegram for its answers since the last look."""
        found: list[dict[str, Any]] = self.telegram.control("history", since=self._read)
        ended = next((n for n, one in enumerate(found) if _is_on_its_way(one)), len(found))
        self._read += ended
        return [one for one in found[:ended] if one["method"].lower() not in ABOUT_NO_ANSWER]

    def is_answer(self, call: Mapping[str, Any]) -> bool:
        """Whether a call put the model's whole answer onto somebody's screen."""
        is_send = call["method"].lower() in SENDS and call["outcome"] == "ok"
        return is_send and self._tail in str(call["params"].get("text", ""))

    def latency(self, people: Sequence[int]) -> float:
        """Median of the ms from a learner's message to an answer that Telegram has."""
        waits = []
        for person in people:
            before = time.time()
            (answer,) = filter(self.is_answer, self.take_turn(person))
            waits.append((float(answer["finished"]) - before) * 1000)
        return statistics.median(waits)

    def take_turn(self, person: int) -> list[dict[str, Any]]:
        """Say something and wait for the answer; give the calls to Telegram that it took."""
        self.telegram.control("say", user_id=person, text=QUESTION)
        calls: list[dict[str, Any]] = []
        end = time.monotonic() + LONGEST_TURN
        while time.monotonic() < end:
            calls += self.news()
            if any(map(self.is_answer, calls)):
                return calls
            time.sleep(LOOK_SECONDS)
        raise TimeoutError(f"{self.name}: no answer, but {[one['method'] for one in calls]}")

    def cpu_of_turns(self, people: Sequence[int]) -> float:
        """CPU in ms of a turn, all that follows it included."""
        before = self.cpu_seconds
        for person in people:
            self.take_turn(person)
        time.sleep(SETTLING_SECONDS)
        return (self.cpu_seconds - before) / len(people) * 1000

    def answer_all(self, people: Sequence[int], each: int = 1) -> "Crowd":
        """Let all of them speak while it is frozen, then let it go."""
        time.sleep(SETTLING_SECONDS)
        self.news()
        self._send(signal.SIGSTOP)
        for _ in range(each):
            for person in people:
                self.telegram.control("say", user_id=person, text=QUESTION)
        before = self.cpu_seconds
        start = time.time()
        self._send(signal.SIGCONT)
        wanted, answered, last = len(people) * each, 0, start
        latest_news = time.monotonic()
        while answered < wanted and time.monotonic() < latest_news + LONGEST_SILENCE:
            for call in self.news():
                latest_news = time.monotonic()
                if self.is_answer(call):
                    answered += 1
                    last = max(last, call["finished"])
            time.sleep(0.05)
        cpu = (self.cpu_seconds - before) / wanted * 1000
        return Crowd(wanted, answered, last - start, cpu)

    def _send(self, number: signal.Signals) -> None:
        for one in self._children:
            one.send_signal(number)

    @contextmanager
    def watched(self, port: int) -> Iterator[Watched]:
        """Ask `/live` every 20 ms, whether or not the last time has been answered."""
        seen, is_over = Watched(), threading.Event()

        def watch() -> None:
            asyncio.run(_watch(port, lambda: self.megabytes, seen, is_over))

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            yield seen
        finally:
            is_over.set()
            watching.join()


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many messages were to be answered, were, and in how many seconds."""

    wanted: int
    answered: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.answered / self.seconds if self.seconds else 0.0


def _is_on_its_way(call: Mapping[str, Any]) -> bool:
    return call["finished"] is None and call["method"].lower() != "getupdates"


async def _watch(
    port: int, megabytes: Callable[[], float], seen: Watched, is_over: threading.Event
) -> None:
    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        # The line is taken up before the question, so that the answer waits for little else than
        # the loop's turn: once to read and once to write.
        await asyncio.sleep(TAKEN_UP_SECONDS)
        start = time.perf_counter()
        writer.write(b"GET /live HTTP/1.1\r\n\r\n")
        await reader.read()
        seen.lags.append(time.perf_counter() - start)
        writer.close()

    asking = set()
    next_at = time.perf_counter()
    while not is_over.is_set():
        asking.add(asyncio.create_task(ask()))
        seen.megabytes.append(megabytes())
        next_at += PROBE_SECONDS
        await asyncio.sleep(max(0.0, next_at - time.perf_counter()))
    await asyncio.gather(*asking)


# The two programs ---------------------------------------------------------------------------------


def bare(pasts: Mapping[int, int], folder: Path, *arguments: str) -> Program:
    """The bot without an agent; `pasts` says how many messages of each chat it remembers."""
    file = folder / "pasts.json"
    file.write_text(json.dumps(pasts))

    def command(telegram: str, model: str) -> Sequence[Child]:
        run = [sys.executable, "-m", "benchmarks.bare", "--telegram", telegram, "--model", model]
        return [([*run, "--pasts", str(file), *arguments], {})]

    return Program("bare", command)


# It stands beside the program for its tests: an installation has it not, and libraries take it
# along where it is.
AS_INSTALLED = """
import sys
class WithoutNumpy:
    def find_spec(self, name, *_):
        if name == "numpy":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, WithoutNumpy())
"""
AS_IF_WITHOUT_LIMITS = """
from tests.ports import free_port
from bot.platforms.port import Budget
from bot.platforms.telegram import Telegram
Telegram.budget = Budget(10**6, 1e-6)
Telegram.budget_of = lambda *_: Budget(10**6, 1e-6)
"""
RUN = "from bot.cli import main; main()"


def run_mentor(*arguments: str, is_limited: bool = True) -> Sequence[str]:
    """The command for a mentor; without limits it sends as fast as it can."""
    before = AS_INSTALLED + ("" if is_limited else AS_IF_WITHOUT_LIMITS)
    return [sys.executable, "-c", before + RUN, "run", *arguments]


def settings_of_mentor(telegram: str, model: str, folder: Path, port: int) -> Mapping[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_BASE_URL": telegram,
        "OPENAI_API_KEY": "none",
        "OPENAI_BASE_URL": model,
        "MENTOR_MODEL": "fake",
        "MENTOR_DATA_DIR": str(folder),
        "MENTOR_LANGUAGE": "zh",
        "MENTOR_HEALTH_PORT": str(port),
        "MENTOR_TOKENS_LEARNER_DAY": "none",
        "MENTOR_TOKENS_NEW_DAY": "none",
        "MENTOR_TURNS_HOUR": "none",
    }


class Mentor(Program):
    """`mentor run` on a data folder."""

    def __init__(self, folder: Path, *, is_limited: bool = True) -> None:
        super().__init__("mentor", self._run)
        self.database = folder / "mentor.db"
        self.port = free_port()
        self._is_limited = is_limited

    def _run(self, telegram: str, model: str) -> Sequence[Child]:
        settings = settings_of_mentor(telegram, model, self.database.parent, self.port)
        return [(run_mentor(is_limited=self._is_limited), settings)]


class Several(Program):
    """A gateway and workers on a PostgreSQL server, each a process; a ticker where it is wanted."""

    def __init__(
        self, folder: Path, url: str, workers: int, *, has_ticker: bool = False, is_limited: bool
    ) -> None:
        super().__init__(f"{workers} on PostgreSQL", self._run)
        self._folder = folder
        self._url = url
        self._roles = ["gateway", *["worker"] * workers, *["ticker"] * has_ticker]
        self._is_limited = is_limited
        self._webhook = free_port()
        self._ports = [free_port() for _ in self._roles]

    def _run(self, telegram: str, model: str) -> Sequence[Child]:
        shared = {
            "MENTOR_DATABASE_URL": self._url,
            "MENTOR_WEBHOOK_URL": "https://mentor.example.org/telegram",
            "MENTOR_WEBHOOK_SECRET": "a-word-that-telegram-knows",
            "MENTOR_WEBHOOK_PORT": str(self._webhook),
        }
        return [
            (
                run_mentor("--role", role, is_limited=self._is_limited),
                {**settings_of_mentor(telegram, model, self._folder, port), **shared},
            )
            for role, port in zip(self._roles, self._ports, strict=True)
        ]

    @override
    def __enter__(self) -> Self:
        super().__enter__()
        for port in self._ports:
            while not is_ready(port):
                time.sleep(0.02)
        self.telegram.control("route", targets=[f"http://127.0.0.1:{self._webhook}/telegram"])
        return self


def is_ready(port: int) -> bool:
    try:
        url = f"http://127.0.0.1:{port}/ready"
        return httpx.get(url, trust_env=False, timeout=1).status_code == 200
    except httpx.TransportError:
        return False
