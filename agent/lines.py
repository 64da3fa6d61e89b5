"""HTTP/1.1 straight to a server, for a fifth of the CPU that httpx's own lines take.

Those cost 1.5 ms a request and 0.1 ms for each piece of an answer, most of it in layers that nobody
here needs. It is a transport of httpx, so that clients, errors and timeouts stay httpx's.
"""

import asyncio
import re
import ssl
import urllib.request
from collections.abc import AsyncIterator, Awaitable
from contextvars import Context
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar, cast

import httpx
from typing_extensions import override

T = TypeVar("T")

LONGEST_HEAD = 64 * 1024
LONGEST_SIZE_LINE = 4096
# An answer that nobody reads fills no more memory than this, give or take one read.
MOST_UNREAD = 256 * 1024
PIECE = 64 * 1024
SECONDS_TO_NEXT_ADDRESS = 0.25

_END_OF_HEAD = b"\r\n\r\n"
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [^\r\n]*)?")
_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00\r\n]*?)[ \t]*")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?")
_DIGITS = re.compile(rb"[0-9]{1,18}")

Origin = tuple[str, str, int]


def wants_proxy() -> bool:
    """Say whether the environment names a proxy: those know other ways than the straight one."""
    proxies = urllib.request.getproxies()
    return any(proxies.get(kind) for kind in ("http", "https", "all"))


class StraightLines(httpx.AsyncBaseTransport):
    """Lines to servers, each kept for the next request while it is fresh.

    At most `most` requests are under way; a line is used again for `idle_seconds`. `certificates`
    are needed for https. Closed, it can be used again, as a client that is made anew does.
    """

    def __init__(
        self, certificates: ssl.SSLContext | None, *, most: int, idle_seconds: float
    ) -> None:
        if certificates is not None:
            certificates.set_alpn_protocols(["http/1.1"])
        self._certificates = certificates
        self._idle_seconds = idle_seconds
        self._slots = asyncio.Semaphore(most)
        self._idle: dict[Origin, list[_Line]] = {}
        self._busy: set[_Line] = set()

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        timeout = request.extensions.get("timeout", {})
        head = _head_of(request)
        body = await _body_of(request)
        if self._slots.locked():
            late = httpx.PoolTimeout("no line is free")
            await _within(timeout.get("pool"), self._slots.acquire(), late)
        else:
            await self._slots.acquire()
        line: _Line | None = None
        try:
            line = await self._line_to(request.url, timeout.get("connect"))
            self._busy.add(line)
            await line.say(head, body, timeout.get("write"))
            answer = await line.hear(request.method, timeout.get("read"))
        except BaseException:
            self._give_back(line, is_reusable=False)
            raise
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(self, line, answer), request=request
        )

    async def _line_to(self, url: httpx.URL, seconds: float | None) -> "_Line":
        port = url.port or (443 if url.scheme == "https" else 80)
        origin = (url.scheme, url.raw_host.decode("ascii"), port)
        self._hang_up_old(monotonic())
        idle = self._idle.get(origin)
        if idle:
            return idle.pop()
        if origin[0] not in {"http", "https"} or not origin[1]:
            raise httpx.UnsupportedProtocol("expected an address that begins with http or https")
        secured = origin[0] == "https"
        if secured and self._certificates is None:
            raise httpx.UnsupportedProtocol("no certificates were given for https")
        loop = asyncio.get_running_loop()
        opening = loop.create_connection(
            lambda: _Line(origin),
            origin[1],
            port,
            ssl=self._certificates if secured else None,
            happy_eyeballs_delay=SECONDS_TO_NEXT_ADDRESS,
        )
        # A line outlives the turn that opened it, and must not keep alive what that one knew.
        opened = asyncio.create_task(opening, context=Context())
        late = httpx.ConnectTimeout("the server did not take the line in time")
        try:
            _, line = await _within(seconds, opened, late)
        except OSError as error:
            raise httpx.ConnectError(type(error).__name__) from error
        return line

    def _give_back(self, line: "_Line | None", *, is_reusable: bool) -> None:
        self._slots.release()
        if line is None:
            return
        self._busy.discard(line)
        if not is_reusable or line.is_over or line.unread or not self._idle_seconds:
            line.hang_up()
            return
        line.rest(monotonic())
        self._idle.setdefault(line.origin, []).append(line)

    def _hang_up_old(self, now: float) -> None:
        """Leave only lines that can be used: fresh, still up, and without an unasked word."""
        for origin, lines in [*self._idle.items()]:
            fresh = []
            for line in lines:
                is_fresh = now < line.idle_since + self._idle_seconds
                if is_fresh and not line.is_over and not line.unread:
                    fresh.append(line)
                else:
                    line.hang_up()
            if fresh:
                self._idle[origin] = fresh
            else:
                del self._idle[origin]

    @override
    async def aclose(self) -> None:
        for line in (*self._busy, *(one for lines in self._idle.values() for one in lines)):
            line.hang_up()
        self._idle.clear()


