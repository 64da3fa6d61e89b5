"""Notes of the model's for the pushes of one tick, where the operator allows them."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from agent.meter import Meter, metered
from bot.conversation import Conversation
from bot.formulas import readable
from bot.house import House
from bot.safe_words import safe_words
from bot.spending import Spending, set_aside
from store.learners import learner_with
from store.port import Store
from store.script import Script, nothing
from tools.briefing import briefing
from tools.context import Context

log = logging.getLogger("mentor.coaching")

AT_ONCE = 8
# A push hardly waits for a note: whoever has none by then gets the plan without one.
SECONDS_FOR_ALL = 8.0


@dataclass(frozen=True, slots=True)
class Coach:
    store: Store
    house: House
    conversation: Conversation

    async def notes(self, learners: Sequence[int], now: datetime) -> Mapping[int, str]:
        """A note for each of these learners, as far as time and allowance reach."""
        slots = asyncio.Semaphore(AT_ONCE)
        found: dict[int, str] = {}

        async def write(learner: int) -> None:
            async with slots:
                note = await self._note(learner, now)
            if note is not None:
                found[learner] = note

        if learners and self.conversation.has_model and not self.conversation.is_down:
            writing = [asyncio.create_task(write(learner)) for learner in learners]
            await asyncio.wait(writing, timeout=SECONDS_FOR_ALL)
            for one in writing:
                one.cancel()
            for end in await asyncio.gather(*writing, return_exceptions=True):
                if isinstance(end, Exception):
                    log.warning("a note was not written: %s", type(end).__name__)
        return found

    async def _note(self, learner: int, now: datetime) -> str | None:
        context = await self.store.run(self._context, learner, now)
        brief = await self.store.run(briefing, context)
        spending = await self.store.run(set_aside, self.house.allowance, context)
        if not isinstance(spending, Spending):
            return None
        meter = Meter()
        try:
            with metered(meter):
                note = await self.conversation.coach(brief, context.learner.language)
            return safe_words(readable(note), self.house.is_known) if note else None
        finally:
            await self.store.run(spending.settled, partial(nothing, None), meter.usage)

    def _context(self, learner: int, now: datetime) -> Script[Context]:
        found = yield from learner_with(learner)
        return Context(found, self.house.catalogue, found.home, now, has_model=True)
