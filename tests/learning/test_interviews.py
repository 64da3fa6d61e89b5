"""Interviews by the frame: what an answer touched, what is asked next, what is found at the end."""

import pytest
from pydantic import ValidationError

from learning.interviews import (
    MOST_PROBES,
    Frame,
    FrameStep,
    Said,
    findings,
    goes_on,
    learners_words,
    length_of,
    next_hint,
    next_probe,
    touched,
)
from learning.quiz.items import OpenItem, RubricCriterion
from tests.builders import built_in, words
from tests.learning.quiz_builders import make_open


def step(id: str, *cues: str) -> FrameStep:
    return FrameStep(
        id=id,
        name=words(id),
        cues=(*cues, f"{id}cue", f"{id}sign", f"{id}mark"),
        probes=(words(f"{id} one?"), words(f"{id} two?")),
        hint=words(f"hint {id}"),
        strength=words(f"strong {id}"),
        practise=words(f"practise {id}"),
    )


FRAME = Frame(
    id="coding",
    name=words("Coding"),
    how=words("how"),
    steps=(step("restate"), step("approach", "hash"), step("cost", "o("), step("edges", "empty")),
)


def item(*criteria: str) -> OpenItem:
    rubric = tuple(RubricCriterion(text=words(one), signs=(one,)) for one in criteria)
    return make_open().changed(rubric=rubric)


ITEM = item("uses a hash", "says O(n)", "handles empty input")
NOTHING = (False, False, False)


def answer(text: str) -> Said:
    return Said("answer", text)


def probe(step: str, place: int | None = 0) -> Said:
    return Said("probe", f"{step}?", step, place)


def asked(*said: Said, met: tuple[bool, ...] = NOTHING, is_judged: bool = False) -> str | None:
    found = next_probe(FRAME, ITEM, said, met, is_judged=is_judged)
    return found.words.en if found else None


# What an answer shows ---------------------------------------------------------------------------


def test_a_step_is_touched_by_any_of_its_cues() -> None:
    assert touched(FRAME, "I keep a HASH map, which is O(n).") == {"approach", "cost"}


@pytest.mark.parametrize("text", ["rehash it", "nonempty"])
def test_a_cue_begins_where_a_word_begins(text: str) -> None:
    assert touched(FRAME, text) == frozenset()


def test_a_chinese_cue_stands_anywhere() -> None:
    frames = built_in().frames

    assert "kilobit" in touched(frames["system-design"], "那么高峰每秒大概有三百个请求")
    assert "reflection" in touched(frames["behavioural"], "我从中学到要先看日志")


@pytest.mark.parametrize(
    ("text", "length"), [("先估算请求数", 6), ("first the load", 6), ("用 Redis 缓存", 5), ("", 0)]
)
def test_length_counts_characters_of_chinese_and_twice_the_words_of_english(
    text: str, length: int
) -> None:
    assert length_of(text) == length


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([answer("先估算一下")], True, id="little"),
        pytest.param([answer("先估算" * 10)], False, id="enough"),
        pytest.param([answer("先估算" * 10 + "，然后：")], True, id="ends open"),
        pytest.param(
            [answer("we first count the requests " * 3 + "and...")], True, id="trails off"
        ),
        pytest.param([answer("先估算" * 5), answer("再定容量" * 3)], False, id="enough in two"),
        pytest.param(
            [answer("先估算" * 10), probe("cost"), answer("十台")], True, id="since asked"
        ),
        pytest.param([answer("嗯"), Said("pass")], False, id="passes"),
    ],
)
def test_little_or_unfinished_words_are_waited_for(said: list[Said], *, expected: bool) -> None:
    assert goes_on(said) is expected


def test_only_the_learners_words_are_theirs() -> None:
    said = [answer("a"), probe("cost"), Said("hint", "h", "cost"), Said("question", "b")]

    assert learners_words(said) == "a\nb"


# What is asked next -----------------------------------------------------------------------------


def test_the_first_missing_step_is_asked_about_that_the_rubric_wants() -> None:
    assert asked(answer("a hash")) == "cost one?"


def test_a_step_that_no_criterion_wants_comes_after_those() -> None:
    assert asked(answer("a hash, O(n), not empty")) == "restate one?"


def test_when_everything_was_touched_it_goes_deeper_from_the_end() -> None:
    everything = answer("restatecue, a hash, O(n), empty")

    assert asked(everything, met=(True, True, True)) == "edges two?"


