"""The queue that wakes workers: Procrastinate, on the installation's own PostgreSQL.

What is to be done stands in the inbox and the outbox. A job only says in which conversation, or for
which address, there is something: one waits for each at most, one runs for each at a time, and
whoever takes it works off all that is there. A job per message would wait for up to ten seconds,
since nobody is woken when a lock becomes free.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import procrastinate
import psycopg
from procrastinate import JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.tasks import Task
from psycopg_pool import PoolTimeout

from bot.bell import Kind, Where

log = logging.getLogger("mentor.queue")

# A process that has said nothing for so long is gone, and what it was doing is another's to do.
HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 6.0
# What is rung for while its job comes to an end is found by looking so often.
POLL_SECONDS = 1.0
JOBS_AT_ONCE = 32
SECONDS_TO_FINISH = 4.0
RESTART_SECONDS = 1.0
# Two that listen, and one that fetches and notes.
CONNECTIONS = 3
MOST_TRIES = 20


class WorkOff(Protocol):
    async def __call__(self, platform: str, lane: str, /, *, is_again: bool) -> None:
        """Do all there is to do; `is_again` when somebody began with it and came to no end."""


class Queue:
    """Rings for workers, and lets this process be one."""

    def __init__(self, url: str) -> None:
        self._app = procrastinate.App(
            connector=PsycopgConnector(
                conninfo=url, min_size=1, max_size=CONNECTIONS, timeout=10.0, name="queue"
            )
        )
        self._tasks: dict[Kind, Task[Any, Any, Any]] = {}
        self._work_off: dict[Kind, WorkOff] = {}
        for kind in Kind:
            self._tasks[kind] = self._app.task(
                name=kind.value,
                retry=RetryStrategy(max_attempts=MOST_TRIES, wait=1),
                pass_context=True,
            )(self._job(kind))
        # With a queueing lock alone: behind a lock it would wait for the very job it is to free.
        self._app.periodic(cron="*/5 * * * * *")(
            self._app.task(name="rescue", queueing_lock="rescue", queue="upkeep")(self._rescue)
        )
        self._waiting: dict[tuple[Kind, Where], int] = {}
        self._has_news = asyncio.Event()
        self._is_quiet = asyncio.Event()
        self._is_quiet.set()
        self._ringing: asyncio.Task[None] | None = None
        self._working: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        await self._app.open_async()
        self._ringing = asyncio.create_task(self._ring_on(), name="queue")

    async def close(self) -> None:
        """Ring for all that is to be rung for, let jobs end, and let go of the database."""
        await self._stop_working()
        if self._ringing is not None:
            try:
                async with asyncio.timeout(RESTART_SECONDS):
                    await self._is_quiet.wait()
            except TimeoutError:
                log.info("what was not rung for is found by whoever looks round next")
            self._ringing.cancel()
            await asyncio.gather(self._ringing, return_exceptions=True)
        await self._app.close_async()

    # Ringing -------------------------------------------------------------------------------------

    def ring(self, kind: Kind, places: Sequence[Where], priority: int = 0) -> None:
        for place in places:
            self._is_quiet.clear()
            self._waiting[kind, place] = max(priority, self._waiting.get((kind, place), priority))
        self._has_news.set()

    async def _ring_on(self) -> None:
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            while self._waiting:
                (kind, place), priority = next(iter(self._waiting.items()))
                try:
                    await self._ring_once(kind, place, priority)
                except (ConnectorException, psycopg.Error, PoolTimeout, TimeoutError) as error:
                    log.warning("nobody can be woken yet: %s", type(error).__name__)
                    await asyncio.sleep(RESTART_SECONDS)
                    continue
                self._waiting.pop((kind, place), None)
            self._is_quiet.set()

    async def _ring_once(self, kind: Kind, place: Where, priority: int) -> None:
        platform, lane = place
        name = f"{kind} {platform} {lane}"
        job = self._tasks[kind].configure(
            queue=_queue(kind, platform), lock=name, queueing_lock=name, priority=priority
        )
        try:
            await job.defer_async(platform=platform, lane=lane)
        except AlreadyEnqueued:
            # It has not begun, so it will see what is there now.
            log.debug("rung for already")

    # Working -------------------------------------------------------------------------------------

    def work(self, platforms: Sequence[str], hear: WorkOff, send: WorkOff) -> None:
        """Be a worker for these platforms, until closed."""
        self._work_off = {Kind.HEAR: hear, Kind.SEND: send}
        for kind in Kind:
            # Apart, so that a platform that takes nothing holds up nobody who is to be heard.
            queues = [_queue(kind, one) for one in platforms]
            queues += ["upkeep"] if kind is Kind.HEAR else []
            self._working.append(
                asyncio.create_task(self._work_on(kind, queues), name=f"worker {kind}")
            )

    async def _work_on(self, kind: Kind, queues: Sequence[str]) -> None:
        while True:
            try:
                await self._app.run_worker_async(
                    queues=queues,
                    name=kind.value,
                    concurrency=JOBS_AT_ONCE,
                    wait=True,
                    fetch_job_polling_interval=POLL_SECONDS,
                    shutdown_graceful_timeout=SECONDS_TO_FINISH,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            except Exception as error:  # noqa: BLE001 -- whatever it is, others wait to be answered
                log.warning("the queue is taken up again: %s", type(error).__name__)
            await asyncio.sleep(RESTART_SECONDS)

    async def _stop_working(self) -> None:
        for one in self._working:
            one.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)
        self._working.clear()

    def _job(self, kind: Kind) -> Callable[..., Awaitable[None]]:
        async def job(context: JobContext, *, platform: str, lane: str) -> None:
            await self._work_off[kind](platform, lane, is_again=context.job.attempts > 0)

        return job

    async def _rescue(self, timestamp: int) -> None:  # noqa: ARG002 -- Procrastinate gives it
        """Let somebody else do what a process that is gone was doing."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            log.info("%s: its worker is gone, another takes over", job.task_name)
            await manager.retry_job(job)


def _queue(kind: Kind, platform: str) -> str:
    return f"{kind} {platform}"
