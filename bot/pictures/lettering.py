"""How wide words are in the fonts the pictures are set in, so that none is cut or runs off."""

import json
import unicodedata
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = FONTS / "NotoSansSC-Regular.ttf", FONTS / "NotoSansSC-Bold.ttf"
FAMILY = "Noto Sans SC"
UNITS_PER_EM = 1000
# What stands for a character the fonts do not have; a missing glyph would leave nothing at all.
UNKNOWN = "□"
ELLIPSIS = "…"


@lru_cache(maxsize=1)
def _advances() -> tuple[dict[str, int], dict[str, int]]:
    """Advance widths by character, regular and bold, as `bot.pictures.fonts.cut` has measured."""
    found = json.loads((FONTS / "widths.json").read_text("utf-8"))
    wide = dict.fromkeys(found["wide"], UNITS_PER_EM)
    return wide | found["regular"], wide | found["bold"]


# What Unicode does not take apart, and names or formulas have.
_ALIKE = {"ł": "l", "Ł": "L", "ı": "i", "đ": "d", "⌈": "[", "⌉": "]", "⌊": "[", "⌋": "]"}


def is_known(character: str) -> bool:
    return character in _advances()[0]


def printable(words: str) -> str:
    """The words in characters the fonts have.

    Look-alikes stand in for some, such as c for č and 2 for ₂; emoji, which are ornament here, go.
    """
    return " ".join("".join(_printable(one) for one in words).split())


def _printable(character: str) -> str:
    if is_known(character):
        return character
    if character.isspace():
        return " "
    if character in _ALIKE:
        return _ALIKE[character]
    alike = unicodedata.normalize("NFKD", character)
    known = "".join(one for one in alike if is_known(one))
    if known:
        return known
    is_ornament = unicodedata.category(character) in {"So", "Sk", "Mn", "Me", "Cf", "Cc", "Cn"}
    return "" if is_ornament else UNKNOWN


def width(words: str, size: float, *, bold: bool = False) -> float:
    """How far the pen moves over printable words, in the unit of `size`."""
    advances = _advances()[bold]
    return sum(advances[one] for one in words) * size / UNITS_PER_EM


def fitted(words: str, size: float, room: float, *, bold: bool = False) -> str:
    """As much of the words as the room holds, with … where they are cut."""
    if width(words, size, bold=bold) <= room:
        return words
    while words and width(words + ELLIPSIS, size, bold=bold) > room:
        words = words[:-1]
    return words.rstrip() + ELLIPSIS


def wrapped(words: str, size: float, room: float, most: int, *, bold: bool = False) -> list[str]:
    """The words in at most so many lines; only what does not fit into the last is cut."""
    lines: list[str] = []
    line = ""
    pieces = [
        part
        for piece in _pieces(words)
        # A word that no line holds is broken anywhere.
        for part in ([piece] if width(piece.strip(), size, bold=bold) <= room else piece)
    ]
    for number, piece in enumerate(pieces):
        if width((line + piece).rstrip(), size, bold=bold) <= room or not line:
            line += piece
            continue
        if len(lines) == most - 1:
            line += "".join(pieces[number:])
            break
        lines.append(line.rstrip())
        line = piece.lstrip()
    return [fitted(one.strip(), size, room, bold=bold) for one in (*lines, line) if one.strip()]


# A line does not begin with what closes, nor end with what opens.
_CLOSES = set("，。、；：？！）》」』】”’％%,.;:?!)]}…·")
_OPENS = set("（《「『【“‘([{")


def _pieces(words: str) -> list[str]:
    """Where a line may break: between Chinese characters, and behind spaces."""
    pieces: list[str] = []
    for character in words:
        joins = bool(pieces) and (
            character in _CLOSES
            or pieces[-1][-1] in _OPENS
            or (_is_of_a_word(character) and _is_of_a_word(pieces[-1][-1]))
            or character == " "
        )
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_of_a_word(character: str) -> bool:
    return ord(character) < 0x2E80 and not character.isspace()
