"""Holds every statement that the tests sent to SQLite against PostgreSQL, when they are over.

Running all tests on a server takes minutes (`make postgres`); preparing what they said takes one.
"""

import re
from collections.abc import Iterator

import psycopg
from typing_extensions import override

from store.postgres import in_psycopg_words
from store.script import Outcome, Statement
from store.sqlite import SqliteStore
from tests.postgres import QUICK, postgres_server

_GAP = re.compile(r"%\((\w+)\)s")

SAID: set[str] = set()


class NotedSqlite(SqliteStore):
    """A database in memory that remembers what was said to it."""

    @override
    def _execute(self, statement: Statement) -> Outcome:
        SAID.add(statement.sql)
        return super()._execute(statement)


def not_understood() -> Iterator[str]:
    """What PostgreSQL says of statements that it cannot read, with the statement."""
    with (
        postgres_server(*QUICK) as server,
        psycopg.connect(server.installation(), autocommit=True) as connection,
    ):
        for sql in sorted(SAID):
            try:
                connection.execute(f"prepare said as {_numbered(sql)}".encode())
                connection.execute("deallocate said")
            except psycopg.Error as error:
                yield f"{error.diag.message_primary}: {sql}"


def _numbered(sql: str) -> str:
    """With gaps as `prepare` has them, one number a name."""
    numbers: dict[str, int] = {}

    def gap(found: re.Match[str]) -> str:
        return f"${numbers.setdefault(found[1], len(numbers) + 1)}"

    return _GAP.sub(gap, in_psycopg_words(sql).decode()).replace("%%", "%")
