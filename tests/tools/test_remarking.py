"""A corrected answer: what was answered counts as if the answer had been right all along."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from learning.catalogue import Catalogue
from learning.quiz.items import QuizItem
from store.learners import add_learner
from store.port import Store
from store.script import rows
from tests.builders import built_in
from tests.journeys.people import NOW
from tests.learning.quiz_builders import make_bank, make_choice, make_numeric
from tests.stores import new_store
from tools.answers import AnswerQuestion, answer_question
from tools.context import Context
from tools.quiz import StartQuiz, start_quiz
from tools.reports import remark

State = list[dict[str, Any]]


def catalogue(item: QuizItem) -> Catalogue:
    return replace(built_in(), bank=make_bank(item))


def answered(store: Store, item: QuizItem, given_answers: Sequence[tuple[int, str | None]]) -> None:
    """Let one learner answer the item again and again, each time so many days later.

    An answer is an option's written place or a text; None is 不会.
    """
    learner = store.run_now(add_learner, "console", "1", "console:1", "zh", "UTC", NOW)
    now = NOW
    home = catalogue(item)
    store.run_now(remark, home, now)
    for days, said in given_answers:
        now += timedelta(days=days)
        context = Context(learner, home, "console:1", now)
        put: Any = store.run_now(start_quiz, context, StartQuiz(topic="lora", count=1))
        order = put.question.frozen.order
        answer = AnswerQuestion(question=put.question.id)
        if said is not None and order:
            place = order.index(int(said)) + 1
            answer = AnswerQuestion(question=put.question.id, option=place)
        elif said is not None:
            answer = AnswerQuestion(question=put.question.id, text=said)
        store.run_now(answer_question, context, answer)


def state(store: Store) -> tuple[State, State, State]:
    """Verdicts, cards and mastery as they stand on disk."""

    def table(sql: str) -> State:
        return [dict(one) for one in store.run_now(rows, sql)]

    return (
        table("select id, verdict, rating, frozen from questions order by id"),
        table("select * from cards order by learner, item"),
        table("select * from mastery order by learner, concept"),
    )


choices = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from([None, "0", "1", "2", "3"])),
    min_size=1,
    max_size=5,
)
numbers = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from([None, "40", "42", "约 42", "7"])),
    min_size=1,
    max_size=5,
)


@given(said=choices, before=st.integers(0, 3), after=st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_a_corrected_key_leaves_what_the_right_key_would_have_left(
    said: list[tuple[int, str | None]], before: int, after: int
) -> None:
    wrong, right = make_choice(key=before), make_choice(key=after)
    corrected, right_all_along = new_store(), new_store()
    answered(corrected, wrong, said)
    answered(right_all_along, right, said)

    corrected.run_now(remark, catalogue(right), NOW)

    assert state(corrected) == state(right_all_along)
    corrected.close()
    right_all_along.close()


@given(said=numbers)
@settings(max_examples=15, deadline=None)
def test_a_corrected_number_is_graded_again_as_well(said: list[tuple[int, str | None]]) -> None:
    wrong, right = make_numeric(answer=40), make_numeric(answer=42)
    corrected, right_all_along = new_store(), new_store()
    answered(corrected, wrong, said)
    answered(right_all_along, right, said)

    corrected.run_now(remark, catalogue(right), NOW)

    assert state(corrected) == state(right_all_along)
    corrected.close()
    right_all_along.close()


@given(said=choices, after=st.integers(0, 3))
@settings(max_examples=15, deadline=None)
def test_grading_again_twice_changes_nothing_more(
    said: list[tuple[int, str | None]], after: int
) -> None:
    store = new_store()
    answered(store, make_choice(key=0), said)
    store.run_now(remark, catalogue(make_choice(key=after)), NOW)
    once = state(store)

    again = store.run_now(remark, catalogue(make_choice(key=after)), NOW)

    assert list(again) == []
    assert state(store) == once
    store.close()