def test_what_a_model_found_missing_comes_before_what_no_cue_shows() -> None:
    said = answer("a hash and O(n) and empty input")

    assert asked(said, met=(True, False, True), is_judged=True) == "cost two?"


def test_who_came_to_a_step_by_themselves_is_not_led_to_it_again() -> None:
    frame = FRAME.changed(steps=FRAME.steps[:1])

    found = next_probe(frame, ITEM, [answer("restatecue")], NOTHING, is_judged=False)

    assert found is not None
    assert found.words.en == "restate two?"


def test_a_step_asked_about_waits_until_the_others_had_their_turn() -> None:
    said = (answer("a hash"), probe("cost"), answer("no idea"))

    assert asked(*said) == "edges one?"


def test_no_probe_is_asked_twice() -> None:
    frame = FRAME.changed(steps=FRAME.steps[:1])
    said = (answer("x"), probe("restate"), answer("x"))

    found = next_probe(frame, ITEM, said, NOTHING, is_judged=False)

    assert found is not None
    assert found.words.en == "restate two?"
    assert next_probe(frame, ITEM, (*said, probe("restate", 1)), NOTHING, is_judged=False) is None


def test_a_models_own_question_counts_for_its_step() -> None:
    assert asked(answer("a hash"), probe("cost", None)) == "edges one?"


def test_three_are_the_most() -> None:
    probes = [probe(one) for one in ("restate", "cost", "edges")]

    assert len(probes) == MOST_PROBES
    assert asked(answer("x"), *probes) is None


def test_a_model_that_found_everything_ends_it() -> None:
    assert asked(answer("x"), met=(True, True, True), is_judged=True) is None


# Hints ------------------------------------------------------------------------------------------


def test_a_hint_is_for_the_first_step_not_come_to_and_comes_once() -> None:
    said = [answer("restatecue")]

    first = next_hint(FRAME, said)
    assert first is not None
    assert first.id == "approach"
    second = next_hint(FRAME, [*said, Said("hint", "h", "approach")])
    assert second is not None
    assert second.id == "cost"


def test_hints_come_to_an_end() -> None:
    assert next_hint(FRAME, [Said("hint", "h", one.id) for one in FRAME.steps]) is None


# Findings ---------------------------------------------------------------------------------------


def test_a_strength_is_a_criterion_met_and_the_gap_is_the_first_not_met() -> None:
    found = findings(FRAME, ITEM, [answer("restatecue and a hash")], (True, False, False))

    assert found.strong is not None
    assert found.missed is not None
    assert found.practise is not None
    assert (found.strong.text.en, found.missed.text.en) == ("uses a hash", "says O(n)")
    assert found.practise.id == "cost"
    assert found.strong_step is None


def test_without_a_criterion_met_a_step_that_was_there_is_the_strength() -> None:
    found = findings(FRAME, ITEM, [answer("restatecue")], NOTHING)

    assert found.strong is None
    assert found.strong_step is not None
    assert found.strong_step.id == "restate"


def test_nothing_missing_is_nothing_to_practise() -> None:
    said = [answer("restatecue, a hash, O(n), empty")]

    found = findings(FRAME, ITEM, said, (True, True, True))

    assert (found.missed, found.practise) == (None, None)


# The frames on disk -----------------------------------------------------------------------------


def test_every_kind_of_interview_question_has_a_frame() -> None:
    kinds = {one.genre for one in built_in().bank.interview.values()}

    assert kinds == set(built_in().frames)


# Words of the probes that are signs of some criterion by chance, and say nothing about it.
HARMLESS = {"第一步", "换掉", "since then", "which part", "目标", "counts", "用过", "精确", "内存"}


def test_no_probe_holds_a_sign_of_its_questions() -> None:
    """A probe that says what it fishes for gives the point away."""
    told = {
        (frame.id, each.id, sign)
        for one in built_in().bank.interview.values()
        for frame in (built_in().frames[one.genre],)
        for each in frame.steps
        for said in each.probes
        for criterion in one.rubric
        for sign in criterion.signs
        if sign.lower() in f"{said.zh} {said.en}".lower() and sign not in HARMLESS
    }

    assert told == set()


def test_steps_of_one_id_are_refused() -> None:
    with pytest.raises(ValidationError, match="ids of their own"):
        FRAME.model_validate({**FRAME.model_dump(), "steps": [step("a").model_dump()] * 3})
