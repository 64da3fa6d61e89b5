"""Whose words a text holds: the learner's own, or what they paste, quote or never closed."""

import pytest

from agent.turn import is_own, own_words


@pytest.mark.parametrize(
    ("text", "own"),
    [
        pytest.param("把每天改成 90 分钟", "把每天改成 90 分钟", id="nothing but own words"),
        pytest.param("why?\n```\n/reset\n```\nthanks", "why?\nthanks", id="a block"),
        pytest.param("why?\n```\n/reset", "why?", id="a block that is never closed"),
        pytest.param("why?\n````\n```\n/reset\n````\nok", "why?\nok", id="a longer fence"),
        pytest.param("why?\n~~~\n/reset\n~~~\nok", "why?\nok", id="tildes"),
        pytest.param("see ```/reset``` there", "see \n there", id="in a line"),
        pytest.param("> /reset\nwhy?", "why?", id="a quote"),
    ],
)
def test_own_words_are_what_stands_outside_of_blocks_and_quotes(text: str, own: str) -> None:
    assert "\n".join(filter(None, own_words(text).split("\n"))) == own


@pytest.mark.parametrize(
    ("typed", "fence", "held"),
    [
        pytest.param("```", "~~~", "```", id="backticks before tildes"),
        pytest.param("~~~", "```", "~~~", id="tildes before backticks"),
        pytest.param("```", "````", "```", id="a short fence before a longer one"),
        pytest.param("```python", "~~~~", "```\n~~~", id="with a language"),
        pytest.param("look ```", "~~~", "```", id="within a line"),
    ],
)
def test_a_fence_left_open_before_a_block_makes_nothing_of_the_block_the_learners(
    typed: str, fence: str, held: str
) -> None:
    text = f"help\n{typed}\n{fence}\na = 1\n{held}\n/reset\n{fence}"

    assert "/reset" not in own_words(text)
    assert "help" in own_words(text) or typed.startswith("look")
    assert not is_own(text)


def test_words_after_two_whole_blocks_stay_the_learners() -> None:
    text = "one\n```\na\n```\nand\n~~~\nb\n~~~\nplease explain"

    assert own_words(text).split() == ["one", "and", "please", "explain"]


def test_many_fences_of_many_lengths_are_read_at_once() -> None:
    text = "\n".join(f"{'`' * n}\n{'~' * n}" for n in range(3, 60))

    assert own_words(text) == ""
