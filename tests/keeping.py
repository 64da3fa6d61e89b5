"""A database with something in every table, so that a new one cannot be overlooked."""

import re
from collections.abc import Iterator
from typing import Any

from store.personal import TABLES, Table, Whose
from store.script import Script, change, row
from store.sqlite_schema import empty_tables

# What a test must be able to go on reading: settings, and the path that is followed.
AS_IT_IS = frozenset({"learners"})


def fill(
    learner: int, home: str, mark: str, count: int, only: str | None = None, first: int = 0
) -> Script[None]:
    """Add `count` rows of a learner's to every table, with `mark` in each text they could hold.

    Rows are numbered from `first` on.
    """
    for n in range(first, first + count):
        for table in TABLES:
            if table.is_exported and table.name not in AS_IT_IS and only in {None, table.name}:
                yield from _add(table, learner, home, f"{mark}-{n}-{table.name}", n)


def _add(table: Table, learner: int, home: str, mark: str, n: int) -> Script[None]:
    values: dict[str, Any] = {}
    for column, kind in _columns(table):
        values[column] = f"{mark}-{column}" if kind == "TEXT" else 1_000_000 * learner + n
    values |= _allowed(table.name)
    for column, other in _references(table.name):
        if other == "learners":
            values[column] = learner
        elif other in _NOBODYS:
            values[column] = yield from _shared(other)
        else:
            values[column] = yield from _newest(other)
    if table.whose is Whose.LANE:
        # The key of an update is its platform's, and stays.
        values |= {"lane": home, "platform": home.partition(":")[0], "event": f"{learner}.{n}"}
    if table.whose is Whose.SCOPE:
        values["scope"] = f"learner:{learner}"
    gaps = ", ".join(f":{name}" for name in values)
    yield from change(
        f"insert into {table.name} ({', '.join(values)}) values ({gaps})",  # noqa: S608 -- names of ours
        **values,
    )


def _columns(table: Table) -> Iterator[tuple[str, str]]:
    """Columns with their types, without the number that a row gets by itself."""
    for one in empty_tables()[table.name].columns:
        is_own_number = bool(one.is_pk) and one.type == "INTEGER" and one.name in {"id", "seq"}
        if not is_own_number:
            yield one.name, one.type


def _references(table: str) -> list[tuple[str, str]]:
    found = empty_tables().table(table).foreign_keys
    return [(str(one.column), str(one.other_table)) for one in found]


def _allowed(table: str) -> dict[str, str]:
    """For columns of a closed choice the last value of it, which is never a thing under way."""
    found = re.findall(r"check \((\w+) in \(([^)]*)\)\)", empty_tables()[table].schema)
    return {column: choices.split("'")[-2] for column, choices in found}


_NOBODYS = frozenset(one.name for one in TABLES if one.whose is Whose.NOBODY)


def _shared(table: str) -> Script[int]:
    """A new row that is nobody's, such as a group's, for something of a learner's to hang on."""
    found = yield from row(f"select count(*) as count from {table}")  # noqa: S608 -- a name of ours
    number = found["count"] if found else 0
    values: dict[str, Any] = {}
    for column, kind in _columns(next(one for one in TABLES if one.name == table)):
        values[column] = f"shared-{table}-{number}" if kind == "TEXT" else number
    values |= _allowed(table)
    for column, other in _references(table):
        values[column] = yield from _shared(other)
    gaps = ", ".join(f":{name}" for name in values)
    yield from change(
        f"insert into {table} ({', '.join(values)}) values ({gaps})",  # noqa: S608 -- names of ours
        **values,
    )
    return (yield from _newest(table))


def _newest(table: str) -> Script[int]:
    found = yield from row(f"select max({empty_tables().table(table).pks[0]}) as id from {table}")  # noqa: S608 -- a name of ours
    assert found is not None
    return int(found["id"])
