"""Moves a whole installation from one database into another, row for row.

Rows go in the order of their keys, so that what is there already tells where to go on after a move
that was cut off.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from hashlib import sha256

from store.errors import StorageBrokenError
from store.port import Store
from store.postgres import PostgresStore
from store.script import Row, Script, change, change_each, row, rows
from store.sqlite_schema import empty_tables

BATCH = 1000
# What the databases keep for themselves.
_THEIR_OWN = ("_sqlite_migrations", "sqlite_sequence")


@dataclass(frozen=True, slots=True)
class Moved:
    """A table that is the same in both databases now; `checksum` is of all its rows."""

    table: str
    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    number: str | None
    """The column whose values are never given twice, where there is one."""


@lru_cache(maxsize=1)
def _tables() -> tuple[_Table, ...]:
    """Every table, behind those that its rows refer to."""
    db = empty_tables()
    names = [name for name in db.table_names() if name not in _THEIR_OWN]
    refers = {
        name: {str(key.other_table) for key in db.table(name).foreign_keys} - {name}
        for name in names
    }
    return tuple(
        _Table(
            name,
            tuple(column.name for column in db.table(name).columns),
            tuple(db.table(name).pks),
            db.table(name).pks[0] if "autoincrement" in db.table(name).schema else None,
        )
        for name in TopologicalSorter(refers).static_order()
    )


def move(source: Store, target: Store) -> Iterator[Moved]:
    """Copy every table and give each once it is the same in both; nothing of `source` changes.

    Raises:
        StorageBrokenError: when `target` holds rows that `source` has not, or `source` was changed
            meanwhile.
    """
    _need_beginning(source, target)
    for table in _tables():
        last = target.run_now(_last_key, table)
        while batch := source.run_now(_behind, table, last):
            target.run_now(change_each, _insert(table), batch)
            last = tuple(batch[-1][name] for name in table.key)
        if table.number is not None:
            target.run_now(_set_number, target, table, source.run_now(_number_given, source, table))
        here, there = _checksum(source, table), _checksum(target, table)
        if here != there:
            raise StorageBrokenError(
                f"{target.place}: {table.name}: expected the rows of {source.place}, found others. "
                "One of the two was changed meanwhile: stop every mentor, and begin with an empty "
                "database."
            )
        yield Moved(table.name, *there)


def _need_beginning(source: Store, target: Store) -> None:
    """Let in only what is empty, or holds the first rows of the source and nothing else."""
    for table in _tables():
        last = target.run_now(_last_key, table)
        if last is not None and _checksum(source, table, last) != _checksum(target, table):
            raise StorageBrokenError(
                f"{target.place}: {table.name}: expected an empty database, or what a move of "
                f"{source.place} left there, found other rows. Use another database."
            )


def _key(table: _Table) -> str:
    return ", ".join(table.key)


def _gaps(table: _Table) -> str:
    return ", ".join(f":{name}" for name in table.key)


def _last_key(table: _Table) -> Script[tuple[object, ...] | None]:
    backwards = ", ".join(f"{name} desc" for name in table.key)
    found = yield from row(f"select {_key(table)} from {table.name} order by {backwards} limit 1")
    return tuple(found[name] for name in table.key) if found else None


def _behind(table: _Table, last: tuple[object, ...] | None) -> Script[Sequence[Row]]:
    """The next rows in the order of their keys."""
    behind = f"where ({_key(table)}) > ({_gaps(table)})" if last is not None else ""
    return (
        yield from rows(
            f"select {', '.join(table.columns)} from {table.name} {behind} "
            f"order by {_key(table)} limit {BATCH}",
            **dict(zip(table.key, last or (), strict=False)),
        )
    )


def _insert(table: _Table) -> str:
    gaps = ", ".join(f":{name}" for name in table.columns)
    return f"insert into {table.name} ({', '.join(table.columns)}) values ({gaps})"


def _checksum(
    store: Store, table: _Table, until: tuple[object, ...] | None = None
) -> tuple[int, str]:
    """How many rows there are up to a key, and a digest of them all."""
    digest, count = sha256(), 0
    last: tuple[object, ...] | None = None
    while batch := store.run_now(_behind, table, last):
        for one in batch:
            last = tuple(one[name] for name in table.key)
            count += 1
            digest.update(_canonical(one, table.columns))
            if last == until:
                return count, digest.hexdigest()
    return count, digest.hexdigest()


def _canonical(one: Mapping[str, object], columns: Sequence[str]) -> bytes:
    found = json.dumps([one[name] for name in columns], ensure_ascii=False)
    # The one character that PostgreSQL's text cannot hold.
    return found.replace("\\u0000", "").encode()


def _number_given(store: Store, table: _Table) -> Script[int]:
    """The highest number a table has ever given, also to rows that are gone."""
    if isinstance(store, PostgresStore):
        highest = (
            "select case when is_called then last_value else 0 end as number "
            f"from {table.name}_{table.number}_seq"
        )
        found = yield from row(highest)
    else:
        found = yield from row(
            "select seq as number from sqlite_sequence where name = :name", name=table.name
        )
    return int(found["number"]) if found else 0


def _set_number(store: Store, table: _Table, number: int) -> Script[None]:
    if isinstance(store, PostgresStore):
        yield from rows(
            "select setval(:sequence, :number, :given > 0)",
            sequence=f"{table.name}_{table.number}_seq",
            number=max(1, number),
            given=number,
        )
        return
    changed = yield from change(
        "update sqlite_sequence set seq = :number where name = :name",
        name=table.name,
        number=number,
    )
    if not changed and number:
        yield from change(
            "insert into sqlite_sequence (name, seq) values (:name, :number)",
            name=table.name,
            number=number,
        )
