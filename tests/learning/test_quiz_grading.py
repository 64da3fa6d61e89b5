"""Grading by code: against the frozen answer, the same way each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.quiz.bank import Bank
from learning.quiz.grading import (
    DONT_KNOW,
    Given,
    Verdict,
    answer_of,
    freeze,
    grade,
    matches,
    wording_of,
)
from learning.quiz.items import ChoiceItem, NumericItem, OpenItem, QuizItem, ShortItem
from tests.builders import built_in
from tests.learning.quiz_builders import both, make_choice, make_numeric, make_open, make_short


def verdict(item: QuizItem, said: Given) -> Verdict:
    return grade(item, answer_of(item), said).verdict


def test_the_key_is_right_and_nothing_else() -> None:
    item = make_choice(key=2)

    verdicts = [verdict(item, Given(option=n)) for n in range(4)]

    assert verdicts == [Verdict.WRONG, Verdict.WRONG, Verdict.RIGHT, Verdict.WRONG]


def test_not_knowing_is_no_wrong_guess() -> None:
    assert verdict(make_choice(), DONT_KNOW) is Verdict.UNKNOWN
    assert verdict(make_numeric(), DONT_KNOW) is Verdict.UNKNOWN
    assert verdict(make_short(), DONT_KNOW) is Verdict.UNKNOWN


def test_an_answer_is_graded_by_the_key_of_then() -> None:
    asked = make_choice(key=0)
    corrected = make_choice(key=1)

    graded = grade(corrected, answer_of(asked), Given(option=0))

    assert graded.verdict is Verdict.RIGHT


@given(seed=st.text(max_size=20))
def test_a_shuffle_keeps_every_option_and_is_the_same_for_its_seed(seed: str) -> None:
    item = make_choice()

    frozen = freeze(item, seed)

    assert sorted(frozen.order) == [0, 1, 2, 3]
    assert freeze(item, seed) == frozen


def test_each_place_of_the_key_comes_about_as_often_after_the_shuffle() -> None:
    item = make_choice()

    places = [freeze(item, f"seed {n}").order.index(item.key) for n in range(2000)]

    assert all(0.2 <= places.count(n) / 2000 <= 0.3 for n in range(4))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("42", Verdict.RIGHT),
        ("约 42", Verdict.RIGHT),
        ("四十二", Verdict.RIGHT),
        ("84/2", Verdict.RIGHT),
        ("43", Verdict.WRONG),
        ("4.2", Verdict.WRONG),
        ("nonsense", Verdict.WRONG),
    ],
)
def test_a_count_is_right_when_it_is_exact(said: str, expected: Verdict) -> None:
    assert verdict(make_numeric(answer=42), Given(text=said)) is expected


def test_a_tolerance_is_a_share_of_the_answer() -> None:
    item = make_numeric(answer=200, tolerance=0.02)

    verdicts = [verdict(item, Given(text=said)) for said in ("196", "204", "195", "205")]

    assert verdicts == [Verdict.RIGHT, Verdict.RIGHT, Verdict.WRONG, Verdict.WRONG]


def test_a_wrong_number_that_people_get_is_told_by_its_name() -> None:
    item = make_numeric(answer=23, mistakes=(20, 22))

    graded = grade(item, answer_of(item), Given(text="20"))

    assert graded.mistake == item.mistakes[0]


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ("softmax", True),
        ("Softmax", True),
        ("soft max", True),
        ("softmax。", True),
        ("是 softmax", True),
        ("the softmax", True),
        ("it's softmax", True),
        ("sofmax", False),
        ("sigmoid", False),
        ("", False),
    ],
)
def test_a_word_is_right_whatever_its_case_and_spaces(*, said: str, is_right: bool) -> None:
    item = make_short()

    assert (verdict(item, Given(text=said)) is Verdict.RIGHT) is is_right


@pytest.mark.parametrize(
    ("said", "word", "is_same"),
    [
        ("transfomer", "transformer", True),
        ("backpropogation", "backpropagation", True),
        ("overfitting", "underfitting", False),
        ("encoder", "decoder", False),
        ("int8", "int4", False),
        ("l2regularization", "l1regularization", False),
        ("asynchronous", "synchronous", False),
        ("asymmetric", "symmetric", False),
        ("retraining", "pretraining", False),
        ("Transformer decoder", "transformerencoder", False),
        ("all-reduce", "allreduce", True),
        ("an encoder", "encoder", True),
        ("拓扑排序吧", "拓扑排序", True),
        ("我猜是冷启动", "冷启动", True),
        ("TTFT（首 token 时间）", "ttft", True),
        ("RRF 方法", "rrf", True),
    ],
)
def test_a_slip_in_a_long_word_is_forgiven_and_another_word_is_not(
    *, said: str, word: str, is_same: bool
) -> None:
    assert matches(said, [word]) is is_same


def test_a_free_text_waits_for_a_judgement() -> None:
    assert verdict(make_open(), Given(text="first I would ask")) is Verdict.UNGRADED
    assert verdict(make_open(), DONT_KNOW) is Verdict.UNKNOWN


def test_other_words_make_another_question_and_another_key_does_not() -> None:
    item = make_choice()

    assert wording_of(make_choice(key=1)) == wording_of(item)
    assert wording_of(make_choice(stem="Which two?")) != wording_of(item)
    assert wording_of(make_choice(options=("one", "two", "three", "five"))) != wording_of(item)


def live_instances(bank: Bank) -> list[QuizItem]:
    seeded = [bank.item(id, seed) for id in bank.recipes for seed in (0, 1, 2)]
    return [*bank.items.values(), *(one for one in seeded if one is not None)]


def test_grading_is_deterministic_and_every_key_is_right_by_itself() -> None:
    for item in live_instances(built_in().bank):
        for said in right_answers(item):
            first = grade(item, answer_of(item), said)
            assert first == grade(item, answer_of(item), said)
            assert first.verdict is Verdict.RIGHT, (item.id, said)


def right_answers(item: QuizItem) -> list[Given]:
    match item:
        case ChoiceItem():
            return [Given(option=item.key)]
        case NumericItem():
            return [Given(text=repr(item.answer)), Given(text=f"约 {item.answer!r}")]
        case ShortItem():
            return [Given(text=word) for word in item.accepts]
        case OpenItem():
            return []


def test_no_mistake_that_an_item_names_is_graded_right() -> None:
    for item in live_instances(built_in().bank):
        if isinstance(item, NumericItem):
            for mistake in item.mistakes:
                graded = grade(item, answer_of(item), Given(text=repr(mistake.value)))
                assert graded.verdict is Verdict.WRONG, (item.id, mistake.value)


def test_reading_what_was_written_gives_the_same_item() -> None:
    for item in live_instances(built_in().bank):
        assert type(item).model_validate(item.model_dump(mode="json")) == item


def test_a_unit_may_be_left_out_or_written() -> None:
    item = make_numeric(answer=3.2, tolerance=0.01, unit="GiB")

    said = ("3.2", "3.2 GiB", "约 3.2G", "3277 MiB", "3.2GB")

    assert {verdict(item, Given(text=one)) for one in said} == {Verdict.RIGHT}


def test_both_languages_are_part_of_the_wording() -> None:
    item = make_choice()

    assert wording_of(item.changed(stem=both("哪个？", "Which one?"))) != wording_of(item)
