"""The PostgreSQL driver: a pool of connections, a thread for each, a transaction a script."""

import asyncio
import logging
import os
import re
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from random import uniform
from time import monotonic
from typing import Any, ParamSpec, TypeVar

import psycopg
from psycopg import Connection, errors
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, TupleRow, dict_row
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumperUnknown
from psycopg_pool import ConnectionPool, PoolTimeout
from typing_extensions import override

from store.errors import MisfitError, StorageBrokenError, StorageClosedError, StorageFullError
from store.postgres_schema import migrate
from store.script import HELD, Outcome, Script, Statement, drive

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("mentor.storage")

# What our connections are called on the server, before the process and the machine.
APPLICATION = "mentor"
# The oldest that its makers still mend when this was written.
OLDEST_SERVER = 14
SECONDS_TO_CONNECT = 5
# So long a script is begun again while the server is away, as when it restarts.
PATIENCE_SECONDS = 15.0
PAUSE_SECONDS = 0.2

# A string as it is, or a gap, or a sign that psycopg would read as one.
_GAPS = re.compile(r"'(?:[^']|'')*'|:([a-z_][a-z0-9_]*)|%")


@lru_cache(maxsize=4096)
def in_psycopg_words(sql: str) -> bytes:
    """`:name` as psycopg writes it; a percent sign anywhere is doubled."""

    def word(found: re.Match[str]) -> str:
        return f"%({found[1]})s" if found[1] else found[0].replace("%", "%%")

    return _GAPS.sub(word, sql.replace(HELD, "for update")).encode()


class _Yes(Int8Dumper):
    """A truth value as SQLite keeps it: 1 or 0."""

    @override
    def dump(self, obj: Any) -> Buffer | None:
        return super().dump(int(obj))


class _Text(StrDumperUnknown):
    """Text without the one character that PostgreSQL's cannot hold."""

    @override
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", ""))


class _Whole(Loader):
    """The sum of whole numbers, which PostgreSQL gives as a decimal one."""

    @override
    def load(self, data: Buffer) -> int:
        return int(bytes(data))


def _configure(connection: Connection[Any]) -> None:
    connection.adapters.register_dumper(bool, _Yes)
    # One type for all numbers, or each length would be a prepared statement of its own.
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_dumper(str, _Text)
    connection.adapters.register_loader("numeric", _Whole)


