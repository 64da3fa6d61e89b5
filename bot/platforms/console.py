"""The terminal: rich text, numbered choices, a history; piped lines work too."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console as RichConsole
from rich.syntax import Syntax
from rich.text import Text

from bot.markup import Entity, StyledText, styled
from bot.message import Message
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

_STYLES = {
    "bold": "bold",
    "italic": "italic",
    "strikethrough": "strike",
    "code": "cyan",
    "pre": "cyan",
    "link": "underline blue",
    "quote": "dim",
}


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
        history = FileHistory(str(self._history)) if self._history else None
        session: PromptSession[str] = PromptSession(history=history)

        async def read() -> str | None:
            try:
                with patch_stdout(raw=True):
                    return await session.prompt_async("› ")
            except (EOFError, KeyboardInterrupt):
                return None

        return read

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
        self._print(message)
        return str(seq)

    async def close(self) -> None:
        """Nothing to disconnect from."""

    def say(self, text: str) -> None:
        """A line of the terminal's own, outside the conversation."""
        self._rich().print(Text(text, style="dim"))

    def _rich(self) -> RichConsole:
        # Made anew for each message: the prompt replaces standard output while it waits.
        out = sys.stdout if self._out is sys.__stdout__ else self._out
        return RichConsole(file=out, force_terminal=self._is_tty, highlight=False)

    def _print(self, message: Message) -> None:
        console = self._rich()
        console.print()
        content = with_addresses(styled(message.markup))
        for part in _blocks(content):
            console.print(part, soft_wrap=not self._is_tty)
        number = 0
        for row in message.buttons:
            line = Text()
            for button in row:
                number += 1
                line.append(f"[{number}] ", style="bold green")
                line.append(f"{button.label}   ")
            console.print(line, soft_wrap=not self._is_tty)
        self._out.flush()


def with_addresses(content: StyledText) -> StyledText:
    """Write a link's address behind its words: not every terminal opens links."""
    text, entities = content.text, list(content.entities)
    for link in sorted(entities, key=lambda one: one.end, reverse=True):
        if link.style == "link" and text[link.start : link.end] != link.detail:
            added = f" <{link.detail}>"
            text = text[: link.end] + added + text[link.end :]
            entities = [_moved(one, link.end, len(added)) for one in entities]
    return StyledText(text, tuple(entities))


def _moved(entity: Entity, at: int, by: int) -> Entity:
    start = entity.start + by if entity.start >= at else entity.start
    end = entity.end + by if entity.end > at else entity.end
    return replace(entity, start=start, end=end)


def _blocks(content: StyledText) -> list[Text | Syntax]:
    """Styled text, with code blocks that name a language coloured."""
    blocks: list[Text | Syntax] = []
    at = 0
    for code in (one for one in content.entities if one.style == "pre" and one.detail):
        blocks.append(_text(content, at, code.start))
        blocks.append(Syntax(content.text[code.start : code.end], code.detail, theme="ansi_dark"))
        at = code.end
    blocks.append(_text(content, at, len(content.text)))
    return [block for block in blocks if isinstance(block, Syntax) or block.plain.strip()]


def _text(content: StyledText, start: int, end: int) -> Text:
    text = Text(content.text[start:end].strip("\n"))
    shift = start + (len(content.text[start:end]) - len(content.text[start:end].lstrip("\n")))
    for one in content.entities:
        if one.end > start and one.start < end:
            style = _STYLES[one.style]
            if one.style == "link":
                style = f"{style} link {one.detail}"
            text.stylize(style, max(0, one.start - shift), max(0, one.end - shift))
    return text
