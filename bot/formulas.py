"""Formulas in a model's words: found outside of code, and written so that a chat can show them."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.markup import escape

LONGEST = 3000

_ENVIRONMENTS = (
    "equation|align|aligned|alignat|alignedat|gather|gathered|multline|eqnarray|split|flalign"
    "|cases|array|[pbBvV]?(?:small)?matrix"
)
_OPENER = re.compile(
    r"\\[\\`$]"
    r"|[a-z]{2,8}://[^\s<>()\[\]`\u2e80-\uffff]+"
    rf"|(?P<mark>\\begin\{{(?P<environment>(?:{_ENVIRONMENTS})\*?)\}}|\\\[|\\\(|\$\$?)"
)
_CLOSERS = {"\\[": "\\]", "\\(": "\\)", "$$": "$$"}
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`\n]*$)|~{3,})")
_FENCE_END = re.compile(r"[ \t>]*(`{3,}|~{3,})\s*")
_BLANK = re.compile(r"\n[ \t>]*\n")
_BREAK = re.compile(r"\n")
_TICKS = re.compile(r"(\\?)(`+)")

_MACRO = re.compile(r"\\[A-Za-z]{2,}")
_SIGNS = re.compile(r"\\[A-Za-z,;!|{}%\\]|[\^_{}]")
_OPERATOR = re.compile(r"[=<>≤≥≠≈≡∈∝→+×·∑∏√]|\S ?[-*/] ?\S")
_TEXT_MACRO = re.compile(r"\\(?:text|mathrm|operatorname)[a-z]*\*?\{[^{}]*\}")
_CHINESE = re.compile(r"[\u2e80-\uffff]")
_TWO_WORDS = re.compile(r"(?<![\w^{\\])[A-Za-z]{2,}\s+[A-Za-z]{2,}")
_LONG_WORD = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{4,}+(?!\w*[({])")
# A word that stands alone among numbers and letters, as in `5 and 6`.
_LONE_WORD = re.compile(r"(?<![\s=<>+*/×·≈≤≥-])\s++[A-Za-z]{2,}+(?!\s*[=<>+*/×·≈≤≥({-])")
# `5 a` is an amount and a word.
_AMOUNT = re.compile(r"\d[\d.,]* [A-Za-z]")
_STOP = re.compile(r"[，。；？！]|(?<!\\)\$")
_NAME = r"(?:[A-Za-z\u0370-\u03ff]{1,3}[\d'′]*|\d+|…|\.\.\.)"
# What is a formula without any sign of one: x, 32, 5%, f(x), [0, 1], Q, K, V, A B.
_SHORT = re.compile(
    rf"{_NAME}|\d[\d.,]*\s?(?:%|[KMBTkmb])?|[A-Za-z\u0370-\u03ff]{{1,12}}\([^()]*\)"
    rf"|\|[^|]{{1,20}}\||[\[(]?{_NAME}(?:, ?{_NAME})+[\])]?|[A-Za-z](?: [A-Za-z])+"
)

# As in `the $i$th`.
_ENDING = re.compile(r"(?:th|st|nd|rd|s|D|NN)\b")

_MARKER = re.compile(r"[\s>]*+(?:[-*+]|\d{1,9}[.)])?[ \t]*+")
_TRAILING = re.compile(r"[,.;:!?，。；：！？、)）」』”]*")
_BEGINS_BLOCK = re.compile(r"[-*+#>|=~\d]")
# A line that begins so would become an item of a list.
_ITEM = re.compile(r"^(\d{1,9})?([+.)])(?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Formula:
    start: int
    end: int
    latex: str
    is_display: bool


def readable(words: str) -> str:
    """Turn LaTeX into readable Unicode; code, prices and whatever else is no formula stay.

    A formula that is still growing at the end of the words counts as one.
    """
    if "$" not in words and "\\" not in words:
        return words
    # Few answers hold a formula: the start of the mentor does not wait for what reads them.
    from bot.latex import unicode_of  # noqa: PLC0415

    parts: list[str] = []
    end = 0
    for formula in _formulas(words):
        lines = [_escaped(line) for line in unicode_of(formula.latex).split("\n") if line]
        if not lines:
            continue
        parts.append(words[end : formula.start])
        end = formula.end
        if formula.is_display and not _is_held_in_line(words, formula.start):
            end += _put_on_own_line(words, formula, lines, parts)
        else:
            parts.append("; ".join(lines))
        if parts[-1].endswith("]") and words[end : end + 1] in {"(", "[", ":"}:
            parts.append(" ")
    return "".join((*parts, words[end:]))


def plain_formulas(words: str) -> str:
    """The same for words that are no markup, such as a question's: on one line, nothing escaped."""
    if "$" not in words and "\\" not in words:
        return words
    from bot.latex import unicode_of  # noqa: PLC0415 -- as above

    parts: list[str] = []
    end = 0
    for formula in _formulas(words):
        lines = [line for line in unicode_of(formula.latex).split("\n") if line]
        if lines:
            parts += (words[end : formula.start], "; ".join(lines))
            end = formula.end
    return "".join((*parts, words[end:]))


