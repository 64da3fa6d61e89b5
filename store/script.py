"""A transaction as a script: a generator that yields statements, receives rows, gives a value.

A script does no I/O and cannot await, so it is written once for every database, runs as one
transaction, may be run again when the database asks for it, and is tested without one.
Compose scripts with `yield from`.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Row: TypeAlias = Mapping[str, Any]
Params: TypeAlias = Mapping[str, object]


# Behind a query: the rows it gives are this transaction's until it ends, so that another that asks
# for them so waits and then sees what became of them. In one file nobody is ever beside.
HELD = "/* held */"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL in the dialect both databases share, with `:name` gaps.

    With `many` sets of parameters it is executed for each, and gives no rows.
    """

    sql: str
    params: Params
    many: Sequence[Params] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows of a query; `changed` counts the rows a write touched."""

    rows: Sequence[Row]
    changed: int


Script: TypeAlias = Generator[Statement, Outcome, T]
# A script that was not begun: a database that has to undo it begins it again.
Prepared: TypeAlias = Callable[[], Script[T]]


def drive(script: Script[T], execute: Callable[[Statement], Outcome]) -> T:
    """Run a script to its end, each statement by `execute`, and give its value."""
    try:
        statement = next(script)
        while True:
            statement = script.send(execute(statement))
    except StopIteration as end:
        value: T = end.value
        return value


def rows(sql: str, **params: object) -> Script[Sequence[Row]]:
    outcome = yield Statement(sql, params)
    return outcome.rows


def row(sql: str, **params: object) -> Script[Row | None]:
    outcome = yield Statement(sql, params)
    return outcome.rows[0] if outcome.rows else None


def change(sql: str, **params: object) -> Script[int]:
    """Execute a write and give the number of rows it touched."""
    outcome = yield Statement(sql, params)
    return outcome.changed


def change_each(sql: str, many: Sequence[Params]) -> Script[int]:
    """Execute a write once for each set of parameters."""
    if not many:
        return 0
    outcome = yield Statement(sql, {}, many)
    return outcome.changed


def among(name: str, values: Sequence[object]) -> tuple[str, dict[str, object]]:
    """The gaps of an `in (…)`, and what goes into them; both databases take it."""
    gaps = {f"{name}{n}": value for n, value in enumerate(values)}
    return ", ".join(f":{gap}" for gap in gaps), gaps


def nothing(value: T) -> Script[T]:
    """A script without statements."""
    yield from ()
    return value
