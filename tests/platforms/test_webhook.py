"""The door that Telegram posts to: who has not the secret is sent away unread."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.platforms import webhook
from bot.platforms.port import FatalError
from bot.platforms.webhook import MOST_BYTES, listening
from bot.settings import Secret, Webhook
from store.errors import StorageBrokenError, StorageFullError
from tests.ports import free_port

HEADER = "X-Secret"
SECRET = "a-word-that-telegram-knows"
SIGNED = {HEADER: SECRET}


class Desk:
    """Takes what is posted; `error` is raised instead, and `open` says when it may be kept."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.error: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def receive(self, body: bytes) -> bool:
        await self.open.wait()
        if self.error is not None:
            raise self.error
        try:
            json.loads(body)
        except ValueError:
            return False
        self.taken.append(body)
        return True


def hook(port: int) -> Webhook:
    return Webhook("https://mentor.example.org/telegram", Secret(SECRET), "127.0.0.1", port)


@asynccontextmanager
async def door(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    async with (
        listening(hook(port), HEADER, desk.receive),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        yield client


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def test_what_is_kept_is_confirmed_and_not_before(desk: Desk) -> None:
    async with door(desk) as client:
        desk.open.clear()
        posting = asyncio.create_task(
            client.post("/telegram", json={"update_id": 1}, headers=SIGNED)
        )
        await asyncio.sleep(0.2)
        assert not posting.done()

        desk.open.set()
        assert (await posting).status_code == 200
    assert [json.loads(one) for one in desk.taken] == [{"update_id": 1}]


@pytest.mark.parametrize("secret", [None, "", "a-word", SECRET + "x", "\xff"])
async def test_without_the_secret_nothing_is_taken(desk: Desk, secret: str | None) -> None:
    headers = {} if secret is None else {HEADER.encode(): secret.encode("latin-1")}
    async with door(desk) as client:
        answer = await client.post("/telegram", content=b"{}", headers=headers)
        again = await client.post("/telegram", content=b"{}", headers=SIGNED)

    assert (answer.status_code, again.status_code) == (401, 200)
    assert len(desk.taken) == 1


async def test_the_secret_is_asked_for_before_the_body_comes(desk: Desk) -> None:
    """The head alone is answered: no byte of the body is waited for."""
    async with door(desk) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
        async with asyncio.timeout(5):
            said = await reader.read()
        writer.close()
        await writer.wait_closed()

    assert said.startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("is_told", [True, False], ids=["length told", "in chunks"])
async def test_more_than_a_megabyte_is_refused_whether_or_not_its_length_is_told(
    desk: Desk, *, is_told: bool
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(MOST_BYTES // 2**16 + 2):
            yield b" " * 2**16

    async with door(desk) as client:
        content = b" " * (MOST_BYTES + 1) if is_told else chunks()
        try:
            status = (await client.post("/telegram", content=content, headers=SIGNED)).status_code
        except (httpx.WriteError, httpx.ReadError):
            status = 413  # the line was cut while the rest was on its way
        after = await client.post("/telegram", content=b"{}", headers=SIGNED)

    assert status == 413
    assert after.status_code == 200
    assert len(desk.taken) == 1


async def test_just_a_megabyte_is_taken(desk: Desk) -> None:
    async with door(desk) as client:
        body = b'"' + b"x" * (MOST_BYTES - 2) + b'"'
        answer = await client.post("/telegram", content=body, headers=SIGNED)

    assert answer.status_code == 200
    assert desk.taken == [body]


@pytest.mark.parametrize("error", [StorageFullError("full"), StorageBrokenError("away")])
async def test_what_cannot_be_kept_is_not_confirmed(desk: Desk, error: Exception) -> None:
    async with door(desk) as client:
        desk.error = error
        refused = await client.post("/telegram", content=b"{}", headers=SIGNED)
        desk.error = None
        taken = await client.post("/telegram", content=b"{}", headers=SIGNED)

    assert (refused.status_code, taken.status_code) == (503, 200)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"no json"])
async def test_what_is_no_update_is_told_so(desk: Desk, body: bytes) -> None:
    async with door(desk) as client:
        answer = await client.post("/telegram", content=body, headers=SIGNED)

    assert answer.status_code == 400


@pytest.mark.parametrize(("method", "path"), [("GET", "/telegram"), ("POST", "/"), ("GET", "/")])
async def test_there_is_one_way_in(desk: Desk, method: str, path: str) -> None:
    async with door(desk) as client:
        answer = await client.request(method, path, headers=SIGNED)

    assert answer.status_code in {404, 405}
    assert desk.taken == []


async def test_a_post_that_does_not_come_to_its_end_is_given_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "SECONDS_TO_READ", 0.2)
    async with door(desk) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        head = (
            f"POST /telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\nContent-Length: 9\r\n\r\n"
        )
        writer.write(head.encode() + b"{")
        async with asyncio.timeout(5):
            said = await reader.read()
        writer.close()
        await writer.wait_closed()

    assert said.startswith(b"HTTP/1.1 408")
    assert desk.taken == []


async def test_a_port_that_is_taken_is_told_with_its_remedy(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(FatalError, match=f"found {port}: .*Name another"):
            async with listening(hook(port), HEADER, desk.receive):
                pytest.fail("it listens")