@dataclass(frozen=True, slots=True)
class _Answer:
    """The beginning of an answer, and how its body ends."""

    status: int
    headers: list[tuple[bytes, bytes]]
    size: int | None = None
    """None for one that ends with the line."""
    is_chunked: bool = False
    keeps_line: bool = True
    seconds: float | None = None
    """How long to wait for each next piece."""


class _Body(httpx.AsyncByteStream):
    """An answer's body as it comes; whatever has come by then is one piece."""

    def __init__(self, lines: StraightLines, line: "_Line", answer: _Answer) -> None:
        self._lines = lines
        self._line: _Line | None = line
        self._answer = answer

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        line, answer = self._line, self._answer
        if line is None:
            return
        try:
            if answer.is_chunked:
                async for piece in _chunks(line, answer.seconds):
                    yield piece
            else:
                async for piece in _pieces(line, answer.size, answer.seconds):
                    yield piece
        except BaseException:
            self._leave(is_reusable=False)
            raise
        self._leave(is_reusable=answer.keeps_line)

    def _leave(self, *, is_reusable: bool) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            self._lines._give_back(line, is_reusable=is_reusable)  # noqa: SLF001 -- its own

    @override
    async def aclose(self) -> None:
        # Nothing more is read; what is still to come would be taken for the next answer.
        is_empty = self._answer.size == 0
        self._leave(is_reusable=is_empty and self._answer.keeps_line)


async def _pieces(line: "_Line", size: int | None, seconds: float | None) -> AsyncIterator[bytes]:
    """Give a body of so many bytes, or of all there are until the line ends."""
    while size is None or size > 0:
        if not line.unread and not await line.more(seconds):
            if size is None:
                return
            raise httpx.RemoteProtocolError("the server broke off in an answer")
        piece = line.take(size)
        size = None if size is None else size - len(piece)
        yield piece


async def _chunks(line: "_Line", seconds: float | None) -> AsyncIterator[bytes]:
    """Give what is inside a body's chunks; those that have come together are one piece."""
    left = 0
    # Behind a chunk stands an empty row.
    is_behind = False
    found: list[bytes] = []
    while True:
        if left > 0 and line.unread:
            piece = line.take(left)
            left -= len(piece)
            found.append(piece)
            continue
        row = line.take_row(LONGEST_SIZE_LINE) if not left else None
        if row is None:
            if found:
                yield b"".join(found)
                found.clear()
                continue
            if not await line.more(seconds):
                raise httpx.RemoteProtocolError("the server broke off in an answer")
            continue
        if is_behind:
            is_behind = False
            if row:
                raise httpx.RemoteProtocolError("a chunk that is longer than it says")
            continue
        size = _SIZE.fullmatch(row)
        if size is None:
            raise httpx.RemoteProtocolError("a chunk without a readable size")
        left = int(size[1], 16)
        if not left:
            break
        is_behind = True
    if found:
        yield b"".join(found)
    length = 0
    while True:
        row = line.take_row(LONGEST_SIZE_LINE)
        if row is None:
            if not await line.more(seconds):
                raise httpx.RemoteProtocolError("the server broke off in an answer")
        elif not row:
            return
        else:
            length += len(row)
            if length > LONGEST_HEAD:
                raise httpx.RemoteProtocolError("an end of an answer without an end")


