"""The process: everything put together, started in order, and stopped without losing a word."""

import asyncio
import fcntl
import gc
import logging
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from bot.bell import Queue, Rounds
from bot.clock import Clock
from bot.coaching import Coach
from bot.cohorts.clockwork import Gatherings
from bot.commands import task_ids_of
from bot.corrections import remark_and_tell
from bot.counting import LoopLag
from bot.health import Health
from bot.house import House, Keeper
from bot.inbox import Inbox
from bot.loading import LoadedLater
from bot.outbox import Outbox
from bot.platforms.port import FatalError, Platform
from bot.pushes import Pushes
from bot.roles import TICKER_LEASE, Connections, Lease, Role
from bot.scheduler import Ticker
from bot.scrubbing import scrub
from bot.settings import CODE_HOURS, LOOPBACK, Settings
from bot.turns import Turns
from learning.catalogue import Catalogue
from learning.errors import MentorError
from store.budgets import forget_full_budgets
from store.errors import StorageBrokenError, StorageFullError
from store.figures import figures
from store.inbox import beat
from store.port import Store
from store.retention import retention_jobs
from store.sqlite import SqliteStore
from store.usage import free_reserved
from tools.allowance import Allowance

log = logging.getLogger("mentor")

# Docker kills after ten seconds; by then everything must be on disk and closed.
SECONDS_TO_ANSWER = 4.0
SECONDS_TO_SEND = 1.5
PLATFORM_RESTART_SECONDS = 5.0


class AlreadyRunningError(MentorError):
    """Another mentor uses this data folder."""


def house_of(catalogue: Catalogue, settings: Settings) -> House:
    allowed = settings.allowed | settings.operators if settings.allowed else frozenset[str]()
    return House(
        catalogue,
        settings.language,
        settings.zone,
        allowed,
        numbers_choose=frozenset({"console"}),
        task_ids=task_ids_of(catalogue),
        operators=settings.operators,
        allowed_groups=settings.allowed_groups,
        allowance=settings.allowance,
        keeper=Keeper(
            settings.contact,
            settings.model_hosts,
            settings.code_hours,
            settings.minimum_age,
            settings.talk_days,
        ),
    )


def open_store(settings: Settings) -> Store:
    """Open the installation's database, making its tables and its folder if need be.

    Raises:
        StorageBrokenError: when the folder or file cannot be used.
        StorageFullError: when there is no room.
    """
    folder = settings.data_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageBrokenError(
            f"{folder}: expected a folder this account may make, found: {error.strerror}. "
            "Make it and give it to this account (mkdir, chown), or set MENTOR_DATA_DIR."
        ) from error
    if settings.database_url is None:
        return SqliteStore(settings.database)
    # Most installations have no server, and need not load what speaks to one.
    from store.postgres import PostgresStore  # noqa: PLC0415

    shared_out = Connections(settings.database_connections)
    return PostgresStore(settings.database_url.reveal(), connections=shared_out.store)


