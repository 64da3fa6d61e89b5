"""What a cohort studies in a week."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.cohorts.week import (
    concepts_of_week,
    tasks_of_week,
    units_of_week,
    weekly_minutes,
    weeks_of,
)
from learning.curriculum import Choice, Curriculum, Option, Task
from learning.plan import Pace, Record, finish_day
from learning.rhythm import scaled
from tests.builders import (
    MONDAY,
    built_in,
    changed,
    make_curriculum,
    make_rhythm,
    make_task,
    words,
)


def row(*minutes: int) -> Curriculum:
    """A curriculum of one unit whose tasks, t0, t1 and so on, take these minutes."""
    return make_curriculum([make_task(f"t{n}", one) for n, one in enumerate(minutes)])


def ids(tasks: tuple[Task, ...]) -> list[str]:
    return [task.id for task in tasks]


def weeks(curriculum: Curriculum, minutes: int) -> list[list[str]]:
    return [
        ids(tasks_of_week(curriculum, minutes, week))
        for week in range(weeks_of(curriculum, minutes))
    ]


@st.composite
def curricula(draw: st.DrawFn) -> Curriculum:
    sizes = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    return make_curriculum(
        *(
            [make_task(f"u{unit}-t{place}", draw(st.integers(5, 240))) for place in range(size)]
            for unit, size in enumerate(sizes)
        )
    )


def test_a_week_has_the_tasks_that_fit_its_minutes() -> None:
    assert weeks(row(30, 30, 60, 30, 30), 60) == [["t0", "t1"], ["t2"], ["t3", "t4"]]


def test_a_task_across_two_weeks_belongs_to_the_one_with_more_of_it() -> None:
    assert weeks(row(40, 30, 50), 60) == [["t0", "t1"], ["t2"]]
    assert weeks(row(50, 30, 40), 60) == [["t0"], ["t1", "t2"]]


def test_a_task_longer_than_weeks_goes_on_in_each_of_them() -> None:
    assert weeks(row(200), 60) == [["t0"]] * 4


def test_before_the_beginning_and_past_the_end_there_is_nothing() -> None:
    assert tasks_of_week(row(60), 60, -1) == tasks_of_week(row(60), 60, 1) == ()


def test_optional_tasks_are_studied_too() -> None:
    curriculum = make_curriculum([make_task("a"), make_task("b", optional=True)])

    assert weeks(curriculum, 60) == [["a", "b"]]


def test_of_an_open_choice_the_first_option_is_studied() -> None:
    curriculum = make_curriculum([make_task("a")], [make_task("b")], [make_task("c")])
    stage = curriculum.stages[0]
    options = tuple(Option(id=id, title=words(), summary=words()) for id in ("one", "two"))
    units = (
        stage.units[0],
        stage.units[1].changed(option="two"),
        stage.units[2].changed(option="one"),
    )
    choice = Choice(id="way", question=words(), options=options)
    chosen = changed(curriculum, stages=(stage.changed(units=units),), choices=(choice,))

    assert weeks(chosen, 60) == [["a", "c"]]


def test_concepts_and_units_come_once_and_in_order() -> None:
    one, two, three = (
        make_task(id).changed(concepts=concepts)
        for id, concepts in (("a", ("x", "y")), ("b", ("y",)), ("c", ("z", "x")))
    )
    curriculum = make_curriculum([one, two], [three])

    assert concepts_of_week(curriculum, 90, 0) == ("x", "y", "z")
    assert [unit.id for unit in units_of_week(curriculum, 90, 0)] == ["unit-0", "unit-1"]


@given(curricula(), st.integers(1, 1200))
def test_the_weeks_go_through_everything_once_and_in_order(
    curriculum: Curriculum, minutes: int
) -> None:
    """Only a task that is all there is of a week comes again in the next one."""
    through = weeks(curriculum, minutes)

    assert all(through)
    assert [id for id, _ in groupby(id for week in through for id in week)] == ids(curriculum.tasks)
    if minutes >= 240:
        again = [id for week in through[:-1] for id in week]
        assert len(again) == len(set(again))


@pytest.mark.parametrize("id", sorted(built_in().curricula))
def test_a_cohort_is_done_about_when_one_who_follows_the_plan_is(id: str) -> None:
    curriculum = built_in().curricula[id]
    rhythm = built_in().rhythm_of(curriculum)
    pace = Pace(MONDAY, scaled(rhythm.minutes, curriculum.hours * 60))
    finish = finish_day(curriculum, rhythm, Record(MONDAY, [pace]), MONDAY)
    weeks = weeks_of(curriculum, weekly_minutes(curriculum, rhythm))

    assert finish is not None
    assert weeks == pytest.approx((finish - MONDAY).days / 7, rel=0.15, abs=1)


def test_the_usual_week_is_the_one_the_curriculum_was_written_for() -> None:
    assert weekly_minutes(row(60), make_rhythm((60, 0, 60, 0, 60, 0, 0))) == 600
