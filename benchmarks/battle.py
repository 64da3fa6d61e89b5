"""A battle in a group of 200, from the first press to the last card, with the platforms' limits."""

import asyncio
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import httpx
import psutil
from typing_extensions import override

from benchmarks.loopback import (
    LoopbackDiscord,
    LoopbackServer,
    LoopbackTelegram,
)
from bot.texts import texts_in
from tests.ports import free_port

T = TypeVar("T")

MEMBERS = range(1, 201)
ANA = 1
STRANGERS = range(901, 906)
QUESTIONS = 2
SECONDS_TO_ANSWER = 10.0
PRESS_TWICE, PRESS_LATE = 40, 20
TEXTS = texts_in("zh")


async def until(look: Callable[[], T], within: float, what: str) -> T:
    end = time.perf_counter() + within
    while not (seen := await asyncio.to_thread(look)):
        if time.perf_counter() > end:
            raise TimeoutError(f"{what}: not seen within {within:g} s")
        await asyncio.sleep(0.2)
    return seen


@dataclass(slots=True)
class Press:
    """One press: by whom, on which option, and when; `id` is the platform's."""

    person: int
    option: int
    at: float
    id: str


class Hall(ABC):
    """The platform's side: one group, and people in it."""

    name: str

    def __init__(self, server: LoopbackServer) -> None:
        self.server = server
        self.pressing = httpx.AsyncClient(trust_env=False, timeout=60)

    @abstractmethod
    def fill(self) -> None:
        """Let there be a group."""

    def is_listening(self) -> bool:
        """Whether the mentor would hear what is said now."""
        return True

    @abstractmethod
    def say(self, text: str) -> None:
        """Let its administrator say something to the mentor in it."""

    @abstractmethod
    def posts(self) -> list[dict[str, Any]]:
        """What the mentor has said to all: text, labels, and the platform's message."""

    @abstractmethod
    def arrival(self, post: dict[str, Any]) -> float:
        """When a post stood in the group."""

    @abstractmethod
    async def press(self, person: int, post: dict[str, Any], label: str) -> str: ...

    @abstractmethod
    def notices(self) -> dict[str, float]:
        """When each press was answered with words, by its number."""

    @abstractmethod
    def refusals(self) -> int:
        """How often the platform said that it was too much."""

    async def control(self, name: str, **params: object) -> Any:
        answer = await self.pressing.post(f"{self.server.url}/control/{name}", json=params)
        answer.raise_for_status()
        return answer.json()["result"]


class TelegramHall(Hall):
    name = "Telegram"
    group = -100500

    @override
    def fill(self) -> None:
        self.server.control("meet", chat_id=self.group)
        self.server.control("appoint", chat_id=self.group, user_id=ANA)
        self.server.control("enforce_rates")

    @override
    def say(self, text: str) -> None:
        self.server.control("say", user_id=ANA, text=text, chat_id=self.group)

    @override
    def posts(self) -> list[dict[str, Any]]:
        return [
            {
                "text": one["text"],
                "labels": [button["text"] for line in one["buttons"] for button in line],
                "message": one,
            }
            for one in self.server.control("sent", chat_id=self.group)
        ]

    @override
    def arrival(self, post: dict[str, Any]) -> float:
        return float(
            next(
                one["finished"]
                for one in reversed(self.server.control("history"))
                if one["method"].lower() in {"sendmessage", "sendphoto"}
                and one["outcome"] == "ok"
                and one["result"]["message_id"] == post["message"]["message_id"]
                and one["finished"]
            )
        )

    @override
    async def press(self, person: int, post: dict[str, Any], label: str) -> str:
        message = {key: post["message"][key] for key in ("chat_id", "message_id")}
        return str(await self.control("tap", user_id=person, message=message, label=label))

    @override
    def notices(self) -> dict[str, float]:
        return {
            str(one["params"]["callback_query_id"]): one["finished"]
            for one in self.server.control("history")
            if one["method"].lower() == "answercallbackquery"
            and one["outcome"] == "ok"
            and one["params"].get("text")
        }

    @override
    def refusals(self) -> int:
        return sum(one.get("status") == 429 for one in self.server.control("history"))


