"""The world outside on loopback, each server in a process of its own: its CPU is not counted."""

import subprocess
import sys
import time
from typing import Any, Self

import httpx
from typing_extensions import override

from tests.ports import free_port

TOKEN = "123456789:AAbenchmarkbenchmarkbenchmarkbenchm"  # noqa: S105 -- for the loopback server


class LoopbackServer:
    """One of the tests' servers; `control` calls one of its controls, and gives what it answers."""

    module = ""
    probe = ""

    def __enter__(self) -> Self:
        self.url = f"http://127.0.0.1:{free_port()}"
        port = self.url.rpartition(":")[2]
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.module, "--port", port, *self._arguments()],
            stdout=subprocess.DEVNULL,
        )
        self._http = httpx.Client(base_url=self.url, trust_env=False, timeout=60)
        for _ in range(200):
            try:
                self._http.post(f"/control/{self.probe}", json={})
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                break
        return self

    def _arguments(self) -> list[str]:
        return []

    @property
    def environment(self) -> dict[str, str]:
        """The settings that point a mentor here."""
        return {}

    def control(self, name: str, **params: object) -> Any:
        answer = self._http.post(f"/control/{name}", json=params)
        answer.raise_for_status()
        return answer.json()["result"]

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._process.terminate()
        self._process.wait()


class LoopbackTelegram(LoopbackServer):
    module = "tests.fakes.telegram"
    probe = "updates_pending"

    @override
    def _arguments(self) -> list[str]:
        return ["--token", TOKEN]

    @property
    @override
    def environment(self) -> dict[str, str]:
        return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": self.url}


class LoopbackDiscord(LoopbackServer):
    module = "tests.fakes.discord"
    probe = "connected"
    token = "OTAwMDAwMDAwMDAwMDAwMDAx.loopback.no-secret"  # noqa: S105 -- as above

    @property
    @override
    def environment(self) -> dict[str, str]:
        return {
            "DISCORD_BOT_TOKEN": self.token,
            "DISCORD_API_URL": f"{self.url}/api/v10",
            "DISCORD_GATEWAY_URL": f"{self.url.replace('http', 'ws', 1)}/gw",
        }


class LoopbackModel(LoopbackServer):
    """A model that answers at once, always the same."""

    module = "tests.fakes.model"
    probe = "steps_left"
