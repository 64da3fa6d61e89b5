r"""A formula in LaTeX as readable Unicode: `\frac{a+b}{c}` is (a+b)/c.

What Unicode has no sign for stays grouped, so that it cannot be read wrongly: e^(iπ), D_KL.
Broken LaTeX is read as far as it goes; nothing is refused.
"""

import re
import unicodedata

from bot.latex_lines import Atom, Kind, add_script, atom, joined, scripted, strength
from bot.latex_signs import ALPHABETS, in_alphabet, symbol

MOST_DEEP = 30

# A word after an underscore was meant as one, though LaTeX takes its first letter: d_model.
_TOKEN = re.compile(
    r"\\(?:[A-Za-z]+\*?|.)|(?<=_)[A-Za-z]{4,}|\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)?"
    r"|[A-Za-z]{3,}|[\u2e80-\u9fff\uff00-\uffef]+|<=|>=|!=|->|:=|==|:\s|\s+|.",
    re.DOTALL,
)
_SPACES = frozenset(
    {",", ";", ":", ">", " ", "quad", "qquad", "enspace", "thinspace", "space", "\n"}
)
_SILENT = frozenset({
    "!", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber",
    "notag", "hline", "centering", "small", "large", "allowbreak", "relax", "(", ")", "[",
    "]", "/", "-", "cr", "mathrel", "mathbin", "mathord", "mathop", "ensuremath",
    "mathstrut", "strut", "toprule", "midrule", "bottomrule", "boxed", "fbox", "cancel",
    "bcancel", "smash", "vcenter",
})  # fmt: skip
_DROPPED = frozenset({
    "label", "color", "textcolor", "colorbox", "hspace", "vspace", "phantom", "hphantom",
    "vphantom", "ref", "href", "kern", "mspace", "rule", "cline",
})  # fmt: skip
_TEXT = frozenset({
    "text", "textbf", "textit", "textrm", "textsf", "texttt", "textnormal", "mbox", "hbox",
    "emph", "textup",
})  # fmt: skip
_NAMES = frozenset({
    "mathrm", "mathsf", "mathtt", "operatorname", "mathup",
})  # fmt: skip
_BOLD = frozenset({
    "mathbf", "boldsymbol", "bm", "mathit", "mathnormal", "pmb", "symbf", "bf", "rm", "it",
    })  # fmt: skip
_ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
    "overrightarrow": "\u20d7", "check": "\u030c", "widecheck": "\u030c", "breve": "\u0306",
    "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a", "underline": "\u0332",
}  # fmt: skip
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"})
_SIZES = re.compile(r"[bB]igg?([lrm]?)")
# With the brackets that a matrix has of its own.
_MATRICES = {
    "matrix": "", "smallmatrix": "", "array": "", "pmatrix": "[]", "bmatrix": "[]",
    "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "psmallmatrix": "[]", "bsmallmatrix": "[]",
}  # fmt: skip