class DiscordHall(Hall):
    name = "Discord"
    guild, room = 500, 600

    @override
    def fill(self) -> None:
        people = [*MEMBERS, *STRANGERS]
        rooms = {str(self.room): "学习"}
        self.server.control("guild", id=self.guild, members=people, channels=rooms, owner=ANA)
        self.server.control("appoint", guild=self.guild, person=ANA)
        self.server.control("enforce_rates")

    @override
    def is_listening(self) -> bool:
        return bool(self.server.control("connected") and self.server.control("commands"))

    @override
    def say(self, text: str) -> None:
        self.server.control("say", person=ANA, text=text, channel=self.room, mentions_bot=True)

    @override
    def posts(self) -> list[dict[str, Any]]:
        return [
            {
                "text": one["content"],
                "labels": [label for line in one["buttons"] for label in line],
                "message": one,
            }
            for one in self.server.control("sent", where=self.room)
            if one["ephemeral_to"] is None
        ]

    @override
    def arrival(self, post: dict[str, Any]) -> float:
        return float(post["message"]["at"])

    @override
    async def press(self, person: int, post: dict[str, Any], label: str) -> str:
        id = post["message"]["id"]
        return str(
            await self.control("press", person=person, message_id=id, label_or_custom_id=label)
        )

    @override
    def notices(self) -> dict[str, float]:
        return {
            one["interaction_id"]: one["at"]
            for one in self.server.control("sent", where=self.room)
            if one["ephemeral_to"] is not None and one["content"]
        }

    @override
    def refusals(self) -> int:
        return sum(one["status"] == 429 for one in self.server.control("requests"))


@asynccontextmanager
async def mentor(hall: Hall, folder: Path) -> AsyncIterator[psutil.Process]:
    """`mentor run` on a fresh folder, as a process of its own."""
    port = free_port()
    settings = {"MENTOR_DATA_DIR": str(folder), "MENTOR_HEALTH_PORT": str(port)}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", "from bot.cli import main; main()", "run"),
        env={**os.environ, **settings, **hall.server.environment},
        stderr=subprocess.DEVNULL,
    )

    def is_ready() -> bool:
        try:
            url = f"http://127.0.0.1:{port}/ready"
            return httpx.get(url, trust_env=False, timeout=1).status_code == 200
        except httpx.TransportError:
            return False

    try:
        await until(lambda: is_ready() and hall.is_listening(), 30, "the mentor")
        yield psutil.Process(child.pid)
    finally:
        child.send_signal(signal.SIGTERM)
        await child.wait()


