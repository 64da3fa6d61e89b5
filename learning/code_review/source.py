"""What a learner hands in, as one text of Python with the place of every line.

Bytes of any encoding and kind come in: a script, a notebook, Markdown with fences, a paste. Nothing
is raised for what they hold; what cannot be read becomes a problem that a person can be told.
"""

import codecs
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    SCRIPT = "script"
    NOTEBOOK = "notebook"
    MARKDOWN = "markdown"
    PASTE = "paste"
    OTHER = "other"


class Notice(StrEnum):
    """What was read in another way than the learner may think."""

    GBK = "gbk"
    UTF_16 = "utf_16"
    SOME_LOST = "some_lost"
    NULLS = "nulls"
    MAGICS = "magics"
    PROMPTS = "prompts"
    CELLS_LEFT_OUT = "cells_left_out"


MOST_CELLS: Final = 500
MOST_LINES: Final = 20_000
LONGEST_LINE: Final = 20_000
MOST_FENCES: Final = 50

_OTHER_SUFFIXES: Final = {
    "js": "JavaScript",
    "mjs": "JavaScript",
    "jsx": "JavaScript",
    "ts": "TypeScript",
    "tsx": "TypeScript",
    "java": "Java",
    "kt": "Kotlin",
    "c": "C",
    "h": "C",
    "cc": "C++",
    "cpp": "C++",
    "cxx": "C++",
    "hpp": "C++",
    "cu": "CUDA",
    "cs": "C#",
    "go": "Go",
    "rs": "Rust",
    "rb": "Ruby",
    "php": "PHP",
    "swift": "Swift",
    "scala": "Scala",
    "r": "R",
    "jl": "Julia",
    "lua": "Lua",
    "sh": "Shell",
    "bash": "Shell",
    "ps1": "PowerShell",
    "sql": "SQL",
    "html": "HTML",
    "css": "CSS",
    "json": "JSON",
    "yaml": "YAML",
    "yml": "YAML",
    "toml": "TOML",
    "xml": "XML",
}
_PYTHON_FENCES: Final = frozenset({"", "python", "py", "python3", "ipython", "pycon"})
_READ_SUFFIXES: Final = frozenset({"py", "pyw", "pyi", "ipynb", "md", "markdown", "txt"})
_FENCE: Final = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})[ \t]*(?P<word>[\w+#.-]*)")
_MAGIC: Final = re.compile(r"^[ \t]*(?:%|!|\?)|^[ \t]*[\w.]+\?{1,2}[ \t]*$")
_ASSIGNED_MAGIC: Final = re.compile(r"^(?P<target>[ \t]*[\w, ]+=)[ \t]*[%!].*$")
_CELL_MAGIC: Final = re.compile(r"^\s*%%(?P<name>\w+)")
_PYTHON_CELLS: Final = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})
_PROMPT: Final = re.compile(r"^(?:>>>|\.\.\.)(?: |$)")
_IN: Final = re.compile(r"^In \[\d*\]: ?")


@dataclass(frozen=True, slots=True)
class Place:
    """A line in the learner's file; in a notebook, of a cell counted from 1 over all code cells."""

    line: int
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file, or a part of it, could not be read: a key for the words, and what they name."""

    key: str
    place: Place | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """Python that stands together: a file, a cell, a fence. `starts` is the place of its line 1."""

    text: str
    starts: Place

    def place(self, line: int) -> Place:
        return Place(self.starts.line + line - 1, self.starts.cell)


@dataclass(frozen=True, slots=True)
class Source:
    kind: Kind
    parts: tuple[Part, ...] = ()
    notices: tuple[Notice, ...] = ()
    language: str | None = None
    problem: Problem | None = None

    @property
    def is_whole(self) -> bool:
        """Whether names that nobody defined are the file's own fault."""
        return self.kind in {Kind.SCRIPT, Kind.NOTEBOOK}


# Signs of code; a sentence may end with a colon, but then it begins with no word of Python's.
_CODE_SIGN: Final = re.compile(r"[=(){}\[\]@\\]|^\s*#|^\s*(?:from\s+\S+\s+)?import\s")
_STATEMENT: Final = re.compile(
    r"\s*(?:if|elif|else|for|while|try|except|finally|with|def|class|async|match|case|return|yield"
    r"|raise|del|global|nonlocal|assert|pass|break|continue|print|lambda)\b"
)
_SENTENCE: Final = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]|\S+(?:\s+\S+){2,}")
MOST_SENTENCES: Final = 6


