"""A Markdown file as people read it: headings with paragraphs, lists and check boxes below them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

# The parser drops in silence what is nested deeper than this; no plan comes near.
DEEPEST = 100
# Bold lines and lines that end in a colon stand below every real heading.
LABEL_LEVEL = 7

_BOX = re.compile(r"\[([ xX])\](?:\s+|$)")
_URL = re.compile(r"<?\bhttps?://[^\s<>（）()，。；、]+>?")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)(?:\n|\Z)", re.DOTALL)
_SIGNS = {"So", "Sk", "Cf", "Mn", "Sm"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    line: int


@dataclass(slots=True)
class Item:
    """A line of a list. `ticked` is None where it has no check box."""

    text: str
    line: int
    ticked: bool | None = None
    links: list[str] = field(default_factory=list)
    children: list["Item"] = field(default_factory=list)

    @property
    def has_boxes(self) -> bool:
        return self.ticked is not None or any(child.has_boxes for child in self.children)

    def below(self) -> Iterator["Item"]:
        """What is nested in this item, in its order."""
        for child in self.children:
            yield child
            yield from child.below()


@dataclass(frozen=True, slots=True)
class Other:
    """Something that a curriculum has no place for: code, a table, HTML."""

    what: str
    text: str
    line: int


@dataclass(slots=True)
class Heading:
    level: int
    text: str
    line: int
    blocks: list[Paragraph | Item | Other] = field(default_factory=list)
    parts: list["Heading"] = field(default_factory=list)

    @property
    def items(self) -> list[Item]:
        return [one for one in self.blocks if isinstance(one, Item)]

    @property
    def has_boxes(self) -> bool:
        return any(one.has_boxes for one in self.items) or any(p.has_boxes for p in self.parts)

    @property
    def has_items(self) -> bool:
        return bool(self.items) or any(part.has_items for part in self.parts)

    def below(self) -> Iterator["Heading"]:
        """Every heading below this one, in the order of the file."""
        for part in self.parts:
            yield part
            yield from part.below()


def outline(text: str) -> Heading:
    """Read Markdown into a tree, whose root of level 0 holds what stands before any heading.

    Raises:
        RecursionError: when lists or quotes are nested deeper than the parser reads.
    """
    root = Heading(0, "", 1)
    path = [root]
    front = _FRONT_MATTER.match(text)
    if front:
        root.blocks.append(Other("front matter", _one_line(front[0].strip("-. \n")), 1))
        text = "\n" * front[0].count("\n") + text[front.end() :]
    tokens = _PARSER.parse(text)
    if any(token.level >= DEEPEST - 2 for token in tokens):
        raise RecursionError
    for block in _blocks(tokens):
        if isinstance(block, Heading):
            while path[-1].level >= block.level:
                path.pop()
            path[-1].parts.append(block)
            path.append(block)
        else:
            path[-1].blocks.append(block)
    return root


_PARSER = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable("table")


def _blocks(tokens: Sequence[Token]) -> Iterator[Heading | Paragraph | Item | Other]:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        line = token.map[0] + 1 if token.map else 1
        if token.type == "heading_open":
            text = without_signs(_one_line(_plain(tokens[at + 1])))
            yield Heading(int(token.tag[1]), text, line)
            at += 3
        elif token.type == "paragraph_open":
            yield from _paragraphs(tokens[at + 1], line)
            at += 3
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            end = _end(tokens, at)
            yield from _items(tokens[at + 1 : end])
            at = end + 1
        elif token.type == "table_open":
            end = _end(tokens, at)
            yield from _rows(tokens[at:end])
            at = end + 1
        else:
            if token.type in {"fence", "code_block", "html_block"} and not _is_comment(token):
                what = "HTML" if token.type == "html_block" else "code"
                yield Other(what, _one_line(token.content), line)
            at += 1


def _end(tokens: Sequence[Token], start: int) -> int:
    """Where what opens at `start` closes."""
    level = tokens[start].level
    return next(n for n in range(start + 1, len(tokens)) if tokens[n].level == level)


def _is_comment(token: Token) -> bool:
    return token.type == "html_block" and token.content.lstrip().startswith("<!--")


def _paragraphs(inline: Token, line: int) -> Iterator[Heading | Paragraph]:
    """A paragraph, or line by line where a line is a label such as `**Goals:**`."""
    lines = [part.strip() for part in _plain(inline).split("\n")]
    last = len(lines) - 1
    children = inline.children or []
    is_bold = bool(children) and (children[0].type, children[-1].type) == (
        *("strong_open", "strong_close"),
    )
    for number, text in enumerate(lines):
        whole = without_signs(_one_line(text))
        is_label = whole.endswith(("：", ":")) or (is_bold and last == 0)
        if is_label and 1 < len(whole) <= 60:
            yield Heading(LABEL_LEVEL, whole.rstrip("：: "), line + number)
        elif whole:
            yield Paragraph(_one_line(text), line + number)


def _items(tokens: Sequence[Token]) -> Iterator[Item]:
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        yield _item(tokens[at : end + 1])
        at = end + 1


def _item(tokens: Sequence[Token]) -> Item:
    """One item; what it holds besides its first paragraph becomes its children."""
    line = tokens[0].map[0] + 1 if tokens[0].map else 1
    first = tokens[1] if len(tokens) > 2 and tokens[1].type == "paragraph_open" else None
    inline = tokens[2] if first is not None else None
    text = _plain(inline).replace("\n", " ") if inline is not None else ""
    box = _BOX.match(text)
    item = Item(
        _one_line(text[box.end() :] if box else text),
        line,
        None if box is None else box[1] != " ",
        _links(inline) if inline is not None else [],
    )
    for block in _blocks(tokens[4 if first is not None else 1 : -1]):
        if isinstance(block, Item):
            item.children.append(block)
        elif block.text:
            item.children.append(Item(block.text, block.line))
    return item


def _rows(tokens: Sequence[Token]) -> Iterator[Other]:
    cells: list[str] = []
    line = 1
    for token in tokens:
        if token.type == "tr_open":
            cells = []
            line = token.map[0] + 1 if token.map else line
        elif token.type == "inline":
            cells.append(_one_line(_plain(token)))
        elif token.type == "tr_close":
            yield Other("table row", " | ".join(cells), line)


def _plain(inline: Token) -> str:
    """The words without their marks; a link's target is dropped, `_links` has it."""
    parts: list[str] = []
    for child in inline.children or ():
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
        elif child.type == "html_inline" and not child.content.startswith("<!--"):
            parts.append(" ")
    return "".join(parts)


def _links(inline: Token) -> list[str]:
    """The targets of an item's links, as written, also those that are only pasted addresses."""
    named = [
        str(child.attrs[name])
        for child in inline.children or ()
        for name in ("href", "src")
        if child.attrs.get(name)
    ]
    pasted = [found.strip("<>.,;:!") for found in _URL.findall(_plain(inline))]
    return list(dict.fromkeys(link for link in (*named, *pasted) if link.startswith("http")))


def _one_line(text: str) -> str:
    """Blanks and line breaks as single blanks, and no control characters."""
    kept = (" " if unicodedata.category(one) in {"Cc", "Zl", "Zp", "Cs"} else one for one in text)
    return " ".join("".join(kept).split())


def without_links(text: str) -> str:
    """The text without pasted addresses, unless it is nothing else."""
    shorter = " ".join(_URL.sub(" ", text).split()).rstrip("：:–-— ")
    return shorter or text


def without_signs(text: str) -> str:
    """A heading without the pictures in front of it."""
    start = 0
    while start < len(text) and (unicodedata.category(text[start]) in _SIGNS or text[start] == " "):
        start += 1
    return text[start:] or text
