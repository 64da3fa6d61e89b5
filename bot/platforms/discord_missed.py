"""What a gap in a line to Discord swallowed: noted before, asked for afterwards."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import aiohttp
import discord

from bot.platforms.discord_errors import asked_to_wait, in_short, meaning_of
from bot.platforms.discord_text import place_of, room_of
from bot.platforms.pacing import Pauses
from bot.platforms.port import NotSentError, RetryLaterError, UnknownOutcomeError
from learning.errors import MentorError

log = logging.getLogger("mentor.discord")

# Of a room no more is asked for than was said so long before we last heard anything anywhere:
# most of what is said there is kept nowhere, so the last that was may be weeks old.
OVERLAP: Final = 3600_000 << 22
# What is older than this may be forgotten by the inbox, and would be answered again.
REMEMBERED: Final = 6 * 86_400_000 << 22


def shard_of(address: str, shards: int) -> int:
    """The line on which a conversation is heard; the first hears all direct messages.

    By https://discord.com/developers/docs/events/gateway#sharding.
    """
    guild, channel = place_of(address)
    return 0 if channel is None else (guild >> 22) % shards


class Missed:
    """What one of `shards` lines has heard, and what is to be asked for after a gap in it.

    It outlives its line. `newest` says what was last kept of each conversation; `ask` asks once
    what was said in a conversation behind a message, and hands it on.
    """

    def __init__(
        self,
        shard: int,
        shards: int,
        newest: Callable[[], Awaitable[Mapping[str, int]]],
        ask: Callable[[discord.Client, str, int], Awaitable[None]],
        pauses: Callable[[], Pauses],
    ) -> None:
        self._shard = shard
        self._shards = shards
        self._newest = newest
        self._ask = ask
        self._pauses = pauses
        # What has not been asked for yet, by lane: everything behind a message.
        self._missed: dict[str, int] = {}
        self._gaps = 0
        self._gap_began_at = 0
        self._last_heard = 0
        self._asking = asyncio.Lock()

    def has_heard(self, id: int) -> None:
        self._last_heard = max(self._last_heard, id)

    async def expect_a_gap(self) -> None:
        """Before a new session: note behind which message each conversation is to be asked for.

        What is heard in the new session says nothing of the gap before it, so this is noted first,
        and kept until Discord has answered.
        """
        everywhere = await self._newest()
        newest = {
            lane: event
            for lane, event in everywhere.items()
            if shard_of(lane, self._shards) == self._shard
        }
        # A line that has never heard anything began to listen no later than the others.
        heard = newest if newest or self._last_heard else everywhere
        self._last_heard = max(self._last_heard, *heard.values(), 0)
        if not self._last_heard:
            return
        self._gaps += 1
        self._gap_began_at = max(self._last_heard - OVERLAP, 1)
        # Whoever was the last to say something is likely to wait for an answer.
        for lane, event in sorted(newest.items(), key=lambda one: one[1], reverse=True):
            since = max(event, self._gap_began_at) if _is_room(lane) or not event else event
            self._missed.setdefault(lane, since)

    def look_into(self, server: discord.Guild) -> None:
        """Let rooms be asked in which something was said meanwhile, also for the first time."""
        if not self._gap_began_at:
            return
        since = max(self._gap_began_at, self._last_heard - REMEMBERED)
        rooms: list[discord.TextChannel | discord.Thread] = [*server.text_channels, *server.threads]
        for room in rooms:
            if (room.last_message_id or 0) > since and _may_read(room):
                self._missed.setdefault(room_of(server.id, room.id), since)

    async def ask_for_all(self, client: discord.Client) -> None:
        """Ask in one conversation after the other, for as long as it takes."""
        async with self._asking:
            pauses = self._pauses()
            while self._missed and not client.is_closed():
                lane, since = next(iter(self._missed.items()))
                gaps = self._gaps
                is_known = await self._is_known_since(client, lane, since, pauses)
                if not is_known:
                    # Others first; the trouble may be this conversation's alone.
                    self._missed[lane] = self._missed.pop(lane)
                elif gaps == self._gaps:
                    del self._missed[lane]

    async def _is_known_since(
        self, client: discord.Client, lane: str, since: int, pauses: Pauses
    ) -> bool:
        """Ask once what was said in a conversation; True also where nobody will ever tell."""
        try:
            await self._ask(client, lane, since)
        except (MentorError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
            meaning = error if isinstance(error, MentorError) else meaning_of(error)
            if isinstance(meaning, (NotSentError, RetryLaterError, UnknownOutcomeError)):
                if not pauses.count:
                    log.warning("Discord does not say what was said yet: %s", in_short(error))
                await pauses.pause(at_least=asked_to_wait(error))
                return False
            log.info("What was said meanwhile is not known: %s", in_short(error))
        return True


def _is_room(lane: str) -> bool:
    return lane.count(":") > 1


def _may_read(room: discord.TextChannel | discord.Thread) -> bool:
    """Whether we may ask for what was said there; each refusal counts against us."""
    around = room.parent if isinstance(room, discord.Thread) else room
    if around is None:
        return True
    allowed = around.permissions_for(room.guild.me)
    return allowed.read_messages and allowed.read_message_history
