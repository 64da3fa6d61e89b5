"""What the fault tests stand on: the fake Telegram and the mentor, each in a process of its own.

The fake outlives every kill of the mentor and keeps the history; the database is read from
outside, as an operator would. `MENTOR_SOAK=1` asks for the long forms, `MENTOR_SEED=n` for one
particular chance.
"""

import asyncio
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Protocol, Self, TypeVar

import httpx

from bot.clock import system_clock
from learning.calendar import local_day
from learning.catalogue import Catalogue
from learning.pushes import Push
from store.catalogue import read_catalogue
from store.clocks import set_clock
from store.enrolments import enrol
from store.learners import add_learner
from store.port import Store
from store.script import Script
from store.sqlite import SqliteStore
from tests.fakes.loopback import Json
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
MENTOR = Path(sys.executable).with_name("mentor")
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
CURRICULUM = "engineer-28w"
NOWHERE = "http://127.0.0.1:9"

# A test has no settings of the mentor's; these two are the tests' own.
IS_SOAK = os.environ.get("MENTOR_SOAK", "") not in {"", "0"}  # noqa: TID251 (see the line above)
_SEED = os.environ.get("MENTOR_SEED", "")  # noqa: TID251 (see two lines above)

Seen = TypeVar("Seen")


def new_chance() -> Random:
    """Chance that a failed test can be given again: its seed is in the test's output."""
    seed = int(_SEED) if _SEED else secrets.randbelow(2**32)
    sys.stdout.write(f"MENTOR_SEED={seed}\n")
    return Random(seed)


async def until(look: Callable[[], Awaitable[Seen]], within: float, what: str) -> Seen:
    """Ask until the answer is true, and give it; or fail and say what was waited for."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not (seen := await look()):
        if loop.time() >= end:
            raise AssertionError(f"{what}: not seen within {within:g} s")
        await asyncio.sleep(0.03)
    return seen


def as_json(value: object) -> bytes:
    """JSON in ASCII, in which half a surrogate pair and an endless number can travel."""
    return json.dumps(value).encode()


# The platform's side ------------------------------------------------------------------------------


class TelegramProcess:
    """The fake Telegram in a process of its own; every control is a method here."""

    def __init__(self) -> None:
        self.root = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx.AsyncClient(trust_env=False, timeout=60)

    async def __aenter__(self) -> Self:
        self._process, self.root = await asyncio.to_thread(_start_fake)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.communicate)

    async def ask(self, control: str, **arguments: object) -> Any:
        """Call one control of the fake."""
        answer = await self._client.post(
            f"{self.root}/control/{control}",
            content=as_json(arguments),
            headers={"Content-Type": "application/json"},
        )
        found = answer.json()
        if "error" in found:
            raise AssertionError(f"{control}: {found['error']}")
        return found["result"]

    async def say(self, person: int, text: str, chat: int | None = None, **fields: object) -> str:
        """Write to the bot in English, and give the event's id."""
        update = await self.ask(
            "say", user_id=person, text=text, chat_id=chat, language_code="en", **fields
        )
        return str(update["update_id"])

    async def push(self, update: Json) -> str:
        """Queue an update as it is, and give the id under which it is queued."""
        return str(await self.ask("push_raw", update=update))

    async def pending(self) -> int:
        found: int = await self.ask("updates_pending")
        return found

    async def history(self, since: int = 0) -> list[Json]:
        found: list[Json] = await self.ask("history", since=since)
        return found

    async def sends(self, since: int = 0) -> list[Json]:
        """The messages that reached a chat, in order, by the history and not by the screen."""
        return [entry["result"] for entry in await self.history(since) if has_arrived(entry)]

    async def texts(self, chat: int) -> list[str]:
        """What can be read in a chat."""
        return [str(one["text"]) for one in await self.ask("sent", chat_id=chat)]

    async def saw_texts(self, chat: int, *parts: str, within: float = 30.0) -> list[str]:
        """Wait until a chat shows all these words, and give its texts."""

        async def look() -> list[str]:
            found = await self.texts(chat)
            return found if all(any(part in text for text in found) for part in parts) else []

        return await until(look, within, f"{parts} in chat {chat}")

    async def saw_sends(self, count: int, within: float = 60.0) -> list[Json]:
        """Wait until so many messages have reached people."""

        async def look() -> list[Json]:
            found = await self.sends()
            return found if len(found) >= count else []

        return await until(look, within, f"{count} messages")

    async def has_taken_all(self, within: float = 60.0) -> None:
        """Wait until the bot has confirmed every update."""

        async def look() -> bool:
            return await self.pending() == 0

        await until(look, within, "all updates confirmed")


