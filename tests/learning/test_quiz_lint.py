"""The lint of the quiz bank: it catches what is planted, and the bank passes it."""

from collections import Counter

import pytest

from learning.quiz.grading import freeze
from learning.quiz.items import ChoiceItem, OpenItem, QuizItem, Status
from learning.quiz.lint import (
    LONGEST_SHARE,
    bank_problems,
    item_problems,
    key_is_longest,
    utf16_length,
)
from learning.values import Language
from tests.builders import built_in
from tests.learning.quiz_builders import both, make_choice, make_numeric

LANGUAGES: tuple[Language, Language] = ("zh", "en")


def test_a_sound_item_has_no_problem() -> None:
    assert list(item_problems(make_choice())) == []
    assert list(item_problems(make_numeric())) == []


@pytest.mark.parametrize(
    ("item", "told"),
    [
        pytest.param(
            make_choice(options=("one", "two", "Two", "four")), "two alike", id="options alike"
        ),
        pytest.param(
            make_choice(options=("a very much longer one than the rest", "two", "three", "four")),
            "about as long",
            id="a key that stands out",
        ),
        pytest.param(
            make_choice(options=("one", "two", "three", "all of the above")),
            "by itself",
            id="all of the above",
        ),
        pytest.param(
            make_choice(options=("甲", "乙", "丙", "以上都对")), "by itself", id="以上都对"
        ),
        pytest.param(
            make_choice(
                options=("it may help", "it always helps", "it never helps", "it costs time")
            ),
            "always",
            id="absolutes in wrong options only",
        ),
        pytest.param(
            make_choice(stem="Which of these is not a norm?"), "bare 'not'", id="a bare not"
        ),
        pytest.param(make_choice(stem="下面哪一项不是优化器？"), "bare 'not'", id="不是"),
        pytest.param(
            make_choice(
                stem="Which gradient clipping threshold is sensible?",
                options=("a gradient threshold", "one two", "three four", "five six"),
            ),
            "echo the stem",
            id="a key that echoes the stem",
        ),
        pytest.param(make_choice(stem="x" * 301), "at most 292", id="a stem too long for a poll"),
        pytest.param(
            make_choice(options=("o" * 101, "p" * 101, "q" * 101, "r" * 101)),
            "at most 100",
            id="options too long for a poll",
        ),
        pytest.param(make_choice(code="x = 1"), "poll: expected 'no'", id="code in a poll"),
        pytest.param(make_choice(poll=False), "poll: expected yes", id="a poll denied"),
    ],
)
def test_a_planted_flaw_is_found(item: QuizItem, told: str) -> None:
    problems = list(item_problems(item))

    assert any(told in problem for problem in problems), problems


def test_a_negation_that_is_marked_may_stand() -> None:
    assert list(item_problems(make_choice(stem="Which of these is NOT a norm?"))) == []


def test_a_bank_whose_keys_are_the_longest_is_told() -> None:
    options = ("key key", "two", "three", "four")
    stems = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa")
    items = {
        f"item-{a}-{b}": make_choice(f"item-{a}-{b}", options=options, stem=f"{a} {b} {a}{b}?")
        for a in stems
        for b in stems[:3]
    }

    problems = list(bank_problems(items))

    assert any("longest option" in problem for problem in problems)


def test_two_items_that_ask_the_same_are_told() -> None:
    items = {
        "one": make_choice("one", stem="How many parameters does a LoRA of rank 8 add?"),
        "two": make_choice("two", stem="How many parameters does a LoRA of rank 8 add here?"),
    }

    problems = list(bank_problems(items))

    assert any("one" in problem and "two" in problem for problem in problems)


# The bank itself ----------------------------------------------------------------------------------


def live() -> list[QuizItem]:
    return [one for one in built_in().bank.items.values() if one.status is Status.LIVE]


def live_choices() -> list[ChoiceItem]:
    return [one for one in live() if isinstance(one, ChoiceItem)]


def test_no_item_of_the_bank_has_a_flaw() -> None:
    bank = built_in().bank

    flaws = [f"{one.id}: {flaw}" for one in bank.items.values() for flaw in item_problems(one)]

    assert flaws + list(bank_problems(bank.items)) == []


def test_the_bank_has_400_items_over_150_concepts() -> None:
    questions = [one for one in live() if not isinstance(one, OpenItem)]

    assert len(questions) >= 400
    assert len({concept for one in questions for concept in one.concepts}) >= 150


def test_the_60_most_used_concepts_have_three_items_each() -> None:
    catalogue = built_in()
    used = Counter(
        concept
        for curriculum in catalogue.curricula.values()
        for task in curriculum.tasks
        if task.session == 1
        for concept in task.concepts
    )
    items = Counter(
        concept for one in live() if not isinstance(one, OpenItem) for concept in one.concepts
    )

    scarce = {concept: items[concept] for concept, _ in used.most_common(60) if items[concept] < 3}

    assert scarce == {}


def test_levels_and_kinds_are_spread() -> None:
    levels = Counter(one.level for one in live())
    kinds = Counter(one.bloom for one in live())

    assert all(levels[level] >= 30 for level in (1, 2, 3, 4))
    assert all(count >= 0.1 * len(live()) for count in kinds.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_is_seldom_the_longest_option(language: Language) -> None:
    longest = sum(key_is_longest(one, language) for one in live_choices())

    assert longest <= LONGEST_SHARE * len(live_choices())


def test_the_key_stands_in_each_place_about_as_often() -> None:
    items = [one for one in live_choices() if len(one.options) == 4]
    places = Counter(freeze(one, one.id).order.index(one.key) for one in items)

    assert all(0.2 <= places[n] / len(items) <= 0.3 for n in range(4))


def test_every_poll_fits_telegram_in_both_languages() -> None:
    for item in live_choices():
        if item.poll:
            for language in LANGUAGES:
                texts = [one.text.in_language(language) for one in item.options]
                why = item.options[item.key].why.in_language(language)
                assert item.code is None
                assert utf16_length(item.stem.in_language(language)) <= 292
                assert all(1 <= utf16_length(text) <= 100 for text in texts)
                assert utf16_length(why) <= 200


def test_every_live_item_was_held_against_a_source() -> None:
    for item in [*live(), *built_in().bank.recipes.values()]:
        if item.status is Status.LIVE:
            assert item.checked
            assert item.source.locator


def test_the_interview_questions_are_40_with_rubrics_of_every_genre() -> None:
    interview = built_in().bank.interview.values()

    assert len(interview) >= 40
    assert {one.genre for one in interview} >= {"system-design", "behavioural", "coding"}
    assert all(len(one.rubric) >= 3 for one in interview)


def test_24_generators_and_more_are_live() -> None:
    live_recipes = [one for one in built_in().bank.recipes.values() if one.status is Status.LIVE]

    assert len(live_recipes) >= 24


def test_whoever_reads_only_lengths_does_not_pass() -> None:
    """90.7 % of another project's questions could be passed by picking the longest option."""
    right = sum(key_is_longest(one, "en") for one in live_choices())

    assert right / len(live_choices()) < 0.3


def test_words_of_one_language_do_not_stand_in_the_other() -> None:
    item = make_choice().changed(stem=both("什么是 LoRA？", "What is LoRA?"))

    assert list(item_problems(item)) == []
