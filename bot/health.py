"""Two questions for whoever watches the process: is it alive, is it ready?"""

import asyncio
import json
from collections.abc import Awaitable, Callable

LARGEST_REQUEST = 4096
SECONDS_TO_ASK = 5.0


class Health:
    """Answers /live and /ready on loopback; `is_ready` says what is wrong, or nothing."""

    def __init__(self, port: int, is_ready: Callable[[], Awaitable[str | None]]) -> None:
        self._port = port
        self._is_ready = is_ready
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(
            self._answer, "127.0.0.1", self._port, limit=LARGEST_REQUEST
        )

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_ASK):
                request = await reader.readline()
                status, said = await self._status(request.split(b" ")[1:2])
                body = json.dumps({"status": said}).encode()
                head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (TimeoutError, OSError, ValueError):
            return
        finally:
            writer.close()

    async def _status(self, path: list[bytes]) -> tuple[str, str]:
        if path == [b"/live"]:
            return "200 OK", "ok"
        if path != [b"/ready"]:
            return "404 Not Found", "ask /live or /ready"
        wrong = await self._is_ready()
        return ("200 OK", "ok") if wrong is None else ("503 Service Unavailable", wrong)
