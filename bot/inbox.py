"""The inbox at work: updates go to disk, then through one lane for each conversation."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from bot import patience
from bot.answering import AlreadyDealtWithError, Answered
from bot.bell import Bell, Kind
from bot.clock import Clock
from bot.counting import TurnCounts
from bot.message import Message
from bot.outbox import Outbox
from bot.patience import when_storage_works
from bot.platforms.port import Did, Event, Platform, UnreadableEventError
from bot.stopping import Shown, Stop, is_stop
from bot.texts import language_of, texts_in
from bot.turns import Turns
from store.errors import StorageBrokenError, StorageClosedError, StorageFullError
from store.inbox import (
    MOST_TRIES,
    Arrival,
    Received,
    blame_first,
    newest_of_lanes,
    open_in_lane,
    park,
    park_unreadable,
    receive,
    try_again,
    unfinished,
)
from store.outbox import Delivery, Owed, owe
from store.script import Script

log = logging.getLogger("mentor.inbox")


# So many conversations are answered at the same time; the others wait their turn.
LANES_AT_ONCE = 16
# Meanwhile so many may wait for a model, which takes seconds and little of ours.
TALKS_AT_ONCE = 64
# Bytes of an update that may say stop; a longer one says more than that.
LONGEST_STOP = 4096
# A worker that is answering looks so often whether more was said.
SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An update in its lane; `since` is of the loop's clock."""

    received: Received
    is_left_over: bool
    since: float