def _escaped(line: str) -> str:
    """A line of a formula in our markup: it is no link, no item of a list, and no formula again."""
    spaced = re.sub(r"\](?=[(\[:])", "] ", line)
    plain = escape(spaced).replace("\\[", "[").replace("\\]", "]").replace("$", "\\$")
    return _ITEM.sub(r"\1\\\2", plain)


def _is_held_in_line(words: str, start: int) -> bool:
    line = words[words.rfind("\n", 0, start) + 1 : start].lstrip(" >")
    return line.startswith(("|", "#"))


def _put_on_own_line(words: str, formula: _Formula, lines: list[str], parts: list[str]) -> int:
    """Write a display formula, and give how much of what follows it has taken."""
    line_start = words.rfind("\n", 0, formula.start) + 1
    before = words[line_start : formula.start]
    if not _MARKER.fullmatch(before):
        parts[-1] = parts[-1].rstrip(" \t") + "\n"
    line_end = words.find("\n", formula.end)
    rest = words[formula.end : line_end if line_end >= 0 else len(words)]
    signs = _TRAILING.match(rest)
    taken = signs.end() if signs else 0
    parts.append("\n".join(lines) + rest[:taken])
    after = rest[taken:].lstrip(" \t")
    if after and not _BEGINS_BLOCK.match(after):
        parts.append("\n")
        taken = len(rest) - len(after)
    return taken


def _formulas(words: str) -> Iterator[_Formula]:
    code = _code(words)
    starts = [start for start, _ in code]
    missing: set[str] = set()
    at = 0
    while found := _OPENER.search(words, at):
        at = found.end()
        inside = bisect_right(starts, found.start()) - 1
        if inside >= 0 and found.start() < code[inside][1]:
            at = code[inside][1]
            continue
        if found["mark"] is None:
            continue
        formula = _formula(words, found, missing)
        if formula is None:
            continue
        if inside + 1 < len(code) and code[inside + 1][0] < formula.end:
            continue
        yield formula
        at = formula.end


def _formula(words: str, found: re.Match[str], missing: set[str]) -> _Formula | None:
    """The formula that begins at an opening mark, if it is one."""
    mark, start = found["mark"], found.end()
    if mark == "$":
        return _inline(words, found.start())
    environment = found["environment"]
    closer = f"\\end{{{environment}}}" if environment else _CLOSERS[mark]
    if closer in missing:
        return None
    end = words.find(closer, start)
    if end < 0:
        missing.add(closer)
        return _growing(words, found)
    latex = words[start:end]
    if end - start > LONGEST or not (environment or _is_formula(latex, mark)):
        return None
    whole = words[found.start() : end + len(closer)]
    latex = whole if environment else latex
    return _Formula(found.start(), end + len(closer), latex, is_display=mark != "\\(")


def _growing(words: str, found: re.Match[str]) -> _Formula | None:
    """A formula without an end: it goes as far as a formula may, to the next blank line."""
    is_display = found["mark"] != "\\("
    stop = (_BLANK if is_display else _BREAK).search(words, found.end())
    end = stop.start() if stop else len(words)
    latex = words[found.end() : end]
    if end - found.end() > LONGEST:
        return None
    if found["environment"]:
        latex = words[found.start() : end]
    elif not (_MACRO.search(latex) and _is_formula(latex, "$")):
        return None
    return _Formula(found.start(), end, latex, is_display)


