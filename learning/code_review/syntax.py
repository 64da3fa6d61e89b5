"""A syntax error as a person can use it: what is likely wrong, and where to look."""

import re
import unicodedata
from typing import Final

from learning.code_review.source import Part, Problem

# What an input method writes where Python wants the sign beside it.
FULL_WIDTH: Final = {
    "，": ",",
    "。": ".",
    "：": ":",
    "；": ";",
    "（": "(",
    "）": ")",
    "【": "[",
    "】": "]",
    "「": '"',
    "」": '"',
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "！": "!",
    "？": "?",
    "＝": "=",
    "＋": "+",
    "－": "-",
    "—": "-",
    "–": "-",
    "−": "-",
    "×": "*",
    "＊": "*",
    "、": ",",
    "《": "<",
    "》": ">",
    "\u3000": " ",
    "\u00a0": " ",
    "…": "...",
}
_PYTHON_2: Final = (
    re.compile(r"^\s*print\s+(?![=(.,\[])\S", re.M),
    re.compile(r"^\s*except\s+[\w.]+\s*,\s*\w+\s*:", re.M),
    re.compile(r"^\s*raise\s+\w+\s*,", re.M),
    re.compile(r"^\s*exec\s+['\"]", re.M),
    re.compile(r"[\w)]\s*<>\s*[\w(]"),
    re.compile(r"\bprint\s*>>"),
)
_UNCLOSED: Final = re.compile(r"'(?P<sign>[(\[{])' was never closed")
_MISMATCH: Final = re.compile(
    r"closing parenthesis '(?P<found>[)\]}])' does not match opening parenthesis '(?P<open>[(\[{])'"
    r"(?: on line (?P<line>\d+))?"
)
_UNMATCHED: Final = re.compile(r"unmatched '(?P<sign>[)\]}])'")
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7}|={7})(?: |$)", re.M)
_CONDITION: Final = re.compile(r"\s*(?:el)?if\b|\s*(?:while|assert)\b|.*\bif\b")
_BLOCK_AFTER: Final = re.compile(
    r"expected an indented block after (?P<what>.+?) on line (?P<line>\d+)"
)
# What the parser says, and the key of what a person is told.
_SAID: Final = (
    ("expected ':'", "colon_missing"),
    ("unexpected indent", "indent_unexpected"),
    ("unindent does not match", "indent_mismatch"),
    ("inconsistent use of tabs", "tabs_mixed"),
    ("unterminated triple-quoted string", "string_open_triple"),
    ("unterminated string", "string_open"),
    ("EOL while scanning", "string_open"),
    ("Maybe you meant '=='", "equals_in_condition"),
    ("Perhaps you forgot a comma", "comma_missing"),
    ("unexpected character after line continuation", "backslash"),
    ("leading zeros in decimal", "leading_zero"),
    ("invalid decimal literal", "name_starts_with_digit"),
    ("f-string", "f_string"),
    ("positional argument follows keyword", "argument_order"),
    ("non-default argument follows default", "parameter_order"),
    ("cannot assign to", "cannot_assign"),
    ("too many nested", "too_deep"),
    ("Exceeds the limit", "number_too_long"),
    ("expected 'except' or 'finally'", "try_alone"),
    ("is a keyword", "keyword"),
)


def explained(error: Exception, part: Part) -> Problem:
    """What to tell a learner about what `ast.parse` raised over a part of their file."""
    if isinstance(error, (RecursionError, MemoryError)):
        return Problem("too_deep", part.starts)
    if not isinstance(error, SyntaxError):
        return Problem("unreadable", part.starts)
    line = min(max(error.lineno or 1, 1), part.text.count("\n") + 1)
    said = error.msg or ""
    for find in (_conflict, _full_width, _python_2, _brackets, _block):
        found = find(part, line, said)
        if found is not None:
            return found
    text = _line(part, line)
    key = next((key for start, key in _SAID if start in said), "general")
    if key == "general" and _word_only(text):
        key = "words"
    if key == "equals_in_condition" and not _CONDITION.match(text):
        key = "cannot_assign"
    return Problem(key, part.place(line), {"code": _short(text)})


def _conflict(part: Part, _line: int, _said: str) -> Problem | None:
    found = _CONFLICT.search(part.text)
    if found is None:
        return None
    return Problem("conflict", part.place(part.text.count("\n", 0, found.start()) + 1))


def _full_width(part: Part, line: int, said: str) -> Problem | None:
    """A sign of an input method, on the line of the error."""
    text = _line(part, line)
    named = re.search(r"\bU\+([0-9A-F]{4,6})\b", said)
    sign = chr(int(named[1], 16)) if named else ""
    if named and sign not in FULL_WIDTH:
        if unicodedata.category(sign) in {"Cf", "Cc", "Zs", "Co", "Cn"}:
            return Problem("invisible", part.place(line), {"code_point": f"U+{named[1]}"})
        return Problem("odd_character", part.place(line), {"sign": sign})
    if not named:
        return None
    names = {"sign": sign, "plain": FULL_WIDTH[sign], "code": _short(text)}
    if sign in "\u3000\u00a0":
        return Problem("wide_space", part.place(line), names)
    return Problem("full_width", part.place(line), names)


def _python_2(part: Part, line: int, said: str) -> Problem | None:
    text = _line(part, line)
    is_old = "Missing parentheses in call to" in said or "multiple exception types" in said
    if is_old or any(one.search(text) for one in _PYTHON_2):
        return Problem("python_2", part.place(line), {"code": _short(text)})
    return None


def _brackets(part: Part, line: int, said: str) -> Problem | None:
    if found := _UNCLOSED.search(said):
        # The parser names where it was opened; the line that should close it comes soon after.
        names = {"sign": found["sign"], "code": _short(_line(part, line))}
        return Problem("bracket_open", part.place(line), names)
    if found := _MISMATCH.search(said):
        opened = int(found["line"] or line)
        names = {"open": found["open"], "found": found["found"]}
        names["opened"] = str(part.place(opened).line)
        return Problem("bracket_mismatch", part.place(line), names)
    if found := _UNMATCHED.search(said):
        return Problem("bracket_extra", part.place(line), {"sign": found["sign"]})
    return None


def _block(part: Part, line: int, said: str) -> Problem | None:
    found = _BLOCK_AFTER.search(said)
    if found is None and "expected an indented block" not in said:
        return None
    head = int(found["line"]) if found else max(line - 1, 1)
    return Problem("block_missing", part.place(head), {"code": _short(_line(part, head))})


def _line(part: Part, line: int) -> str:
    lines = part.text.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 60 else text[:59] + "…"


def _word_only(text: str) -> bool:
    """Whether a line is prose that slipped in rather than code."""
    han = sum(1 for one in text if "\u4e00" <= one <= "\u9fff")
    return "#" not in text and (han >= 4 or bool(re.fullmatch(r"\s*(?:[A-Za-z']+ ){4,}.*", text)))
