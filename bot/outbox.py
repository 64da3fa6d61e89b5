"""The outbox at work: sends in order, within budgets, with receipts and retries."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.bell import Bell, Kind
from bot.budgets import Budgets, OwnBudgets, SharedBudgets
from bot.clock import Clock
from bot.counting import SendCounts
from bot.everything import files_of
from bot.message import Message, Picture
from bot.patience import when_storage_works
from bot.pictures.render import NotDrawnError, png_of
from bot.platforms.port import (
    POLL,
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
from store.inbox import Where
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
    unsent_to,
)
from store.personal import everything_of
from store.port import Store
from store.script import Prepared, Script
from tools.cohorts.membership import fall_silent_in
from tools.schedule import fall_silent

log = logging.getLogger("mentor.outbox")

SENDS_AT_ONCE = 8
# Whoever asked waits in front of whoever did not.
ANSWERS_FIRST = 10
# One send is in flight at a time, so that a crash repeats at most one; when it takes longer than
# this another may start, so that a slow chat holds up nobody.
PATIENCE_SECONDS = 0.25
# A send that is under way when the process stops may still end, and be noted.
SECONDS_TO_END = 1.0
LONGEST_PAUSE = 60.0


@dataclass(slots=True)
class _Attempt:
    owed: Owed
    failures: int = 0
    unknown: int = 0


class Outbox:
    """Sends what is owed: each address in order, addresses side by side."""

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        clock: Clock,
        bell: Bell | None = None,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._queues: dict[str, deque[_Attempt]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._draining: dict[str, asyncio.Task[None]] = {}
        self._gates = {name: _Gate() for name in platforms}
        self._bell = bell
        self._budgets: Budgets = (
            OwnBudgets(platforms) if bell is None else SharedBudgets(store, platforms)
        )
        self.on_fatal: Callable[[FatalError], None] | None = None
        self.counts = SendCounts()
        self._is_stopping = False
        self._trying: dict[str, asyncio.Task[float | None]] = {}

    def deliver(self, owed: Sequence[Owed]) -> None:
        """Send deliveries that are on disk, or wake whoever does."""
        if self._bell is None:
            for one in owed:
                self._enqueue(_Attempt(one))
        elif owed:
            pushed: list[Where] = []
            said: list[Where] = []
            for one in owed:
                (pushed if one.kind in PUSHES else said).append((one.platform, one.address))
            self._bell.ring(Kind.SEND, said, priority=ANSWERS_FIRST)
            self._bell.ring(Kind.SEND, pushed)

    async def work_off(self, platform: str, address: str) -> None:
        """Send all that an address is owed, in order."""
        after, lane = 0, f"{platform} {address}"
        try:
            while owed := await self._store.run(unsent_to, platform, address, after):
                after = owed[-1].seq
                for one in owed:
                    self._enqueue(_Attempt(one))
                sending = self._draining.get(lane)
                if sending is not None:
                    await asyncio.wait({sending})
                    sending.result()
        finally:
            # Whoever has the address next finds nobody else at it.
            sending = self._draining.get(lane)
            if sending is not None:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
                trying = self._trying.get(lane)
                await _ended([trying] if trying is not None else [])

    async def take_up_unsent(self) -> int:
        """Send what an earlier run still owed; give the number."""
        count = 0
        for name in self._platforms:
            after = 0
            while batch := await self._store.run(unsent, name, after):
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
        self._draining[lane] = worker
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
            del self._draining[lane]

    async def _send(self, attempt: _Attempt) -> None:
        """Bring one delivery to its end: sent, failed or skipped."""
        owed = attempt.owed
        lane = f"{owed.platform} {owed.address}"
        platform = self._platforms[owed.platform]
        message: Message | None = None
        while True:
            await self._budgets.wait(owed)
            if owed.expires_at is not None and self._clock() >= from_epoch(owed.expires_at):
                self._count(owed, "expired")
                await self._note(partial(skipped, owed.seq, "its time had passed", self._clock()))
                return
            # Not before: of ten thousand that wait, no picture and no file is held in memory.
            message = message or await self._whole_message(platform, owed)
            if message is None:
                await self._note(partial(skipped, owed.seq, "its learner is gone", self._clock()))
                return
            trying = asyncio.create_task(self._try(platform, attempt, message))
            self._trying[lane] = trying
            trying.add_done_callback(lambda _: self._trying.pop(lane))
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

    async def _whole_message(self, platform: Platform, owed: Owed) -> Message | None:
        """The message with its file and picture; what is kept of its learner is read only now.

        None when nothing is kept any more.
        """
        message = Message.from_json(owed.body)
        if message.picture is not None:
            message = await self._with_picture(platform, message, message.picture)
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
        try:
            receipt = await platform.send(owed.address, message, owed.seq)
            turn.hold()
        except RetryLaterError as error:
            self._count(owed, "limited")
            await self._budgets.block(owed, error.after)
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

    async def _note(self, script: Prepared[None]) -> None:
        """Write what became of a delivery; left open it would be sent again after a restart."""
        await when_storage_works(self._store, script, "a receipt")

    def _report(self, error: FatalError) -> None:
        if self.on_fatal is not None:
            self.on_fatal(error)

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
        await _ended(list(self._trying.values()))


async def _ended(tries: Sequence[asyncio.Task[float | None]]) -> None:
    """Let what is leaving leave, and be noted; only for a while."""
    if tries:
        _, unfinished = await asyncio.wait(tries, timeout=SECONDS_TO_END)
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
