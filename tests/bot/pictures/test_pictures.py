"""Pictures: the same as ever, nothing cut or over anything else, and readable on both grounds."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import Message, Picture, as_wished
from bot.pictures import compose
from bot.pictures.canvas import MARGIN, WIDTH, Canvas
from bot.pictures.lettering import ELLIPSIS, UNKNOWN, is_known, width
from bot.pictures.palette import Theme, colours
from bot.pictures.render import NotDrawnError, png_of
from bot.texts import texts_in
from learning.values import Language
from tests.bot.pictures.samples import drawn, golden, knowledge_shown, path_shown, reached, samples
from tests.builders import built_in

NAMES = ("progress", "path", "knowledge", "week", "milestone", "digest", "battle")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
THEMES: tuple[Theme, ...] = ("light", "dark")
SVG = "{http://www.w3.org/2000/svg}"
Box = tuple[str, float, float, float, float]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (our own)


def texts_of(svg: str) -> list[Box]:
    """Each line of words with the box it takes: left, top, right, bottom."""
    found = []
    for one in parsed(svg).iter(f"{SVG}text"):
        words, size = one.text or "", float(one.attrib["font-size"])
        left, baseline = float(one.attrib["x"]), float(one.attrib["y"])
        wide = width(words, size, bold="font-weight" in one.attrib)
        found.append((words, left, baseline - 0.72 * size, left + wide, baseline + 0.1 * size))
    return found


def overlap(first: Box, second: Box) -> bool:
    return (
        first[1] < second[3]
        and second[1] < first[3]
        and first[2] < second[4]
        and second[2] < first[4]
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_the_same_as_the_golden_one(name: str, language: Language) -> None:
    """After a wanted change: `make pictures`, and a look at what came out."""
    svg = samples(texts_in(language))[name].svg

    assert svg == golden(name, language).read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_no_words_leave_the_picture_or_lie_over_others(name: str, language: Language) -> None:
    svg = samples(texts_in(language))[name].svg
    high = float(parsed(svg).attrib["height"])
    found = texts_of(svg)

    for words, left, top, right, bottom in found:
        assert left >= MARGIN - 1, words
        assert right <= WIDTH - MARGIN + 1, words
        assert top >= 0, words
        assert bottom <= high, words
    assert [(a[0], b[0]) for a, b in combinations(found, 2) if overlap(a, b)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("curriculum", sorted(built_in().curricula))
def test_no_title_of_ours_is_cut(curriculum: str, language: Language) -> None:
    texts = texts_in(language)
    pictures = [compose.path_picture(path_shown(curriculum), texts)]
    for stage in range(len(built_in().curricula[curriculum].stages)):
        marked, milestone = reached(curriculum, stage)
        pictures.append(compose.milestone_picture(marked, milestone, texts))

    said = [words for one in pictures for words, *_ in texts_of(one.svg)]

    assert [words for words in said if ELLIPSIS in words or UNKNOWN in words] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("measured", range(11))
def test_groups_of_concepts_have_names_in_full(measured: int, language: Language) -> None:
    picture = compose.knowledge_picture(knowledge_shown(measured), texts_in(language))
    found = texts_of(picture.svg)

    assert [words for words, *_ in found if ELLIPSIS in words] == []
    assert [(a[0], b[0]) for a, b in combinations(found, 2) if overlap(a, b)] == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_drawn_wide_enough_for_a_phone(theme: Theme, language: Language) -> None:
    for name, picture in samples(texts_in(language)).items():
        png = drawn(picture.svg, theme)
        wide, high = (int.from_bytes(png[n : n + 4], "big") for n in (16, 20))
        assert (wide, high < 2 * wide) == (900, True), name


def test_dark_and_light_are_drawn_apart() -> None:
    svg = samples(texts_in("en"))["battle"].svg

    assert drawn(svg, "light") != drawn(svg, "dark")


async def test_a_picture_is_drawn_in_a_process_of_its_own() -> None:
    svg = samples(texts_in("zh"))["battle"].svg

    assert await png_of(svg, "light") == drawn(svg, "light")


@pytest.mark.parametrize("svg", ["", "<svg", "no picture at all"])
async def test_what_cannot_be_drawn_is_told_in_a_line(svg: str) -> None:
    with pytest.raises(NotDrawnError) as raised:
        await png_of(svg, "dark")

    assert "\n" not in str(raised.value)


def test_words_of_others_are_no_part_of_the_drawing() -> None:
    canvas = Canvas()
    canvas.paragraph('<script>&amp;"]]>\x00\u202e</text>', 30)

    (words, *_) = texts_of(canvas.svg())[0]

    assert words == '<script>&amp;"]]></text>'


# Colours -----------------------------------------------------------------------------------------

_WORDS = ("ink", "soft", "done", "accent")
_GROUNDS = ("page", "panel")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_words_stand_out_from_their_ground(theme: Theme) -> None:
    of = colours(theme)

    for ground in _GROUNDS:
        for role in _WORDS:
            assert contrast(of[role], of[ground]) >= 4.5, (role, ground)
    assert contrast(of["on-accent"], of["accent"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_bars_are_told_from_the_page(theme: Theme) -> None:
    """WCAG 2.2, 1.4.11: three to one for what carries meaning."""
    of = colours(theme)

    for role in ("plan", "done", "ahead"):
        assert contrast(of[role], of["page"]) >= 3, role
    levels = [luminance(of[f"level{n}"]) for n in range(5)]
    assert levels == sorted(levels, reverse=theme == "light")


def test_every_role_has_a_colour() -> None:
    used = {
        role.removeprefix("s-")
        for language in LANGUAGES
        for picture in samples(texts_in(language)).values()
        for classes in re.findall(r'class="([^"]+)"', picture.svg)
        for role in classes.split()
    }

    for theme in THEMES:
        assert used <= set(colours(theme))


# Words of any kind -------------------------------------------------------------------------------


@given(st.text(max_size=200), st.floats(20, 60), st.booleans())
def test_whatever_is_written_stays_within_the_margins(words: str, size: float, bold: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    canvas = Canvas()
    canvas.paragraph(words, size, bold=bold, most=3)
    canvas.text((WIDTH / 2, 400), words, size, bold=bold, anchor="middle")

    for shown, left, _, right, _ in texts_of(canvas.svg()):
        assert all(map(is_known, shown))
        assert MARGIN - 1 <= left <= right <= WIDTH - MARGIN + 1


# What a learner wishes ---------------------------------------------------------------------------


def test_a_picture_is_as_its_learner_wishes() -> None:
    message = Message("here", picture=Picture("<svg/>", "a picture"))

    assert as_wished(message, "").picture == Picture("<svg/>", "a picture")
    assert as_wished(message, "dark").picture == Picture("<svg/>", "a picture", "dark")
    assert as_wished(message, "off") == Message("here")
    assert as_wished(Message("no picture"), "dark") == Message("no picture")


def test_a_picture_comes_back_from_the_database() -> None:
    message = Message("here", picture=Picture("<svg/>", "a picture", "light"))

    assert Message.from_json(message.to_json()) == message