def open_queue(settings: Settings) -> Queue | None:
    """What wakes the processes that share a server; None for the one that has a file."""
    if settings.database_url is None:
        return None
    from bot.queue import PostgresQueue  # noqa: PLC0415 -- as above

    shared_out = Connections(settings.database_connections)
    return PostgresQueue(settings.database_url.reveal(), shared_out.queue)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a data folder for one process.

    Raises:
        AlreadyRunningError: when another process holds it.
    """
    with (folder / "mentor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            found = lock.read().strip() or "unknown"
            raise AlreadyRunningError(
                f"{folder}: expected to be the only mentor here, found process {found}. "
                "Stop it, or set MENTOR_DATA_DIR to another folder."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@dataclass(slots=True)
class Process:
    """A running mentor on one store, with any number of platforms.

    With a queue others may run beside it on the same store, and `role` is its part of the work.
    """

    store: Store
    house: House
    platforms: Mapping[str, Platform]
    clock: Clock
    settings: Settings | None = None
    queue: Queue | None = None
    role: Role = Role.ALL
    outbox: Outbox = field(init=False)
    inbox: Inbox = field(init=False)
    pushes: Pushes = field(init=False)
    gatherings: Gatherings = field(init=False)
    conversation: LoadedLater = field(init=False)
    lag: LoopLag = field(init=False, default_factory=LoopLag)
    _fatal: FatalError | None = field(init=False, default=None)
    _serving: list[asyncio.Task[None]] = field(init=False, default_factory=list)
    _answering: list[asyncio.Task[None]] = field(init=False, default_factory=list)
    _leading: Lease | None = field(init=False, default=None)
    _rounds: Rounds | None = field(init=False, default=None)
    _has_led: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.conversation = LoadedLater(self.store, self.settings)
        self.outbox = Outbox(self.store, self.platforms, self.clock, self.queue)
        turns = Turns(self.store, self.house, self.conversation)
        self.inbox = Inbox(turns, self.outbox, self.platforms, self.clock, self.queue)
        may_note = self.settings is not None and self.settings.coach_notes
        has_coach = may_note and self.conversation.has_model
        coach = Coach(self.store, self.house, self.conversation) if has_coach else None
        self.pushes = Pushes(
            self.store,
            self.house.catalogue,
            self.outbox,
            self.clock,
            coach,
            self.house.operators,
        )
        self.gatherings = Gatherings(self.store, self.house.catalogue, self.outbox, self.clock)
        self.inbox.on_due = self.gatherings.look_at
        if self.queue is not None:
            self._leading = Lease(self.store, "ticker", TICKER_LEASE)
            self._rounds = Rounds(self.store, self.queue, self.clock)

    async def start(self) -> None:
        """Take up what an earlier run left, then let the world in."""
        self.outbox.on_fatal = self._note_fatal
        if self.queue is None:
            await self._take_up()
        else:
            await self.queue.open()
        if self.queue is not None and self.role.answers:
            free = [one for one in self.platforms.values() if not one.is_bound]
            self._answering = [
                asyncio.create_task(self._answer(self.queue, free), name="answering")
            ]
        if self.role.takes_in:
            self._serving = [
                asyncio.create_task(self._serve(one), name=f"intake {one.name}")
                for one in self.platforms.values()
            ]

    async def _take_up(self) -> None:
        """Deal with what an earlier run left; where several run, the queue has kept it."""
        await self._begin_to_lead()
        await self.store.run(free_reserved)
        await self.outbox.take_up_unsent()
        left = await self.inbox.take_up_unfinished()
        if left:
            log.info("%d updates of an earlier run are dealt with now", left)

    async def _begin_to_lead(self) -> None:
        await self._grade_again()
        await self.pushes.begin_weeks()
        self._has_led = True

    async def _grade_again(self) -> None:
        """Grade anew what was answered to items whose answer was corrected since the last run."""
        now = self.clock()
        told = await self.store.run(remark_and_tell, self.house.catalogue, now)
        if told:
            log.info("%d answers were graded again after a correction", told)

    async def _answer(self, queue: Queue, platforms: Sequence[Platform]) -> None:
        """Answer and send for these platforms, whoever takes in for them."""
        ready = [one for one in platforms if await self._opened(one)]
        if platforms and not ready:
            return
        async with self._working(queue, ready):
            log.info("worker: ready")
            await asyncio.Event().wait()

    async def _opened(self, platform: Platform) -> bool:
        try:
            await platform.open_to_send()
        except FatalError as error:
            self._end_badly(platform, error)
            return False
        return True

    def _working(
        self, queue: Queue, platforms: Sequence[Platform]
    ) -> AbstractAsyncContextManager[None]:
        return queue.working(
            [one.name for one in platforms],
            self.inbox.work_off,
            self.outbox.work_off,
            self.inbox.blame,
        )

    async def _serve(self, platform: Platform) -> None:
        """Take in a platform's updates; where several could and one may, wait to be the one."""
        queue = self.queue
        if queue is None or not platform.is_exclusive:
            await self._take_in(platform)
            return

        async def alone() -> None:
            async with AsyncExitStack() as stack:
                if platform.is_bound:
                    await stack.enter_async_context(self._working(queue, [platform]))
                await self._take_in(platform)

        await Lease(self.store, f"intake {platform.name}").while_held(alone)

    async def _take_in(self, platform: Platform) -> None:
        """Take in a platform's updates; only what is fatal for it, or its end, ends it."""
        while True:
            try:
                await platform.open()
                log.info("%s: ready", platform.name)
                await platform.take_in(self.inbox)
            except FatalError as error:
                self._end_badly(platform, error)
                return
            except Exception:
                # A fault of one platform must not silence the others, nor end in silence itself.
                log.exception("%s: starts anew in %s s", platform.name, PLATFORM_RESTART_SECONDS)
                await platform.close()
                await asyncio.sleep(PLATFORM_RESTART_SECONDS)
            else:
                return

    def _end_badly(self, platform: Platform, error: FatalError) -> None:
        self._note_fatal(error)
        log.error("%s: %s", platform.name, error)

    def _note_fatal(self, error: FatalError) -> None:
        self._fatal = error

    async def served(self) -> FatalError | None:
        """Wait until every platform has ended; give what ended the last one badly.

        A process that takes nothing in ends when it cannot answer, and a ticker never.
        """
        working = self._serving or self._answering
        if not working:
            await asyncio.Event().wait()
        await asyncio.gather(*working)
        return self._fatal

    async def settled(self) -> None:
        """Wait until all that was said is answered, and the answers are sent."""
        await self.inbox.drained(120)
        await self.outbox.drained(120)

    async def tick(self) -> None:
        """Speak first wherever somebody is owed it now: learners, then groups.

        Of several processes that tick one leads, and sees to it that nobody is forgotten.
        """
        try:
            if not await self._leads():
                return
            if not self._has_led:
                await self._begin_to_lead()
            await self.pushes.tick()
            await self.gatherings.tick()
            if self._rounds is not None:
                await self._rounds.look()
        except (StorageFullError, StorageBrokenError) as error:
            log.error("what is due waits: %s", error)  # noqa: TRY400 -- it names the remedy

    async def _leads(self) -> bool:
        if not self.role.ticks or (self._leading is not None and not await self._leading.take()):
            self._has_led = False
            return False
        if self._leading is not None and not self._has_led:
            log.info("ticker: leads")
        return True

    async def tidy(self) -> None:
        """Delete what is kept for a time only, and see to what operators are told."""
        if not await self._leads():
            return
        await self.pushes.begin_weeks()
        if self.queue is not None:
            await self.store.run(free_reserved)
            await self.store.run(forget_full_budgets)
        hours = self.settings.code_hours if self.settings is not None else CODE_HOURS
        code_kept = timedelta(hours=hours) if hours is not None else None
        days = self.settings.talk_days if self.settings is not None else None
        talk_kept = timedelta(days=days) if days is not None else None
        for job in retention_jobs(self.clock(), code_kept, talk_kept):
            await self.store.run(job)
        await scrub(self.store, self.clock(), is_tidying=True)

    async def is_ready(self) -> str | None:
        """What keeps the mentor from working, in one word, or None."""
        try:
            async with asyncio.timeout(3):
                # A rehearsal would never reach the disk.
                await self.store.run(beat, self.clock())
        except TimeoutError:
            return "database does not answer"
        except MentorError as error:
            return str(error)
        return None

    async def metrics(self) -> bytes:
        """The figures of this run, as Prometheus reads them."""
        # Whoever watches nothing needs no library for it.
        from bot.metrics import Snapshot, metrics_text  # noqa: PLC0415

        now = self.clock()
        allowed = self.settings.allowance if self.settings is not None else Allowance()
        limits = {"day": allowed.day, "month": allowed.month}
        return metrics_text(
            Snapshot(
                self.inbox.counts,
                self.outbox.counts,
                await self.store.run(figures, now),
                {period: limit for period, limit in limits.items() if limit is not None},
                self.conversation.is_down if self.conversation.has_model else None,
                self.lag.take(),
                await self.store.size(),
                version("mentor"),
                allowed.price,
            )
        )

    async def stop(self) -> None:
        """Stop taking in, answer what was accepted, send what is owed; the rest stays on disk."""
        self.gatherings.stop()
        working = [*self._serving, *self._answering]
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await self.inbox.drained(SECONDS_TO_ANSWER)
        await self.inbox.stop()
        await self.outbox.drained(SECONDS_TO_SEND)
        await self.outbox.stop()
        await self.conversation.close()
        for platform in self.platforms.values():
            await platform.close()
        if self.queue is not None:
            await self._give_up_leading()
            await self.queue.close()
        self.store.close()

    async def _give_up_leading(self) -> None:
        if self._leading is not None and self.role.ticks:
            try:
                await self._leading.give_up()
            except MentorError as error:
                log.info("another process ticks soon: %s", error)


