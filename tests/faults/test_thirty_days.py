"""Thirty days of many learners on a clock that jumps from one thing that is due to the next.

What each of them gets is held against what `mentor preview` foretells for one alone. The sends are
real requests to a Telegram on loopback, and the database is a file.
"""

import gc
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest

from bot.house import House
from bot.message import Message
from bot.platforms.configured import menus
from bot.platforms.port import Budget
from bot.platforms.telegram import Telegram
from bot.preview import ACTS, Follow, at_night, preview
from bot.process import Process, house_of
from bot.settings import read_settings
from learning.calendar import instant
from store.clocks import earliest_due_at
from store.learners import add_learner, from_epoch
from store.script import Script, rows
from store.sqlite import SqliteStore
from tests.faults.harness import IS_SOAK, TOKEN, TelegramProcess, has_arrived, the_catalogue
from tools.context import Context
from tools.registry import Call, perform

LEARNERS, DAYS = (500, 30) if IS_SOAK else (24, 6)
HOURS = 10
CURRICULUM = "starter-30"
# In America clocks go forward on the eighth, in Europe on the twenty-ninth.
START = date(2026, 3, 2)
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kathmandu")
FOLLOWS = tuple(Follow)
# Of a process that has found its size; and of a log that is emptied while nobody waits.
MOST_GROWTH = 12 * 2**20
MOST_LOG = 8 * 2**20

# When it is owed, its kind, and its words.
Foretold = tuple[datetime, str, str]
Act = Callable[[House, Follow, int, datetime], Script[None]]


@dataclass
class Month:
    """An installation whose clock the test moves, and what its learners got."""

    folder: Path
    telegram: TelegramProcess
    now: datetime
    got: Counter[int] = field(default_factory=Counter)
    bytes_at_night: list[int] = field(default_factory=list)
    largest_log: int = 0
    _seen: int = 0
    _newest: int = 0

    def __post_init__(self) -> None:
        self.store = SqliteStore(self.folder / "mentor.db")
        self.house = replace(house_of(the_catalogue(), read_settings({})), language="en")
        platform = Telegram(
            TOKEN,
            menus=menus(),
            data_dir=self.folder,
            random=Random(1),
            base_url=self.telegram.root,
            poll_seconds=2,
        )
        self.plans = {
            (zone, follow): foretold(self.house, zone, follow)
            for zone in ZONES
            for follow in FOLLOWS
        }
        self.process = Process(self.store, self.house, {"telegram": platform}, lambda: self.now)

    def begin(self, person: int) -> Script[None]:
        """As `mentor preview` begins: on the evening before, by the learner's own clock."""
        zone = zone_of(person)
        before = instant(START - timedelta(days=1), time(20), ZoneInfo(zone))
        home = f"telegram:{person}"
        learner = yield from add_learner("telegram", str(person), home, "en", zone, before)
        context = Context(learner, self.house.catalogue, home, before)
        wish = {"confirmed": True, "curriculum": CURRICULUM, "hours_a_week": HOURS, "start": START}
        yield from perform(context, Call("start_curriculum", wish))

    async def live(self) -> None:
        """Let all days go by; at noon and at nine people do what they do."""
        for at, zone, act in acts():
            await self._run_to(at)
            await self.store.run(self._done, zone, act)
            if zone == ZONES[0] and act is at_night:
                await self._end_day()
        await self._run_to(at + timedelta(hours=12))
        await self._end_day()

    async def _run_to(self, end: datetime) -> None:
        """Let everything happen that is due before `end`, each at its own instant."""
        while (at := await self.store.run(earliest_due_at)) is not None and from_epoch(at) < end:
            self.now = max(self.now, from_epoch(at))
            await self.process.tick()
            await self.process.outbox.drained(120)
        self.now = end

    def _done(self, zone: str, act: Act) -> Script[None]:
        """Let those of a zone do what they do then."""
        for person in people():
            if zone_of(person) == zone:
                (found,) = yield from rows(
                    "select learner from identities where person = :person", person=str(person)
                )
                yield from act(self.house, follow_of(person), found["learner"], self.now)

    async def _end_day(self) -> None:
        log = (self.folder / "mentor.db-wal").stat().st_size
        self.largest_log = max(self.largest_log, log)
        await self.process.tidy()
        await self._collect()
        gc.collect()
        self.bytes_at_night.append(psutil.Process().memory_info().rss)

    async def _collect(self) -> None:
        """Look at what has reached people since the last time: when it was owed, and its words."""
        history = await self.telegram.history(self._seen)
        self._seen += len(history)
        owed = await self.store.run(
            rows,
            "select seq, address, kind, body, created_at from deliveries where state = 'sent' "
            "and seq > :seen order by seq",
            seen=self._newest,
        )
        self._newest = owed[-1]["seq"] if owed else self._newest
        arrived = [f"telegram:{one['result']['chat']['id']}" for one in history if has_arrived(one)]
        assert Counter(arrived) == Counter(one["address"] for one in owed)
        for one in owed:
            self._hold_against_plan(one)

    def _hold_against_plan(self, owed: Mapping[str, Any]) -> None:
        """Each person's pushes come in the order in which they were foretold."""
        person = int(owed["address"].split(":")[1])
        at = from_epoch(owed["created_at"])
        if at >= end_of(zone_of(person)):
            return
        words = Message.from_json(owed["body"]).markup
        plan = self.plans[zone_of(person), follow_of(person)]
        assert (at, owed["kind"], words) == plan[self.got[person]], f"{person}: {words}"
        self.got[person] += 1