def without_words(part: Part) -> Part | None:
    """The code between sentences that were typed before and after it; None when there are none."""
    lines = part.text.split("\n")
    first, end = 0, len(lines)
    while first < min(end, MOST_SENTENCES) and _is_sentence(lines[first]):
        first += 1
    while end > max(first, len(lines) - MOST_SENTENCES) and _is_sentence(lines[end - 1]):
        end -= 1
    if end - first == len(lines) or not any(line.strip() for line in lines[first:end]):
        return None
    return Part("\n".join(lines[first:end]), part.place(first + 1))


def _is_sentence(line: str) -> bool:
    if not line.strip():
        return True
    is_code = _CODE_SIGN.search(line) is not None or _STATEMENT.match(line) is not None
    return not is_code and _SENTENCE.search(line) is not None


def is_of_a_kind_read(name: str) -> bool:
    """Whether a file's name is that of code, or of text that may hold some."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    return suffix in _READ_SUFFIXES or suffix in _OTHER_SUFFIXES


def source_of(content: bytes, name: str = "") -> Source:
    """Read what was handed in; `name` is the file's, empty for a paste."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in _OTHER_SUFFIXES:
        return Source(Kind.OTHER, language=_OTHER_SUFFIXES[suffix])
    text, notices = _decoded(content)
    if text is None:
        return Source(Kind.OTHER, problem=Problem("not_text"))
    if not text.strip():
        return Source(Kind.PASTE, problem=Problem("empty"))
    if text.count("\n") > MOST_LINES and suffix != "ipynb":
        return Source(
            Kind.SCRIPT, problem=Problem("too_many_lines", None, {"most": f"{MOST_LINES}"})
        )
    if suffix == "ipynb":
        return _notebook(text, notices)
    if suffix in {"md", "markdown", "txt"} or (not suffix and _has_fence(text)):
        fenced = _markdown(text, notices, is_file=bool(suffix))
        if fenced is not None:
            return fenced
        if suffix in {"md", "markdown"}:
            return Source(Kind.MARKDOWN, problem=Problem("no_code"))
    kind = Kind.SCRIPT if suffix in {"py", "pyw", "pyi"} else Kind.PASTE
    return _plain(text, notices, kind)


def _decoded(content: bytes) -> tuple[str | None, tuple[Notice, ...]]:
    """The text, by its mark, else as UTF-8, else as GBK; None for what is no text."""
    notices: list[Notice] = []
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", "replace")
        notices.append(Notice.UTF_16)
    else:
        content = content.removeprefix(codecs.BOM_UTF8)
        guessed = _utf_16(content) or _utf_8(content) or _gbk(content)
        if guessed is None:
            return None, ()
        text, noticed = guessed
        notices.extend(noticed)
    if "\0" in text:
        if text.count("\0") * 20 > len(text):
            return None, ()
        text = text.replace("\0", "")
        notices.append(Notice.NULLS)
    if "\ufffd" in text and Notice.UTF_16 in notices:
        notices.append(Notice.SOME_LOST)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\f", " "), tuple(notices)


_Guess = tuple[str, tuple[Notice, ...]] | None


def _utf_16(content: bytes) -> _Guess:
    """UTF-16 without its mark shows by zeros in every other place."""
    sample = content[:4000]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[start::2]
        if half and half.count(0) * 2 > len(half):
            return content.decode(encoding, "replace"), (Notice.UTF_16,)
    return None


def _utf_8(content: bytes) -> _Guess:
    try:
        return content.decode(), ()
    except UnicodeDecodeError:
        return None


