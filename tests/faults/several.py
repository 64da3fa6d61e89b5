"""Several mentors on one PostgreSQL server, each in a process of its own."""

import asyncio
import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg
from psycopg.rows import dict_row

from tests.fakes.loopback import Json
from tests.faults.harness import (
    MENTOR,
    MentorProcess,
    TelegramProcess,
    has_arrived,
    receipt_of,
    until,
)
from tests.ports import free_port

SECRET = "a-word-that-telegram-knows"
PATH = "/telegram"
PORT = "MENTOR_WEBHOOK_PORT"
READY = {"all": "worker: ready", "gateway": "telegram: ready", "worker": "worker: ready"}


@dataclass(slots=True)
class Installation:
    """One database and any number of processes; all of them end with the block."""

    folder: Path
    url: str
    telegram: TelegramProcess
    processes: list[MentorProcess] = field(default_factory=list)
    _ending: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    def new(self, role: str, **environment: str) -> MentorProcess:
        """A process that is not started yet; a gateway gets a port for its webhook."""
        name = f"{role}-{len(self.processes)}"
        one = self._ending.enter_context(
            MentorProcess(self.folder / name, self.folder / f"{name}.log", self.telegram.root)
        )
        one.command = (str(MENTOR), "run", "--role", role)
        one.environment |= {"MENTOR_DATABASE_URL": self.url, **environment}
        if role == "gateway":
            one.environment |= {
                "MENTOR_WEBHOOK_URL": f"https://mentor.example.org{PATH}",
                "MENTOR_WEBHOOK_SECRET": SECRET,
                PORT: str(free_port()),
            }
        self.processes.append(one)
        return one

    async def up(self, role: str, **environment: str) -> MentorProcess:
        """Start one, and wait until it works."""
        one = self.new(role, **environment)
        one.start()
        await self.ready(one)
        return one

    async def ready(self, one: MentorProcess) -> None:
        role = one.command[-1]
        if role in READY:
            await one.saw_in_log(READY[role])
        else:
            await until(lambda: _is_live(one), 30, f"a {role} alive")

    async def lead_to(self, *gateways: MentorProcess) -> None:
        """Let the reverse proxy lead to these."""
        targets = [address_of(one) for one in gateways]
        await self.telegram.ask("route", targets=targets)

    def rows(self, sql: str) -> Sequence[Mapping[str, Any]]:
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            return connection.execute(sql.encode()).fetchall()

    async def has_dealt_with_all(self, within: float) -> None:
        """Wait until Telegram has nothing for us, and nothing is open in inbox or outbox."""
        await self.telegram.has_taken_all(within)

        async def look() -> bool:
            (found,) = await asyncio.to_thread(
                self.rows,
                "select (select count(*) from inbox where state = 'open') + "
                "(select count(*) from outbox where state = 'open') as count",
            )
            return int(found["count"]) == 0

        try:
            await until(look, within, "inbox and outbox settled")
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.told()}") from None

    def told(self) -> str:
        """What stands in the logs and the queue, for the message of a failed wait."""
        said = [f"{one.command[-1]}: {one.ever_said()[-1500:]}" for one in self.processes]
        for sql in (
            "select * from procrastinate_jobs limit 20",
            "select * from procrastinate_workers",
            "select * from leases",
            "select * from inbox where state = 'open' order by seq limit 20",
            "select * from outbox where state = 'open' order by seq limit 20",
        ):
            said += [f"{sql.split()[3]}: {dict(row)}" for row in self.rows(sql)]
        return "\n".join(said)


async def _is_live(one: MentorProcess) -> bool:
    try:
        status, _ = await one.health("/live")
    except httpx.HTTPError:
        return False
    return status == 200


def address_of(gateway: MentorProcess) -> str:
    """Where a gateway takes in posts."""
    return f"http://127.0.0.1:{gateway.environment[PORT]}{PATH}"


def waits(
    said_at: Mapping[str, float], calls: Sequence[Json], rows: Sequence[Mapping[str, Any]]
) -> list[float]:
    """Seconds from each word to its answer, sorted; `rows` have the outbox's key and receipt."""
    arrived = {receipt_of(one["result"]): one["time"] for one in calls if has_arrived(one)}
    return sorted(
        arrived[one["receipt"]] - said_at[one["key"].split(":")[1]]
        for one in rows
        if one["key"].startswith("telegram:") and one["key"].split(":")[1] in said_at
    )


def in_words(found: Sequence[float]) -> str:
    """A line for a log: the middle and the end of what was waited."""
    return f"{len(found)} answers, p50 {statistics.median(found):.2f} s, longest {found[-1]:.2f} s"