@dataclass(slots=True)
class Battle:
    """What was pressed and what became of it."""

    hall: Hall
    database: Path
    chance: Random = field(default_factory=lambda: Random(1))
    presses: list[Press] = field(default_factory=list)
    counted: dict[tuple[int, int], int] = field(default_factory=dict)
    """The option that counts, by place of the question and person."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        at = f"file:{self.database}?mode=ro"
        with closing(sqlite3.connect(at, uri=True, timeout=10)) as connection:
            return connection.execute(sql).fetchall()

    async def posted(self, words: str, after: int, within: float = 60.0) -> dict[str, Any]:
        """The newest post with these words, once there is one behind so many others."""

        def look() -> list[dict[str, Any]]:
            return [one for one in self.hall.posts()[after:] if words in one["text"]]

        return (await until(look, within, words))[-1]

    async def join(self) -> None:
        self.hall.say(f"/group start starter-30 {datetime.now(UTC).date()}")
        label = TEXTS.label("button.group_join")

        def is_open() -> list[dict[str, Any]]:
            return [one for one in self.hall.posts() if label in one["labels"]]

        (begun,) = await until(is_open, 20, "the group")
        for first in range(0, len(MEMBERS), 20):
            await asyncio.gather(
                *(self.hall.press(one, begun, label) for one in MEMBERS[first : first + 20])
            )
            await asyncio.sleep(1)

        def have_joined() -> bool:
            return self.rows("select count(*) from members") == [(len(MEMBERS),)]

        await until(have_joined, 60, "everybody in the group")

    async def answer(self, place: int, post: dict[str, Any]) -> None:
        """Everybody presses within ten seconds, some of them twice."""
        times = {one: self.chance.uniform(0, SECONDS_TO_ANSWER) for one in MEMBERS}
        again = self.chance.sample(MEMBERS, PRESS_TWICE)

        async def by(person: int) -> None:
            await asyncio.sleep(times[person])
            option = self.chance.randrange(len(post["labels"]))
            self.counted[place, person] = option
            await self.press(person, post, option)
            if person in again:
                await self.press(person, post, (option + 1) % len(post["labels"]))

        await asyncio.gather(*(by(one) for one in MEMBERS))
        for one in STRANGERS:
            await self.press(one, post, 0)

    async def press(self, person: int, post: dict[str, Any], option: int) -> None:
        at = time.time()  # as the server's history
        id = await self.hall.press(person, post, post["labels"][option])
        self.presses.append(Press(person, option, at, id))

    def wrongly_kept(self) -> int:
        """How many answers are missing, too many, or not the first that was pressed."""
        found = self.rows(
            "select q.place, i.person, a.option, q.frozen from round_answers a "
            "join round_questions q on q.id = a.question "
            "join identities i on i.learner = a.learner"
        )
        kept = [
            ((place, int(person)), _order(frozen).index(option))
            for place, person, option, frozen in found
        ]
        return len(set(kept) ^ set(self.counted.items())) + len(kept) - len(set(kept))

    def untold(self) -> int:
        sql = "select count(*) from round_answers where is_right = 0 and told_at is null"
        return int(self.rows(sql)[0][0])

    def wrongly_told(self) -> int:
        """How many misses are in no deck, or in one twice."""
        sql = (
            "select count(*) from (select a.learner, q.item, count(o.id) as n "
            "from round_answers a join round_questions q on q.id = a.question "
            "left join questions o on o.learner = a.learner and o.item = q.item "
            "where a.is_right = 0 group by a.learner, q.item) where n <> 1"
        )
        return int(self.rows(sql)[0][0])


def _order(frozen: str) -> Sequence[int]:
    order, _, _ = json.loads(frozen)
    return [int(one) for one in order]


async def _held(hall: Hall) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        hall.fill()
        async with mentor(hall, Path(name)) as process:
            battle = Battle(hall, Path(name) / "mentor.db")
            await battle.join()
            before = process.cpu_times()
            hall.say(f"/battle {QUESTIONS}")
            after = 0
            posts: list[dict[str, Any]] = []
            for place in range(1, QUESTIONS + 1):
                post = await battle.posted(f"{place}/{QUESTIONS}", after)
                after = len(hall.posts())
                await battle.answer(place, post)
                posts.append(post)
            (due,) = battle.rows("select next_due_at from cohort_clocks where kind = 'battle'")
            over = await battle.posted("抢答结束", after)
            lasted = await asyncio.to_thread(hall.arrival, over) - due[0]
            late = battle.chance.sample(MEMBERS, PRESS_LATE)
            await asyncio.gather(*(battle.press(one, posts[0], 0) for one in late))
            await until(lambda: not battle.untold(), 60, "the misses told")
            told = time.time() - due[0]

            def is_all_noticed() -> bool:
                return {one.id for one in battle.presses} <= hall.notices().keys()

            await until(is_all_noticed, 30, "a notice for every press")
            spent = process.cpu_times()
            cpu = spent.user + spent.system - before.user - before.system
            noticed = hall.notices()
            waits = sorted(noticed[one.id] - one.at for one in battle.presses)
            wrong = battle.wrongly_kept() + battle.wrongly_told()
            return [
                f"battle of {len(MEMBERS)} on {hall.name}, {len(battle.presses)} presses, "
                f"{len(battle.counted)} that count: {wrong} counted or told wrongly; aim: none",
                f"  result {lasted:.2f} s after the close; aim: 3 s; "
                f"all misses in their decks after {told:.2f} s",
                f"  a notice for each press, after {statistics.median(waits) * 1000:.0f} ms at the "
                f"median, {waits[len(waits) * 99 // 100] * 1000:.0f} ms at the 99th percentile; "
                f"{cpu:.1f} s of CPU; 429 {hall.refusals()} times",
            ]


async def battle() -> list[str]:
    with LoopbackTelegram() as telegram:
        lines = await _held(TelegramHall(telegram))
    with LoopbackDiscord() as discord:
        return lines + await _held(DiscordHall(discord))