def _start_fake() -> tuple[subprocess.Popen[bytes], str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.telegram", "--token", TOKEN],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().decode().strip()


def has_arrived(entry: Json) -> bool:
    """Whether a call put a message into a chat, heard of or not."""
    method = entry["method"].lower()
    is_send = method.startswith("send") and method != "sendchataction"
    return is_send and entry["outcome"] in {"ok", "done, then cut"}


# The mentor's side --------------------------------------------------------------------------------


class MentorProcess:
    """`mentor run` on one data folder: started, killed and started again, ended with the block.

    Without a `telegram_root` it asks where nobody answers.
    """

    def __init__(self, data_dir: Path, log: Path, telegram_root: str = NOWHERE) -> None:
        self.data_dir = data_dir
        self.health_port = free_port()
        self.environment = {
            "HOME": str(data_dir),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "default",
            "MENTOR_DATA_DIR": str(data_dir),
            "MENTOR_HEALTH_PORT": str(self.health_port),
            "TELEGRAM_BASE_URL": telegram_root,
            "TELEGRAM_BOT_TOKEN": TOKEN,
        }
        self.command: Sequence[str] = (str(MENTOR), "run")
        self.cwd = ROOT
        self._log = log
        self._run_began_at = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def database(self) -> Path:
        return self.data_dir / "mentor.db"

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "start it first"
        return self._process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        assert not self.is_alive
        with self._log.open("ab") as log:
            self._run_began_at = log.tell()
            self._process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def said(self) -> str:
        """What this run has written to its output so far."""
        return self._log.read_bytes()[self._run_began_at :].decode(errors="replace")

    def ever_said(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def send(self, sign: signal.Signals) -> None:
        self.process.send_signal(sign)

    def kill(self) -> None:
        """End it without a word, as a power cut would; nothing of it runs any more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def ended(self, within: float) -> int:
        """Wait for its end, and give the exit code."""

        async def look() -> bool:
            return not self.is_alive

        await until(look, within, f"the end of the mentor; it said: {self.said()[-2000:]}")
        return self.process.returncode

    async def stop(self, within: float = 30.0) -> int:
        self.send(signal.SIGTERM)
        return await self.ended(within)

    async def is_up(self, within: float = 30.0) -> None:
        """Wait until it polls, and fail at once when it ended instead."""

        async def look() -> bool:
            assert self.is_alive, f"the mentor ended: {self.said()[-2000:]}"
            return "telegram: ready" in self.said()

        await until(look, within, "the mentor ready")

    async def saw_in_log(self, words: str, within: float = 30.0) -> None:
        async def look() -> bool:
            return words in self.said()

        await until(look, within, f"{words!r} in the log")

    async def health(self, path: str) -> tuple[int, str]:
        """The status and the words of /live or /ready."""
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            answer = await client.get(f"http://127.0.0.1:{self.health_port}{path}")
        return answer.status_code, str(answer.json()["status"])

    async def has_dealt_with_all(self, within: float = 60.0) -> None:
        """Wait until nothing is open in the inbox or the outbox."""

        async def look() -> bool:
            return self.open_rows() == (0, 0)

        await until(look, within, "inbox and outbox settled")

    def open_rows(self) -> tuple[int, int]:
        """How much of the inbox and of the outbox waits."""
        (found,) = self.rows(
            "select (select count(*) from inbox where state = 'open') as inbox, "
            "(select count(*) from outbox where state = 'open') as outbox"
        )
        return found["inbox"], found["outbox"]

    def rows(self, sql: str, **params: object) -> list[dict[str, Any]]:
        """Read the database without being able to change it."""
        with closing(
            sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)
        ) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(one) for one in connection.execute(sql, params)]

    def verdict_on_a_copy(self, scratch: Path) -> str:
        """What SQLite finds wrong with the files as they lie there; the files stay as they are."""
        scratch.mkdir(exist_ok=True)
        for old in scratch.iterdir():
            old.unlink()
        for name in ("mentor.db", "mentor.db-wal"):
            if (self.data_dir / name).exists():
                shutil.copy(self.data_dir / name, scratch / name)
        with closing(sqlite3.connect(scratch / "mentor.db")) as connection:
            verdict: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
            return verdict


def enrol_people(database: Path, people: Iterable[int], *, with_clocks: bool = False) -> None:
    """Let people have begun the long curriculum today, without a word said.

    Their clocks, if any, are due in a year, so that no push comes between.
    """
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    due_at = system_clock() + timedelta(days=365) if with_clocks else None
    enrol_in(SqliteStore(database), people, due_at)


def enrol_in(store: Store, people: Iterable[int], due_at: datetime | None = None) -> None:
    """Let people have begun, with clocks that are due then, and close the store."""
    catalogue, now = the_catalogue(), system_clock()
    try:
        for person in people:
            learner = store.run_now(enrolled, "telegram", person, catalogue, now)
            for push in (Push.PLAN, Push.EVENING) if due_at else ():
                store.run_now(set_clock, learner, push, due_at or now)
    finally:
        store.close()


def enrolled(
    platform: str, person: int, catalogue: Catalogue, now: datetime, zone: str = "Asia/Shanghai"
) -> Script[int]:
    """Enrol one person and give the learner's id."""
    learner = yield from add_learner(platform, str(person), f"{platform}:{person}", "en", zone, now)
    curriculum = catalogue.curricula[CURRICULUM]
    minutes = catalogue.rhythm_of(curriculum).minutes
    today = local_day(now, learner.zone)
    yield from enrol(learner.id, curriculum.id, curriculum.version, today, minutes)
    return learner.id


@cache
def the_catalogue() -> Catalogue:
    return read_catalogue()


def task_ids() -> list[str]:
    """The tasks of the curriculum in which people are enrolled."""
    return [task.id for task in the_catalogue().curricula[CURRICULUM].tasks]


# The history, checked -----------------------------------------------------------------------------


@dataclass(slots=True)
class History:
    """What became of the updates and of their answers, from the database and from Telegram.

    `said` are the updates that Telegram holds as confirmed. A message that Telegram has and no
    outbox row claims is an answer sent twice.
    """

    said: Sequence[str]
    inbox: Mapping[str, str]
    """The state of every update, by its id."""
    answered: Counter[str]
    """The number of outbox rows of every update, by its id."""
    outbox: Counter[str]
    """The number of outbox rows in each state."""
    repeated: list[str] = field(default_factory=list)
    """The receipts of answers sent twice."""

    @property
    def lost(self) -> list[str]:
        """Updates confirmed to Telegram and kept nowhere."""
        return [event for event in self.said if event not in self.inbox]

    @property
    def unfinished(self) -> list[str]:
        return [event for event, state in self.inbox.items() if state == "open"]

    @property
    def parked(self) -> list[str]:
        return [event for event, state in self.inbox.items() if state == "parked"]

    @property
    def silent(self) -> list[str]:
        """Updates dealt with, and never answered."""
        done = [event for event in self.said if self.inbox.get(event) == "done"]
        return [event for event in done if not self.answered[event]]


class Readable(Protocol):
    def rows(self, sql: str) -> Sequence[Mapping[str, Any]]: ...


def history_of(mentor: Readable, said: Sequence[str], sends: Sequence[Json]) -> History:
    """Compare what was said with what the database holds and what arrived."""
    states = mentor.rows("select event, state from inbox where platform = 'telegram'")
    keys = mentor.rows("select key, state, receipt from outbox")
    receipts = {row["receipt"] for row in keys}
    return History(
        said,
        inbox={row["event"]: row["state"] for row in states},
        answered=Counter(
            row["key"].split(":")[1] for row in keys if row["key"].startswith("telegram:")
        ),
        outbox=Counter(row["state"] for row in keys),
        repeated=[receipt_of(one) for one in sends if receipt_of(one) not in receipts],
    )


def receipt_of(message: Json) -> str:
    """A message as the outbox names it."""
    return f"{message['chat']['id']}:{message['message_id']}"


async def ended_by_itself(mentor: MentorProcess, within: float = 60.0) -> tuple[int, str]:
    """Start a mentor that will not run, and give its exit code and all it said."""
    with mentor:
        mentor.start()
        return await mentor.ended(within), mentor.said()
