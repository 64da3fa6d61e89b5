"""The queue that wakes workers: Procrastinate, on the installation's own PostgreSQL.

What is to be done stands in the inbox and the outbox. A job only says in which conversation, or for
which address, there is something: one waits for each at most, one runs for each at a time, and
whoever takes it works off all that is there. A job per message would wait for up to ten seconds,
since nobody is woken when a lock becomes free.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import procrastinate
import psycopg
from procrastinate import JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.tasks import Task
from psycopg_pool import PoolTimeout

from bot.bell import Kind, WorkOff
from bot.roles import QUEUE_CONNECTIONS
from learning.errors import MentorError
from store.inbox import Where

log = logging.getLogger("mentor.queue")

# A process that has said nothing for so long is gone, and what it was doing is another's to do.
HEARTBEAT_SECONDS = 1.0
STALLED_SECONDS = 4.0
RESCUE = "*/2 * * * * *"
# What is rung for while its job comes to an end is found by looking so often.
POLL_SECONDS = 1.0
# Most of what is heard with a model waits for it; sends wait for their turn.
JOBS_AT_ONCE = {Kind.HEAR: 64, Kind.SEND: 32}
# What takes longer when a process is asked to stop is begun again by another.
SECONDS_TO_FINISH = 2.0
RESTART_SECONDS = 1.0
MOST_TRIES = 20


class PostgresQueue:
    def __init__(self, url: str) -> None:
        self._app = procrastinate.App(
            connector=PsycopgConnector(
                conninfo=url, min_size=1, max_size=QUEUE_CONNECTIONS, timeout=10.0, name="queue"
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
        self._app.periodic(cron=RESCUE)(
            self._app.task(name="rescue", queueing_lock="rescue", queue="upkeep")(self._rescue)
        )
        self._waiting: dict[tuple[Kind, Where], int] = {}
        self._has_news = asyncio.Event()
        self._is_quiet = asyncio.Event()
        self._is_quiet.set()
        self._ringing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        await self._app.open_async()
        self._ringing = asyncio.create_task(self._ring_on(), name="queue")

    async def close(self) -> None:
        """Ring for all that is to be rung for, and let go of the database."""
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

    @asynccontextmanager
    async def working(
        self, platforms: Sequence[str], hear: WorkOff, send: WorkOff
    ) -> AsyncIterator[None]:
        """Be a worker for these platforms; at the end, let what was begun come to its end."""
        self._work_off = {Kind.HEAR: hear, Kind.SEND: send}
        working = []
        for kind in Kind:
            # Apart, so that a platform that takes nothing holds up nobody who is to be heard.
            queues = [_queue(kind, one) for one in platforms]
            queues += ["upkeep"] if kind is Kind.HEAR else []
            if queues:
                work = self._work_on(kind, queues)
                working.append(asyncio.create_task(work, name=f"worker {kind}"))
        try:
            yield
        finally:
            for one in working:
                one.cancel()
            await asyncio.gather(*working, return_exceptions=True)

    async def _work_on(self, kind: Kind, queues: Sequence[str]) -> None:
        while True:
            try:
                await self._app.run_worker_async(
                    queues=queues,
                    name=kind.value,
                    concurrency=JOBS_AT_ONCE[kind],
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

    def _job(self, kind: Kind) -> Callable[..., Awaitable[None]]:
        async def job(context: JobContext, *, platform: str, lane: str) -> None:
            try:
                await self._work_off[kind](platform, lane, is_again=context.job.attempts > 0)
            except MentorError as error:
                log.warning("%s %s waits: %s", kind, platform, error)
                raise
            except Exception:
                log.exception("%s %s is begun again", kind, platform)
                raise

        return job

    async def _rescue(self, timestamp: int) -> None:  # noqa: ARG002 -- Procrastinate gives it
        """Let somebody else do what a process that is gone was doing."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            log.info("%s: its worker is gone, another takes over", job.task_name)
            await manager.retry_job(job)


def _queue(kind: Kind, platform: str) -> str:
    return f"{kind} {platform}"
