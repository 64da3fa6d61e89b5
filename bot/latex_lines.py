"""The pieces of a formula, put together as lines with spaces and brackets where they help."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal[
    "factor", "word", "relation", "sign", "open", "close", "comma",
    "fraction", "big", "tight", "space", "tab", "break",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece that spacing and brackets take as one. `above` is what it is raised to."""

    text: str
    kind: Kind
    above: str = ""

    @property
    def whole(self) -> str:
        return self.text + self.above


# Without Greek: few phones show more of it than φ and χ, and π_θ stands beside r_φ.
_SUBSCRIPTS = dict(
    zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW*′°†‡⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ*′°†‡ᵀ",
        strict=True,
    )
)
_SMALL = frozenset([*_SUBSCRIPTS.values(), *_SUPERSCRIPTS.values()])
# Letters that count something; any other three are a word.
_INDICES = re.compile(r"(?!min)[ijklmnt]{3}")

_RELATIONS = frozenset("=<>≤≥≠≈≡∼≃≅≜≔∝∈∉∋⊂⊆⊃⊇→←↔⇒⇐⇔↦≪≫≲≳≺≻≼≽⊢⊨⊥∥⇌↪⇀⇝⟶⟵⟹⟺")
_SIGNS = frozenset("+−±∓×÷∘⊙⊗⊕⊖∪∩∧∨∖⋆∗")
_OPEN = frozenset("([{⟨⌊⌈")
_CLOSE = frozenset(")]}⟩⌋⌉")
_BIG = frozenset("∑∏∐∫∬∮⋃⋂⋁⋀")
_TIGHT = frozenset('|‖/·:.!@#%&"$?∶')
_PLAIN = {
    "-": "−", "*": "∗", "'": "′", "<=": "≤", ">=": "≥", "!=": "≠", "->": "→", ":=": "≔",
    "==": "=", "~": " ",
}  # fmt: skip


def atom(text: str) -> Atom:
    """A sign or a word with the part it plays in a line."""
    text = _PLAIN.get(text, text)
    if text.isspace():
        return Atom("", "space")
    if text[:-1].isalpha() and text.isascii():
        return Atom(text, "word")
    if text[0] in ",;" or text.endswith((" ", "\n")):
        return Atom(text.strip(), "comma")
    if text == "∣":
        return Atom("|", "relation")
    kinds: tuple[tuple[frozenset[str], Kind], ...] = (
        (_RELATIONS, "relation"),
        (_SIGNS, "sign"),
        (_OPEN, "open"),
        (_CLOSE, "close"),
        (_BIG, "big"),
        (_TIGHT, "tight"),
    )
    return Atom(text, next((kind for signs, kind in kinds if text in signs), "factor"))


def add_script(atoms: list[Atom], sign: str, argument: list[Atom]) -> None:
    script = scripted(sign, argument)
    if not script:
        return
    is_base = bool(atoms) and atoms[-1].kind not in {"space", "tab", "break", "comma"}
    base = atoms.pop() if is_base else Atom("", "factor")
    if base.kind == "fraction" or (base.text.startswith(("√", "−", "∛")) and sign == "^"):
        base = replace(base, text=f"({base.text})", kind="factor")
    if sign == "^":
        atoms.append(replace(base, above=base.above + script))
    else:
        atoms.append(replace(base, text=base.text + script))


def scripted(sign: str, argument: list[Atom]) -> str:
    text = joined(argument, is_compact=True)
    if not text:
        return ""
    if sign == "^":
        text = {"∗": "*", "⋆": "*", "∘": "°"}.get(text, text)
    small = _SUPERSCRIPTS if sign == "^" else _SUBSCRIPTS
    has_word = any(
        one.kind == "word" and not (sign == "_" and _INDICES.fullmatch(one.text))
        for one in argument
    )
    if not has_word and text != "in" and all(char in small for char in text):
        return "".join(small[char] for char in text)
    bare = text.lstrip("<>≤≥") if sign == "_" else text
    is_plain = sign == "_" or len(argument) == 1
    if (
        bare
        and is_plain
        and all(char == "." or (char.isalnum() and char not in _SMALL) for char in bare)
    ):
        return sign + text
    ends = {"(": ")", "|": "|", "{": "}"}
    if len(text) == 1 or (text[0] in ends and text.find(ends[text[0]], 1) == len(text) - 1):
        return sign + text
    return f"_{{{text}}}" if sign == "_" else f"^({text})"


