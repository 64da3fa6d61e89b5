"""Conversations that have grown too long for a model are cut, and what falls out is summed up."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from agent.meter import Meter, metered
from bot.answering import Answered
from bot.conversation import Conversation
from bot.house import House
from bot.spending import Spending, set_aside
from store.conversation import cut_window, outgrown
from store.port import Store
from tools.context import Context


@dataclass(frozen=True, slots=True)
class Windows:
    store: Store
    house: House
    conversation: Conversation
    # Each address and learner whose window is being cut.
    _looking_back: set[tuple[str, int]] = field(default_factory=set, repr=False, compare=False)

    async def look_back(self, answered: Answered, now: datetime) -> None:
        """Cut the window of a conversation that has grown too long, and sum up what falls out.

        One at a time: what has been said meanwhile waits for the next turn.
        """
        context = answered.talked
        if context is None or not self.conversation.has_model:
            return
        place = (context.address, context.learner.id)
        if place in self._looking_back:
            return
        self._looking_back.add(place)
        try:
            await self._cut(context, now)
        finally:
            self._looking_back.discard(place)

    async def _cut(self, context: Context, now: datetime) -> None:
        address, learner = context.address, context.learner
        long = await self.store.run(outgrown, address, learner.id)
        if long is None:
            return
        spending = await self.store.run(set_aside, self.house.allowance, context)
        meter = Meter()
        summary = None
        if isinstance(spending, Spending):
            with metered(meter):
                # Never raises: whatever a model does is its caller's None.
                summary = await self.conversation.summarise(long, learner.language)
        cut = partial(cut_window, address, learner.id, long, summary, now)
        if isinstance(spending, Spending):
            cut = partial(spending.settled, cut, meter.usage)
        await self.store.run(cut)
