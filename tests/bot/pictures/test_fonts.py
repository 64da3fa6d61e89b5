"""The fonts: their widths, their characters, and what stands in for the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.fonts.cut import advances, written
from bot.pictures.lettering import (
    BOLD,
    FONTS,
    REGULAR,
    UNKNOWN,
    fitted,
    is_known,
    printable,
    width,
    wrapped,
)


@pytest.mark.parametrize("font", [REGULAR, BOLD])
def test_the_widths_are_the_fonts_own(font: object) -> None:
    is_bold = font is BOLD
    found = advances(BOLD if is_bold else REGULAR)

    assert all(width(one, 1000, bold=is_bold) == found[one] for one in found)
    assert all(is_known(one) for one in found)


def test_curricula_and_texts_are_written_in_characters_the_fonts_have() -> None:
    """But for emoji and small signs, which have a look-alike or are left out."""
    unknown = {one for one in written() if UNKNOWN in printable(one)} - {UNKNOWN}

    assert unknown == set()


def test_the_licence_is_beside_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("进度", "进度"),
        ("🎉 done ⏩", "done"),
        ("č ţ ł ⌈x⌉", "c t l [x]"),
        ("x₀ + 2⁵", "x0 + 25"),
        ("مريم", UNKNOWN * 4),
        ("a\tb\n c", "a b c"),
        ("\u202eevil\u200b", "evil"),
    ],
)
def test_what_the_fonts_do_not_have_is_replaced(words: str, shown: str) -> None:
    assert printable(words) == shown


@given(st.text(max_size=120))
def test_printable_words_are_in_the_fonts(words: str) -> None:
    assert all(map(is_known, printable(words)))


SENTENCES = st.text(st.sampled_from("注意力 attention，。（LoRA）r=8 「好」"), max_size=80)


@given(SENTENCES, st.integers(60, 400))
def test_lines_hold_all_words_and_no_more_than_they_can(words: str, room: int) -> None:
    lines = wrapped(words, 20, room, 99)

    assert "".join("".join(lines).split()) == "".join(words.split())
    assert all(width(line, 20) <= room for line in lines)


def test_a_line_begins_with_nothing_that_closes() -> None:
    lines = wrapped("零一二三四五六七，八九十（百）千。", 20, 160, 9)

    assert lines == ["零一二三四五六", "七，八九十（百）", "千。"]


def test_what_does_not_fit_ends_with_a_sign_of_it() -> None:
    assert fitted("很长的标题啊", 20, 80) == "很长的…"
    assert wrapped("one two three four", 20, 60, 2)[-1].endswith("…")
