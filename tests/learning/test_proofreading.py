"""What authors get wrong across files is told with its place, and everything built in is right."""

from collections import defaultdict
from dataclasses import replace

import pytest

from learning.catalogue import Catalogue
from learning.curriculum import Task
from learning.proofreading import problems_in
from learning.values import Words
from tests.builders import built_in, changed, make_curriculum, make_task

FILES: defaultdict[str, str] = defaultdict(lambda: "curricula/some.yaml")


def problems(catalogue: Catalogue) -> list[str]:
    return list(problems_in(catalogue, FILES))


def with_tasks(*tasks: Task) -> Catalogue:
    """The built-in catalogue with one more curriculum of these tasks."""
    made = changed(make_curriculum(tasks), rhythm="builder")
    return replace(built_in(), curricula={**built_in().curricula, made.id: made})


def test_what_is_built_in_has_no_problems() -> None:
    assert problems(built_in()) == []


def test_every_task_points_at_a_concept_and_every_concept_at_its_source() -> None:
    without = [
        task.id
        for curriculum in built_in().curricula.values()
        for task in curriculum.tasks
        if not task.concepts
    ]

    assert without == []
    assert all(concept.checked for concept in built_in().concepts.values())


@pytest.mark.parametrize(
    ("task", "told"),
    [
        pytest.param({"concepts": ("atlantis",)}, "concepts: expected a known id", id="concept"),
        pytest.param({"resources": ("atlantis",)}, "resources: expected a known id", id="resource"),
        pytest.param({"problems": ("atlantis",)}, "problems: expected a known id", id="problem"),
        pytest.param({"id": "first-run"}, "no other curriculum uses", id="another's task id"),
        pytest.param(
            {
                "evidence": Words(
                    zh="这里应该是英文，但是写成了一句中文的话",
                    en="这里应该是英文，但是写成了一句中文的话",
                )
            },
            "en: expected English",
            id="Chinese where English is expected",
        ),
        pytest.param(
            {"done_when": Words(zh="this should have been Chinese but it is not", en="x")},
            "zh: expected Chinese",
            id="English where Chinese is expected",
        ),
    ],
)
def test_a_mistake_in_a_task_names_what_was_expected(task: dict[str, object], told: str) -> None:
    found = problems(with_tasks(make_task("plain").changed(**task)))

    assert any(told in problem for problem in found), found


def test_two_tasks_of_one_title_are_told() -> None:
    twin = make_task("twin").changed(title=make_task("one").title)

    found = problems(with_tasks(make_task("one"), twin))

    assert any("expected a title of its own" in problem for problem in found)


def test_prerequisites_in_a_circle_are_told_with_the_way_round() -> None:
    concepts = dict(built_in().concepts)
    concepts["tensor"] = concepts["tensor"].changed(prerequisites=("attention",))

    found = problems(replace(built_in(), concepts=concepts))

    assert any("expected no circle" in problem and "tensor" in problem for problem in found)


def test_a_name_of_two_concepts_is_told() -> None:
    concepts = dict(built_in().concepts)
    concepts["lora"] = concepts["lora"].changed(aliases=("BERT",))

    found = problems(replace(built_in(), concepts=concepts))

    assert any("names that no other concept has" in problem for problem in found)


def test_a_list_of_problems_is_as_long_as_it_says() -> None:
    lists = dict(built_in().problem_lists)
    lists["blind-75"] = lists["blind-75"].changed(count=76)

    found = problems(replace(built_in(), problem_lists=lists))

    assert any("blind-75: count: expected 75" in problem for problem in found)
