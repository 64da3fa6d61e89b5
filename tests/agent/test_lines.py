"""Lines straight to a server, against servers that speak as they are told to."""

import asyncio
import gc
import gzip
import socket
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import httpx
import pytest

from agent.lines import LONGEST_HEAD, MOST_UNREAD, StraightLines, wants_proxy

Say = Callable[[bytes], Awaitable[None]]
Script = Callable[[bytes, Say], Awaitable[bool]]

WORDS = "注意力就是加权平均。".encode()


@dataclass(slots=True)
class Heard:
    """What a server was asked, and on how many lines."""

    url: str
    requests: list[bytes] = field(default_factory=list)
    lines: int = 0
    has_ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether a line was given up."""
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def note(self, request: bytes) -> None:
        async with self._news:
            self.requests.append(request)
            self._news.notify_all()

    async def asked(self, times: int) -> None:
        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: len(self.requests) >= times)


@asynccontextmanager
async def serving(script: Script) -> AsyncIterator[Heard]:
    """A server that answers each request by a script, which says whether the line stays up."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        heard.lines += 1

        async def say(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                size = request.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                request += await reader.readexactly(int(size or 0))
                await heard.note(request)
                if not await script(request, say):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            heard.has_ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    heard = Heard(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield heard
    finally:
        server.close()
        for writer in writers:
            writer.close()


def saying(*pieces: bytes, stays: bool = True) -> Script:
    async def script(_: bytes, say: Say) -> bool:
        for piece in pieces:
            await say(piece)
            await asyncio.sleep(0)
        return stays

    return script


def sized(body: bytes = WORDS) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def chunked(*bodies: bytes, trailers: bytes = b"") -> bytes:
    said = b"".join(b"%x;a=b\r\n%s\r\n" % (len(body), body) for body in bodies)
    return (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + said
        + b"0\r\n"
        + trailers
        + b"\r\n"
    )


@pytest.fixture
async def lines() -> AsyncIterator[StraightLines]:
    lines = StraightLines(None, most=20, idle_seconds=30)
    yield lines
    await lines.aclose()


@pytest.fixture
async def client(lines: StraightLines) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=lines, timeout=5) as client:
        yield client


# Requests -----------------------------------------------------------------------------------


async def test_a_request_arrives_as_it_was_made(client: httpx.AsyncClient) -> None:
    async with serving(saying(sized())) as server:
        answer = await client.post(f"{server.url}/a%20b?c=d", content=b"{}", headers={"X-A": "b"})

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    rows = head.split(b"\r\n")
    assert rows[0] == b"POST /a%20b?c=d HTTP/1.1"
    assert b"X-A: b" in rows
    assert [row for row in rows if row.lower().startswith(b"host:")] == [
        b"Host: " + server.url.removeprefix("http://").encode()
    ]
    assert body == b"{}"
    assert (answer.status_code, answer.content) == (200, WORDS)


async def test_a_file_arrives_whole(client: httpx.AsyncClient) -> None:
    content = bytes(range(256)) * 4096
    async with serving(saying(sized())) as server:
        await client.post(server.url, data={"name": "值"}, files={"file": ("a.bin", content)})

    assert content in server.requests[0]
    assert "值".encode() in server.requests[0]


async def test_a_header_cannot_bring_another(client: httpx.AsyncClient) -> None:
    async with serving(saying(sized())) as server:
        with pytest.raises(httpx.LocalProtocolError):
            await client.get(server.url, headers={"X-A": "b\r\nX-C: d"})

    assert server.requests == []


# Answers ------------------------------------------------------------------------------------

WHOLE = [
    pytest.param(sized(), WORDS, id="of a known length"),
    pytest.param(sized(b""), b"", id="empty"),
    pytest.param(chunked(WORDS[:7], WORDS[7:]), WORDS, id="in chunks"),
    pytest.param(chunked(), b"", id="in no chunk"),
    pytest.param(chunked(WORDS, trailers=b"X-A: b\r\nX-C: d\r\n"), WORDS, id="with trailers"),
    pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", b"", id="without a body"),
    pytest.param(b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", b"ok", id="without a reason"),
    pytest.param(
        b"HTTP/1.1 103 Early\r\nLink: </>\r\n\r\n" + sized(), WORDS, id="with a hint first"
    ),
]


@pytest.mark.parametrize(("said", "body"), WHOLE)
@pytest.mark.parametrize("at_a_time", [1, 3, 1000])
async def test_an_answer_is_read_however_it_is_cut(
    client: httpx.AsyncClient, said: bytes, body: bytes, at_a_time: int
) -> None:
    pieces = [said[n : n + at_a_time] for n in range(0, len(said), at_a_time)]
    async with serving(saying(*pieces)) as server:
        answers = [await client.get(server.url) for _ in range(2)]

    assert [one.content for one in answers] == [body, body]
    # The second one could only be read where the first had ended.
    assert server.lines == 1


async def test_an_answer_without_a_length_ends_with_the_line(client: httpx.AsyncClient) -> None:
    async with serving(saying(b"HTTP/1.1 200 OK\r\n\r\n", WORDS, stays=False)) as server:
        assert (await client.get(server.url)).content == WORDS
        assert (await client.get(server.url)).content == WORDS

    assert server.lines == 2


async def test_a_packed_answer_is_unpacked(client: httpx.AsyncClient) -> None:
    packed = gzip.compress(WORDS)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    async with serving(saying(head % len(packed) + packed)) as server:
        assert (await client.get(server.url)).content == WORDS


async def test_pieces_come_while_the_server_is_still_speaking(client: httpx.AsyncClient) -> None:
    may_end = asyncio.Event()

    async def script(_: bytes, say: Say) -> bool:
        await say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        await may_end.wait()
        await say(b"3\r\ntwo\r\n0\r\n\r\n")
        return True

    async with serving(script) as server, client.stream("GET", server.url) as answer:
        pieces = []
        async for piece in answer.aiter_raw():
            pieces.append(piece)
            may_end.set()

    assert pieces == [b"one", b"two"]


BROKEN = [
    pytest.param(b"HELLO\r\n\r\n", id="no HTTP"),
    pytest.param(b"HTTP/2 200 OK\r\n\r\n", id="another HTTP"),
    pytest.param(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", id="a header that is none"),
    pytest.param(b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", id="a header in two rows"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", id="a length below nothing"),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok", id="two lengths"
    ),
    pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", id="an unasked encoding"),
    pytest.param(b"HTTP/1.1 101 Switching\r\n\r\n", id="another protocol"),
    pytest.param(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * LONGEST_HEAD, id="a head without end"),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", id="a size that is none"
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nok\r\n", id="too long a chunk"
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 9000, id="an endless size"
    ),
]


@pytest.mark.parametrize("said", BROKEN)
async def test_what_is_no_answer_is_told_and_the_line_given_up(
    client: httpx.AsyncClient, said: bytes
) -> None:
    async with serving(saying(said)) as server:
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(server.url)

    assert server.lines == 2


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="before it"),
        pytest.param(b"HTTP/1.1 200", id="in its head"),
        pytest.param(sized()[:-1], id="in its body"),
        pytest.param(chunked(WORDS)[:-9], id="in a chunk"),
        pytest.param(chunked(WORDS)[:-2], id="before its end"),
    ],
)
async def test_a_server_that_breaks_off_an_answer_is_told(
    client: httpx.AsyncClient, said: bytes
) -> None:
    async with serving(saying(said, stays=False)) as server:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(server.url)


