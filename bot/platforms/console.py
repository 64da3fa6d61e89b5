"""The terminal: rich text, numbered choices, a history; piped lines work too."""

import asyncio
import importlib
import json
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
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
    Draft,
    Event,
    Mailbox,
    NotFetchedError,
    SentFile,
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
    theme = None
    budget = Budget(10_000, 0.0)

    def __init__(
        self, *, history: Path | None, lines: TextIO | None = None, out: TextIO | None = None
    ) -> None:
        self._lines = lines or sys.stdin
        self._out = out or sys.stdout
        self._is_tty = self._lines.isatty() and self._out.isatty()
        self._history = history
        self.settled: Callable[[], Awaitable[None]] | None = None
        self._growing: Any = None
        self._stops: set[asyncio.Task[None]] = set()

    def budget_of(self, address: str) -> Budget:  # noqa: ARG002 -- the same for every address
        return self.budget

    async def open(self) -> None:
        """Nothing to connect to."""

    @property
    def is_exclusive(self) -> bool:
        return False

    @property
    def is_bound(self) -> bool:
        return False

    async def open_to_send(self) -> None: ...

    async def take_in(self, mailbox: Mailbox) -> None:
        """Read lines until the end of input."""
        read = self._prompting() if self._is_tty else self._reading()
        while (line := await read()) is not None:
            await self._hand_over(mailbox, line)
            if self.settled is not None:
                with self._stoppable(mailbox):
                    await self.settled()

    async def _hand_over(self, mailbox: Mailbox, line: str) -> None:
        raw = json.dumps({"text": line})
        await mailbox.accept([Arrival(self.name, uuid4().hex, ADDRESS, raw)])

    @contextmanager
    def _stoppable(self, mailbox: Mailbox) -> Iterator[None]:
        """While an answer is written nobody can type, so Ctrl-C says stop."""
        if not self._is_tty:
            yield
            return
        loop = asyncio.get_running_loop()

        def stop() -> None:
            task = asyncio.ensure_future(self._hand_over(mailbox, "/stop"))
            self._stops.add(task)
            task.add_done_callback(self._stops.discard)

        loop.add_signal_handler(signal.SIGINT, stop)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)

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
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UnreadableEventError from error
        if not isinstance(text, str):
            raise UnreadableEventError
        return Event(Did.SAID, PERSON, ADDRESS, is_private=True, text=text)

    async def acknowledge(self, event: Event, words: str = "") -> None:
        """A typed number needs no sign that it was noticed."""

    async def is_administrator(self, address: str, person: str) -> bool:  # noqa: ARG002 -- as the port
        """There are no groups at a terminal."""
        return False

    async def show_busy(self, address: str) -> None:  # noqa: ARG002 -- there is one address
        await self._grow("…")

    async def fetch(self, file: SentFile, most: int) -> bytes:  # noqa: ARG002 -- as the port
        raise NotFetchedError

    def draft(self, address: str) -> Draft | None:  # noqa: ARG002 -- there is one address
        return _Draft(self._grow) if self._is_tty else None

    async def _grow(self, markup: str) -> None:
        if self._growing is None:
            self._growing = _screen().Growing(self._now_out())
        self._growing.show(markup)

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

    def forget_history(self) -> None:
        """Delete the lines that were typed before; never raises."""
        if self._history is not None:
            with suppress(OSError):
                self._history.unlink(missing_ok=True)

    async def close(self) -> None:
        """Nothing to disconnect from."""

    def say(self, text: str) -> None:
        """A line of the terminal's own, outside the conversation."""
        _screen().say(text, self._now_out(), is_tty=self._is_tty)

    def _now_out(self) -> TextIO:
        # The prompt replaces standard output while it waits.
        return sys.stdout if self._out is sys.__stdout__ else self._out

    def _print(self, message: Message) -> None:
        if self._growing is not None:
            self._growing.end()
            self._growing = None
        _screen().show(message, self._now_out(), is_tty=self._is_tty)
        self._out.flush()


class _Draft:
    """A growing answer at the foot of the screen."""

    def __init__(self, grow: Callable[[str], Awaitable[None]]) -> None:
        self._grow = grow

    async def frame(self, words: str) -> None:
        await self._grow(words)

    async def end(self) -> None:
        """It stays until the message takes its place."""


def _screen() -> Any:
    """What draws; loaded when something is drawn, as its libraries take 6 MB."""
    return importlib.import_module("bot.platforms.screen")