async def run_until_stopped(process: Process, health_port: int | None) -> FatalError | None:
    """Run with pushes and health until a signal comes; a second signal ends it at once."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping.is_set():
            os._exit(1)
        stopping.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop)
    ticker = Ticker(process.tick, process.tidy, process.clock()) if process.role.ticks else None
    health = watching = None
    if health_port:
        host = process.settings.health_host if process.settings else LOOPBACK
        health = Health(health_port, process.is_ready, process.metrics, host)
        watching = asyncio.create_task(process.lag.watch(), name="loop lag")
    await process.start()
    if health is not None:
        await health.start()
    if ticker is not None:
        ticker.start()
        # What ended while nobody ran is not kept waiting for the first tick.
        process.gatherings.look_at(process.clock())
    loading = asyncio.ensure_future(_loaded(process))
    loading.add_done_callback(lambda _: _keep_for_good())
    ended = asyncio.create_task(process.served())
    await asyncio.wait(
        {ended, asyncio.create_task(stopping.wait())}, return_when=asyncio.FIRST_COMPLETED
    )
    if ticker is not None:
        ticker.stop()
    if health is not None and watching is not None:
        watching.cancel()
        await health.stop()
    fatal = ended.result() if ended.done() else None
    await process.stop()
    await asyncio.wait({loading}, timeout=0.5)
    return fatal


async def _loaded(process: Process) -> None:
    """What answers has what it needs at hand before somebody asks."""
    if process.role.answers or any(one.is_bound for one in process.platforms.values()):
        await process.conversation.start_loading()


def _keep_for_good() -> None:
    """Let the collector pass over what is loaded by now; walking it holds up all for 0.15 s."""
    gc.collect()
    gc.freeze()
    gc.enable()


def names(platforms: Sequence[Platform]) -> dict[str, Platform]:
    return {one.name: one for one in platforms}
