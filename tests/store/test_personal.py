"""Whose every table and column is, held against the schema as it is."""

from functools import lru_cache

import pytest
from sqlite_utils import Database

from bot.texts import texts_in
from store.personal import TABLES, Erase, Table, Whose
from store.sqlite_schema import migrate

NAMES = [one.name for one in TABLES]


@lru_cache(maxsize=1)
def schema() -> Database:
    db = Database(memory=True)
    migrate(db, None)
    return db


def columns(table: str) -> set[str]:
    return {one.name for one in schema()[table].columns}


def refers_to(table: str) -> list[str]:
    return [one.other_table for one in schema().table(table).foreign_keys]


def test_every_table_has_its_place_in_the_list() -> None:
    made = {name for name in schema().table_names() if not name.startswith("sqlite_")}

    assert set(NAMES) == made
    assert len(NAMES) == len(made)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_every_column_has_a_purpose(table: Table) -> None:
    assert set(table.columns) == columns(table.name)
    assert all(table.columns.values())
    assert table.purpose
    assert table.kept
    assert table.instants | table.json <= set(table.columns)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_every_whole_number_that_is_an_instant_is_told_as_one(table: Table) -> None:
    kinds = {one.name: one.type for one in schema()[table.name].columns}
    instants = {name for name, kind in kinds.items() if kind == "INTEGER" and name.endswith("_at")}

    assert instants <= table.instants


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_what_names_a_learner_is_theirs(table: Table) -> None:
    names_a_learner = "learner" in columns(table.name) or table.name == "learners"
    personal = {one.name for one in TABLES if one.is_exported} - {"learners"}
    hangs_on_one = any(one in personal for one in refers_to(table.name))
    is_personal = names_a_learner or hangs_on_one

    assert table.is_exported or not is_personal
    assert (table.erase is Erase.NOTHING) == (table.whose is Whose.NOBODY)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_what_a_table_refers_to_stands_before_it(table: Table) -> None:
    before = NAMES[: NAMES.index(table.name)]

    assert set(refers_to(table.name)) <= set(before)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_an_exported_table_has_a_name_for_people(table: Table) -> None:
    if table.is_exported:
        assert texts_in("zh").has(f"kept.{table.export_name}")
        assert texts_in("en").has(f"kept.{table.export_name}")
