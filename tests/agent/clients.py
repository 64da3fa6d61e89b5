"""Clients of the fake model that leave nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from agent.endpoints import Endpoint, Patience
from agent.model import FastChatOpenAI, chat_model, hang_up
from tests.fakes.model import FakeModel

__all__ = ["hang_up", "proxy", "talking_to"]


@asynccontextmanager
async def talking_to(
    model: FakeModel, seconds: float = 1, *, silence: float | None = None, **more: Any
) -> AsyncIterator[FastChatOpenAI]:
    """A client that waits so many seconds for a sign, and for a word after another."""
    patience = Patience(first_sign=seconds, silence=silence or seconds)
    client = chat_model(Endpoint("m", model.url, "k"), patience=patience, **more)
    yield client
    await hang_up(client)


@asynccontextmanager
async def proxy() -> AsyncIterator[tuple[str, list[str]]]:
    """A proxy that notes what it is asked for, and answers in its own words."""
    asked: list[str] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.split(b"\r\n")[0].decode())
        body = b'{"choices": [{"message": {"content": "by proxy"}}]}'
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
        writer.write(b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
        writer.write(body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