def _inline(words: str, start: int) -> _Formula | None:
    line_end = words.find("\n", start)
    line_end = line_end if line_end >= 0 else len(words)
    end = words.find("$", start + 1, line_end)
    while end >= 0 and words[end - 1] == "\\":
        end = words.find("$", end + 1, line_end)
    latex = words[start + 1 : end] if end >= 0 else words[start + 1 : line_end]
    is_growing = end < 0 and line_end == len(words)
    if len(latex) > LONGEST or (end < 0 and not is_growing):
        return None
    begins_with_macro = re.match(r"\\[A-Za-z]{2,}", latex) is not None
    if not begins_with_macro and (is_growing or _touches(words, start, end)):
        return None
    if not _is_formula(latex, "$"):
        return None
    return _Formula(start, len(words) if is_growing else end + 1, latex, is_display=False)


def _touches(words: str, start: int, end: int) -> bool:
    """Whether dollars stand at letters or digits, as those of prices and variables do."""
    before, after = words[start - 1 : start], words[end + 1 : end + 2]
    if before == "$" or (before.isascii() and before.isalnum()):
        return True
    is_ending = _ENDING.match(words, end + 1) is not None
    return after in {"_", "{", "$"} or (after.isascii() and after.isalnum() and not is_ending)


def _is_formula(latex: str, mark: str) -> bool:
    """Whether what stands between two marks looks like a formula.

    Dollars are prices and variables too, and brackets may be escaped ones.
    """
    inside = latex.strip()
    if not inside or "`" in inside or ("\\begin{" not in inside and _BLANK.search(inside)):
        return False
    if mark in {"\\[", "\\("} and re.search(r"(?<!\\)" + re.escape(mark), latex):
        return False
    bare = _TEXT_MACRO.sub("", inside)
    has_macro = _MACRO.search(inside) is not None
    has_operator = _OPERATOR.search(inside) is not None
    if _STOP.search(bare) or (_TWO_WORDS.search(bare) and not has_macro):
        return False
    if _CHINESE.search(bare) and not (has_macro or (mark != "$" and has_operator)):
        return False
    if mark == "$" and not has_macro and latex != inside:
        return False
    if _SIGNS.search(inside):
        return True
    if _LONE_WORD.search(f"{inside} ") or _AMOUNT.match(inside):
        return False
    if has_operator:
        return mark != "$" or not _LONG_WORD.search(inside)
    # `$$ and $$` are two processes.
    is_apart = mark == "\\[" or (mark == "$$" and latex != inside and len(inside) > 2)
    return not is_apart and _SHORT.fullmatch(inside) is not None


def _code(words: str) -> list[tuple[int, int]]:
    """Where code stands. Where two readings are possible, both count: code never changes."""
    if "`" not in words and "~~~" not in words:
        return []
    spans: list[tuple[int, int]] = []
    prose = 0
    at = 0
    fence: tuple[int, str] | None = None
    for line in words.splitlines(keepends=True):
        if fence is None:
            opened = _FENCE.match(line.rstrip("\n"))
            if opened:
                spans += _code_spans(words, prose, at)
                fence = (at, opened[1])
        else:
            closed = _FENCE_END.fullmatch(line)
            if closed and closed[1].startswith(fence[1]):
                prose = at + len(line)
                spans.append((fence[0], prose))
                fence = None
        at += len(line)
    spans += [(fence[0], at)] if fence else _code_spans(words, prose, at)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _code_spans(words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Inline code, read by paragraphs and by lines."""
    for between in (_BLANK, _BREAK):
        at = start
        for stop in between.finditer(words, start, end):
            yield from _paired(words, at, stop.start())
            at = stop.end() - 1
        yield from _paired(words, at, end)


def _paired(words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of backticks and the next run as long."""
    ticks = list(_TICKS.finditer(words, start, end))
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    for one in reversed(ticks):
        waiting[len(one[2])].append(one.end())
    at = start
    for one in ticks:
        length = len(one[2])
        waiting[length].pop()
        if one.start(2) < at:
            continue
        # An escaped sign opens nothing; those behind it in its run do.
        if one[1]:
            length -= 1
        ends = waiting[length]
        if length and ends:
            at = ends[-1]
            yield one.end() - length, at