def unicode_of(latex: str) -> str:
    r"""Read a formula; `\\` begins a line. No sign of it is markup yet."""
    atoms = _Reader(latex).rest()
    lines = (re.sub(r"\s+", " ", line).strip() for line in joined(atoms).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader:
    """Reads a formula once, from left to right; deeper than `MOST_DEEP`, braces mean nothing."""

    def __init__(self, latex: str) -> None:
        self._tokens = _TOKEN.findall(latex)
        self._at = 0
        self._depth = 0

    def rest(self) -> list[Atom]:
        return self._until(frozenset())

    def _until(self, ends: frozenset[str]) -> list[Atom]:
        atoms: list[Atom] = []
        while self._at < len(self._tokens) and self._tokens[self._at] not in ends:
            self._take(atoms)
        return atoms

    def _next(self) -> str:
        """The next mark that is no space; empty at the end."""
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, atoms: list[Atom]) -> None:
        mark = self._tokens[self._at]
        if mark == "{":
            self._add_group(atoms, self._group())
            return
        self._at += 1
        if mark in {"^", "_"}:
            add_script(atoms, mark, self._argument(is_script=True))
        elif mark == "'":
            add_script(atoms, "^", [Atom("′", "factor")])
        elif mark == "&":
            atoms.append(Atom("", "tab"))
        elif mark == "\\\\":
            self._skip_option()
            atoms.append(Atom("", "break"))
        elif mark[0] == "\\" and len(mark) > 1:
            self._macro(mark[1:].rstrip("*") or mark[1:], atoms)
        elif mark not in {"}", "$", "\\"} and (mark == "~" or not mark.isspace()):
            atoms.append(atom(mark))

    def _add_group(self, atoms: list[Atom], inner: list[Atom]) -> None:
        """A group is one thing only where a script is put to it; 65{,}536 is one number."""
        if [one.text for one in inner] == [","]:
            inner = [Atom(",", "tight")]
        if self._next() in {"^", "_"} and len(inner) > 1:
            text = joined(inner)
            is_one = strength(inner) == 3
            inner = [Atom(text if is_one else f"({text})", "factor")]
        atoms.extend(inner)

    def _group(self) -> list[Atom]:
        self._at += 1
        if self._depth >= MOST_DEEP:
            return []
        self._depth += 1
        inner = self._until(frozenset({"}", "\\end"}))
        self._depth -= 1
        if self._at < len(self._tokens) and self._tokens[self._at] == "}":
            self._at += 1
        return inner

    def _argument(self, *, is_script: bool = False) -> list[Atom]:
        """What a macro or a script takes: a group, or the one thing that follows."""
        mark = self._next()
        if mark == "{":
            return self._group()
        if mark in {"", "}", "&", "\\\\", "\\end", "^", "_"} or self._depth >= MOST_DEEP:
            return []
        if mark.isdigit() and len(mark) > 1 and not is_script:
            self._tokens[self._at] = mark[1:]
            return [Atom(mark[0], "factor")]
        atoms: list[Atom] = []
        self._depth += 1
        self._take(atoms)
        self._depth -= 1
        return atoms

    def _words(self) -> str:
        """An argument as it stands, for what is no formula."""
        if self._next() != "{":
            return joined(self._argument())
        start, depth = self._at + 1, 0
        while self._at < len(self._tokens):
            mark = self._tokens[self._at]
            depth += (mark == "{") - (mark == "}")
            self._at += 1
            if not depth:
                break
        inside = self._tokens[start : self._at - (depth == 0)]
        kept = (one for one in inside if one not in {"{", "}", "$"})
        text = "".join(" " if one == "~" else one for one in kept)
        return re.sub(r"\\([A-Za-z]+|.)", lambda found: _in_words(found[1]), text)

    def _skip_option(self) -> str:
        """Step over `[…]`, and give what is in it."""
        if self._next() != "[":
            return ""
        try:
            end = self._tokens.index("]", self._at, self._at + 20)
        except ValueError:
            return ""
        inside = "".join(self._tokens[self._at + 1 : end])
        self._at = end + 1
        return inside

    def _macro(self, name: str, atoms: list[Atom]) -> None:
        size = _SIZES.fullmatch(name)
        if name in _FRACTIONS:
            atoms.append(_fraction(self._argument(), self._argument()))
        elif name in {"left", "right", "middle"} or size:
            side = size[1] if size else name[0]
            self._delimiter(side, atoms)
        elif name in _TEXT:
            text = self._words()
            atoms.append(Atom(text, "word" if len(text) > 1 else "factor"))
        elif name in _NAMES:
            inner = self._argument()
            text = joined(inner)
            is_name = len(text) > 1 and text.replace(" ", "").replace("−", "").isalnum()
            self._add_group(atoms, [Atom(text, "word")] if is_name else inner)
        elif name in _BOLD:
            self._add_group(atoms, self._argument())
        elif name in ALPHABETS:
            text = joined(self._argument())
            letters = "".join(in_alphabet(char, ALPHABETS[name]) for char in text)
            atoms.append(Atom(letters, "factor"))
        elif name in _ACCENTS:
            atoms.append(_accented(self._argument(), _ACCENTS[name]))
        elif name in _SPACES:
            atoms.append(Atom("", "space"))
        elif name in _DROPPED:
            self._words()
        elif name == "begin":
            self._environment(self._words().rstrip("*"), atoms)
        elif name == "end":
            self._words()
        elif name not in _SILENT:
            self._rarer(name, atoms)

    def _rarer(self, name: str, atoms: list[Atom]) -> None:
        match name:
            case "sqrt":
                atoms.append(_root(self._skip_option(), self._argument()))
            case "binom" | "dbinom" | "tbinom":
                above = joined(self._argument(), is_compact=True)
                below = joined(self._argument(), is_compact=True)
                atoms.append(Atom(f"C({above}, {below})", "factor"))
            case "overset" | "stackrel" | "underset":
                script = self._argument()
                atoms.extend(self._argument())
                add_script(atoms, "_" if name == "underset" else "^", script)
            case "underbrace" | "overbrace":
                atoms.extend(self._argument())
                if self._next() in {"_", "^"}:
                    self._at += 1
                    label = joined(self._argument())
                    atoms.append(Atom(f"({label})", "word"))
            case "substack":
                inner = self._argument()
                atoms.extend(atom(",") if one.kind == "break" else one for one in inner)
            case "xrightarrow" | "xleftarrow":
                self._skip_option()
                over = joined(self._argument())
                arrows = ("—", "→") if name == "xrightarrow" else ("←", "—")
                arrow = f"{arrows[0]}{over}{arrows[1]}" if over else arrows[name[1] == "r"]
                atoms.append(Atom(arrow, "relation"))
            case "not":
                sign = joined(self._argument())[:1]
                atoms.append(atom(unicodedata.normalize("NFC", f"{sign}\u0338")))
            case "pmod":
                atoms.append(Atom(f"(mod {joined(self._argument())})", "word"))
            case "tag":
                atoms.append(Atom(f"({self._words()})", "word"))
            case _:
                atoms.append(atom(symbol(name)))

    def _delimiter(self, side: str, atoms: list[Atom]) -> None:
        mark = self._next()
        self._at += bool(mark)
        sign = symbol(mark[1:]) if mark.startswith("\\") else mark
        sign = {"<": "⟨", ">": "⟩", ".": ""}.get(sign, sign)
        if sign:
            kinds: dict[str, Kind] = {"l": "open", "r": "close"}
            atoms.append(Atom(sign, kinds[side]) if side in kinds else atom(sign))

    def _environment(self, name: str, atoms: list[Atom]) -> None:
        is_known = name in _MATRICES or name in {"cases", "dcases", "rcases"}
        if name.startswith(("array", "alignat", "alignedat", "tabular")):
            self._words()
        self._skip_option()
        if self._depth >= MOST_DEEP:
            return
        self._depth += 1
        inner = self._until(frozenset({"\\end"}))
        self._depth -= 1
        if self._at < len(self._tokens):
            self._at += 1
            self._words()
        if not is_known:
            atoms.extend(inner)
            return
        is_matrix = name in _MATRICES
        rows = _rows(inner, is_compact=is_matrix)
        is_simple = is_matrix and not any(" " in cell for row in rows for cell in row)
        edges = _MATRICES.get(name, "")
        text = "; ".join((" " if is_simple else ", ").join(row) for row in rows)
        text = f"{edges[:1]}{text}{edges[1:]}" if is_matrix else f"{{ {text} }}"
        atoms.append(Atom(text, "factor"))


