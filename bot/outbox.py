"""The outbox at work: sends in order, within budgets, with receipts and retries."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.clock import Clock
from bot.counting import SendCounts
from bot.everything import files_of
from bot.message import Message, Picture
from bot.patience import when_storage_works
from bot.pictures.render import NotDrawnError, png_of
from bot.platforms.port import (
    POLL,
    Budget,
    FatalError,
    GoneError,
    MovedError,
    NotSentError,
    Platform,
    RejectedError,
    RetryLaterError,
    UnknownOutcomeError,
)
from store.cohorts import cohort_at
from store.learners import from_epoch
from store.outbox import (
    PUSHES,
    Owed,
    failed,
    keep_shorter,
    move_address,
    sent,
    sent_as_poll,
    skipped,
    unsent,
)
from store.personal import everything_of
from store.script import Script
from store.sqlite import SqliteStore
from tools.cohorts.membership import fall_silent_in
from tools.schedule import fall_silent

log = logging.getLogger("mentor.outbox")

SENDS_AT_ONCE = 8
# One send is in flight at a time, so that a crash repeats at most one; when it takes longer than
# this another may start, so that a slow chat holds up nobody.
PATIENCE_SECONDS = 0.25
# A send that is under way when the process stops may still end, and be noted.
SECONDS_TO_END = 1.0
LONGEST_PAUSE = 60.0


class _Bucket:
    """A token bucket over the event loop's clock."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._free_at = 0.0

    def wait(self, monotonic: float) -> float:
        """Seconds until the next send is allowed."""
        spare = self._budget.interval * (self._budget.burst - 1)
        return max(0.0, self._free_at - spare - monotonic)

    def spend(self, monotonic: float) -> None:
        self._free_at = max(self._free_at, monotonic) + self._budget.interval

    def block(self, until: float) -> None:
        spare = self._budget.interval * (self._budget.burst - 1)
        self._free_at = max(self._free_at, until + spare)

    def is_full(self, monotonic: float) -> bool:
        return self._free_at <= monotonic


@dataclass(slots=True)
class _Attempt:
    owed: Owed
    failures: int = 0
    unknown: int = 0