class PostgresStore:
    """An installation's database on a server, which several processes may share.

    Each script is a transaction that sees what others have committed before each of its statements
    (READ COMMITTED); scripts that must come one after the other lock the row they are about.
    """

    def __init__(self, url: str, *, connections: int = 10) -> None:
        """Connect, check the server, and bring its tables up to date.

        Raises:
            StorageBrokenError: when the server cannot be used as it is.
            StorageFullError: when it has no room.
        """
        self._place = place_of(url)
        self._closed = False
        try:
            with psycopg.connect(url, connect_timeout=SECONDS_TO_CONNECT) as connection:
                _check(connection, self._place)
                migrate(connection, self._place)
        except psycopg.Error as error:
            raise self._explained(error) from error
        self._pool = ConnectionPool(
            url,
            connection_class=Connection[DictRow],
            kwargs={
                "row_factory": dict_row,
                "connect_timeout": SECONDS_TO_CONNECT,
                "application_name": f"{APPLICATION} {os.getpid()} {socket.gethostname()}",
            },
            min_size=1,
            max_size=connections,
            reconnect_timeout=PATIENCE_SECONDS,
            configure=_configure,
            name="mentor",
            open=True,
        )
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="store")
        self._lock = threading.Lock()

    async def run(self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        begin = _prepared(script, args, kwargs)
        return await asyncio.wrap_future(self._submit(begin, is_rehearsal=False))

    async def rehearse(
        self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        begin = _prepared(script, args, kwargs)
        return await asyncio.wrap_future(self._submit(begin, is_rehearsal=True))

    def run_now(self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        return self._submit(_prepared(script, args, kwargs), is_rehearsal=False).result()

    @property
    def place(self) -> str:
        return self._place

    def others(self) -> int:
        """How many connections other mentors have to this database."""

        def asked() -> Script[int]:
            outcome = yield Statement(
                "select count(*) as others from pg_stat_activity "
                "where datname = current_database() and application_name like :ours "
                "and application_name <> current_setting('application_name')",
                {"ours": f"{APPLICATION}%"},
            )
            return int(outcome.rows[0]["others"])

        return self.run_now(asked)

    async def size(self) -> int:
        """Bytes of the whole database."""

        def asked() -> Script[int]:
            outcome = yield Statement("select pg_database_size(current_database()) as size", {})
            return int(outcome.rows[0]["size"])

        return await self.run(asked)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._threads.shutdown(wait=True)
        self._pool.close()

    def _submit(self, begin: Callable[[], Script[T]], *, is_rehearsal: bool) -> "Future[T]":
        if self._closed:
            raise StorageClosedError
        return self._threads.submit(self._run, begin, is_rehearsal=is_rehearsal)

    def _run(self, begin: Callable[[], Script[T]], *, is_rehearsal: bool) -> T:
        """Run a script, from its beginning again where the server undid it."""
        until = monotonic() + PATIENCE_SECONDS
        is_second_to_a_key = False
        pause = threading.Event()
        while True:
            try:
                return self._once(begin, is_rehearsal=is_rehearsal)
            except _UnknownEndError as error:
                raise StorageBrokenError(
                    f"{self._place}: the connection broke while a transaction ended, and whether "
                    "it did is unknown."
                ) from error
            except (errors.SerializationFailure, errors.DeadlockDetected) as error:
                if monotonic() > until:
                    raise self._explained(error) from error
                # Those who met must not meet again.
                pause.wait(uniform(0, PAUSE_SECONDS))  # noqa: S311
            except errors.UniqueViolation as error:
                # Somebody else was first with it, and the script may now see that.
                if is_second_to_a_key:
                    raise MisfitError(str(error)) from error
                is_second_to_a_key = True
            except errors.IntegrityError as error:
                raise MisfitError(str(error)) from error
            except (psycopg.OperationalError, PoolTimeout, errors.FeatureNotSupported) as error:
                if not _passes(error) or monotonic() > until:
                    raise self._explained(error) from error
                pause.wait(PAUSE_SECONDS)

    def _once(self, begin: Callable[[], Script[T]], *, is_rehearsal: bool) -> T:
        connection = self._pool.getconn(PATIENCE_SECONDS)
        try:
            with connection.cursor() as cursor:
                value = drive(begin(), lambda statement: _execute(cursor, statement))
            if is_rehearsal:
                connection.rollback()
            else:
                _commit(connection)
        except errors.FeatureNotSupported:
            # A plan from before the tables were changed.
            connection.close()
            raise
        except BaseException:
            if not connection.closed:
                connection.rollback()
            raise
        finally:
            self._pool.putconn(connection)
        return value

    def _explained(self, error: Exception) -> StorageBrokenError | StorageFullError:
        return explained(error, self._place)


def _prepared(
    script: Callable[..., Script[T]], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[], Script[T]]:
    return lambda: script(*args, **kwargs)


class _UnknownEndError(Exception):
    """The connection broke during COMMIT."""


def _commit(connection: Connection[Any]) -> None:
    try:
        connection.commit()
    except psycopg.OperationalError as error:
        if error.sqlstate in {"40001", "40P01"}:
            raise
        raise _UnknownEndError from error


def _execute(cursor: psycopg.Cursor[DictRow], statement: Statement) -> Outcome:
    sql = in_psycopg_words(statement.sql)
    if statement.many is not None:
        cursor.executemany(sql, statement.many)
        return Outcome((), cursor.rowcount)
    cursor.execute(sql, statement.params)
    return Outcome(cursor.fetchall() if cursor.description else (), cursor.rowcount)


def _passes(error: Exception) -> bool:
    """Whether it is over by itself: a server that restarts or is full, a plan that is old."""
    state = getattr(error, "sqlstate", None)
    if isinstance(error, errors.FeatureNotSupported):
        return "cached plan" in str(error)
    # 08: the connection; 53300: too many of them; 57P01 to 57P03: it stops, broke, or starts.
    return state is None or state[:2] == "08" or state in {"53300", "57P01", "57P02", "57P03"}


def place_of(url: str) -> str:
    """An address as it may stand in a log: without its password.

    Raises:
        StorageBrokenError: when it is none.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise StorageBrokenError(
            "MENTOR_DATABASE_URL: expected an address such as "
            "postgresql://mentor:password@127.0.0.1:5432/mentor, found one that cannot be read."
        ) from error
    host, port = parts.get("host") or "localhost", parts.get("port") or 5432
    return f"PostgreSQL {host}:{port}/{parts.get('dbname') or parts.get('user') or ''}"


def _check(connection: Connection[TupleRow], place: str) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST_SERVER:
        raise StorageBrokenError(
            f"{place}: expected PostgreSQL {OLDEST_SERVER} or newer, found {version}. "
            "Upgrade the server (pg_upgrade), or use another."
        )
    found = connection.execute(
        "select pg_encoding_to_char(encoding) from pg_database where datname = current_database()"
    ).fetchone()
    if found is not None and found[0] != "UTF8":
        raise StorageBrokenError(
            f"{place}: expected a database in UTF8, found {found[0]}. Make one: "
            "create database mentor encoding 'UTF8' template template0;"
        )


# What a server says, by its code, and what helps.
_REMEDIES = {
    "28P01": "Correct the user or the password in MENTOR_DATABASE_URL.",
    "28000": "Let this user in, in the server's pg_hba.conf, or name another.",
    "3D000": "Make the database (createdb), or correct its name in MENTOR_DATABASE_URL.",
    "42501": "Give this user the rights: alter database NAME owner to USER;",
    "53300": "Raise the server's max_connections, or lower MENTOR_DATABASE_CONNECTIONS.",
    "25006": "It is read only: name the server that is written to, not its replica.",
    "57P03": "It is starting: try again in a moment.",
}
_FULL = {"53100", "53200"}


def explained(error: Exception, place: str) -> StorageBrokenError | StorageFullError:
    """What went wrong and what helps, in one line and without a password."""
    state = getattr(error, "sqlstate", None)
    said = " ".join(str(error).split("\n")[0].split()) or type(error).__name__
    if state in _FULL:
        return StorageFullError(f"{place}: {StorageFullError.__doc__} ({said})")
    remedy = _REMEDIES.get(state or "", "") or next(
        (_REMEDIES[code] for words, code in _SAID.items() if words in str(error)), ""
    )
    if not remedy:
        remedy = "See that it runs and can be reached, and that MENTOR_DATABASE_URL is right."
    return StorageBrokenError(f"{place}: expected a database that works, found: {said}. {remedy}")


# Before a connection stands there is no code, only words.
_SAID = {
    "password authentication failed": "28P01",
    'role "': "28P01",
    "no password supplied": "28P01",
    "pg_hba.conf": "28000",
    '" does not exist': "3D000",
    "too many clients": "53300",
    "connection slots are reserved": "53300",
    "starting up": "57P03",
}
