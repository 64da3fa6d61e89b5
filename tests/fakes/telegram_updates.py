"""The queue behind getUpdates: offsets that delete, long polling, 409 to the older poller.

Follows `do_get_updates`, `abort_long_poll` and `TQueue::get` of tdlib/telegram-bot-api.
"""

import asyncio
import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.fakes.loopback import Json, words
from tests.fakes.telegram_rules import BotApiError

KEPT_SECONDS = 24 * 3600
LONGEST_POLL = 50
KINDS = words(
    "message edited_message channel_post edited_channel_post business_connection business_message"
    " edited_business_message deleted_business_messages message_reaction message_reaction_count"
    " inline_query chosen_inline_result callback_query shipping_query pre_checkout_query"
    " purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request"
    " chat_boost removed_chat_boost stopped_message_generation"
)
ALLOWED_BY_DEFAULT = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
ENDED_BY_ANOTHER = (
    "Conflict: terminated by other getUpdates request;"
    " make sure that only one bot instance is running"
)


@dataclass(slots=True)
class Waiting:
    update_id: int
    since: float
    update: Json


class UpdateQueue:
    """Updates nobody has confirmed, and the one request that waits for more."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.next_id = 700_001
        self.allowed = ALLOWED_BY_DEFAULT
        self.withheld: list[Json] = []
        self.conflict_pause = 3.0
        """The first conflict is told at once, another within this many seconds as much later."""
        self.slows_repeated_polls = False
        """The real server makes a repeated poll with the same offset wait 3 s or return one."""
        self._now = now
        self._waiting: list[Waiting] = []
        self._poll: asyncio.Future[str] | None = None
        self._next_prompt_conflict = 0.0
        self._last_poll = (-1, 0.0)

    def push(self, update: Json) -> int:
        """Queue an update as it is, malformed or not; one without an id gets the next.

        A kind that the bot did not ask for goes to `withheld`, never to the bot.
        """
        kept = copy.deepcopy(update)
        given = kept.setdefault("update_id", self.next_id)
        update_id = given if isinstance(given, int) and 0 < given < 2**31 else self.next_id
        self.next_id = max(self.next_id, update_id + 1)
        if kept.keys() & (KINDS - self.allowed):
            self.withheld.append(kept)
            return update_id
        self._waiting.append(Waiting(update_id, self._now(), kept))
        self._end_poll("updates")
        return update_id

    def restart_ids(self, next_id: int) -> None:
        """Number the next updates from here, as Telegram may after a week without any."""
        self.next_id = next_id

    def pending(self) -> int:
        self._expire()
        return len(self._waiting)

    def waiting(self) -> list[Waiting]:
        """What nobody has confirmed, oldest first."""
        self._expire()
        return list(self._waiting)

    def remove(self, update_id: int) -> None:
        """Confirm one update, as the answer to a post does."""
        self._waiting = [one for one in self._waiting if one.update_id != update_id]

    def clear(self) -> None:
        self._waiting.clear()

    def close(self) -> None:
        self._end_poll("closed")

    def allow(self, kinds: Iterable[str]) -> None:
        """An empty list means the default; what is queued already stays."""
        self.allowed = frozenset(kinds) & KINDS or ALLOWED_BY_DEFAULT

    async def poll(self, offset: int, limit: int, timeout: int) -> list[Json]:  # noqa: ASYNC109 (the API's word)
        """Delete what `offset` confirms and return the rest, waiting up to `timeout` s for some."""
        limit, timeout = min(max(limit, 1), 100), min(max(timeout, 0), LONGEST_POLL)
        if self.slows_repeated_polls:
            limit, timeout = self._slowed(offset, limit, timeout)
        batch = self._batch(offset, limit)
        if batch or not timeout:
            return batch
        self._end_poll("conflict")
        if await self._wait(timeout) == "conflict":
            await self._conflict()
        return self._batch(offset, limit)

    async def _wait(self, seconds: int) -> str:
        poll: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            async with asyncio.timeout(seconds):
                return await poll
        except TimeoutError:
            return "timeout"
        finally:
            if self._poll is poll:
                self._poll = None

    def _end_poll(self, reason: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(reason)

    async def _conflict(self) -> None:
        prompt = self._now() >= self._next_prompt_conflict
        if prompt:
            self._next_prompt_conflict = self._now() + self.conflict_pause
        else:
            await asyncio.sleep(self.conflict_pause)
        raise BotApiError(409, ENDED_BY_ANOTHER)

    def _slowed(self, offset: int, limit: int, seconds: int) -> tuple[int, int]:
        (before, when), now = self._last_poll, self._now()
        self._last_poll = (offset, now)
        if offset != before:
            return limit, seconds
        return 1 if now < when + 0.5 else limit, max(seconds, 3) if now < when + 3 else seconds

    def _batch(self, offset: int, limit: int) -> list[Json]:
        self._expire()
        self._confirm(offset)
        return [waiting.update for waiting in self._waiting[:limit]]

    def _confirm(self, offset: int) -> None:
        if offset < 0:  # keep the last -offset updates
            self._waiting = self._waiting[offset:]
        elif offset <= self.next_id + 10:
            self._waiting = [one for one in self._waiting if one.update_id >= offset]
        # An offset from further ahead is ignored: the server answers from the head and deletes
        # nothing, which makes a bot that never lowers its offset poll in a circle.

    def _expire(self) -> None:
        oldest = self._now() - KEPT_SECONDS
        self._waiting = [one for one in self._waiting if one.since > oldest]
