"""Speaking first in groups: few posts a day, and what has begun comes to its end in time."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.cards import card
from bot.clock import Clock
from bot.cohorts.posting import Post, question_key, round_key
from bot.outbox import Outbox
from bot.texts import texts_in
from learning.calendar import instant
from learning.catalogue import Catalogue
from store.cohorts import (
    CohortDue,
    Happening,
    cohort_with,
    count_members,
    due_cohorts,
    earliest_cohort_due,
    give_back_posts,
    put_off_cohort_clock,
    set_cohort_clock,
    take_cohort_clock,
    take_post,
)
from store.errors import StorageBrokenError, StorageFullError
from store.outbox import Owed, receipt_of_post
from store.port import Store
from store.rounds import rounds_since, untold_misses
from store.script import Script
from tools.cohorts.digest import week_told
from tools.cohorts.explaining import ask_to_explain
from tools.cohorts.focus import end_focus
from tools.cohorts.group import Group
from tools.cohorts.membership import NobodyYet, set_next
from tools.cohorts.pods import ask_to_exchange
from tools.cohorts.questions import ask_daily, go_on_with_battle, reveal_daily, tell_misses
from tools.cohorts.rolls import call_roll

log = logging.getLogger("mentor.cohorts")

DUE_AT_ONCE = 200
# A question that comes half a day late is none of that day's.
CATCH_UP = timedelta(hours=3)
EXPLAIN_ON = 2
# Posts of a day on which question, reveal and digest find room.
WITH_DIGEST = 3
# Ends are kept by a timer when they are near; the tick finds all others.
SOON = timedelta(seconds=90)
LATER = timedelta(hours=24)


@dataclass(slots=True)
class Gatherings:
    """The tick of the groups, and a timer for what ends before the next tick."""

    store: Store
    catalogue: Catalogue
    outbox: Outbox
    clock: Clock
    _timer: asyncio.TimerHandle | None = field(default=None, init=False)
    _ticking: set[asyncio.Task[int]] = field(default_factory=set, init=False)

    async def tick(self) -> int:
        """Do everything that is due, and give the number of posts. Costs one look at an index."""
        made = 0
        tried: set[CohortDue] = set()
        while waiting := await self.store.run(due_cohorts, self.clock(), DUE_AT_ONCE):
            # The end of a round is what its misses wait for; what fails waits for the next tick.
            fresh = [one for one in waiting if one not in tried]
            for one in fresh:
                made += await self._do(one)
            tried.update(fresh)
            if not fresh:
                break
        await self._set_timer()
        return made

    def look_at(self, instant: datetime) -> None:
        """See to it that something is looked after at an instant."""
        seconds = max(0.0, (instant - self.clock()).total_seconds())
        loop = asyncio.get_running_loop()
        at = loop.time() + seconds
        if self._timer is not None and not self._timer.cancelled():
            if loop.time() <= self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = loop.call_at(at, self._begin_tick)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for one in self._ticking:
            one.cancel()

    def _begin_tick(self) -> None:
        self._timer = None
        task = asyncio.ensure_future(self.tick())
        self._ticking.add(task)
        task.add_done_callback(self._ticked)

    def _ticked(self, task: asyncio.Task[int]) -> None:
        self._ticking.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("groups: a tick failed: %s", type(task.exception()).__name__)

    async def _set_timer(self) -> None:
        earliest = await self.store.run(earliest_cohort_due)
        if earliest is not None and earliest - self.clock() <= SOON:
            self.look_at(earliest)

    async def _do(self, one: CohortDue) -> int:
        now = self.clock()
        try:
            if one.happening is Happening.TELL:
                await self._tell(one, now)
                return 0
            owed = await self.store.run(happened, self.catalogue, one, now)
        except (StorageFullError, StorageBrokenError) as error:
            log.error("storage: %s", error)  # noqa: TRY400 -- the text names place and remedy
            return 0
        except Exception:
            # One group's trouble must not come back every tick, nor hold up the others.
            log.exception("%s of cohort %s left out for a day", one.happening, one.cohort)
            later = max(one.due_at + LATER, now)
            await self.store.run(put_off_cohort_clock, one, later)
            return 0
        self.outbox.deliver(owed)
        return len(owed)

    async def _tell(self, one: CohortDue, now: datetime) -> None:
        """Put what was missed into its owners' decks, one after the other: each is kept once."""
        cohort = await self.store.run(cohort_with, one.cohort)
        group = Group(cohort, self.catalogue, now)
        for learner in await self.store.run(untold_misses, cohort.id):
            try:
                await self.store.run(tell_misses, group, learner)
            except LookupError as error:
                # Erased meanwhile, for one; the others are told all the same.
                log.warning("misses of learner %s were not told: %s", learner, error)
        await self.store.run(take_cohort_clock, one)


