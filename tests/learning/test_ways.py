"""Branches that are chosen, curricula followed together, sessions, and what changes with time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.curriculum import Choice, Curriculum, Kind, Option, Stage, Task, Unit
from learning.knowledge import already_known, known_concepts
from learning.plan import (
    MOST_TASKS_A_DAY,
    Companion,
    Completion,
    DailyPlan,
    Pick,
    Record,
    finish_day,
    plan_day,
    row_of_units,
    slack,
)
from learning.progress import changes_since_done, open_choice, progress_of, real_pace
from learning.rhythm import Minutes
from tests.builders import (
    MONDAY,
    changed,
    make_curriculum,
    make_record,
    make_rhythm,
    make_task,
    make_unit,
    words,
)
from tests.learning.test_plan import curricula, follow, ids, weeks

TUESDAY = MONDAY + timedelta(days=1)
FORK = Choice(
    id="fork",
    question=words("Left or right?"),
    options=(
        Option(id="left", title=words("left"), summary=words()),
        Option(id="right", title=words("right"), summary=words()),
    ),
)


def forked(*before: Task) -> Curriculum:
    """A stage of common tasks, and one with a fork and a common end."""
    whole = make_curriculum(before)
    left = make_unit("left", [make_task("l1"), make_task("l2")])
    right = make_unit("right", [make_task("r1")])
    units = (
        left.model_copy(update={"option": "left"}),
        right.model_copy(update={"option": "right"}),
        make_unit("end", [make_task("last")]),
    )
    second = whole.stages[0].model_copy(update={"id": "second", "units": units})
    return changed(whole, choices=(FORK,), stages=(*whole.stages, second))


def beside(curriculum: Curriculum, started_on: date = MONDAY) -> Companion:
    return Companion(curriculum, make_record(started_on=started_on))


def renamed(curriculum: Curriculum, prefix: str) -> Curriculum:
    """The same curriculum with other task ids, as every curriculum has its own."""

    def task(one: Task) -> Task:
        return one.model_copy(update={"id": f"{prefix}{one.id}"})

    def unit(one: Unit) -> Unit:
        return make_unit(f"{prefix}{one.id}", [task(t) for t in one.tasks])

    stage: Stage = curriculum.stages[0]
    stage = stage.model_copy(update={"units": tuple(unit(one) for one in stage.units)})
    return changed(curriculum, id=f"{prefix}{curriculum.id}", stages=(stage,))


def done_in(plans: list[DailyPlan]) -> list[str]:
    return [one.id for plan in plans for one in plan.tasks if not one.is_habit]


def test_until_it_is_chosen_the_first_branch_is_planned() -> None:
    plans = follow(forked(make_task("a", 75)), make_rhythm(), make_record(), 7)

    assert done_in(plans) == ["a", "l1", "l2", "last"]


def test_the_branch_taken_is_planned_and_the_other_left_out() -> None:
    record = replace(make_record(), picks=[Pick("fork", ("right",), MONDAY)])

    plans = follow(forked(make_task("a", 75)), make_rhythm(), record, 7)

    assert done_in(plans) == ["a", "r1", "last"]


def test_a_choice_is_asked_when_its_stage_is_reached_and_not_again() -> None:
    curriculum = forked(make_task("a"))
    reached = make_record(done={"a": MONDAY})
    chosen = replace(reached, picks=[Pick("fork", ("left",), MONDAY)])

    assert open_choice(curriculum, make_record(), MONDAY) is None
    assert open_choice(curriculum, reached, MONDAY) == FORK
    assert open_choice(curriculum, chosen, MONDAY) is None


def test_a_choice_changed_later_leaves_the_days_before_it_as_they_were() -> None:
    curriculum = forked(make_task("a"))
    record = make_record(done={"a": MONDAY})
    later = replace(record, picks=[Pick("fork", ("right",), TUESDAY + timedelta(days=1))])

    assert ids(plan_day(curriculum, make_rhythm(), later, TUESDAY)) == ids(
        plan_day(curriculum, make_rhythm(), record, TUESDAY)
    )


def test_what_was_done_on_the_branch_left_behind_still_counts() -> None:
    curriculum = forked(make_task("a"))
    record = make_record(done={"a": MONDAY, "l1": MONDAY})
    later = replace(record, picks=[Pick("fork", ("right",), TUESDAY)])

    progress = progress_of(curriculum, later, TUESDAY)

    assert (progress.done, progress.tasks) == (2, 4)


def test_a_task_of_several_sessions_comes_as_often() -> None:
    built = make_task("build", 75).model_copy(update={"sessions": 3})

    plans = follow(make_curriculum([built]), make_rhythm(), make_record(), 3)

    assert [ids(plan) for plan in plans] == [["build"], ["build.2"], ["build.3"]]


@given(curricula(), curricula(), weeks())
def test_curricula_followed_together_are_both_finished_each_in_its_order(
    one: Curriculum, two: Curriculum, week: Minutes
) -> None:
    two = renamed(two, "b-")
    record = replace(make_record(week), companions=(beside(two),))

    plans = follow(one, make_rhythm(), record, 7 * (len(one.tasks) + len(two.tasks) + 1))

    done = done_in(plans)
    assert sorted(done) == sorted(task.id for task in (*one.tasks, *two.tasks))
    for curriculum in (one, two):
        for is_project in (False, True):
            queue = [t.id for t in curriculum.tasks if (t.kind is Kind.PROJECT) is is_project]
            assert [id for id in done if id in queue] == queue


@given(curricula(), curricula(), weeks())
def test_together_no_day_holds_more_than_its_minutes_but_for_its_last_task(
    one: Curriculum, two: Curriculum, week: Minutes
) -> None:
    record = replace(make_record(week), companions=(beside(renamed(two, "b-")),))

    for plan in follow(one, make_rhythm(), record, 40):
        assert len(plan.tasks) <= MOST_TASKS_A_DAY
        assert plan.minutes <= plan.budget + slack(plan.budget) or len(plan.tasks) == 1


def sum_of(week: Minutes, more: Minutes) -> Minutes:
    mon, tue, wed, thu, fri, sat, sun = (a + b for a, b in zip(week, more, strict=True))
    return (mon, tue, wed, thu, fri, sat, sun)


@given(curricula(), curricula(), weeks(), st.tuples(*[st.integers(0, 120)] * 7))
@settings(max_examples=200)
def test_together_more_minutes_never_finish_later(
    one: Curriculum, two: Curriculum, week: Minutes, more: Minutes
) -> None:
    companions = (beside(renamed(two, "b-")),)
    record = replace(make_record(week), companions=companions)
    richer = replace(make_record(sum_of(week, more)), companions=companions)

    finish = finish_day(one, make_rhythm(), record, MONDAY)
    finish_with_more = finish_day(one, make_rhythm(), richer, MONDAY)

    assert finish is not None
    assert finish_with_more is not None
    assert finish_with_more <= finish


@given(curricula(), curricula())
def test_together_each_has_had_the_same_minutes_at_any_point(
    one: Curriculum, two: Curriculum
) -> None:
    """As long as both have tasks, they are never further apart than their longest task."""
    two = renamed(two, "b-")
    record = replace(make_record(), companions=(beside(two),))
    given_to = {one.id: 0, two.id: 0}
    left = {one.id: len(one.tasks), two.id: len(two.tasks)}

    for tasks in row_of_units(one, record, MONDAY):
        for task in tasks:
            own = two.id if task.id.startswith("b-") else one.id
            given_to[own] += task.minutes
            left[own] -= 1
            if all(left.values()):
                assert abs(given_to[one.id] - given_to[two.id]) <= 240


@given(curricula(), curricula(), st.integers(1, 12), st.integers(0, 11))
def test_a_curriculum_that_joins_changes_no_day_before(
    one: Curriculum, two: Curriculum, joins: int, past: int
) -> None:
    joined_on = MONDAY + timedelta(days=joins)
    day = min(MONDAY + timedelta(days=past), joined_on - timedelta(days=1))
    companion = beside(renamed(two, "b-"), started_on=joined_on)

    together = replace(make_record(), companions=(companion,))

    assert ids(plan_day(one, make_rhythm(), together, day)) == ids(
        plan_day(one, make_rhythm(), make_record(), day)
    )


def test_the_real_pace_is_told_after_two_weeks() -> None:
    tasks = [make_task(f"t{n}", 75) for n in range(20)]
    curriculum = make_curriculum(tasks)
    minutes_of = {task.id: task.minutes for task in tasks}
    every_other_weekday = [MONDAY + timedelta(days=n) for n in (0, 2, 4, 7, 9, 11)]
    record = make_record(
        (75, 75, 75, 75, 75, 0, 0),
        done={f"t{n}": day for n, day in enumerate(every_other_weekday)},
    )

    soon = real_pace(minutes_of, make_rhythm(), record, MONDAY + timedelta(days=13))
    then = real_pace(minutes_of, make_rhythm(), record, MONDAY + timedelta(days=14))

    assert soon is None
    assert then == pytest.approx(0.6)
    assert curriculum.tasks


def test_an_edited_task_says_so_and_a_vanished_one_is_kept() -> None:
    curriculum = make_curriculum([make_task("kept"), make_task("edited")])
    completions = {
        id: Completion(id, MONDAY, None, words(f"old {id}"), wording)
        for id, wording in (
            ("kept", curriculum.task_by_id["kept"].wording),
            ("edited", "before"),
            ("vanished", "whatever"),
        )
    }

    changes = changes_since_done(curriculum, make_rhythm(), completions)

    assert [task.id for task in changes.changed] == ["edited"]
    assert [(done.task, done.title) for done in changes.gone] == [
        ("vanished", words("old vanished"))
    ]


def test_reading_about_what_is_known_can_be_left_out_and_practice_stays() -> None:
    def about(id: str, kind: Kind, *concepts: str) -> Task:
        return make_task(id, kind=kind).model_copy(update={"concepts": concepts})

    finished = [
        about("f1", Kind.READING, "lora", "peft"),
        about("f2", Kind.PRACTICE, "lora"),
        about("f3", Kind.READING, "rag"),
    ]
    curriculum = make_curriculum(
        [
            about("read-lora", Kind.THEORY, "lora"),
            about("read-both", Kind.THEORY, "lora", "rag"),
            about("do-lora", Kind.PRACTICE, "lora"),
        ]
    )

    known = known_concepts(finished)

    assert known == {"lora"}
    assert [task.id for task in already_known(curriculum, known, ())] == ["read-lora"]


def test_a_record_without_companions_or_picks_is_planned_as_ever() -> None:
    record = make_record()

    assert record == Record(MONDAY, record.paces)
