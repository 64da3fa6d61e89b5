"""The ticker: APScheduler calls the same two jobs for ever; the database remembers what is due."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

TICK_SECONDS = 20
TIDY_SECONDS = 3600


class Ticker:
    """Runs `tick` often, from `first` on, and `tidy` hourly, each never twice at the same time."""

    def __init__(
        self,
        tick: Callable[[], Awaitable[object]],
        tidy: Callable[[], Awaitable[object]],
        first: datetime,
    ) -> None:
        # A tick that comes late runs once; one that takes long is not overtaken.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        self._scheduler.add_job(
            _until_stopped, "interval", [tick], seconds=TICK_SECONDS, next_run_time=first
        )
        self._scheduler.add_job(_until_stopped, "interval", [tidy], seconds=TIDY_SECONDS)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


async def _until_stopped(job: Callable[[], Awaitable[object]]) -> None:
    # The scheduler stops by cancelling what runs, and would log that as a failure.
    with suppress(asyncio.CancelledError):
        await job()
