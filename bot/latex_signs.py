"""LaTeX's names for signs and letters, as Unicode."""

import unicodedata
from functools import lru_cache

from pylatexenc.latex2text import get_default_latex_context_db

_LIBRARY = get_default_latex_context_db()

# Where the library knows no sign, or one that few phones and few learners know.
_NAMED = {
    "ne": "≠", "implies": "⇒", "iff": "⇔", "impliedby": "⇐", "gets": "←", "coloneqq": "≔",
    "defeq": "≔", "models": "⊨", "land": "∧", "lor": "∨", "neg": "¬", "bot": "⊥", "lbrack": "[",
    "rbrack": "]", "lt": "<", "gt": ">", "degree": "°", "checkmark": "✓", "Re": "Re",
    "Im": "Im", "epsilon": "ε", "phi": "φ", "leqslant": "≤", "geqslant": "≥", "prime": "′",
    "longrightarrow": "→", "longleftarrow": "←", "Longrightarrow": "⇒", "Longleftarrow": "⇐",
    "longmapsto": "↦", "Longleftrightarrow": "⇔", "longleftrightarrow": "↔", "bullet": "•",
    "backslash": "∖", "cdotp": "·", "colon": ": ", "dots": "…", "dotsm": "⋯", "triangle": "△",
    "Box": "□", "imath": "i", "jmath": "j", "ddagger": "‡", "|": "‖", "{": "{", "}": "}",
    "leadsto": "⇝", "S": "§", "bmod": "mod", "mod": "mod", "argmax": "argmax",
    "argmin": "argmin", "intercal": "⊤", "_": "_", "bigoplus": "⊕", "bigotimes": "⊗",
    "bigodot": "⊙", "$": "$", "%": "%", "&": "&", "#": "#",
    "rightleftharpoons": "⇌", "mid": "∣", "lvert": "|", "rvert": "|", "textbackslash": "∖",
}  # fmt: skip
ALPHABETS = {
    "mathbb": "DOUBLE-STRUCK", "mathds": "DOUBLE-STRUCK", "Bbb": "DOUBLE-STRUCK",
    "mathcal": "SCRIPT", "mathscr": "SCRIPT", "cal": "SCRIPT", "mathfrak": "FRAKTUR",
}  # fmt: skip


@lru_cache(maxsize=1024)
def symbol(name: str) -> str:
    """The sign of a macro, or its name where there is none."""
    if name in _NAMED:
        return _NAMED[name]
    spec = _LIBRARY.get_macro_spec(name)
    sign = getattr(spec, "simplify_repl", None) if spec else None
    return sign if isinstance(sign, str) and sign and "%" not in sign else name


def in_alphabet(char: str, alphabet: str) -> str:
    if not (char.isascii() and char.isalnum()):
        return char
    case = "DIGIT" if char.isdigit() else "CAPITAL" if char.isupper() else "SMALL"
    letter = unicodedata.name(char).rsplit(" ", 1)[1]
    # Some letters had a place, and a name, before the alphabets of mathematics came.
    older = "BLACK-LETTER" if alphabet == "FRAKTUR" else alphabet
    for name in (f"{older} {case} {letter}", f"MATHEMATICAL {alphabet} {case} {letter}"):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return char
