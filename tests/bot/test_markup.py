"""Markup: what our texts and a model write, as text with entities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import StyledText, authored, escape, split, styled


def bold_parts(markup: str) -> list[str]:
    content = styled(markup)
    return [content.text[one.start : one.end] for one in content.entities if one.style == "bold"]


@pytest.mark.parametrize(
    ("markup", "bold"),
    [
        pytest.param("**注意：**请看", ["注意："], id="punctuation inside"),
        pytest.param("这是**重点**。", ["重点"], id="between letters"),
        pytest.param("**「引号」**后面", ["「引号」"], id="brackets inside"),
        pytest.param("【**重点**】", ["重点"], id="brackets outside"),
        pytest.param("**100%**的人", ["100%"], id="a percent sign"),
        pytest.param("max_steps and __init__ stay", ["init"], id="CommonMark's own rule"),
        pytest.param("2 ** 3 ** 4", [], id="spaces around"),
    ],
)
def test_bold_works_between_chinese_characters(markup: str, bold: list[str]) -> None:
    assert bold_parts(markup) == bold


def test_line_breaks_lists_and_quotes_stay_lines() -> None:
    content = styled("one\ntwo\n\n- a\n- b\n\n1. x\n2. y\n\n> said")

    assert content.text == "one\ntwo\n\n• a\n• b\n\n1. x\n2. y\n\nsaid"


def test_code_keeps_its_signs_and_its_language() -> None:
    content = styled("```python\nx = a * b  # **no**\n```")

    assert content.text == "x = a * b  # **no**"
    assert [(one.style, one.detail) for one in content.entities] == [("pre", "python")]


def test_a_table_becomes_a_list() -> None:
    assert styled("| 名称 | 分数 |\n|---|---|\n| a | 1 |").text == "• 名称 · 分数\n\n• a · 1"


@given(st.text())
def test_escaped_text_reads_as_itself(text: str) -> None:
    shown = styled("x" + escape(text.replace("\n", " ")) + "x").text

    assert "".join(shown.split()) == "".join(("x" + text.replace("\x00", "") + "x").split())


@given(st.text())
def test_no_markup_is_refused(text: str) -> None:
    content = styled(text)

    assert all(0 <= one.start < one.end <= len(content.text) for one in content.entities)


def test_an_authors_backticks_are_code_and_other_signs_are_themselves() -> None:
    content = styled(authored("run `pip install` with __init__ and a*b*c"))

    assert content.text == "run pip install with __init__ and a*b*c"
    assert [one.style for one in content.entities] == ["code"]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(min_size=1), st.integers(4, 40), st.integers(1, 5))
def test_splitting_loses_no_letter_and_exceeds_no_limit(
    text: str, most: int, most_entities: int
) -> None:
    whole = styled(text)

    parts = split(whole, most, most_entities, utf16)

    assert "".join(part.text for part in parts) == whole.text
    assert all(utf16(part.text) <= most for part in parts)
    assert all(len(part.entities) <= most_entities for part in parts)


def test_a_styled_run_that_is_cut_goes_on_in_the_next_part() -> None:
    parts = split(styled("**" + "字" * 10 + "**"), 6, 100, utf16)

    assert [(len(part.text), part.entities[0].style) for part in parts] == [
        (6, "bold"),
        (4, "bold"),
    ]


def test_an_empty_text_is_one_empty_part() -> None:
    assert split(StyledText(""), 10, 10, utf16) == [StyledText("")]
