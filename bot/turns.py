"""A turn: one event, and everything that follows from it in one transaction.

Where work has to be awaited for the answer, a transaction before it only reads.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from agent.meter import Meter, metered
from bot.answering import AlreadyDealtWithError, Answered, Answering, RefusedInGroupError
from bot.code_review.process import Reviewer
from bot.conversation import Conversation
from bot.hearing import hear
from bot.house import House
from bot.platforms.port import Event
from bot.scrubbing import scrub
from bot.spending import Spending, set_aside
from bot.stopping import Shown, Stop
from bot.windows import Windows
from bot.work import Decides, Fetch, Means, Work, no_files, nobody_decides
from learning.code_review.rulebook import ruff_codes
from learning.errors import MentorError, Refused
from store.errors import StorageError
from store.inbox import Received, close
from store.port import Store
from store.script import Prepared, Script, nothing
from store.usage import Limit, Usage

T = TypeVar("T")
# So long after a review the next one comes without the start of a process.
SECONDS_READY = 300.0

Waiting = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Begun:
    """A turn whose work is to be awaited, and the tokens set aside for it.

    `full` is the limit by which the model may not be asked any more.
    """

    work: Work
    spending: Spending | None = None
    full: Limit | None = None

    def settled(self, script: Prepared[T], usage: Usage) -> Script[T]:
        return self.spending.settled(script, usage) if self.spending else script()


class Turns:
    """Takes events one by one; `windows` looks after what a model remembers of them."""

    def __init__(self, store: Store, house: House, conversation: Conversation) -> None:
        self.store = store
        self.house = house
        self.conversation = conversation
        self.windows = Windows(store, house, conversation)
        codes = ruff_codes(house.catalogue.review_rules.values())
        self.reviewer = Reviewer(codes, seconds_ready=SECONDS_READY)

    async def stop(self) -> None:
        await self.reviewer.close()

    async def take(
        self,
        received: Received,
        event: Event,
        now: datetime,
        shown: Shown | None = None,
        stop: Stop | None = None,
        waiting: Waiting = nullcontext,
        fetch: Fetch = no_files,
        decides: Decides = nobody_decides,
    ) -> Answered:
        """Deal with one event; what it changes, its answer and its end are one transaction.

        `shown` is given a model's answer as it grows; `stop` ends it where it is. `waiting` is
        entered for as long as work is awaited, `fetch` gives a file that was sent, and `decides`
        says who may decide for a group.
        """
        talks = self.conversation
        answering = Answering(self.house, received, event, now, has_model=talks.has_model)
        may_ask = talks.has_model and not talks.is_down
        means = Means(talks, shown or Shown(), stop or Stop(), self.reviewer, fetch, decides)
        try:
            begun = await self.store.run(self._begun, partial(hear, answering), may_ask=may_ask)
        except (StorageError, AlreadyDealtWithError):
            raise
        except MentorError as error:
            return await self.store.run(answering.refuse, error)
        while isinstance(begun, Begun):
            begun = await self._done(begun, answering, means, waiting, may_ask=may_ask)
        if begun.has_forgotten:
            await scrub(self.store, now, is_tidying=False)
        return begun

    def _begun(
        self, script: Prepared[Answered | Work], *, may_ask: bool
    ) -> Script[Answered | Begun]:
        """Run a script, and set aside tokens for the work that it leaves to be awaited."""
        wanted = yield from script()
        if isinstance(wanted, Answered):
            return wanted
        if not may_ask or not wanted.asks_model:
            # Of what nobody is asked, nothing counts.
            return Begun(wanted)
        spending = yield from set_aside(self.house.allowance, wanted.context)
        if isinstance(spending, Spending):
            return Begun(wanted, spending)
        return Begun(wanted, full=spending)

    async def _done(
        self, begun: Begun, answering: Answering, means: Means, waiting: Waiting, *, may_ask: bool
    ) -> Answered | Begun:
        """Await a turn's work and run the script that ends it, or leads to the next."""
        meter = Meter()
        try:
            async with waiting():
                with metered(meter):
                    done = await begun.work.done(replace(means, full=begun.full))
            script = partial(begun.settled, done.script, meter.usage)
            try:
                return await self.store.run(self._begun, script, may_ask=may_ask)
            except (Refused, RefusedInGroupError) as error:
                refused = partial(answering.refuse, error, done.calls)
                return await self.store.run(begun.settled, refused, meter.usage)
        except Exception:
            # The turn is tried again or given up; what it set aside must not stay so.
            await self.store.run(begun.settled, partial(nothing, None), meter.usage)
            raise

    async def close(self, received: Received, now: datetime) -> None:
        """End an event that needs no answer of its own."""
        await self.store.run(close, received.seq, now)
