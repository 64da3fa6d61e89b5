"""For whoever watches the process: is it alive, is it ready, and how is it doing?"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable

from learning.errors import MentorError

log = logging.getLogger("mentor.health")

LARGEST_REQUEST = 4096
SECONDS_TO_ASK = 5.0
# Prometheus' text format.
TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Health:
    """Answers /live, /ready and /metrics on loopback, or where `host` says.

    `is_ready` says what is wrong, or nothing; `metrics` gives the figures as text.
    """

    def __init__(
        self,
        port: int,
        is_ready: Callable[[], Awaitable[str | None]],
        metrics: Callable[[], Awaitable[bytes]],
        host: str,
    ) -> None:
        self._host, self._port = host, port
        self._is_ready = is_ready
        self._metrics = metrics
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(
            self._answer, self._host, self._port, limit=LARGEST_REQUEST
        )

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_ASK):
                request = await reader.readline()
                path = request.split(b" ")[1:2]
                if path == [b"/metrics"]:
                    status, kind, body = "200 OK", TEXT, await self._metrics()
                else:
                    status, said = await self._status(path)
                    kind, body = "application/json", json.dumps({"status": said}).encode()
                head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (TimeoutError, OSError, ValueError):
            return
        except MentorError as error:
            log.warning("no figures: %s", error)
        finally:
            writer.close()

    async def _status(self, path: list[bytes]) -> tuple[str, str]:
        if path == [b"/live"]:
            return "200 OK", "ok"
        if path != [b"/ready"]:
            return "404 Not Found", "ask /live, /ready or /metrics"
        wrong = await self._is_ready()
        return ("200 OK", "ok") if wrong is None else ("503 Service Unavailable", wrong)
