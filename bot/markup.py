"""The small markup our texts and the model's answers are written in, as text with entities.

CommonMark without HTML and images. Line breaks stay; lists and headings become plain lines;
tables become lists, since no chat aligns Chinese columns.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType
from typing_extensions import override

Style = Literal["bold", "italic", "strikethrough", "code", "pre", "link", "quote"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A styled part of a text, in characters of that text. `detail` is a URL or a language."""

    style: Style
    start: int
    end: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StyledText:
    text: str
    entities: tuple[Entity, ...] = ()


_TO_ESCAPE = re.compile(r"([\\`*_\[\]<>~|#])")
_CODE_SPAN = re.compile(r"(`[^`\n]+`)")


def escape(text: str) -> str:
    """Text that reads as itself, whatever signs are in it."""
    return _TO_ESCAPE.sub(r"\\\1", text)


def authored(text: str) -> str:
    """An author's words: `code` between backticks is code, every other sign reads as itself."""
    return "".join(
        part if part.startswith("`") and len(part) > 2 else escape(part)
        for part in _CODE_SPAN.split(text)
    )


class _ChineseStateInline(StateInline):
    """CommonMark lets `**注意：**请` stay unbold, since punctuation touches a letter there.

    Chinese has no spaces between words, so every run of signs may open and close.
    """

    @override
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        scanned = super().scanDelims(start, canSplitWord)
        before = self.src[start - 1] if start else " "
        after_at = start + scanned.length
        after = self.src[after_at] if after_at < len(self.src) else " "
        if self.src[start] == "_" or not (_is_wide(before) or _is_wide(after)):
            return scanned
        return Scanned(not after.isspace(), not before.isspace(), scanned.length)


def _is_wide(char: str) -> bool:
    return ord(char) >= 0x2E80


class _ChineseInline(ParserInline):
    @override
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _ChineseStateInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline = _ChineseInline()
    parser.configure("commonmark").enable(["table", "strikethrough"])
    return parser.disable(["image", "html_block", "html_inline", "entity", "lheading", "code"])


_PARSER = _parser()
_STYLES: dict[str, Style] = {"strong": "bold", "em": "italic", "s": "strikethrough"}


def styled(markup: str) -> StyledText:
    """Read markup. Whatever it is, the result is a text; nothing is refused."""
    writer = _Writer()
    for token in _PARSER.parse(markup.replace("\x00", "")):
        writer.take(token)
    return writer.finished()


class _Writer:
    """Turns a stream of tokens into one text, and remembers which style begins where."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._entities: list[Entity] = []
        self._open: list[tuple[Style, int, str]] = []
        self._lists: list[int | None] = []
        self._item_begins = False
        self._last_line = -1
        self._cells = 0

    def take(self, token: Token) -> None:
        kind = token.type
        if token.type == "inline":
            for child in token.children or ():
                self.take(child)
        elif kind in {"paragraph_open", "heading_open", "fence", "hr", "tr_open"}:
            self._begin_block(token)
        elif kind in {"bullet_list_open", "ordered_list_open"}:
            start = int(token.attrs.get("start", 1)) if kind.startswith("ordered") else None
            self._lists.append(start)
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            self._lists.pop()
        elif kind == "list_item_open":
            self._begin_block(token)
            self._begin_item()
        elif kind == "blockquote_open":
            self._begin_block(token)
            self._item_begins = True
            self._begin("quote")
        elif kind in {"blockquote_close", "heading_close"}:
            self._end()
        elif kind in {"td_open", "th_open"}:
            self._write(" · " if self._cells else "• ")
            self._cells += 1
        else:
            self._take_inline(token)

    def _take_inline(self, token: Token) -> None:
        name, _, edge = token.type.rpartition("_")
        if token.type == "text":
            self._write(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            self._write("\n")
        elif token.type == "code_inline":
            self._begin("code")
            self._write(token.content)
            self._end()
        elif token.type == "link_open":
            self._begin("link", str(token.attrs.get("href", "")))
        elif name in _STYLES and edge == "open":
            self._begin(_STYLES[name])
        elif (name in _STYLES or name == "link") and edge == "close":
            self._end()

    def _begin_block(self, token: Token) -> None:
        """Start a block on its own line, with a blank line between where the source had one."""
        first = token.map[0] if token.map else self._last_line
        if self._length and not self._item_begins:
            has_gap = first > self._last_line and self._last_line >= 0
            self._write("\n\n" if has_gap else "\n")
        self._item_begins = False
        if token.type == "list_item_open":
            self._last_line = first
        elif token.map:
            self._last_line = token.map[1]
        self._cells = 0
        if token.type == "heading_open":
            self._begin("bold")
        elif token.type == "hr":
            self._write("———")
        elif token.type == "fence":
            self._begin("pre", token.info.strip().split(" ")[0][:30])
            self._write(token.content.rstrip("\n"))
            self._end()

    def _begin_item(self) -> None:
        number = self._lists[-1] if self._lists else None
        self._write("  " * (len(self._lists) - 1))
        if number is None:
            self._write("• ")
        else:
            self._write(f"{number}. ")
            self._lists[-1] = number + 1
        self._item_begins = True

    def _begin(self, style: Style, detail: str = "") -> None:
        self._open.append((style, self._length, detail))

    def _end(self) -> None:
        style, start, detail = self._open.pop()
        if self._length > start:
            self._entities.append(Entity(style, start, self._length, detail))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def finished(self) -> StyledText:
        entities = sorted(self._entities, key=lambda one: (one.start, -one.end))
        return StyledText("".join(self._parts), tuple(entities))


def split(
    whole: StyledText, most_units: int, most_entities: int, units: Callable[[str], int]
) -> list[StyledText]:
    """Cut a text into parts that a platform takes; no letter is lost.

    `units` measures a text as the platform does, and never counts a character as nothing. Cuts
    fall behind a line where one fits, else behind any character; an entity that is cut goes on
    in the next part.
    """
    parts = []
    start = 0
    while start < len(whole.text):
        end = _part_end(whole, start, most_units, most_entities, units)
        parts.append(_part(whole, start, end))
        start = end
    return parts or [whole]


def _part_end(
    whole: StyledText,
    start: int,
    most_units: int,
    most_entities: int,
    units: Callable[[str], int],
) -> int:
    end = min(len(whole.text), start + most_units)
    while units(whole.text[start:end]) > most_units:
        end -= max(1, (units(whole.text[start:end]) - most_units) // 2)
    inside = [one for one in whole.entities if one.end > start and one.start < end]
    if len(inside) > most_entities:
        end = min(end, max(start + 1, inside[most_entities].start))
    if end < len(whole.text):
        line_end = whole.text.rfind("\n", start + (end - start) // 3, end)
        end = line_end + 1 if line_end >= 0 else end
    return end


def _part(whole: StyledText, start: int, end: int) -> StyledText:
    kept = (
        replace(one, start=max(one.start, start) - start, end=min(one.end, end) - start)
        for one in whole.entities
        if one.end > start and one.start < end
    )
    return StyledText(whole.text[start:end], tuple(kept))
