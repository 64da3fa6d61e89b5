"""What the terminal draws: a prompt with a history, rich text, numbered choices."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.live import Live
from rich.syntax import Syntax
from rich.text import Text
from typing_extensions import override

from bot.markup import Entity, StyledText, styled
from bot.message import LETTERS, Message

_STYLES = {
    "bold": "bold",
    "italic": "italic",
    "strikethrough": "strike",
    "code": "cyan",
    "pre": "cyan",
    "link": "underline blue",
    "quote": "dim",
}


def prompt(history: Path | None) -> Callable[[], Awaitable[str | None]]:
    """A prompt that gives a line each time, and None at the end of input."""
    kept = FileHistory(str(history)) if history else None
    session: PromptSession[str] = PromptSession(history=kept)

    async def read() -> str | None:
        try:
            with patch_stdout(raw=True):
                return await session.prompt_async("› ")
        except (EOFError, KeyboardInterrupt):
            return None

    return read


def say(text: str, out: TextIO, *, is_tty: bool) -> None:
    """A line of the terminal's own, outside the conversation."""
    _console(out, is_tty=is_tty).print(Text(text, style="dim"))


def show(message: Message, out: TextIO, *, is_tty: bool) -> None:
    """A message, with its buttons as numbers to type, or letters where a number is awaited."""
    console = _console(out, is_tty=is_tty)
    console.print()
    for part in _blocks(with_addresses(styled(message.markup))):
        console.print(part, soft_wrap=not is_tty)
    number = 0
    for row in message.buttons:
        line = Text()
        for button in row:
            sign = LETTERS[number] if message.takes_number else f"{number + 1}"
            number += 1
            line.append(f"[{sign}] ", style="bold green")
            line.append(f"{button.label}   ")
        console.print(line, soft_wrap=not is_tty)


class Growing:
    """An answer that is still being written: its last lines, until the whole one takes their place.

    Until there are words it shows that somebody is at work.
    """

    def __init__(self, out: TextIO) -> None:
        self._console = _console(out, is_tty=True)
        self._live: Live | None = None

    def show(self, markup: str) -> None:
        if self._live is None:
            self._live = Live(console=self._console, transient=True, auto_refresh=False)
            self._live.start()
        lines = styled(markup).text.splitlines() or ["…"]
        # A live display higher than the screen could not be taken back.
        shown = lines[-max(3, self._console.height - 4) :]
        self._live.update(Text("\n".join(shown), style="dim"), refresh=True)

    def end(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


class _Quiet(Console):
    """A console whose reader may go, as `head` does."""

    @override
    def on_broken_pipe(self) -> None:
        """What nobody reads goes nowhere; what was said is dealt with all the same."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


def _console(out: TextIO, *, is_tty: bool) -> Console:
    return _Quiet(file=out, force_terminal=is_tty, highlight=False)


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