@dataclass(slots=True, eq=False)
class _Line(asyncio.Protocol):
    """One connection."""

    origin: Origin
    unread: bytearray = field(default_factory=bytearray)
    is_over: bool = False
    idle_since: float = 0.0
    _error: Exception | None = None
    _transport: asyncio.Transport | None = None
    _waiting: "asyncio.Future[None] | None" = None
    _is_paused: bool = False
    _is_on_demand: bool = False
    _is_full: bool = False

    # What asyncio tells ---------------------------------------------------------------------

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self.unread += data
        if self._is_on_demand or len(self.unread) > MOST_UNREAD:
            self._read(on=False)
        self._wake()

    @override
    def eof_received(self) -> None:
        self.is_over = True
        self._wake()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over = True
        self._error = exc
        self._is_full = False
        self._wake()

    @override
    def pause_writing(self) -> None:
        self._is_full = True

    @override
    def resume_writing(self) -> None:
        self._is_full = False
        self._wake()

    def _read(self, *, on: bool) -> None:
        if self._transport is None or on is not self._is_paused:
            return
        self._is_paused = not on
        if on:
            # Whoever asks for more now is not to be kept alive by a line that rests later.
            Context().run(self._transport.resume_reading)
        else:
            self._transport.pause_reading()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def _woken(self, seconds: float | None, late: httpx.TimeoutException) -> None:
        loop = asyncio.get_running_loop()
        self._waiting = waiting = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, _fail, waiting, late)
        try:
            await waiting
        finally:
            self._waiting = None
            if timer is not None:
                timer.cancel()

    # Saying and hearing ---------------------------------------------------------------------

    async def say(self, head: bytes, body: bytes, seconds: float | None) -> None:
        transport = self._transport
        if transport is None or self.is_over:
            raise self._broken()
        transport.write(head + body[:PIECE])
        for start in range(PIECE, len(body), PIECE):
            if not await self._has_room(seconds):
                # It may have said why.
                return
            transport.write(body[start : start + PIECE])

    async def _has_room(self, seconds: float | None) -> bool:
        while self._is_full and not self.is_over:
            await self._woken(seconds, httpx.WriteTimeout("the server takes no more"))
        return not self.is_over

    async def hear(self, method: str, seconds: float | None) -> _Answer:
        """The beginning of the answer, without what a server says before it."""
        while True:
            while (end := self.unread.find(_END_OF_HEAD)) < 0:
                if len(self.unread) > LONGEST_HEAD:
                    raise httpx.RemoteProtocolError("an answer with a head without end")
                if not await self.more(seconds):
                    raise self._broken()
            if end > LONGEST_HEAD:
                raise httpx.RemoteProtocolError("an answer with a head without end")
            head = self.take(end)
            self.take(len(_END_OF_HEAD))
            answer = _read_head(head, method, seconds)
            if answer.status >= 200:
                # What comes in small pieces is fetched when somebody wants it, all at once: to be
                # woken for each piece costs more than to read it.
                self._is_on_demand = answer.is_chunked
                return answer
            if answer.status == 101:
                raise httpx.RemoteProtocolError("a server that wants to speak of something else")

    async def more(self, seconds: float | None) -> bool:
        """Wait for more to read; False when nothing more comes.

        Raises:
            ReadTimeout: when it takes longer than `seconds`.
            ReadError: when the line broke.
        """
        known = len(self.unread)
        self._read(on=True)
        while len(self.unread) == known:
            if self._error is not None:
                raise httpx.ReadError(type(self._error).__name__) from self._error
            if self.is_over:
                return False
            await self._woken(seconds, httpx.ReadTimeout("the server is silent"))
        return True

    def take(self, most: int | None) -> bytes:
        piece = bytes(self.unread if most is None else self.unread[:most])
        del self.unread[: len(piece)]
        return piece

    def take_row(self, longest: int) -> bytes | None:
        """One row without its end, or None when it is not all there."""
        end = self.unread.find(b"\r\n", 0, longest)
        if end < 0:
            if len(self.unread) >= longest:
                raise httpx.RemoteProtocolError("a row without end")
            return None
        row = bytes(self.unread[:end])
        del self.unread[: end + 2]
        return row

    def rest(self, now: float) -> None:
        """Wait for the next request, with an eye on the other end."""
        self.idle_since = now
        self._is_on_demand = False
        self._read(on=True)

    def hang_up(self) -> None:
        self.is_over = True
        if self._transport is not None:
            self._transport.abort()
        self._wake()

    def _broken(self) -> httpx.TransportError:
        if self._error is not None:
            return httpx.ReadError(type(self._error).__name__)
        return httpx.RemoteProtocolError("the server hung up without an answer")