def _gbk(content: bytes) -> _Guess:
    """GBK, or else UTF-8 with a few bytes that are none; what is full of signs is no text."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        broken = content.decode("utf-8", "replace")
        is_text = broken.count("\ufffd") * 50 < len(broken)
        return (broken, (Notice.SOME_LOST,)) if is_text else None
    start = text[:20_000]
    odd = sum(1 for one in start if ord(one) < 32 and one not in "\n\r\t\f")
    return None if odd * 50 > len(start) else (text, (Notice.GBK,))


def _plain(text: str, notices: tuple[Notice, ...], kind: Kind) -> Source:
    if kind is Kind.PASTE:
        other = other_language(text)
        if other is not None:
            return Source(Kind.OTHER, notices=notices, language=other)
    part, more = _cleaned(text, Place(1), is_cell=kind is Kind.PASTE)
    return Source(kind, (part,), (*notices, *more))


def _cleaned(text: str, starts: Place, *, is_cell: bool) -> tuple[Part, tuple[Notice, ...]]:
    """Take prompts and, in cells and pastes, magics out of Python; every line keeps its number."""
    notices: list[Notice] = []
    lines = text.split("\n")
    if any(_PROMPT.match(one) or _IN.match(one) for one in lines[:3]):
        lines = [_unprompted(one) for one in lines]
        notices.append(Notice.PROMPTS)
    if is_cell:
        if any(_MAGIC.match(one) or _ASSIGNED_MAGIC.match(one) for one in lines):
            lines = _without_magics(lines)
            notices.append(Notice.MAGICS)
        lines = _dedented(lines)
    return Part("\n".join(lines), starts), tuple(notices)


def _unprompted(line: str) -> str:
    """A line of a session: what was typed stays, what was answered goes."""
    for prompt in (_PROMPT, _IN):
        if prompt.match(line):
            return prompt.sub("", line, count=1)
    return "" if line.strip() else line


def _without_magics(lines: list[str]) -> list[str]:
    cell = next(filter(None, map(_CELL_MAGIC.match, lines)), None)
    if cell is not None and cell["name"] not in _PYTHON_CELLS:
        return [""] * len(lines)
    found: list[str] = []
    is_open = False
    for line in lines:
        # A line that begins with an operator may go on from the one before.
        is_magic = bool(_MAGIC.match(line)) and not is_open
        assigned = _ASSIGNED_MAGIC.match(line)
        if is_magic:
            indent = line[: len(line) - len(line.lstrip())]
            found.append(f"{indent}pass" if indent else "")
        elif assigned and not is_open:
            found.append(f"{assigned['target']} None")
        else:
            found.append(line)
            is_open = line.rstrip().endswith(("\\", "(", "[", "{", ","))
    return found


def _dedented(lines: list[str]) -> list[str]:
    """A method that was pasted out of its class starts somewhere in the middle of the line."""
    first = next((one for one in lines if one.strip()), "")
    if not first[:1].isspace():
        return lines
    return textwrap.dedent("\n".join(lines)).split("\n")


def _has_fence(text: str) -> bool:
    return any(_FENCE.match(line) for line in text.split("\n", 2000)[:2000])


def _markdown(text: str, notices: tuple[Notice, ...], *, is_file: bool) -> Source | None:
    """The Python between fences; None when there is no fence at all.

    Lines of a file are counted from its top; those of a message within their block.
    """
    parts: list[Part] = []
    more: list[Notice] = []
    others: list[str] = []
    for word, body, line in _fences(text):
        if word in _PYTHON_FENCES and (word or other_language(body) is None):
            starts = Place(line) if is_file else Place(1, len(parts) + 1)
            part, noticed = _cleaned(body, starts, is_cell=True)
            parts.append(part)
            more.extend(noticed)
        else:
            others.append(_OTHER_SUFFIXES.get(word, word or "?"))
    if len(parts) == 1 and not is_file:
        parts = [Part(parts[0].text, Place(1))]
    if parts:
        return Source(Kind.MARKDOWN, tuple(parts), tuple(dict.fromkeys((*notices, *more))))
    return Source(Kind.OTHER, notices=notices, language=others[0]) if others else None


def _fences(text: str) -> Iterator[tuple[str, str, int]]:
    """Each fenced block: its word in lower case, its lines, and the line they begin at."""
    opened: re.Match[str] | None = None
    body: list[str] = []
    begins = 0
    given = 0
    for number, line in enumerate(text.split("\n"), 1):
        fence = _FENCE.match(line)
        if opened is None:
            if fence:
                opened, body, begins = fence, [], number + 1
        elif fence and not fence["word"] and fence["ticks"].startswith(opened["ticks"]):
            yield opened["word"].lower(), "\n".join(body), begins
            opened = None
            given += 1
            if given >= MOST_FENCES:
                return
        else:
            body.append(line.removeprefix(opened["indent"]))
    if opened is not None and any(one.strip() for one in body):
        yield opened["word"].lower(), "\n".join(body), begins


def _notebook(text: str, notices: tuple[Notice, ...]) -> Source:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        names = {"line": str(getattr(error, "lineno", 1))}
        return Source(Kind.NOTEBOOK, problem=Problem("notebook_broken", None, names))
    cells = _code_cells(content)
    if cells is None:
        return Source(Kind.NOTEBOOK, problem=Problem("notebook_broken", None, {"line": "1"}))
    language = _kernel_language(content)
    if language is not None:
        return Source(Kind.OTHER, language=language)
    if not any(one.strip() for one in cells):
        return Source(Kind.NOTEBOOK, problem=Problem("no_code"))
    more: list[Notice] = []
    if len(cells) > MOST_CELLS:
        more.append(Notice.CELLS_LEFT_OUT)
    parts: list[Part] = []
    for number, cell in enumerate(cells[:MOST_CELLS], 1):
        if cell.strip():
            part, noticed = _cleaned(cell, Place(1, number), is_cell=True)
            parts.append(part)
            more.extend(noticed)
    return Source(Kind.NOTEBOOK, tuple(parts), tuple(dict.fromkeys((*notices, *more))))


def _code_cells(content: object) -> list[str] | None:
    """The sources of all code cells; None for what is no notebook."""
    if not isinstance(content, dict):
        return None
    cells = content.get("cells")
    if cells is None and isinstance(sheets := content.get("worksheets"), list) and sheets:
        cells = sheets[0].get("cells") if isinstance(sheets[0], dict) else None
    if not isinstance(cells, list):
        return None
    found: list[str] = []
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        written = cell.get("source", cell.get("input", ""))
        lines = written if isinstance(written, list) else [written]
        found.append("".join(one for one in lines if isinstance(one, str)).replace("\r\n", "\n"))
    return found


def _kernel_language(content: object) -> str | None:
    """The language of a notebook that is not Python's."""
    match content:
        case {"metadata": {"kernelspec": {"language": str() as language}}}:
            return None if language.lower() in {"python", ""} else language
        case {"metadata": {"language_info": {"name": str() as language}}}:
            return None if language.lower() in {"python", "ipython", ""} else language
        case _:
            return None