def people() -> Sequence[int]:
    return range(1, 1 + LEARNERS)


def zone_of(person: int) -> str:
    return ZONES[person % len(ZONES)]


def follow_of(person: int) -> Follow:
    return FOLLOWS[person // len(ZONES) % len(FOLLOWS)]


def acts() -> Sequence[tuple[datetime, str, Act]]:
    """When people of which zone do what, as in a preview."""
    days = [START + timedelta(days=number) for number in range(DAYS)]
    found = (
        (instant(day, hour, ZoneInfo(zone)), zone, act)
        for day in days
        for zone in ZONES
        for hour, act in ACTS
    )
    return sorted(found, key=lambda one: one[:2])


def end_of(zone: str) -> datetime:
    return instant(START + timedelta(days=DAYS), time(0), ZoneInfo(zone))


def foretold(house: House, zone: str, follow: Follow) -> list[Foretold]:
    found = preview(house, CURRICULUM, START, DAYS, hours=HOURS, zone=ZoneInfo(zone), follow=follow)
    return [(one.at.astimezone(UTC), one.kind, one.message.markup) for one in found]


@pytest.fixture
async def month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Month]:
    # A month of sends in minutes.
    monkeypatch.setattr(Telegram, "budget", Budget(10**6, 1e-6))
    monkeypatch.setattr(Telegram, "budget_of", lambda *_: Budget(10**6, 1e-6))
    async with TelegramProcess() as telegram:
        for person in people():
            await telegram.ask("meet", chat_id=person)
        before = instant(START - timedelta(days=1), time(0), ZoneInfo(ZONES[0]))
        month = Month(tmp_path, telegram, before)
        for person in people():
            await month.store.run(month.begin, person)
        await month.process.start()
        yield month
        await month.process.stop()


async def test_everybody_gets_what_was_foretold_and_nothing_grows(month: Month) -> None:
    await month.live()

    plans = month.plans
    for person in people():
        assert month.got[person] == len(plans[zone_of(person), follow_of(person)]), person
    size = month.bytes_at_night
    sys.stdout.write(
        f"{month.got.total()} pushes; memory on the third evening "
        f"{size[2] / 2**20:.0f} MB, on the last {size[-1] / 2**20:.0f}; "
        f"log at most {month.largest_log / 2**20:.1f} MB\n"
    )
    assert min(len(plans[zone, Follow.ALL]) for zone in ZONES) >= DAYS
    assert size[-1] - size[2] < MOST_GROWTH
    assert month.largest_log < MOST_LOG
