"""The table in docs/ says where each heading of the sources lives, and leaves nothing out."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from learning.catalogue import Catalogue
from learning.curriculum import Curriculum
from tests.builders import built_in

ROOT = Path(__file__).parents[1]
TABLE = (ROOT / "docs" / "coverage.md").read_text("utf-8")
HEADINGS: dict[str, list[str]] = yaml.safe_load(
    (ROOT / "tests" / "data" / "headings.yaml").read_text("utf-8")
)
SOURCES = tuple(HEADINGS)
Rows = tuple[tuple[str, tuple[str, ...]], ...]


def rows_of(source: str) -> Rows:
    """Read the table of a source's part: each heading with its homes, in their order."""
    _, _, rest = TABLE.partition(f"\n## Source {source}: ")
    part, _, _ = rest.partition("\n## ")
    cells = (line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| "))
    rows = [(heading, tuple(re.findall(r"`([^`]+)`", homes))) for heading, homes in cells]
    return tuple(rows[1:])


def catalogue() -> Catalogue:
    return built_in()


def parts_of(curriculum: Curriculum) -> Iterator[str]:
    """Everything in a curriculum that some heading must have asked for."""
    for kind, parts in (
        ("stage", curriculum.stages),
        ("unit", curriculum.units),
        ("section", curriculum.sections),
        ("project", [one for stage in curriculum.stages for one in stage.projects]),
        ("checklist", curriculum.checklists),
        ("choice", curriculum.choices),
    ):
        for part in parts:
            yield f"{curriculum.id}/{kind}/{part.id}"
    for quota in curriculum.quotas:
        yield f"{curriculum.id}/quota/{quota.category}"


@lru_cache(maxsize=1)
def homes() -> frozenset[str]:
    """Every name under which something can live."""
    shared: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("faq", catalogue().faq),
        ("resource", catalogue().resources),
        ("problem-list", catalogue().problem_lists),
        ("check", catalogue().checks),
        ("rhythm", catalogue().rhythms),
    )
    known = {f"{kind}/{id}" for kind, values in shared for id in values}
    for curriculum in catalogue().curricula.values():
        known |= {curriculum.id, *parts_of(curriculum)}
        known |= {f"{curriculum.id}/task/{task.id}" for task in curriculum.tasks}
        if curriculum.principles:
            known.add(f"{curriculum.id}/principles")
    return frozenset(known)


@pytest.mark.parametrize("source", SOURCES)
def test_every_heading_of_the_source_has_a_row_and_in_its_order(source: str) -> None:
    assert [heading for heading, _ in rows_of(source)] == HEADINGS[source]


@pytest.mark.parametrize("source", SOURCES)
def test_every_heading_of_the_source_has_a_home(source: str) -> None:
    assert [heading for heading, homes in rows_of(source) if not homes] == []


@pytest.mark.parametrize("source", SOURCES)
def test_every_home_of_the_source_exists(source: str) -> None:
    missing = [
        f"{heading}: {home}"
        for heading, named in rows_of(source)
        for home in named
        if home not in homes()
    ]
    assert missing == []


@pytest.mark.parametrize("source", SOURCES)
def test_no_heading_stands_twice_in_one_part(source: str) -> None:
    headings = HEADINGS[source]
    assert sorted(set(headings)) == sorted(headings)


def test_the_five_sources_are_all_there() -> None:
    assert SOURCES == ("000", "001", "002", "003", "004")


def test_every_part_of_every_curriculum_is_some_headings_home() -> None:
    named = {home for source in SOURCES for _, homes in rows_of(source) for home in homes}
    unnamed = [
        part
        for curriculum in catalogue().curricula.values()
        for part in (curriculum.id, *parts_of(curriculum))
        if part not in named
    ]
    assert unnamed == []