def strength(atoms: list[Atom]) -> int:
    """How tightly a piece holds together: 3 as one thing, 2 as a product, 1 as a sum or more."""
    kept = [one for one in atoms if one.kind not in {"space", "tab"}]
    factors = depth = 0
    for at, one in enumerate(kept):
        before = kept[at - 1] if at else None
        if one.kind == "open":
            is_call = before is not None and before.kind in {"factor", "word"} and factors == 1
            factors += not depth and not is_call
            depth += 1
        elif one.kind == "close":
            depth -= 1
        elif depth:
            # n(n−1) is a product, f(x) is one thing.
            factors += one.kind == "sign" and kept[0].kind == "factor" and factors == 1
        elif one.kind in {"relation", "fraction", "big", "comma", "break"} or one.text == "/":
            return 1
        elif one.kind == "sign":
            if at:
                return 1
            factors += 1
        elif one.kind == "word":
            if len(kept) > at + 1 and kept[at + 1].kind not in {"open", "tight"}:
                return 1
            factors += 1
        elif one.kind == "factor":
            factors += 1
    is_differential = factors == 2 and kept[0].text in {"∂", "d"}
    return 3 if factors <= 1 or is_differential else 2


_PRODUCT = frozenset({"factor", "close", "fraction", "word"})
_PREFIXED = frozenset({"open", "relation", "sign", "comma", "big"})


def joined(atoms: list[Atom], *, is_compact: bool = False) -> str:
    """One text, with spaces where a reader wants them; compact in fractions and scripts."""
    parts: list[str] = []
    before: Atom | None = None
    is_unary = False
    for one, after, is_spaced in _neighbours(atoms):
        if one.kind == "break":
            parts.append("\n")
            before = None
            continue
        text = one.whole
        gap = "" if before is None or is_unary else _gap(before, one, is_compact=is_compact)
        gap = " " if before is not None and is_spaced and not is_compact else gap
        if one.kind == "fraction":
            led_by = before if before is not None and not is_unary and _runs_on(before) else None
            if (after is not None and _runs_into(after)) or (led_by and _is_called(led_by)):
                text = f"({text})"
                gap = "" if led_by else gap
            elif led_by:
                gap = "·"
        elif one.text == "·" and "fraction" in {before and before.kind, after and after.kind}:
            gap = "" if is_compact else " "
            parts += [gap, text]
            before = replace(one, kind="sign")
            continue
        parts += [gap, text]
        is_unary = one.kind == "sign" and (before is None or before.kind in _PREFIXED)
        before = one
    return "".join(parts)


def _neighbours(atoms: list[Atom]) -> Iterator[tuple[Atom, Atom | None, bool]]:
    """Each piece, the one behind it, and whether the author put a space before it."""
    pieces: list[tuple[Atom, bool]] = []
    is_spaced = False
    for one in atoms:
        if one.kind == "space":
            is_spaced = True
        elif one.whole or one.kind == "break":
            pieces.append((one, is_spaced))
            is_spaced = False
    afters: list[Atom | None] = [one for one, _ in pieces[1:]]
    for (one, has_space), after in zip(pieces, [*afters, None], strict=False):
        yield one, after, has_space


def _runs_on(before: Atom) -> bool:
    """Whether a fraction behind it would be read as a part of it."""
    is_text = before.text.endswith(" ")
    return (before.kind in _PRODUCT and not is_text) or before.text == "/"


def _is_called(before: Atom) -> bool:
    """Whether a fraction behind it stands in brackets: log(a/b), a/(b/c)."""
    return before.kind == "word" or before.text == "/"


def _runs_into(after: Atom) -> bool:
    return after.kind in {"factor", "open", "fraction", "word"} or after.text == "/"


def _gap(before: Atom, after: Atom, *, is_compact: bool) -> str:
    pair = {before.kind, after.kind}
    if before.kind == "open" or after.kind in {"close", "comma"}:
        return ""
    if pair & {"relation", "sign", "comma"}:
        is_unary = after.kind == "sign" and before.kind == "tight"
        return "" if is_compact or (is_unary and before.text in "/·") else " "
    if before.kind == "big":
        return " "
    if after.kind in {"big", "word"} and before.kind in _PRODUCT:
        return " "
    if before.kind == "word" and after.kind in {"factor", "fraction"}:
        return "" if before.whole[-1] in "@-/" else " "
    return " " if after.kind in {"factor", "fraction"} and _is_open_ended(before.whole) else ""


_OPEN_END = re.compile(r"(?:[_^][^\W_](?:\w|\.)*|[√∛∜][^()]*)$")


def _is_open_ended(text: str) -> bool:
    """Whether a letter behind it would be read as a part of its script or root."""
    return _OPEN_END.search(text[-30:]) is not None