# Lines --------------------------------------------------------------------------------------


async def test_a_line_is_used_again(client: httpx.AsyncClient) -> None:
    async with serving(saying(sized())) as server:
        for _ in range(5):
            await client.get(server.url)

    assert server.lines == 1


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", id="wish"
        ),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", id="an older server"),
        pytest.param(sized() + b"more", id="an unasked word"),
        pytest.param(
            chunked(WORDS).replace(b"\r\nT", b"\r\nContent-Length: 3\r\nT", 1), id="two lengths"
        ),
    ],
)
async def test_a_line_is_not_used_again_when_it_may_not_be(
    client: httpx.AsyncClient, said: bytes
) -> None:
    async with serving(saying(said)) as server:
        for _ in range(2):
            assert (await client.get(server.url)).status_code == 200
            await asyncio.sleep(0.02)

    assert server.lines == 2


async def test_a_line_keeps_nothing_of_the_turn_that_opened_it(client: httpx.AsyncClient) -> None:
    class Talk:
        """What a turn knows."""

    knows: ContextVar[Talk] = ContextVar("knows")

    async def turn(url: str) -> weakref.ref[Talk]:
        talk = Talk()
        knows.set(talk)
        await client.get(url)
        return weakref.ref(talk)

    async with serving(saying(sized())) as server:
        known = await asyncio.create_task(turn(server.url))
        await asyncio.sleep(0.01)  # the loop itself holds on to a task that ends
        gc.collect()

        assert known() is None


async def test_a_line_that_the_server_ended_meanwhile_is_not_used(
    client: httpx.AsyncClient,
) -> None:
    async with serving(saying(sized(), stays=False)) as server:
        await client.get(server.url)
        async with asyncio.timeout(5):
            await server.has_ended.wait()
        await asyncio.sleep(0.05)
        await client.get(server.url)

    assert server.lines == 2