_LOOKS_LIKE: Final = (
    ("C++", re.compile(r"^\s*#include\s*[<\"]|std::|^\s*using namespace ", re.M)),
    ("Java", re.compile(r"^\s*(?:public|private|protected)\s+(?:static\s+)?[\w<>\[\]]+ \w+.*[{;]", re.M)),
    ("JavaScript", re.compile(r"^\s*(?:const|let|var) \w+ ?=|=>\s*\{|^\s*function \w*\(|console\.log\(", re.M)),
    ("Go", re.compile(r"^package \w+$|^func (?:\(\w+ \*?\w+\) )?\w+\(.*\{$|\w+ := ", re.M)),
    ("Rust", re.compile(r"^\s*(?:pub )?fn \w+(?:<.*>)?\(.*\{$|\blet mut |println!\(", re.M)),
    ("SQL", re.compile(r"^\s*(?:SELECT\b.+\bFROM|INSERT INTO|CREATE TABLE|UPDATE \w+ SET)\b", re.M | re.I | re.S)),
    ("Shell", re.compile(r"^#!.*\b(?:ba|z)?sh\b|^\s*(?:if \[ |fi$|done$|export \w+=)|^\$ ", re.M)),
    ("HTML", re.compile(r"^\s*<(?:!DOCTYPE|html|div|head|body)\b", re.M | re.I)),
)  # fmt: skip
_PYTHON: Final = re.compile(
    r"^\s*(?:def \w+\(|async def |class \w+.*:\s*$|import \w|from [\w.]+ import |elif |@\w)"
    r"|^\s*(?:for|if|while|with|try|else|except).*:\s*(?:#.*)?$|\bself\.|\bprint\b",
    re.M,
)


def other_language(text: str) -> str | None:
    """The language a text looks written in when that is surely not Python."""
    start = text[:20_000]
    if _PYTHON.search(start):
        return None
    return next((name for name, looks in _LOOKS_LIKE if looks.search(start)), None)
