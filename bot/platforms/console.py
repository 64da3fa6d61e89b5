"""The terminal: rich text, numbered choices, a history; piped lines work too."""

import asyncio
import importlib
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

from bot.files import bytes_of
from bot.message import Attachment, Message
from bot.platforms.port import (
    Budget,
    Did,
    Event,
    Frame,
    Mailbox,
    UnreadableEventError,
)
from store.inbox import Arrival

PERSON = "local"
ADDRESS = f"console:{PERSON}"


class Terminal:
    """One learner at one terminal.

    `settled` waits until all that was said is answered, so that the next line comes after it.
    """

    name = "console"
    budget = Budget(10_000, 0.0)

    def __init__(
        self, *, history: Path | None, lines: TextIO | None = None, out: TextIO | None = None
    ) -> None:
        self._lines = lines or sys.stdin
        self._out = out or sys.stdout
        self._is_tty = self._lines.isatty() and self._out.isatty()
        self._history = history
        self.settled: Callable[[], Awaitable[None]] | None = None

    def budget_of(self, address: str) -> Budget:  # noqa: ARG002 -- the same for every address
        return self.budget

    async def open(self) -> None:
        """Nothing to connect to."""

    async def take_in(self, mailbox: Mailbox) -> None:
        """Read lines until the end of input."""
        read = self._prompting() if self._is_tty else self._reading()
        while (line := await read()) is not None:
            raw = json.dumps({"text": line})
            await mailbox.accept([Arrival(self.name, uuid4().hex, ADDRESS, raw)])
            if self.settled is not None:
                await self.settled()

    def _prompting(self) -> Callable[[], Awaitable[str | None]]:
        prompt: Callable[[], Awaitable[str | None]] = _screen().prompt(self._history)
        return prompt

    def _reading(self) -> Callable[[], Awaitable[str | None]]:
        async def read() -> str | None:
            line = await asyncio.to_thread(self._lines.readline)
            # Bytes that are no UTF-8 come as half characters, which nothing could print.
            return line.rstrip("\n").encode("utf-8", "replace").decode() if line else None

        return read

    def read(self, raw: str) -> Event:
        try:
            text = json.loads(raw)["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableEventError from error
        if not isinstance(text, str):
            raise UnreadableEventError
        return Event(Did.SAID, PERSON, ADDRESS, is_private=True, text=text)

    async def acknowledge(self, event: Event) -> None:
        """A typed number needs no sign that it was noticed."""

    async def show_busy(self, address: str) -> None:
        """The prompt comes back when the answer is there."""

    def draft(self, address: str) -> Frame | None:  # noqa: ARG002 -- never, for any address
        return None

    async def send(self, address: str, message: Message, seq: int) -> str:  # noqa: ARG002
        if message.attachment is not None:
            message = await asyncio.to_thread(self._saved, message, message.attachment)
        self._print(message)
        return str(seq)

    def _saved(self, message: Message, attachment: Attachment) -> Message:
        """Write a file into the folder one is in, beside one of its name if need be."""
        path = Path.cwd() / attachment.name
        for n in count(2):
            if not path.exists():
                break
            path = path.with_name(f"{Path(attachment.name).stem}-{n}{path.suffix}")
        try:
            path.write_bytes(bytes_of(attachment))
        except OSError as error:
            # A delivery that raises would hold up all that is said after it.
            return replace(message, markup=f"`{path}`: {error.strerror}")
        return replace(message, markup=f"{message.markup}\n\n`{path}`")

    async def close(self) -> None:
        """Nothing to disconnect from."""

    def say(self, text: str) -> None:
        """A line of the terminal's own, outside the conversation."""
        _screen().say(text, self._now_out(), is_tty=self._is_tty)

    def _now_out(self) -> TextIO:
        # The prompt replaces standard output while it waits.
        return sys.stdout if self._out is sys.__stdout__ else self._out

    def _print(self, message: Message) -> None:
        _screen().show(message, self._now_out(), is_tty=self._is_tty)
        self._out.flush()


def _screen() -> Any:
    """What draws; loaded when something is drawn, as its libraries take 6 MB."""
    return importlib.import_module("bot.platforms.screen")
