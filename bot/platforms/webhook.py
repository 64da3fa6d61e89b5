"""Where a platform posts its updates: who has not the secret is sent away unread."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hmac import compare_digest
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.platforms.port import FatalError
from bot.settings import Webhook
from store.errors import StorageBrokenError, StorageFullError

log = logging.getLogger("mentor.webhook")

MOST_BYTES = 1 << 20
# Of a body that may not come in no more is held than what the first packet brought.
BUFFERED_BYTES = 1 << 14
# Whoever has sent no whole update by then holds a line for nothing.
SECONDS_TO_READ = 20.0
SECONDS_TO_END = 2.0
QUIET_SECONDS = 60.0


@asynccontextmanager
async def listening(
    hook: Webhook, header: str, receive: Callable[[bytes], Awaitable[bool]]
) -> AsyncIterator[None]:
    """Give every body that is posted with the secret in `header` to `receive`.

    `receive` returns when the update is on disk, and only then is it confirmed; it gives False
    for what is no update.

    Raises:
        FatalError: when the port cannot be had.
    """
    door = _Door(hook.secret.reveal().encode(), header, receive)
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_post(urlsplit(hook.url).path or "/", door.take)
    runner = web.AppRunner(
        app,
        access_log=None,
        # A body that nobody reads is not waited for.
        lingering_time=0,
        read_bufsize=BUFFERED_BYTES,
        shutdown_timeout=SECONDS_TO_END,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, hook.host, hook.port).start()
        except OSError as error:
            raise FatalError(
                f"MENTOR_WEBHOOK_PORT: expected a port that is free at {hook.host}, found "
                f"{hook.port}: {error.strerror or error}. Name another, here and in the proxy."
            ) from None
        log.info("updates are taken in at %s:%s", hook.host, hook.port)
        yield
    finally:
        await runner.cleanup()


class _Door:
    def __init__(
        self, secret: bytes, header: str, receive: Callable[[bytes], Awaitable[bool]]
    ) -> None:
        self._secret = secret
        self._header = header
        self._receive = receive
        self._refused = 0
        self._told_at = float("-inf")

    async def take(self, request: web.Request) -> web.Response:
        given = request.headers.get(self._header, "").encode("utf-8", "surrogateescape")
        if not compare_digest(given, self._secret):
            self._note_refused()
            return _closing(401)
        if (request.content_length or 0) > MOST_BYTES:
            return _closing(413)
        try:
            async with asyncio.timeout(SECONDS_TO_READ):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _closing(413)
        except (TimeoutError, OSError, HttpProcessingError):
            return _closing(408)
        try:
            is_update = await self._receive(body)
        except (StorageFullError, StorageBrokenError) as error:
            # It is offered again until there is room.
            log.error("an update is not taken in: %s", error)  # noqa: TRY400 -- it names the remedy
            return web.Response(status=503)
        return web.Response(status=200 if is_update else 400)

    def _note_refused(self) -> None:
        self._refused += 1
        now = asyncio.get_running_loop().time()
        if now >= self._told_at + QUIET_SECONDS:
            log.warning("posts without the secret were refused, %d so far", self._refused)
            self._told_at = now


def _closing(status: int) -> web.Response:
    """An answer after which nothing more is read on this line."""
    response = web.Response(status=status)
    response.force_close()
    return response