def _in_words(name: str) -> str:
    sign = " " if name in _SPACES else symbol(name)
    return "" if name in _TEXT or name in _BOLD else sign


def _fraction(above: list[Atom], below: list[Atom]) -> Atom:
    if not below:
        return Atom(joined(above), "factor")
    over, under = joined(above, is_compact=True), joined(below, is_compact=True)
    if strength(above) < 2:
        over = f"({over})"
    if strength(below) < 3:
        under = f"({under})"
    return Atom(f"{over}/{under}", "fraction")


def _root(degree: str, inside: list[Atom]) -> Atom:
    text = joined(inside, is_compact=True)
    is_one = strength(inside) == 3 and not (inside and inside[-1].above)
    signs = {"": "√", "2": "√", "3": "∛", "4": "∜"}
    sign = signs.get(degree) or f"{scripted('^', [atom(degree)])}√"
    return Atom(f"{sign}{text}" if is_one else f"{sign}({text})", "factor")


def _accented(base: list[Atom], mark: str) -> Atom:
    text = joined(base)
    is_one = strength(base) == 3
    if is_one or mark not in {"\u0304", "\u0332"}:
        text = text if is_one or not text else f"({text})"
        at = 1 if is_one else 2
        marked = text[:at] + mark + text[at:]
    else:
        marked = "".join(char if char == " " else char + mark for char in text)
    return Atom(unicodedata.normalize("NFC", marked) if text else "", "factor")


def _rows(atoms: list[Atom], *, is_compact: bool) -> list[list[str]]:
    rows: list[list[list[Atom]]] = [[[]]]
    for one in atoms:
        if one.kind == "break":
            rows.append([[]])
        elif one.kind == "tab":
            rows[-1].append([])
        else:
            rows[-1][-1].append(one)
    texts = ([joined(cell, is_compact=is_compact).strip(" ,") for cell in row] for row in rows)
    return [[cell for cell in row if cell] for row in texts if any(row)]
