"""Help with a question: a hint, a first step, the answer; and what it does to the card."""

from datetime import timedelta

import pytest

from learning.quiz.generators import spelled
from learning.quiz.grading import freeze
from learning.quiz.hints import HintKind, first_step, nudge
from learning.quiz.items import ChoiceItem, NumericItem, QuizItem, ShortItem
from learning.values import Language
from store.cards import card_of
from store.learners import add_learner
from store.script import change, row
from tests.builders import built_in
from tests.journeys.people import Person, text_of
from tests.journeys.test_quizzes import key_of, learner, verdicts
from tests.learning.quiz_builders import make_choice, make_numeric, make_short


async def hints(person: Person) -> int:
    found = await person.ask_store(row, "select hints from questions order by id desc limit 1")
    assert found is not None
    return int(found["hints"])


async def test_help_comes_as_a_ladder_and_ends_with_the_answer() -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1")

    first = text_of(await person.tap("提示"))
    second = text_of(await person.tap("再提示一步"))
    answer = text_of(await person.say("再给点提示"))

    assert "提示 1/2" in first
    assert "可以先排除" in second
    assert "why" in second
    assert "正确答案" in answer
    assert "three" in answer
    assert await verdicts(person) == ["unknown"]


@pytest.mark.parametrize("said", ["给点提示", "hint", "有提示吗？", "没思路", "再来个提示"])
async def test_a_hint_is_asked_for_in_words(said: str) -> None:
    person = await learner(make_short(), make_numeric())
    await person.say("/quiz 1")

    shown = text_of(await person.say(said))

    assert "提示 1/2" in shown
    assert await hints(person) == 1
    assert await verdicts(person) == [None]


@pytest.mark.parametrize(
    "said", ["直接告诉我答案", "just tell me", "我放弃了", "答案是什么", "what's the answer?"]
)
async def test_just_tell_me_is_honoured_and_the_item_comes_back_tomorrow(said: str) -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1")

    told = text_of(await person.say(said))

    assert "three" in told
    assert "why three" in told
    assert "下次复习：11月24日" in told
    assert await verdicts(person) == ["unknown"]


async def test_a_right_answer_after_a_hint_counts_as_hard_and_comes_sooner() -> None:
    person = await learner(make_choice("plain"))
    await person.say("/quiz 1")
    await person.say(await key_of(person))
    other = await learner(make_choice("plain"))
    await other.say("/quiz 1", "/hint")

    graded = await other.say(await key_of(other))

    plain, helped = [await one.ask_store(card_of, 1, "plain") for one in (person, other)]
    assert plain is not None
    assert helped is not None
    assert helped.due_on < plain.due_on
    assert "吃力" in text_of(graded)
    assert not any("猜的" in one.label for one in graded.messages[0].flat_buttons)


async def test_a_hinted_answer_cannot_be_rated_up_afterwards() -> None:
    person = await learner(make_choice("plain"))
    await person.say("/quiz 1", "/hint")
    await person.say(await key_of(person))
    before = await person.ask_store(card_of, 1, "plain")

    refused = text_of(await person.say("/rate 1 easy"))

    assert "吃力" in refused
    assert await person.ask_store(card_of, 1, "plain") == before


async def test_a_question_is_answered_from_its_hint() -> None:
    person = await learner(make_numeric(answer=42))
    await person.say("/quiz 1", "给点提示")

    assert "对了" in text_of(await person.say("42"))


async def test_a_letter_typed_after_a_hint_is_the_answer() -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1", "给点提示")

    await person.say("abcd"[int(await key_of(person)) - 1])

    assert await verdicts(person) == ["right"]


async def test_a_hint_to_an_answered_question_is_refused() -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1", "不会")

    assert "不用提示" in text_of(await person.say("/hint 1"))


async def test_a_placement_gives_no_hints() -> None:
    person = Person()
    await person.enrol()
    await person.say("/placement")
    asked = await person.say("/placement rating=2")

    refused = text_of(await person.say("给点提示"))

    assert not any("提示" in one.label for one in asked.messages[-1].flat_buttons)
    assert "不给提示" in refused
    assert await hints(person) == 0


async def test_without_a_question_hint_words_are_ordinary_words() -> None:
    person = Person()
    await person.enrol()

    assert "提示 1/2" not in text_of(await person.say("给点提示"))


async def test_somebody_elses_question_gives_no_hint() -> None:
    person = await learner(make_choice(key=2))
    await person.say("/quiz 1")
    ben = await person.ask_store(
        add_learner, "telegram", "9", "telegram:9", "zh", "Asia/Shanghai", person.now
    )
    await person.ask_store(change, "update questions set learner = :ben", ben=ben.id)

    assert "找不到这道题" in text_of(await person.say("/hint 1"))
    assert await hints(person) == 0


async def test_help_is_remembered_when_the_card_is_told_anew() -> None:
    person = await learner(make_choice("plain"))
    await person.say("/quiz 1", "/hint")
    await person.say(await key_of(person))
    person.now += timedelta(days=5)

    found = await person.ask_store(row, "select hints, rating from questions")

    assert found == {"hints": 1, "rating": 2}


def every_item() -> list[QuizItem]:
    bank = built_in().bank
    items = [
        bank.item(id, bank.entry_seed(seed) if id in bank.recipes else None)
        for id in bank.live
        for seed in ((1, 4) if id in bank.recipes else (0,))
    ]
    return [item for item in items if item is not None]


_LANGUAGES: tuple[Language, Language] = ("zh", "en")


def test_no_hint_of_the_bank_says_the_answer() -> None:
    """Words of options overlap; what is exact is checked: numbers and words to be typed."""
    for item in every_item():
        concept = built_in().concepts[item.concepts[0]]
        given = [nudge(item, concept), first_step(item, freeze(item, "1:1"))]
        for hint in given:
            texts = [hint.words.zh, hint.words.en] if hint.words else []
            if isinstance(item, NumericItem) and hint.kind is HintKind.STEP:
                assert not any(text.endswith(f"= {spelled(item.answer)}") for text in texts)
            if isinstance(item, ShortItem) and hint.kind is HintKind.NUDGE:
                assert not any(
                    item.word_in(one) in t for one, t in zip(_LANGUAGES, texts, strict=True)
                )
            if hint.kind is HintKind.RANGE and isinstance(item, NumericItem):
                assert hint.low < item.answer < hint.high


def test_the_option_ruled_out_is_never_the_right_one() -> None:
    for item in every_item():
        if isinstance(item, ChoiceItem):
            assert first_step(item, freeze(item, "1:1")).option != item.key


def test_most_computed_items_have_a_first_step_of_their_own() -> None:
    numeric = [one for one in every_item() if isinstance(one, NumericItem)]
    steps = [one for one in numeric if first_step(one, freeze(one, "x")).kind is HintKind.STEP]

    assert len(steps) > 0.9 * len(numeric)
