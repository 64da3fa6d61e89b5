"""An answer to an open question, or something else that is said meanwhile."""

import pytest

from agent.answers import read_answer
from learning.quiz.grading import freeze
from learning.quiz.items import QuizItem
from tests.learning.quiz_builders import make_choice, make_numeric, make_open, make_short


def read(item: QuizItem, text: str, *, is_other: bool = False) -> object:
    """What is read: the arguments, `doubtful`, the sentence to say, or None."""
    reading = read_answer(item, freeze(item, "seed"), text, is_other=is_other)
    if reading is None:
        return None
    if reading.is_doubtful:
        return "doubtful"
    return reading.say or dict(reading.args)


@pytest.mark.parametrize(
    "text",
    [
        "不会",
        "不会。",
        "我不会",
        "这题不会",
        "不知道",
        "不知道啊",
        "真的不会了",
        "没学过",
        "想不出来",
        "不会做",
        "I don't know",
        "i dont know",
        "idk",
        "no idea",
        "not sure",
        "I give up",
    ],
)
def test_not_knowing_is_said_in_many_ways(text: str) -> None:
    for item in (make_choice(), make_numeric(), make_short(), make_open()):
        assert read(item, text) == {}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A", 1),
        ("b", 2),
        ("C。", 3),
        ("选 d", 4),
        ("我选B", 2),
        ("答案是C", 3),
        ("第二个", 2),
        ("③", 3),
        ("4", 4),
        ("I choose b", 2),
        ("option 3", 3),
        ("it's a", 1),
        ("应该是B", 2),
    ],
)
def test_a_choice_is_a_letter_or_a_place(text: str, place: int) -> None:
    assert read(make_choice(), text) == {"option": place}


@pytest.mark.parametrize(
    "text",
    [
        "E",
        "5",
        "0",
        "A 和 B",
        "a lot",
        "第二个做完了",
        "b 是什么意思",
        "今天学什么",
        "下一题",
        "why",
    ],
)
def test_other_words_choose_nothing(text: str) -> None:
    assert read(make_choice(), text) is None


@pytest.mark.parametrize("text", ["42", "约 3.2G", "四分之三", "1e6"])
def test_a_number_answers_a_number(text: str) -> None:
    assert read(make_numeric(), text) == {"text": text}


@pytest.mark.parametrize("text", ["什么意思", "42?", "明天 8 点提醒我", "第一个做完了", "提示一下"])
def test_a_remark_answers_no_number(text: str) -> None:
    assert read(make_numeric(), text) is None


def test_a_word_that_fits_is_taken_and_another_is_asked_back() -> None:
    assert read(make_short(), "Softmax") == {"text": "Softmax"}
    assert read(make_short(), "sigmoid") == "doubtful"


@pytest.mark.parametrize("text", ["为什么？", "给个提示", "what does that mean", "这题是什么意思"])
def test_a_question_about_a_question_is_no_answer(text: str) -> None:
    assert read(make_short(), text) is None
    assert read(make_open(), text) is None


def test_a_wish_of_its_own_is_no_answer() -> None:
    assert read(make_short(), "今天学什么", is_other=True) is None
    assert read(make_open(), "今天学什么", is_other=True) is None


def test_a_free_text_needs_a_few_sentences() -> None:
    long = "我会先问清楚每天多少请求、延迟要求和预算，再估算向量大小，然后画出组件。"

    assert read(make_open(), "先估算一下规模再说") == "quiz.too_short"
    assert read(make_open(), long) == {"text": long}
    assert read(make_open(), "好的") is None