async def test_a_line_grows_old() -> None:
    lines = StraightLines(None, most=5, idle_seconds=0.05)
    async with serving(saying(sized())) as server, httpx.AsyncClient(transport=lines) as client:
        await client.get(server.url)
        await asyncio.sleep(0.1)
        await client.get(server.url)

    assert server.lines == 2


async def test_an_answer_that_is_left_in_the_middle_leaves_nothing_to_the_next(
    client: httpx.AsyncClient,
) -> None:
    async with serving(saying(chunked(b"one", b"two"))) as server:
        async with client.stream("GET", server.url):
            pass
        assert (await client.get(server.url)).content == b"onetwo"

    assert server.lines == 2


async def test_whoever_gives_up_waiting_hangs_up(client: httpx.AsyncClient) -> None:
    async def silent(_: bytes, say: Say) -> bool:  # noqa: ARG001 -- it has nothing to say
        await asyncio.sleep(30)
        return False

    async with serving(silent) as server:
        asking = asyncio.create_task(client.get(server.url))
        await server.asked(1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        # The line was given back: as many as may be at once still may.
        for _ in range(25):
            with pytest.raises(httpx.ReadTimeout):
                await client.get(server.url, timeout=0.01)


async def test_so_many_are_asked_at_once_and_no_more() -> None:
    lines = StraightLines(None, most=2, idle_seconds=5)
    may_answer = asyncio.Event()

    async def script(_: bytes, say: Say) -> bool:
        await may_answer.wait()
        await say(sized())
        return True

    async with (
        serving(script) as server,
        httpx.AsyncClient(transport=lines, timeout=httpx.Timeout(5, pool=0.05)) as client,
    ):
        two = [asyncio.create_task(client.get(server.url)) for _ in range(2)]
        await server.asked(2)
        with pytest.raises(httpx.PoolTimeout):
            await client.get(server.url)
        may_answer.set()
        await asyncio.gather(*two)
        assert (await client.get(server.url)).content == WORDS


async def test_a_client_that_was_closed_can_be_made_anew_on_the_same_lines(
    lines: StraightLines,
) -> None:
    async with serving(saying(sized())) as server:
        for _ in range(2):
            async with httpx.AsyncClient(transport=lines) as client:
                assert (await client.get(server.url)).content == WORDS

    assert server.lines == 2


async def test_an_answer_that_nobody_reads_does_not_fill_the_memory(
    client: httpx.AsyncClient,
) -> None:
    size = 40 * MOST_UNREAD
    said = 0

    async def script(_: bytes, say: Say) -> bool:
        nonlocal said
        await say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        while said < size:
            await say(bytes(MOST_UNREAD))
            said += MOST_UNREAD
        return True

    async with serving(script) as server, client.stream("GET", server.url) as answer:
        await asyncio.sleep(0.3)
        held_back = said
        got = sum([len(piece) async for piece in answer.aiter_raw()])

    assert held_back < size
    assert got == size


# Trouble on the way -------------------------------------------------------------------------


async def test_nobody_there(client: httpx.AsyncClient) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    with pytest.raises(httpx.ConnectError):
        await client.get(f"http://127.0.0.1:{port}")


async def test_a_line_that_nobody_takes_up(client: httpx.AsyncClient) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        address = deaf.getsockname()
        # What waits to be taken up fills its queue.
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)  # noqa: FBT003 -- the socket's own way to say it
            one.connect_ex(address)
        with pytest.raises(httpx.ConnectTimeout):
            await client.get(f"http://127.0.0.1:{address[1]}", timeout=0.2)
        for one in waiting:
            one.close()


async def test_silence(client: httpx.AsyncClient) -> None:
    async with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"no")) as server:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(server.url, timeout=0.1)


async def test_a_server_that_takes_no_more(client: httpx.AsyncClient) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with pytest.raises(httpx.WriteTimeout):
            await client.post(url, content=bytes(30_000_000), timeout=0.2)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "https://127.0.0.1/"])
async def test_what_it_does_not_speak(client: httpx.AsyncClient, url: str) -> None:
    with pytest.raises(httpx.UnsupportedProtocol):
        await client.get(url)


@pytest.mark.parametrize(
    ("names", "wants"),
    [((), False), (("HTTPS_PROXY",), True), (("all_proxy",), True), (("NO_PROXY",), False)],
)
def test_a_proxy_of_the_environment_is_noticed(
    monkeypatch: pytest.MonkeyPatch, names: Sequence[str], *, wants: bool
) -> None:
    for kind in ("http", "https", "all"):
        monkeypatch.delenv(f"{kind}_proxy", raising=False)
        monkeypatch.delenv(f"{kind}_proxy".upper(), raising=False)
    for name in names:
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert wants_proxy() is wants