def happened(catalogue: Catalogue, one: CohortDue, now: datetime) -> Script[tuple[Owed, ...]]:
    """Do what a cohort is owed, and set its clock; both or neither."""
    if not (yield from take_cohort_clock(one)):
        return ()
    cohort = yield from cohort_with(one.cohort)
    group = Group(cohort, catalogue, now)
    maker = _MAKERS[one.happening]
    post = yield from maker(group, one)
    if post is None:
        return ()
    return (yield from post.owe(now))


def _question(group: Group, one: CohortDue) -> Script[Post | None]:
    """The daily question, or on one day of the week the explain round."""
    yield from set_next(group, Happening.QUESTION)
    if group.now - one.due_at > CATCH_UP:
        return None
    is_first = group.today == group.cohort.started_on
    if not (yield from count_members(group.cohort.id)):
        nobody = NobodyYet(group)
        return _post(group, nobody, f"nobody:{group.cohort.id}") if is_first else None
    # A group begins with something that everybody can do.
    if group.today.weekday() == EXPLAIN_ON and not is_first:
        post = yield from _explain(group)
        if post is not None:
            return post
    asked = yield from rounds_since(group.cohort.id, "daily", group.today)
    is_digests = group.today.weekday() == group.digest_day
    if asked or (is_digests and group.cohort.posts_a_day < WITH_DIGEST):
        return None
    # The question and its reveal belong together.
    if not (yield from take_post(group.cohort.id, group.today, 2)):
        return None
    posed = yield from ask_daily(group)
    if posed is None:
        yield from give_back_posts(group.cohort.id, 2)
        return None
    reveal_at = instant(group.today, group.cohort.reveal_at, group.cohort.zone)
    return _post(group, posed, question_key(posed.question), reveal_at)


def _explain(group: Group) -> Script[Post | None]:
    if not (yield from take_post(group.cohort.id, group.today)):
        return None
    asked = yield from ask_to_explain(group)
    if asked is None:
        yield from give_back_posts(group.cohort.id, 1)
        return None
    # Its evening is free for the pairs' exchange.
    reveal_at = instant(group.today, group.cohort.reveal_at, group.cohort.zone)
    yield from set_cohort_clock(group.cohort.id, Happening.REVEAL, reveal_at)
    return _post(group, asked, round_key(asked.round.id, "ask"))


def _reveal(group: Group, _: CohortDue) -> Script[Post | None]:
    revealed = yield from reveal_daily(group)
    if revealed is not None:
        yield from set_cohort_clock(group.cohort.id, Happening.TELL, group.now)
        if (yield from receipt_of_post(question_key(revealed.question))) is None:
            # Nobody has seen the question.
            return None
        return _post(group, revealed, round_key(revealed.question.round, "reveal"))
    if not (yield from take_post(group.cohort.id, group.today)):
        return None
    asked = yield from ask_to_exchange(group)
    if asked is None:
        yield from give_back_posts(group.cohort.id, 1)
        return None
    return _post(group, asked, round_key(asked.round, "ask"))


def _roll(group: Group, one: CohortDue) -> Script[Post | None]:
    """The roll-call of the evening; on the digest's day the digest is enough."""
    yield from set_next(group, Happening.ROLL)
    is_late = group.now - one.due_at > CATCH_UP
    if is_late or group.today.weekday() == group.digest_day:
        return None
    if not (yield from count_members(group.cohort.id)):
        return None
    if not (yield from take_post(group.cohort.id, group.today)):
        return None
    called = yield from call_roll(group)
    return _post(group, called, round_key(called.round.id, "ask"), group.now + CATCH_UP)


def _digest(group: Group, one: CohortDue) -> Script[Post | None]:
    yield from set_next(group, Happening.DIGEST)
    if group.now - one.due_at > CATCH_UP or not (yield from count_members(group.cohort.id)):
        return None
    if not (yield from take_post(group.cohort.id, group.today)):
        return None
    told = yield from week_told(group)
    return _post(group, told, f"digest:{group.cohort.id}:{group.today.isoformat()}")


def _battle(group: Group, one: CohortDue) -> Script[Post | None]:
    went = yield from go_on_with_battle(group, one.due_at)
    if went is None:
        return None
    if went.posed is not None:
        return _post(group, went, question_key(went.posed.question), went.posed.until)
    yield from set_cohort_clock(group.cohort.id, Happening.TELL, group.now)
    return _post(group, went, round_key(went.round, "result"))


def _focus(group: Group, _: CohortDue) -> Script[Post | None]:
    over = yield from end_focus(group)
    return None if over is None else _post(group, over, round_key(over.round, "end"))


_MAKERS = {
    Happening.QUESTION: _question,
    Happening.REVEAL: _reveal,
    Happening.ROLL: _roll,
    Happening.DIGEST: _digest,
    Happening.BATTLE: _battle,
    Happening.FOCUS: _focus,
}


def _post(group: Group, result: object, key: str, expires_at: datetime | None = None) -> Post:
    message = card(result, texts_in(group.cohort.language))
    # What happened is told a day late rather than never, and then no more.
    return Post(key, group.cohort.address, message, expires_at or group.now + LATER)