def _fail(waiting: "asyncio.Future[None]", error: Exception) -> None:
    if not waiting.done():
        waiting.set_exception(error)


async def _within(seconds: float | None, work: Awaitable[T], late: httpx.TimeoutException) -> T:
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await work
    except TimeoutError as error:
        # The system has a limit of its own, and says so by the same name.
        if not limit.expired():
            raise httpx.ConnectTimeout(type(error).__name__) from error
        raise late from None


# Heads --------------------------------------------------------------------------------------


def _head_of(request: httpx.Request) -> bytes:
    rows = [b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    rows += [b"%s: %s" % one for one in request.headers.raw]
    if any(b"\r" in row or b"\n" in row for row in rows):
        raise httpx.LocalProtocolError("a header with a line break in it")
    return b"\r\n".join((*rows, b"", b""))


async def _body_of(request: httpx.Request) -> bytes:
    if isinstance(request.stream, httpx.ByteStream):
        return request.content
    if not isinstance(request.stream, httpx.AsyncByteStream):
        raise httpx.LocalProtocolError("expected a body that can be read while others work")
    if "Content-Length" not in request.headers:
        raise httpx.LocalProtocolError("expected a body whose length is known")
    return b"".join([piece async for piece in request.stream])


def _read_head(head: bytes, method: str, seconds: float | None) -> _Answer:
    first, *rows = head.split(b"\r\n")
    status = _STATUS.fullmatch(first)
    if status is None:
        raise httpx.RemoteProtocolError("an answer that is no HTTP/1.1")
    headers = []
    sizes, codings, wishes = set[bytes](), list[bytes](), b""
    for row in rows:
        header = _HEADER.fullmatch(row)
        if header is None:
            raise httpx.RemoteProtocolError("a header that cannot be read")
        name, value = header[1].lower(), header[2]
        headers.append((header[1], value))
        if name == b"content-length":
            sizes.update(one.strip() for one in value.split(b","))
        elif name == b"transfer-encoding":
            codings.append(value.lower())
        elif name == b"connection":
            wishes += b"," + value.lower()
    number = int(status[2])
    keeps_line = status[1] == b"1" and b"close" not in wishes
    if method == "HEAD" or number in {204, 304} or number < 200:
        return _Answer(number, headers, 0, keeps_line=keeps_line, seconds=seconds)
    if codings:
        if codings != [b"chunked"]:
            raise httpx.RemoteProtocolError("an answer in an encoding nobody asked for")
        # A length beside it says what somebody in between may believe.
        keeps_line = keeps_line and not sizes
        return _Answer(number, headers, is_chunked=True, keeps_line=keeps_line, seconds=seconds)
    if not sizes:
        return _Answer(number, headers, keeps_line=False, seconds=seconds)
    size = sizes.pop()
    if sizes or not _DIGITS.fullmatch(size):
        raise httpx.RemoteProtocolError("an answer without a readable length")
    return _Answer(number, headers, int(size), keeps_line=keeps_line, seconds=seconds)
