"""What Discord's errors say about a message, an address or us."""

from typing import Final

import aiohttp
import discord

from bot.platforms.port import (
    FatalError,
    GoneError,
    NotSentError,
    RejectedError,
    RetryLaterError,
    UnknownOutcomeError,
)
from learning.errors import MentorError

REFUSED: Final = (
    "DISCORD_BOT_TOKEN: expected a token that Discord accepts, found one it refuses; "
    "get one from the Bot page of your application at https://discord.com/developers"
)
WITHOUT_A_NUMBER: Final = 5.0  # seconds to wait after a 429 that names none
# Unknown channel, missing access, no direct messages, missing permissions, and no server in common.
GONE: Final = frozenset({10003, 50001, 50007, 50013, 50278})
# Unknown interaction, unknown webhook, invalid token: what can be answered no more.
TOO_LATE: Final = frozenset({10008, 10015, 10062, 50027})


def meaning_of(error: BaseException) -> MentorError:
    """What a failed send says about the message, the address or us."""
    if isinstance(error, discord.RateLimited) or _is_too_many(error):
        return RetryLaterError(asked_to_wait(error) or WITHOUT_A_NUMBER)
    if isinstance(error, discord.LoginFailure):
        return FatalError(REFUSED)
    if isinstance(error, discord.HTTPException):
        if error.code in GONE:
            return GoneError(in_short(error))
        if error.status == 401:
            return FatalError(REFUSED)
        if error.status >= 500 or not error.code:
            # Without a code it is somebody between us and Discord.
            return NotSentError(in_short(error))
        return RejectedError(in_short(error))
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.InvalidURL)):
        return NotSentError(in_short(error))
    return UnknownOutcomeError(in_short(error))


def _is_too_many(error: BaseException) -> bool:
    return isinstance(error, discord.HTTPException) and error.status == 429


def asked_to_wait(error: BaseException) -> float:
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    if isinstance(error, discord.HTTPException) and error.status == 429:
        told = error.response.headers.get("Retry-After", "")
        return float(told) if told.replace(".", "", 1).isdecimal() else WITHOUT_A_NUMBER
    return 0.0


def in_short(error: BaseException) -> str:
    """An error without what was said in it."""
    if isinstance(error, discord.HTTPException):
        return f"status {error.status}, code {error.code}"
    return type(error).__name__
