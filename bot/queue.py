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
from procrastinate import PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.tasks import Task
from psycopg.errors import RaiseException
from psycopg_pool import PoolTimeout
from typing_extensions import override

from bot.bell import Kind, WorkOff
from learning.errors import MentorError
from store.inbox import Where

log = logging.getLogger("mentor.queue")

# A process that has said nothing for so long is gone, and what it was doing is another's to do.
HEARTBEAT_SECONDS = 1.0
STALLED_SECONDS = 4.0
# The last field are seconds.
RESCUE = "* * * * * */2"
# What is rung for while its job comes to an end is found by looking so often.
POLL_SECONDS = 1.0
# Most of what is heard with a model waits for it; sends wait for their turn.
JOBS_AT_ONCE = {Kind.HEAR: 64, Kind.SEND: 32}
# What takes longer when a process is asked to stop is begun again by another.
SECONDS_TO_FINISH = 2.0
RESTART_SECONDS = 1.0
SECONDS_TO_NOTE = 60.0
# What goes wrong on the way to the database; some of it comes as it is.
_AWAY = (ConnectorException, psycopg.Error, PoolTimeout, TimeoutError)


class _Manager(JobManager):
    """Notes that a job has ended also where the server is away just then.

    Its worker lives on, so nobody would take it for stalled, and its lock would be held for good.
    """

    @override
    async def finish_job_by_id_async(self, job_id: int, status: Status, delete_job: bool) -> None:
        until = asyncio.get_running_loop().time() + SECONDS_TO_NOTE
        while True:
            try:
                await super().finish_job_by_id_async(job_id, status, delete_job)
            except _AWAY as error:
                if isinstance(error.__cause__, RaiseException):
                    # There is no such job any more: it was noted before, or taken from us.
                    return
                if asyncio.get_running_loop().time() > until:
                    raise
                await asyncio.sleep(RESTART_SECONDS / 4)
            else:
                return


class PostgresQueue:
    def __init__(self, url: str, connections: int) -> None:
        self._app = procrastinate.App(
            connector=PsycopgConnector(
                conninfo=url, min_size=1, max_size=connections, timeout=10.0, name="queue"
            )
        )
        self._app.job_manager = _Manager(self._app.connector)
        self._tasks: dict[Kind, Task[Any, Any, Any]] = {}
        self._work_off: dict[Kind, WorkOff] = {}
        self._blame: WorkOff | None = None
        for kind in Kind:
            # The library tries nothing again: a job that is waiting already stands in the way of
            # one that is to wait again.
            self._tasks[kind] = self._app.task(name=kind.value)(self._job(kind))
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
                except _AWAY as error:
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
        self, platforms: Sequence[str], hear: WorkOff, send: WorkOff, blame: WorkOff
    ) -> AsyncIterator[None]:
        self._work_off = {Kind.HEAR: hear, Kind.SEND: send}
        self._blame = blame
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
        async def job(*, platform: str, lane: str) -> None:
            try:
                await self._work_off[kind](platform, lane)
            except asyncio.CancelledError:
                # This process stops, and another goes on.
                self.ring(kind, [(platform, lane)])
                raise
            except Exception as error:
                if isinstance(error, MentorError):
                    log.warning("%s %s waits: %s", kind, platform, error)
                else:
                    log.exception("%s %s is begun again", kind, platform)
                self._ring_later(kind, (platform, lane))

        return job

    def _ring_later(self, kind: Kind, place: Where) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(RESTART_SECONDS, self.ring, kind, [place])

    async def _rescue(self, timestamp: int) -> None:  # noqa: ARG002 -- Procrastinate gives it
        """Let somebody else do what a process that is gone was doing."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await manager.finish_job(job, Status.ABORTED, delete_job=True)
            if job.task_name not in set(Kind):
                continue
            log.info("%s: its worker is gone, another takes over", job.task_name)
            kind, arguments = Kind(job.task_name), job.task_kwargs
            place = (str(arguments["platform"]), str(arguments["lane"]))
            if kind is Kind.HEAR and self._blame is not None:
                await self._blame(*place)
            self.ring(kind, [place])


def _queue(kind: Kind, platform: str) -> str:
    return f"{kind} {platform}"
