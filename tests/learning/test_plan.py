"""The laws of the plan, and its days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.calendar import days
from learning.curriculum import Curriculum, Kind, Task
from learning.plan import (
    MOST_TASKS_A_DAY,
    Completion,
    DailyPlan,
    Pause,
    Postponement,
    Record,
    ReviewTime,
    Skip,
    Standing,
    finish_day,
    plan_day,
    slack,
)
from learning.rhythm import Habit, Minutes, Rhythm, scaled
from tests.builders import (
    MONDAY,
    WEEK,
    built_in,
    make_curriculum,
    make_record,
    make_rhythm,
    make_task,
    words,
)

READING, PRACTICE, PROJECT = Kind.READING, Kind.PRACTICE, Kind.PROJECT
SUNDAY_NOTES = Habit(
    id="notes",
    kind=Kind.WRITING,
    every="week",
    weekday="sun",
    minutes=25,
    title=words(),
    details=words(),
    evidence=words(),
    done_when=words(),
)


def follow(curriculum: Curriculum, rhythm: Rhythm, record: Record, count: int) -> list[DailyPlan]:
    """The plans of a learner who does each day as planned."""
    plans = []
    for day in days(record.started_on, count):
        plan = plan_day(curriculum, rhythm, record, day)
        plans.append(plan)
        done = {one.id: Completion(one.id, day) for one in plan.open_tasks}
        record = replace(record, completions={**record.completions, **done})
    return plans


def ids(plan: DailyPlan) -> list[str]:
    return [one.id for one in plan.tasks]


@st.composite
def curricula(draw: st.DrawFn) -> Curriculum:
    minutes = st.integers(5, 240)
    kinds = st.sampled_from([READING, PRACTICE, PROJECT])
    sizes = draw(st.lists(st.integers(1, 7), min_size=1, max_size=4))
    return make_curriculum(
        *(
            [make_task(f"u{unit}-t{place}", draw(minutes), draw(kinds)) for place in range(size)]
            for unit, size in enumerate(sizes)
        )
    )


def weeks() -> st.SearchStrategy[Minutes]:
    # With less than an hour a week some end lies beyond what a forecast looks at.
    return st.tuples(*[st.integers(0, 300)] * 7).filter(lambda week: sum(week) >= 60)


def rhythms() -> st.SearchStrategy[Rhythm]:
    habits = st.sampled_from([(), (SUNDAY_NOTES,)])
    return habits.map(lambda some: make_rhythm().model_copy(update={"habits": some}))


def test_a_day_takes_tasks_in_order_while_they_fit() -> None:
    curriculum = make_curriculum([make_task("a", 30), make_task("b", 45), make_task("c", 30)])

    plan = plan_day(curriculum, make_rhythm(), make_record(), MONDAY)

    assert ids(plan) == ["a", "b"]
    assert plan.minutes == 75


def test_a_task_longer_than_the_day_comes_alone_and_says_so() -> None:
    curriculum = make_curriculum([make_task("long", 120), make_task("next", 30)])

    plan = plan_day(curriculum, make_rhythm(), make_record(), MONDAY)

    assert ids(plan) == ["long"]
    assert plan.minutes_over == 45


def test_saturday_offers_the_project_first() -> None:
    curriculum = make_curriculum([make_task("read", 30), make_task("build", 135, PROJECT)])

    plan = plan_day(curriculum, make_rhythm(), make_record(), MONDAY + timedelta(days=5))

    assert ids(plan) == ["build"]


def test_what_was_missed_flows_forward() -> None:
    curriculum = make_curriculum([make_task("a"), make_task("b", 45), make_task("c")])

    plan = plan_day(curriculum, make_rhythm(), make_record(), MONDAY + timedelta(days=2))

    assert ids(plan) == ["a", "b"]


def test_a_finished_task_stays_on_its_day_and_is_not_offered_again() -> None:
    curriculum = make_curriculum([make_task("a"), make_task("b", 45), make_task("c")])
    record = make_record(done={"a": MONDAY})

    today = plan_day(curriculum, make_rhythm(), record, MONDAY)
    tomorrow = plan_day(curriculum, make_rhythm(), record, MONDAY + timedelta(days=1))

    assert [(one.id, one.standing) for one in today.tasks] == [
        ("a", Standing.DONE),
        ("b", Standing.OPEN),
    ]
    assert ids(tomorrow) == ["b", "c"]


def test_a_task_put_off_comes_back_on_its_day() -> None:
    curriculum = make_curriculum([make_task("a"), make_task("b", 45)])
    friday = MONDAY + timedelta(days=4)
    record = make_record(later=[Postponement("a", MONDAY, friday)])

    plans = [plan_day(curriculum, make_rhythm(), record, day) for day in days(MONDAY, 5)]

    assert plans[0].tasks[0].standing is Standing.LATER
    assert [ids(plan) for plan in plans[1:]] == [["b"], ["b"], ["b"], ["a", "b"]]


def test_a_skipped_task_is_left_out_from_its_day_on() -> None:
    curriculum = make_curriculum([make_task("a"), make_task("b")])
    record = make_record(skips=[Skip("a", MONDAY + timedelta(days=1))])

    assert ids(plan_day(curriculum, make_rhythm(), record, MONDAY)) == ["a", "b"]
    assert ids(plan_day(curriculum, make_rhythm(), record, MONDAY + timedelta(days=1))) == ["b"]


def test_a_pause_empties_its_days_and_moves_the_end() -> None:
    curriculum = make_curriculum([make_task("a"), make_task("b", 75)])
    pause = Pause(MONDAY + timedelta(days=1), MONDAY + timedelta(days=4))
    record = make_record(pauses=[pause])

    plan = plan_day(curriculum, make_rhythm(), record, MONDAY + timedelta(days=2))

    assert plan.is_paused
    assert plan.tasks == ()
    finish = finish_day(curriculum, make_rhythm(), record, MONDAY)
    assert finish == MONDAY + timedelta(days=4)


def test_an_open_ended_pause_has_no_finish_date() -> None:
    record = make_record(pauses=[Pause(MONDAY + timedelta(days=1), None)])
    curriculum = make_curriculum([make_task("a", 75), make_task("b", 75)])

    assert finish_day(curriculum, make_rhythm(), record, MONDAY) is None


def test_a_monthly_habit_takes_the_first_sunday_and_leaves_room_for_study() -> None:
    article = SUNDAY_NOTES.model_copy(update={"id": "article", "every": "month", "minutes": 45})
    rhythm = make_rhythm().model_copy(update={"habits": (SUNDAY_NOTES, article)})
    curriculum = make_curriculum([make_task(f"t{n}", 45) for n in range(40)])

    first_sunday = plan_day(curriculum, rhythm, make_record(), date(2026, 12, 6))
    second_sunday = plan_day(curriculum, rhythm, make_record(), date(2026, 12, 13))

    assert ids(first_sunday) == ["t0", "article@2026-12-06", "notes@2026-12-06"]
    assert ids(second_sunday) == ["t0", "notes@2026-12-13"]
    assert first_sunday.minutes <= first_sunday.budget


@given(curricula(), rhythms(), weeks())
def test_following_the_plan_finishes_units_in_order_and_each_queue_in_order(
    curriculum: Curriculum, rhythm: Rhythm, week: Minutes
) -> None:
    plans = follow(curriculum, rhythm, make_record(week), 7 * (len(curriculum.tasks) + 1))

    done = [one.id for plan in plans for one in plan.tasks if not one.is_habit]
    unit_of = {t.id: n for n, unit in enumerate(curriculum.units) for t in unit.tasks}
    assert sorted(done) == sorted(task.id for task in curriculum.tasks)
    assert [unit_of[id] for id in done] == sorted(unit_of[id] for id in done)
    for is_project in (False, True):
        queue = [t.id for t in curriculum.tasks if (t.kind is PROJECT) is is_project]
        assert [id for id in done if id in queue] == queue


@given(curricula(), rhythms(), weeks())
def test_no_day_holds_more_than_its_minutes_but_for_its_last_task(
    curriculum: Curriculum, rhythm: Rhythm, week: Minutes
) -> None:
    for plan in follow(curriculum, rhythm, make_record(week), 60):
        study = [one for one in plan.tasks if not one.is_habit]
        assert len(plan.tasks) <= MOST_TASKS_A_DAY
        assert plan.minutes <= plan.budget + slack(plan.budget) or len(study) == 1


@given(curricula(), rhythms(), weeks(), st.tuples(*[st.integers(0, 120)] * 7))
@settings(max_examples=300)
def test_more_minutes_never_finish_later(
    curriculum: Curriculum, rhythm: Rhythm, week: Minutes, more: Minutes
) -> None:
    fuller = tuple(a + b for a, b in zip(week, more, strict=True))

    finish = finish_day(curriculum, rhythm, make_record(week), MONDAY)
    finish_with_more = finish_day(
        curriculum,
        rhythm,
        make_record((fuller[0], fuller[1], fuller[2], fuller[3], fuller[4], fuller[5], fuller[6])),
        MONDAY,
    )

    assert finish is not None
    assert finish_with_more is not None
    assert finish_with_more <= finish


@given(curricula(), weeks(), st.integers(0, 20), st.integers(0, 10), st.data())
def test_whatever_happens_later_past_days_stay_as_they_were(
    curriculum: Curriculum, week: Minutes, past: int, ahead: int, data: st.DataObject
) -> None:
    rhythm = make_rhythm()
    record = make_record(week)
    then = MONDAY + timedelta(days=past)
    later_day = then + timedelta(days=1 + ahead)
    tasks = data.draw(st.lists(st.sampled_from([t.id for t in curriculum.tasks]), unique=True))
    changed = replace(
        record,
        completions={id: Completion(id, later_day) for id in tasks},
        postponements=[Postponement(id, later_day, later_day + timedelta(days=3)) for id in tasks],
        skips=[Skip(id, later_day) for id in tasks[:1]],
        pauses=[Pause(later_day, None)],
    )

    assert ids(plan_day(curriculum, rhythm, changed, then)) == ids(
        plan_day(curriculum, rhythm, record, then)
    )


@given(curricula(), rhythms(), weeks())
def test_a_learner_who_does_each_day_whole_is_never_later_than_the_forecast(
    curriculum: Curriculum, rhythm: Rhythm, week: Minutes
) -> None:
    record = make_record(week)
    plans = follow(curriculum, rhythm, record, 7 * (len(curriculum.tasks) + 1))
    last = max(plan.day for plan in plans if any(not one.is_habit for one in plan.tasks))

    finish = finish_day(curriculum, rhythm, record, MONDAY)
    assert finish is not None
    assert finish >= last


def reviewing(record: Record, usual: int, today: int = 0) -> Record:
    """The same record with minutes set aside for reviews on its first day and usually."""
    time = ReviewTime({record.started_on: today}, record.started_on, usual)
    return replace(record, review_time=time)


def test_reviews_take_their_minutes_from_the_day_and_a_fifth_at_most() -> None:
    curriculum = make_curriculum([make_task(f"t{n}", 15) for n in range(9)])
    record = make_record((60,) * 7)

    free = plan_day(curriculum, make_rhythm(), record, MONDAY)
    some = plan_day(curriculum, make_rhythm(), reviewing(record, 0, today=10), MONDAY)
    many = plan_day(curriculum, make_rhythm(), reviewing(record, 0, today=50), MONDAY)

    assert (free.review_minutes, some.review_minutes, many.review_minutes) == (0, 10, 12)
    assert some.minutes + some.review_minutes <= 60 + slack(60)


def test_a_forecast_expects_as_many_reviews_as_usual() -> None:
    curriculum = make_curriculum([make_task(f"t{n}", 20) for n in range(40)])
    record = make_record((60,) * 7)

    without = finish_day(curriculum, make_rhythm(), record, MONDAY)
    with_reviews = finish_day(curriculum, make_rhythm(), reviewing(record, 12), MONDAY)

    assert without is not None
    assert with_reviews is not None
    assert with_reviews > without


@given(curricula(), rhythms(), weeks(), st.tuples(*[st.integers(0, 120)] * 7), st.integers(0, 30))
@settings(max_examples=60)
def test_with_reviews_too_more_minutes_never_finish_later(
    curriculum: Curriculum, rhythm: Rhythm, minutes: Minutes, more: Minutes, usual: int
) -> None:
    wider: Minutes = tuple(a + b for a, b in zip(minutes, more, strict=True))  # type: ignore[assignment]  # seven stay seven
    first = finish_day(curriculum, rhythm, reviewing(make_record(minutes), usual), MONDAY)
    second = finish_day(curriculum, rhythm, reviewing(make_record(wider), usual), MONDAY)

    assert first is None or (second is not None and second <= first)


def test_fewer_minutes_than_a_task_takes_mean_several_days() -> None:
    curriculum = make_curriculum([make_task("long", 60), make_task("next", 20)])

    finish = finish_day(curriculum, make_rhythm(), make_record((20,) * 7), MONDAY)

    assert finish == MONDAY + timedelta(days=3)


def test_a_task_put_off_far_moves_the_end() -> None:
    until = MONDAY + timedelta(days=100)
    record = make_record(later=[Postponement("a", MONDAY, until)])

    finish = finish_day(make_curriculum([make_task("a")]), make_rhythm(), record, MONDAY)

    assert finish == until


@pytest.mark.parametrize(
    ("id", "days_meant"),
    [
        pytest.param("starter-30", 30, id="30 days"),
        pytest.param("engineer-28w", 196, id="28 weeks"),
    ],
)
def test_at_its_own_pace_a_curriculum_takes_the_time_its_name_says(
    id: str, days_meant: int
) -> None:
    catalogue = built_in()
    curriculum = catalogue.curricula[id]
    rhythm = catalogue.rhythm_of(curriculum)

    finish = finish_day(curriculum, rhythm, make_record(rhythm.minutes), MONDAY)

    assert finish is not None
    assert abs((finish - MONDAY).days + 1 - days_meant) <= 1


@pytest.mark.parametrize(
    ("id", "unit", "week"),
    [
        pytest.param("ai-30w", "week-4", 4, id="ai-30w, week 4"),
        pytest.param("ai-30w", "weeks-13-14", 14, id="ai-30w, week 14"),
        pytest.param("ai-30w", "weeks-29-30", 30, id="ai-30w, week 30"),
        pytest.param("career-24w", "weeks-7-8", 8, id="career-24w, week 8"),
        pytest.param("career-24w", "weeks-13-14", 14, id="career-24w, week 14"),
    ],
)
def test_at_its_own_pace_a_unit_ends_in_its_week(id: str, unit: str, week: int) -> None:
    catalogue = built_in()
    curriculum = catalogue.curricula[id]
    rhythm = catalogue.rhythm_of(curriculum)

    plans = follow(curriculum, rhythm, make_record(rhythm.minutes), 7 * (week + 1))

    tasks = {task.id for one in curriculum.units if one.id == unit for task in one.tasks}
    last = max(n for n, plan in enumerate(plans) if tasks & set(ids(plan)))
    assert 7 * (week - 1) <= last < 7 * week


@pytest.mark.parametrize("id", ["ai-30w", "career-24w", "llm-paths", "nine-stages"])
def test_every_curriculum_ends_at_its_own_pace(id: str) -> None:
    catalogue = built_in()
    curriculum = catalogue.curricula[id]
    rhythm = catalogue.rhythm_of(curriculum)
    pace = scaled(rhythm.minutes, curriculum.hours * 60)

    finish = finish_day(curriculum, rhythm, make_record(pace), MONDAY)

    assert finish is not None
    assert finish - MONDAY < timedelta(days=365)


def test_at_its_own_pace_the_starter_plan_follows_the_authors_order() -> None:
    catalogue = built_in()
    curriculum = catalogue.curricula["starter-30"]
    rhythm = catalogue.rhythm_of(curriculum)

    plans = follow(curriculum, rhythm, make_record(rhythm.minutes), 31)

    done = [one.id for plan in plans for one in plan.tasks if not one.is_habit]
    assert done == [task.id for task in curriculum.tasks]


def test_the_very_first_task_runs_a_minimal_transformer() -> None:
    catalogue = built_in()
    curriculum = catalogue.curricula["starter-30"]

    plan = plan_day(curriculum, catalogue.rhythm_of(curriculum), make_record(WEEK), MONDAY)

    assert plan.highlight is not None
    assert isinstance(plan.highlight.task, Task)
    assert plan.highlight.id == "first-run"