class Inbox:
    """Takes updates in, keeps each conversation's order, and answers many at once."""

    def __init__(
        self,
        turns: Turns,
        outbox: Outbox,
        platforms: Mapping[str, Platform],
        clock: Clock,
        bell: Bell | None = None,
    ) -> None:
        self._turns = turns
        self._store = turns.store
        self._outbox = outbox
        self._platforms = platforms
        self._clock = clock
        self._bell = bell
        self._lanes: dict[str, deque[_Waiting]] = {}
        self._draining: dict[str, asyncio.Task[None]] = {}
        self._answering: dict[str, Stop] = {}
        self._stops: dict[int, Stop] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(LANES_AT_ONCE)
        self._talks = asyncio.Semaphore(TALKS_AT_ONCE)
        self.on_due: Callable[[datetime], None] | None = None
        self.on_answer: Callable[[Answered], Awaitable[None]] | None = None
        self.counts = TurnCounts()

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Put updates on disk and start on those that are new, or wake whoever does.

        Raises:
            StorageFullError: when they could not be written; they must be offered again.
        """
        new = await self._store.run(receive, arrivals, self._clock())
        if self._bell is not None:
            # Also for what is known: whoever offered it first may have ended before it rang.
            self._bell.ring(Kind.HEAR, [(one.platform, one.lane) for one in arrivals])
            return
        for received in new:
            self._enqueue(received, is_left_over=False)

    async def work_off(self, platform: str, lane: str) -> None:
        """Deal with all that waits in a conversation, and with what comes meanwhile, in order."""
        after, name = 0, f"{platform}:{lane}"
        try:
            while True:
                found = await self._store.run(open_in_lane, platform, lane, after)
                for received in found:
                    self._enqueue(received, is_left_over=False)
                after = found[-1].seq if found else after
                working = self._draining.get(name)
                if working is None:
                    if not found:
                        return
                    continue
                # Words that come meanwhile may end the answer that is being written.
                await asyncio.wait({working}, timeout=SECONDS_BETWEEN_LOOKS)
                if working.done():
                    working.result()
        finally:
            # Whoever has the conversation next finds nobody else at it.
            working = self._draining.get(name)
            if working is not None:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)

    async def blame(self, platform: str, lane: str) -> None:
        """Note that a process was killed while it was at a conversation."""
        await self._store.run(blame_first, platform, lane)

    async def refuse(self, platform: str, event: str, note: str) -> None:
        await self._store.run(park_unreadable, platform, event, note, self._clock())

    async def newest(self, platform: str) -> Mapping[str, str]:
        return await self._store.run(newest_of_lanes, platform)

    async def take_up_unfinished(self) -> int:
        """Start on what an earlier run accepted but did not finish; give the number."""
        count = 0
        for name in self._platforms:
            for received in await self._store.run(unfinished, name):
                self._enqueue(received, is_left_over=True)
                count += 1
        return count

    def _enqueue(self, received: Received, *, is_left_over: bool) -> None:
        arrival = received.arrival
        lane = f"{arrival.platform}:{arrival.lane}"
        waiting = _Waiting(received, is_left_over, asyncio.get_running_loop().time())
        if lane in self._lanes:
            self._heed(received, lane)
            self._lanes[lane].append(waiting)
            return
        self._lanes[lane] = deque([waiting])
        worker = asyncio.create_task(self._drain(lane), name=f"lane {lane}")
        self._draining[lane] = worker
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    def _heed(self, received: Received, lane: str) -> None:
        """Let a stop end the answer that is being written; other words wait their turn."""
        answering = self._answering.get(lane)
        if answering is None or len(received.arrival.raw) > LONGEST_STOP:
            return
        try:
            event = self._platforms[received.arrival.platform].read(received.arrival.raw)
        except UnreadableEventError:
            return
        if event.did is Did.SAID and is_stop(event.text):
            answering.say()
            self._stops[received.seq] = answering

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[None]:
        """Let another lane work while this one waits for a model."""
        self._slots.release()
        try:
            async with self._talks:
                yield
        finally:
            await self._slots.acquire()

    async def _drain(self, lane: str) -> None:
        waiting = self._lanes[lane]
        try:
            while waiting:
                async with self._slots:
                    await self._deal_with(waiting[0])
                waiting.popleft()
        finally:
            del self._lanes[lane]
            del self._draining[lane]

    async def _deal_with(self, waiting: _Waiting) -> None:
        outcome = await self._end(waiting.received, is_left_over=waiting.is_left_over)
        took = asyncio.get_running_loop().time() - waiting.since
        self.counts.add(waiting.received.arrival.platform, outcome, took)

    async def _end(
        self, received: Received, *, is_left_over: bool
    ) -> Literal["answered", "parked"]:
        """Deal with one update for good: answered, parked, or kept until storage works."""
        tries = received.tries
        if is_left_over:
            tries = await when_storage_works(
                self._store, lambda: try_again(received.seq), "an update"
            )
        if tries > MOST_TRIES:
            await self._park(received, None, "it stopped the process too often")
            return "parked"
        platform = self._platforms[received.arrival.platform]
        try:
            event = platform.read(received.arrival.raw)
        except UnreadableEventError as error:
            await self._park(received, None, str(error))
            return "parked"
        while True:
            try:
                await self._answer(received, event, platform)
            except (StorageFullError, StorageBrokenError) as error:
                log.error("an answer waits: %s", error)  # noqa: TRY400 -- it names the remedy
                await asyncio.sleep(patience.PAUSE_SECONDS)
                continue
            except AlreadyDealtWithError:
                pass
            except StorageClosedError:
                raise
            except Exception as error:
                log.exception("update %s parked", received.seq)
                await self._park(received, event, type(error).__name__)
                return "parked"
            return "answered"

    async def _answer(self, received: Received, event: Event, platform: Platform) -> None:
        is_in_group = event.group != ""
        if event.did is Did.PRESSED and not is_in_group:
            self._aside(platform.acknowledge(event))
        ended = self._stops.pop(received.seq, None)
        if ended is not None and ended.was_heard:
            # The answer that it ended says so.
            await self._turns.close(received, self._clock())
            return
        arrival = received.arrival
        lane = f"{arrival.platform}:{arrival.lane}"
        stop = self._answering[lane] = Stop()
        for waiting in islice(self._lanes[lane], 1, None):
            self._heed(waiting.received, lane)
        shown = Shown(platform.draft(event.address) if event.did is Did.SAID else None)
        busy = asyncio.create_task(_busy_until(shown, platform, event)) if shown.draft else None
        try:
            answered = await self._turns.take(
                received,
                event,
                self._clock(),
                shown,
                stop,
                self._lent,
                platform.fetch,
                platform.is_administrator,
            )
        finally:
            del self._answering[lane]
            if busy is not None:
                busy.cancel()
            await shown.end()
        if event.did is Did.PRESSED and is_in_group:
            # What is shown to the presser alone can only be shown once.
            self._aside(platform.acknowledge(event, answered.notice))
        self._outbox.deliver(answered.owed)
        if answered.talked is not None:
            self._aside(self._turns.windows.look_back(answered, self._clock()))
        if answered.due_at is not None and self.on_due is not None:
            self.on_due(answered.due_at)
        if self.on_answer is not None:
            await self.on_answer(answered)

    def _aside(self, work: Awaitable[None]) -> None:
        """Do something nobody waits for, such as stopping a button's spinner."""
        task = asyncio.ensure_future(work)
        self._workers.add(task)
        task.add_done_callback(self._workers.discard)

    async def _park(self, received: Received, event: Event | None, note: str) -> None:
        """Put an update aside for the operator, and tell the person once."""
        now = self._clock()
        if event is not None and event.did is Did.PRESSED and event.group:
            texts = texts_in(language_of(event.language, self._turns.house.language))
            platform = self._platforms[received.arrival.platform]
            self._aside(platform.acknowledge(event, texts.label("snippets.parked")))

        def script() -> Script[Sequence[Owed]]:
            yield from park(received.seq, note, now)
            if event is None or not event.is_private:
                return ()
            language = language_of(event.language, self._turns.house.language)
            message = Message(texts_in(language).say("snippets.parked"))
            return (
                yield from owe(
                    [
                        Delivery(
                            key=f"{received.arrival.platform}:{received.arrival.event}:parked",
                            platform=received.arrival.platform,
                            address=event.address,
                            learner=None,
                            kind="answer",
                            body=message.to_json(),
                        )
                    ],
                    now,
                )
            )

        owed = await when_storage_works(self._store, script, "an update")
        self._outbox.deliver(owed)

    @property
    def is_idle(self) -> bool:
        return not self._workers

    async def drained(self, seconds: float) -> bool:
        """Wait until everything accepted is dealt with; False when time ran out."""
        if self._workers:
            await asyncio.wait(set(self._workers), timeout=seconds)
        return self.is_idle

    async def stop(self) -> None:
        """Leave what is not finished to the next run; nothing of it is half done."""
        for worker in set(self._workers):
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._turns.stop()


async def _busy_until(shown: Shown, platform: Platform, event: Event) -> None:
    """Show that an answer is being written when it takes longer than a blink, until it shows."""
    await asyncio.sleep(1.0)
    while not shown.words:
        await platform.show_busy(event.address)
        await asyncio.sleep(4.5)
