"""The curricula on disk: whole, bilingual, and every mistake named with its place."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from learning.catalogue import CurriculumError
from learning.curriculum import Kind
from store.catalogue import CURRICULA, read_catalogue
from tests.journeys.people import catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CURRICULA, tmp_path / "curricula")
    return tmp_path / "curricula"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(CurriculumError) as error:
        read_catalogue(folder)
    return error.value.problems


WEEK_1 = "starter-30/01-week-1.yaml"
MISTAKES: list[tuple[str, Callable[[Path], object], str]] = [
    (
        "minutes that are no number",
        lambda f: change(f / WEEK_1, "minutes: 45", "minutes: plenty"),
        r"01-week-1\.yaml:\d+: .*\[first-run\]\.minutes: expected a valid integer.*'plenty'",
    ),
    (
        "too many minutes",
        lambda f: change(f / WEEK_1, "minutes: 45", "minutes: 999"),
        r"\[first-run\]\.minutes: expected less than or equal to 240, found '999'",
    ),
    (
        "a misspelt name",
        lambda f: change(f / WEEK_1, "minutes: 45", "minuts: 45"),
        r"expected a known name, found 'minuts' \(did you mean 'minutes'\?\)",
    ),
    (
        "an unknown kind",
        lambda f: change(f / WEEK_1, "kind: practice", "kind: homwork"),
        r"\.kind: expected .*'theory'.* found 'homwork'",
    ),
    (
        "a missing language",
        lambda f: (f / WEEK_1).write_text(
            re.sub(r"\n  en: [^\n]*", "", (f / WEEK_1).read_text("utf-8"), count=1), "utf-8"
        ),
        r"\.en: expected a value, found none",
    ),
    (
        "a concept nobody wrote",
        lambda f: change(f / WEEK_1, "concepts: [", "concepts: [atlantis, "),
        r"01-week-1\.yaml: .*concepts: expected a known id, found 'atlantis'",
    ),
    (
        "a stage file that is not there",
        lambda f: (f / WEEK_1).unlink(),
        r"01-week-1\.yaml: expected this file, as curriculum\.yaml names it, found none",
    ),
    (
        "broken YAML",
        lambda f: (f / WEEK_1).write_text("id: [", "utf-8"),
        r"01-week-1\.yaml: expected YAML, found: ",
    ),
    (
        "the same key twice",
        lambda f: change(
            f / WEEK_1, "        minutes: 45", "        minutes: 45\n        minutes: 30"
        ),
        r"01-week-1\.yaml:\d+: minutes: expected once, found twice",
    ),
    (
        "bytes that are no text",
        lambda f: (f / WEEK_1).write_bytes(b"\xff\xfe\x00"),
        r"01-week-1\.yaml: expected UTF-8 text",
    ),
    (
        "an empty file",
        lambda f: (f / WEEK_1).write_text("", "utf-8"),
        r"01-week-1\.yaml: expected YAML, found an empty file",
    ),
]


@pytest.mark.parametrize(
    ("mistake", "told"), [pytest.param(m, t, id=name) for name, m, t in MISTAKES]
)
def test_a_mistake_is_told_with_file_place_expected_and_found(
    folder: Path, mistake: Callable[[Path], object], told: str
) -> None:
    mistake(folder)

    assert any(re.search(told, problem) for problem in problems(folder)), problems(folder)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    change(folder / WEEK_1, "minutes: 45", "minutes: plenty")
    change(folder / "engineer-28w/02-rag.yaml", "minutes: 30", "minutes: none")
    change(folder / "rhythms/builder.yaml", "minutes: 30", "minutes: 0")

    assert len(problems(folder)) == 3


def test_an_id_that_stands_twice_is_told(folder: Path) -> None:
    text = (folder / WEEK_1).read_text("utf-8")
    first, second = re.findall(r"      - id: ([\w-]+)", text)[:2]
    change(folder / WEEK_1, f"- id: {second}", f"- id: {first}")

    assert any(f"found '{first}', which stands at" in problem for problem in problems(folder))


def test_every_tasks_words_are_there_in_both_languages_and_differ() -> None:
    for curriculum in catalogue().curricula.values():
        for task in curriculum.tasks:
            for words in (task.title, task.evidence, task.done_when, task.details):
                assert words is not None
                assert words.zh.strip()
                # A character or a word that the task is about may stand in English too.
                assert len(re.findall(r"[\u4e00-\u9fff]", words.en)) <= 12


def test_prerequisites_of_concepts_run_in_no_circle() -> None:
    concepts = catalogue().concepts
    settled: set[str] = set()
    while True:
        fresh = {
            id
            for id, concept in concepts.items()
            if id not in settled and settled.issuperset(concept.prerequisites)
        }
        if not fresh:
            break
        settled |= fresh
    assert settled == set(concepts)


def test_every_unit_of_the_long_curriculum_has_study_and_project() -> None:
    for unit in catalogue().curricula["engineer-28w"].units:
        kinds = {task.kind is Kind.PROJECT for task in unit.tasks}
        assert kinds == {True, False}


def test_every_stage_leaves_something_to_skip() -> None:
    for curriculum in catalogue().curricula.values():
        for stage in curriculum.stages:
            assert any(task.optional for unit in stage.units for task in unit.tasks)