class Outbox:
    """Sends what is owed: each address in order, addresses side by side."""

    def __init__(self, store: SqliteStore, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._queues: dict[str, deque[_Attempt]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._buckets: dict[str, _Bucket] = {}
        self._gates = {name: _Gate() for name in platforms}
        self._whole = {name: _Bucket(one.budget) for name, one in platforms.items()}
        self.on_fatal: Callable[[FatalError], None] | None = None
        self.counts = SendCounts()
        self._is_stopping = False
        self._trying: set[asyncio.Task[float | None]] = set()

    def deliver(self, owed: Sequence[Owed]) -> None:
        """Send deliveries that are on disk."""
        for one in owed:
            self._enqueue(_Attempt(one))

    async def take_up_unsent(self) -> int:
        """Send what an earlier run still owed; give the number."""
        count = 0
        for name in self._platforms:
            after = 0
            while batch := await self._store.run(unsent(name, after)):
                self.deliver(batch)
                count += len(batch)
                after = batch[-1].seq
        return count

    def _enqueue(self, attempt: _Attempt) -> None:
        if attempt.owed.platform not in self._platforms or self._is_stopping:
            return
        lane = f"{attempt.owed.platform} {attempt.owed.address}"
        if lane in self._queues:
            self._queues[lane].append(attempt)
            return
        self._queues[lane] = deque([attempt])
        worker = asyncio.create_task(self._drain(lane), name=f"outbox {lane}")
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _drain(self, lane: str) -> None:
        waiting = self._queues[lane]
        try:
            while waiting:
                await self._send(waiting[0])
                waiting.popleft()
        finally:
            del self._queues[lane]

    async def _send(self, attempt: _Attempt) -> None:
        """Bring one delivery to its end: sent, failed or skipped."""
        owed = attempt.owed
        platform = self._platforms[owed.platform]
        message = await self._whole_message(owed)
        if message is not None and message.picture is not None:
            message = await self._with_picture(platform, message, message.picture)
        if message is None:
            await self._note(partial(skipped, owed.seq, "its learner is gone", self._clock()))
            return
        while True:
            await self._wait_for_budget(owed)
            if owed.expires_at is not None and self._clock() >= from_epoch(owed.expires_at):
                self._count(owed, "expired")
                await self._note(partial(skipped, owed.seq, "its time had passed", self._clock()))
                return
            trying = asyncio.create_task(self._try(platform, attempt, message))
            self._trying.add(trying)
            trying.add_done_callback(self._trying.discard)
            # What has left is noted, also when the process stops meanwhile.
            pause = await asyncio.shield(trying)
            if pause is None:
                return
            await asyncio.sleep(pause)

    async def _try(self, platform: Platform, attempt: _Attempt, message: Message) -> float | None:
        async with self._gates[attempt.owed.platform].turn() as turn:
            if self._is_stopping:
                return LONGEST_PAUSE
            return await self._try_once(platform, attempt, message, turn)

    async def _whole_message(self, owed: Owed) -> Message | None:
        """The message with its file; all that is kept of its learner is gathered only now.

        None when nothing is kept any more.
        """
        message = Message.from_json(owed.body)
        file = message.attachment
        if file is None or file.format != "everything" or owed.learner is None:
            return message
        kept = await when_storage_works(
            self._store, partial(everything_of, owed.learner), "an export"
        )
        if kept is None:
            return None
        rows = await asyncio.to_thread(files_of, kept, file.at)
        return replace(message, attachment=replace(file, rows=rows))

    async def _with_picture(
        self, platform: Platform, message: Message, picture: Picture
    ) -> Message:
        """The message with its picture drawn; without one, its words say the same."""
        if platform.theme is None:
            return replace(message, picture=None)
        try:
            png = await png_of(picture.svg, picture.theme or platform.theme)
        except NotDrawnError as error:
            log.warning("%s", error)
            return replace(message, picture=None)
        return replace(message, picture=replace(picture, png=png))

    async def _try_once(
        self, platform: Platform, attempt: _Attempt, message: Message, turn: "_Turn"
    ) -> float | None:
        """Send once and note what came of it; the seconds to wait before the next try, if any."""
        owed = attempt.owed
        loop = asyncio.get_running_loop()
        try:
            receipt = await platform.send(owed.address, message, owed.seq)
            turn.hold()
        except RetryLaterError as error:
            self._count(owed, "limited")
            self._bucket(owed).block(loop.time() + error.after)
            return 0.0
        except (NotSentError, UnknownOutcomeError) as error:
            self._count(owed, "unreached")
            attempt.failures += 1
            attempt.unknown += isinstance(error, UnknownOutcomeError)
            # Each unknown outcome may have arrived: once more is kind, for ever is spam.
            if isinstance(error, UnknownOutcomeError) and attempt.unknown > 1:
                log.error("delivery %s given up: %s", owed.seq, error)  # noqa: TRY400
                await self._note(partial(failed, owed.seq, str(error), self._clock()))
                return None
            log.warning("delivery %s on %s waits: %s", owed.seq, platform.name, error)
            return min(LONGEST_PAUSE, 0.5 * float(2 ** min(attempt.failures, 7)))
        except MovedError as error:
            await self._note(partial(move_address, owed.platform, owed.address, error.address))
            attempt.owed = _moved(owed, error.address)
            return 0.0
        except GoneError as error:
            self._count(owed, "gone")
            await self._note(partial(self._gone, owed, str(error)))
            return None
        except RejectedError as error:
            self._count(owed, "rejected")
            log.error("delivery %s rejected: %s", owed.seq, error)  # noqa: TRY400
            await self._note(partial(failed, owed.seq, str(error), self._clock()))
            return None
        except FatalError as error:
            self._report(error)
            return LONGEST_PAUSE
        self._count(owed, "sent")
        await self._note(partial(self._arrived, owed, message, receipt))
        return None

    def _count(self, owed: Owed, outcome: str) -> None:
        kind = "push" if owed.kind in PUSHES else "group" if owed.kind == "group" else "answer"
        self.counts.add(owed.platform, kind, outcome)

    def _arrived(self, owed: Owed, message: Message, receipt: str) -> Script[None]:
        note = sent_as_poll if receipt.startswith(POLL) else sent
        yield from note(owed.seq, receipt, self._clock())
        if '"picture":' in owed.body:
            # Large, and of no more use: what may be asked for again are the buttons.
            yield from keep_shorter(owed.seq, replace(message, picture=None).to_json())

    def _gone(self, owed: Owed, error: str) -> Script[None]:
        """An address that cannot be reached gets no more pushes; its data stays."""
        yield from failed(owed.seq, error, self._clock())
        if owed.learner is not None:
            yield from fall_silent(owed.learner)
        elif owed.kind == "group":
            cohort = yield from cohort_at([owed.address])
            if cohort is not None:
                yield from fall_silent_in(cohort)

    async def _note(self, script: Callable[[], Script[None]]) -> None:
        """Write what became of a delivery; left open it would be sent again after a restart."""
        await when_storage_works(self._store, script, "a receipt")

    def _report(self, error: FatalError) -> None:
        if self.on_fatal is not None:
            self.on_fatal(error)

    async def _wait_for_budget(self, owed: Owed) -> None:
        loop = asyncio.get_running_loop()
        whole = self._whole[owed.platform]
        while True:
            bucket = self._bucket(owed)
            now = loop.time()
            wait = max(bucket.wait(now), whole.wait(now))
            if wait <= 0:
                bucket.spend(now)
                whole.spend(now)
                return
            await asyncio.sleep(wait)

    def _bucket(self, owed: Owed) -> _Bucket:
        lane = f"{owed.platform} {owed.address}"
        if lane not in self._buckets:
            self._forget_full_buckets()
            budget = self._platforms[owed.platform].budget_of(owed.address)
            self._buckets[lane] = _Bucket(budget)
        return self._buckets[lane]

    def _forget_full_buckets(self) -> None:
        """A full bucket says nothing; with many addresses the others are few."""
        if len(self._buckets) < 5000:
            return
        now = asyncio.get_running_loop().time()
        self._buckets = {lane: one for lane, one in self._buckets.items() if not one.is_full(now)}

    async def drained(self, seconds: float) -> bool:
        """Wait until everything owed is sent; False when time ran out."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._workers and loop.time() < end:
            await asyncio.wait(set(self._workers), timeout=max(0.01, end - loop.time()))
        return not self._workers

    async def stop(self) -> None:
        self._is_stopping = True
        for worker in set(self._workers):
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._trying:
            _, unfinished = await asyncio.wait(self._trying, timeout=SECONDS_TO_END)
            for one in unfinished:
                one.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)


def _moved(owed: Owed, address: str) -> Owed:
    return replace(owed, address=address)


class _Gate:
    """Lets one send through at a time, and another when the last one is slow."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(SENDS_AT_ONCE)
        self._patience = asyncio.Semaphore(1)

    def turn(self) -> "_Turn":
        return _Turn(self._slots, self._patience)


class _Turn:
    def __init__(self, slots: asyncio.Semaphore, patience: asyncio.Semaphore) -> None:
        self._slots = slots
        self._patience = patience
        self._holds_patience = False
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> "_Turn":
        await self._slots.acquire()
        try:
            await self._patience.acquire()
        except asyncio.CancelledError:
            self._slots.release()
            raise
        self._holds_patience = True
        self._timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._let_next_in)
        return self

    def hold(self) -> None:
        """Let nobody else begin before what has left is noted: a crash would repeat both."""
        if self._timer is not None:
            self._timer.cancel()

    def _let_next_in(self) -> None:
        if self._holds_patience:
            self._holds_patience = False
            self._patience.release()

    async def __aexit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._let_next_in()
        self._slots.release()
