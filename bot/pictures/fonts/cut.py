"""Cut the fonts anew: `make fonts FROM=<folder with NotoSansSC-Regular.ttf and -Bold.ttf>`.

Only for those who change the fonts; fontTools is among the development requirements.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
_FACES = {"regular": "NotoSansSC-Regular.ttf", "bold": "NotoSansSC-Bold.ttf"}
# The font's names and its licence, as the OFL asks.
_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
_TABLES = ["vhea", "vmtx", "BASE", "STAT", "GDEF", "GPOS", "GSUB", "gasp", "prep"]
# GB 2312: signs (rows 1 to 9) and the 3,755 characters of its first level (rows 16 to 55).
_ROWS = (*range(1, 10), *range(16, 56))
_CELLS = range(1, 95)
_LATIN = (range(0x20, 0x7F), range(0xA0, 0x180))


def characters() -> set[str]:
    """What may be set: common Chinese, Latin, and all that curricula and texts are written in."""
    return {chr(code) for codes in _LATIN for code in codes} | set(_gb2312()) | written()


def written() -> set[str]:
    """Every character of the curricula and of what the mentor says."""
    found: set[str] = set()
    for folder in ("curricula", "bot/texts"):
        for path in (ROOT / folder).rglob("*.yaml"):
            found |= set(path.read_text("utf-8"))
    return {one for one in found if one.isprintable()}


def _gb2312() -> Iterator[str]:
    for row in _ROWS:
        for cell in _CELLS:
            code = bytes([0xA0 + row, 0xA0 + cell])
            yield from code.decode("gb2312", "ignore")


def cut(source: Path) -> None:
    """Write the two fonts and their widths; kerning is left out, so that widths simply add up."""
    wanted = [ord(one) for one in characters()]
    widths: dict[str, dict[str, int]] = {}
    for face, name in _FACES.items():
        options = subset.Options(
            layout_features=[], hinting=False, notdef_outline=True, name_IDs=_NAMES
        )
        options.drop_tables += _TABLES
        font = subset.load_font(str(source / name), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        font.save(str(HERE / name))
        widths[face] = advances(HERE / name)
    wide = "".join(sorted(one for one in widths["regular"] if widths["regular"][one] == 1000))
    content = {"wide": wide} | {
        face: {one: found[one] for one in sorted(found) if found[one] != 1000 or one not in wide}
        for face, found in widths.items()
    }
    (HERE / "widths.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def advances(font: Path) -> dict[str, int]:
    """Advance widths by character, in thousandths of an em."""
    found = TTFont(font)
    metrics = found["hmtx"].metrics
    return {chr(code): metrics[glyph][0] for code, glyph in found.getBestCmap().items()}


if __name__ == "__main__":
    cut(Path(sys.argv[1]))
