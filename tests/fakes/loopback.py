"""What the fake servers share: a loopback address, a clock, waiting, and cutting a line."""

import asyncio
import inspect
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Self, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

Json = dict[str, Any]
Seen = TypeVar("Seen")

# A server keeps its own time; the program under test may be living on another day.
wall_clock: Callable[[], float] = time.time  # noqa: TID251 (see the line above)


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class LoopbackServer:
    """A server in the caller's event loop, up between `async with` and its end.

    It outlives whatever process talks to it, and closing it never waits for a client.
    """

    def __init__(self, *, port: int = 0, clock: Callable[[], float] = wall_clock) -> None:
        self.port = port
        self._clock = clock
        self._ahead = 0.0
        self._closing = asyncio.Event()
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.add_routes(self._routes())
        app.router.add_route("*", "/control/{name}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        self.port = await self._listen(self.port)
        await self._open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def root(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address a client is given."""
        return self.root

    def now(self) -> float:
        """Seconds since the epoch by this server's clock."""
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass for this server alone: rates recover, updates and drafts grow old."""
        self._ahead += seconds
        self._touch()

    async def wait_for(
        self,
        predicate: Callable[[], Seen],
        timeout: float = 5.0,  # noqa: ASYNC109 (a test reads better with the deadline in the call)
    ) -> Seen:
        """Return the first true value of `predicate`, or fail and tell what did happen.

        It is asked again after everything this server does and every 20 ms, so it may also look
        at things the server knows nothing of.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while not (seen := predicate()):
            if loop.time() >= deadline:
                raise AssertionError(f"not seen within {timeout} s; {self.summary()}")
            self._changed.clear()
            await self._until(self._changed, min(0.02, deadline - loop.time()))
        return seen

    def summary(self) -> str:
        """What happened so far, for the message of a failed wait."""
        return "nothing is recorded"

    async def _open(self) -> None:
        """What else has to be up before the first request."""

    def _routes(self) -> Iterable[web.RouteDef]:
        raise NotImplementedError

    def _controls(self) -> Mapping[str, Callable[..., object]]:
        """What another process may call, by name."""
        raise NotImplementedError

    async def _listen(self, port: int) -> int:
        """Open one more port of this server; 0 takes a free one. Return its number."""
        if self._runner is None:
            raise RuntimeError("the server is not up: use `async with`")
        known = set(self._runner.addresses)
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        (address,) = set(self._runner.addresses) - known
        return int(address[1])

    def _touch(self) -> None:
        """Wake whoever waits for something to happen."""
        self._changed.set()

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond the end of the server."""
        await self._until(self._closing, seconds)

    @staticmethod
    async def _until(event: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await event.wait()
        except TimeoutError:
            return

    async def _control(self, request: web.Request) -> web.Response:
        """Call one of `_controls` with the JSON body as its arguments."""
        call = self._controls().get(request.match_info["name"])
        if call is None:
            return web.json_response({"error": f"one of {sorted(self._controls())}"}, status=404)
        try:
            arguments = await request.json() if request.can_read_body else {}
            result = call(**arguments)
            if inspect.isawaitable(result):
                result = await result
        except (LookupError, TypeError, ValueError, AssertionError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response({"result": result})


def cut(request: web.Request) -> web.Response:
    """Reset the connection; the answer given to aiohttp never leaves."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def guarded(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Handler:
    """Let a handler end quietly when its client has gone away."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ConnectionResetError:
            return web.Response()

    return handle


async def serve(server: LoopbackServer) -> None:
    """Run until SIGTERM or SIGINT; the first line of output is the address, once it answers."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await stop.wait()
