"""The gate for questions that a model drafts: what it lets through, and what it does not."""

from typing import Any

import pytest

from learning.quiz.drafts import (
    TRIALS,
    Flaw,
    Step,
    all_hit,
    choice_in,
    draft_in,
    flaw_in_trials,
    flaw_of,
    numbers_in,
    orders_of,
)
from learning.quiz.items import Status
from tests.learning.draft_builders import CONCEPT, QUOTE, make_draft, written


def test_a_good_draft_has_no_flaw() -> None:
    assert flaw_of(make_draft(), CONCEPT) is None


def test_a_draft_is_a_draft_about_its_concept_and_names_the_words_it_rests_on() -> None:
    item = make_draft().item

    assert (item.status, item.checked) == (Status.DRAFT, None)
    assert (item.concepts, item.level) == (("lora",), CONCEPT.level)
    assert item.source.locator == QUOTE


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in written().items() if name not in names}


@pytest.mark.parametrize(
    "made",
    [
        pytest.param([written()], id="a list"),
        pytest.param("矩阵 B 从零开始", id="words"),
        pytest.param(None, id="nothing"),
        pytest.param(without("stem"), id="no stem"),
        pytest.param(without("quote"), id="no quote"),
        pytest.param(without("key"), id="no key"),
        pytest.param({**written(), "status": "live"}, id="more than was asked for"),
        pytest.param(written(key=4), id="a key that is no option"),
        pytest.param(written(key=-1), id="a key below the first"),
        pytest.param(written(options=written()["options"][:3]), id="three options"),
        pytest.param(written(options=written()["options"] * 2), id="eight options"),
        pytest.param(written(stem="为什么没有变化？"), id="one language for both"),
        pytest.param(written(stem={"zh": "Why is it so?", "en": "Why is it so?"}), id="no Chinese"),
        pytest.param(written(why=("en", "A 也要训练。")), id="Chinese where English belongs"),
        pytest.param(written(why=("zh", "")), id="no reason"),
        pytest.param(written(why=("zh", "见 https://evil.example")), id="an address"),
        pytest.param(written(text=("en", "[Matrix A](x)")), id="a link"),
    ],
)
def test_a_draft_of_another_shape_is_refused(made: object) -> None:
    refused = draft_in(made, CONCEPT)

    assert isinstance(refused, Flaw)
    assert refused.step is Step.SHAPE


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        pytest.param({"text": ("zh", "以上都对")}, Step.LINT, id="all of the above"),
        pytest.param({"text": ("zh", "矩阵 B 从零开始")}, Step.LINT, id="two options alike"),
        pytest.param({"text": ("en", "x" * 101)}, Step.LINT, id="too long for a poll"),
        pytest.param({"quote": QUOTE.replace("所以", "因此")}, Step.QUOTE, id="a word changed"),
        pytest.param({"quote": "矩阵"}, Step.QUOTE, id="a quote that stands anywhere"),
        pytest.param({"quote": " " * 20}, Step.QUOTE, id="an empty quote"),
        pytest.param({"why": ("zh", "A 占 12 GB。")}, Step.NUMBERS, id="a number of its own"),
        pytest.param({"text": ("en", "A takes 16 bits")}, Step.NUMBERS, id="one in an option"),
        pytest.param({"why": ("zh", "A 大了四倍。")}, Step.NUMBERS, id="a Chinese number"),
        pytest.param({"why": ("en", "A is four times it.")}, Step.NUMBERS, id="a number in words"),
        pytest.param({"why": ("en", "It grows as n².")}, Step.NUMBERS, id="a power"),
        pytest.param({"why": ("zh", "只占百分之五。")}, Step.NUMBERS, id="a share in words"),
    ],
)
def test_each_step_refuses_what_it_is_there_for(changes: dict[str, Any], step: Step) -> None:
    flaw = flaw_of(make_draft(**changes), CONCEPT)

    assert flaw is not None
    assert flaw.step is step


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"quote": "Matrix B starts at zero"}, id="a quote in English"),
        pytest.param({"quote": f"  {QUOTE}\n"}, id="space around a quote"),
        pytest.param({"why": ("en", "A has 65536 numbers as well.")}, id="a number without comma"),
        pytest.param({"why": ("zh", "两者都要训练，其中一个是 A。")}, id="one and two in speech"),
    ],
)
def test_what_stands_in_the_explanation_is_let_through(changes: dict[str, Any]) -> None:
    assert flaw_of(make_draft(**changes), CONCEPT) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("65,536 和 65536", {"65536"}),
        ("r = 8, 0.390%", {"8", "0.39"}),
        ("4096×4096", {"4096"}),
        ("10⁶ 与 W₀", {"10", "6", "0"}),
        ("三层、十个、两倍", {"3", "10"}),
        ("百分之二", {"二"}),
        ("Twelve heads, a million tokens", {"12", "1000000"}),
        ("１６ 位", {"16"}),
        ("1,2,3", {"1", "2", "3"}),
        ("一样，千万别", set()),
    ],
)
def test_numbers_are_found_in_one_spelling(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize("key", range(4))
def test_the_key_stands_elsewhere_in_every_trial(key: int) -> None:
    orders = orders_of(make_draft(key=key).item)

    assert len(orders) == TRIALS
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    assert len({order.index(key) for order in orders}) == TRIALS


def test_the_same_item_has_the_same_orders() -> None:
    assert orders_of(make_draft().item) == orders_of(make_draft().item)


@pytest.mark.parametrize(
    ("reply", "choice"),
    [
        ("2", 0),
        (" 2. ", 0),
        ("选项 2", 0),
        ("The answer is 1, because it is.", 3),
        ("4", 1),
        ("5", None),
        ("0", None),
        ("", None),
        ("2.5", None),
        ("22", None),
        ("I cannot tell from the options alone.", None),
        ("9" * 5000, None),
    ],
)
def test_a_choice_is_read_by_its_number_as_shown(reply: str, choice: int | None) -> None:
    assert choice_in(reply, (3, 0, 2, 1)) == choice


@pytest.mark.parametrize(
    ("blind", "options_only", "step"),
    [
        pytest.param([True] * 3, [False], None, id="answered, and not by the options alone"),
        pytest.param([True] * 3, [True, True, False], None, id="guessed twice"),
        pytest.param([True, True, False], [], Step.BLIND, id="missed once with the explanation"),
        pytest.param([False], [], Step.BLIND, id="missed at once"),
        pytest.param([True] * 2, [], Step.BLIND, id="asked too seldom"),
        pytest.param([True] * 3, [True] * 3, Step.OPTIONS_ONLY, id="given away by the options"),
    ],
)
def test_the_trials_decide(blind: list[bool], options_only: list[bool], step: Step | None) -> None:
    flaw = flaw_in_trials(blind, options_only)

    assert (flaw.step if flaw else None) is step


def test_no_trial_at_all_is_no_hit() -> None:
    assert not all_hit([])
