"""The SQLite driver: one writer thread, group commit, a savepoint for each script."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

from sqlite_utils import Database

from store.errors import MisfitError, StorageBrokenError, StorageClosedError, StorageFullError
from store.forgotten import forget_again, marks_in
from store.script import Outcome, Row, Script, Statement, drive
from store.sqlite_schema import migrate

P = ParamSpec("P")
T = TypeVar("T")

MOST_SCRIPTS_A_COMMIT = 256

_PATIENCE = "PRAGMA busy_timeout = 5000"
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # An acknowledged mark survives a power cut. Grouped commits make it cost a quarter, not ten.
    "PRAGMA synchronous = FULL",
    _PATIENCE,
    "PRAGMA foreign_keys = ON",
    # What /forget deletes is overwritten with zeros.
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
)


@dataclass(slots=True)
class _Job(Generic[T]):
    script: Script[T]
    future: "Future[T]"
    is_rehearsal: bool


@dataclass(slots=True)
class _Upkeep:
    """Work on the file itself, which no transaction can hold."""

    work: Callable[[], bool]
    future: "Future[bool]"


class SqliteStore:
    """A database file, or a private one in memory when `path` is None.

    Scripts of all callers run one after another in the writer thread; those that wait together
    share one commit. A caller hears back only after its commit is on disk.
    """

    def __init__(self, path: Path | None) -> None:
        """Open the file, check and migrate it, and start the writer thread.

        Raises:
            StorageBrokenError: when the file is damaged, not ours, newer than this program, or
                cannot be written.
            StorageFullError: when there is no room to open it.
        """
        self._path = path
        self._db = _open(path)
        self._rewritten_at: int = self._db.execute("PRAGMA user_version").fetchone()[0]
        self._jobs: queue.SimpleQueue[_Job[Any] | _Upkeep | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._closed = False
        self._thread.start()

    async def run(self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.wrap_future(self._submit(script(*args, **kwargs), is_rehearsal=False))

    async def rehearse(
        self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await asyncio.wrap_future(self._submit(script(*args, **kwargs), is_rehearsal=True))

    def run_now(self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        return self._submit(script(*args, **kwargs), is_rehearsal=False).result()

    def _submit(self, script: Script[T], *, is_rehearsal: bool) -> "Future[T]":
        if self._closed:
            raise StorageClosedError
        job = _Job(script, Future[T](), is_rehearsal)
        self._jobs.put(job)
        return job.future

    @property
    def place(self) -> str:
        return str(self._path or "in memory")

    async def size(self) -> int:
        """Bytes of the file, without its log."""
        return self._path.stat().st_size if self._path is not None else 0

    @property
    def rewritten_at(self) -> datetime:
        """When the file was last written anew; the file itself remembers it."""
        return datetime.fromtimestamp(self._rewritten_at, UTC)

    async def empty_log(self) -> bool:
        """Bring all that is committed into the file and empty the log beside it.

        What was overwritten is still in the log until then. False when somebody else is reading,
        such as a backup: then it has to be asked for again.
        """
        return await self._after_a_commit(self._empty_log)

    async def rewrite(self, now: datetime) -> bool:
        """Write the whole file anew, and empty the log; False as for `empty_log`.

        Deleted rows are overwritten at once, but pages that were once split between two keep
        pieces of what moved. Takes about a second for 50 MB, and everybody waits.
        """
        return await self._after_a_commit(lambda: self._rewrite(int(now.timestamp())))

    async def _after_a_commit(self, work: Callable[[], bool]) -> bool:
        if self._closed:
            raise StorageClosedError
        upkeep = _Upkeep(work, Future[bool]())
        self._jobs.put(upkeep)
        return await asyncio.wrap_future(upkeep.future)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        self._thread.join()
        self._db.close()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if isinstance(job, _Upkeep):
                self._keep_up(job)
                continue
            jobs = [job]
            latest: _Job[Any] | _Upkeep | None = job
            while len(jobs) < MOST_SCRIPTS_A_COMMIT:
                try:
                    latest = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if not isinstance(latest, _Job):
                    break
                jobs.append(latest)
            self._commit_together(jobs)
            if isinstance(latest, _Upkeep):
                self._keep_up(latest)
            elif latest is None:
                return

    def _keep_up(self, upkeep: _Upkeep) -> None:
        if not upkeep.future.set_running_or_notify_cancel():
            return
        try:
            upkeep.future.set_result(upkeep.work())
        except sqlite3.Error as error:
            upkeep.future.set_exception(_explained(error, self._path))

    def _empty_log(self) -> bool:
        # Waiting for a reader would hold up everybody.
        self._db.execute("PRAGMA busy_timeout = 0")
        try:
            is_busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            self._db.execute(_PATIENCE)
        return not is_busy

    def _rewrite(self, now: int) -> bool:
        self._db.execute("VACUUM")
        self._db.execute(f"PRAGMA user_version = {now}")
        self._rewritten_at = now
        return self._empty_log()

    def _commit_together(self, jobs: Sequence[_Job[Any]]) -> None:
        results: list[tuple[_Job[Any], object, BaseException | None]] = []
        execute = self._db.conn.execute
        # One that is alone in its transaction needs no savepoint within it.
        run = self._alone if len(jobs) == 1 else self._in_savepoint
        try:
            execute("BEGIN IMMEDIATE")
            results.extend(
                (job, *run(job))
                for job in jobs
                # Marked as running here, so that a caller's cancellation cannot come between.
                if job.future.set_running_or_notify_cancel()
            )
            if self._db.conn.in_transaction:
                execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            failure = _explained(error, self._path)
            for job in jobs:
                # One that was never begun may be cancelled at this very moment.
                if job.future.running() or job.future.set_running_or_notify_cancel():
                    job.future.set_exception(failure)
            return
        for job, value, raised in results:
            if raised is not None:
                job.future.set_exception(raised)
            else:
                job.future.set_result(value)

    def _alone(self, job: _Job[Any]) -> tuple[object, BaseException | None]:
        return self._one(job, "ROLLBACK")

    def _in_savepoint(self, job: _Job[Any]) -> tuple[object, BaseException | None]:
        self._db.conn.execute("SAVEPOINT script")
        done = self._one(job, "ROLLBACK TO script")
        self._db.conn.execute("RELEASE script")
        return done

    def _one(self, job: _Job[Any], undo: str) -> tuple[object, BaseException | None]:
        """A script's value, or what it raised; `undo` takes back what it did alone."""
        value: object = None
        raised: BaseException | None = None
        try:
            value = drive(job.script, self._execute)
        except sqlite3.Error as error:
            if _is_storage_failure(error):
                raise
            is_misfit = isinstance(error, sqlite3.IntegrityError)
            raised = MisfitError(str(error)) if is_misfit else error
        except BaseException as error:  # noqa: BLE001 -- it belongs to the caller, who gets it
            raised = error
        if job.is_rehearsal or raised is not None:
            self._db.conn.execute(undo)
        return value, raised

    def _execute(self, statement: Statement) -> Outcome:
        if statement.many is not None:
            cursor = self._db.conn.executemany(statement.sql, statement.many)
            return Outcome((), cursor.rowcount)
        cursor = self._db.conn.execute(statement.sql, dict(statement.params))
        if cursor.description is None:
            return Outcome((), cursor.rowcount)
        names = [column[0] for column in cursor.description]
        found: list[Row] = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        return Outcome(found, cursor.rowcount)

    def _roll_back(self) -> None:
        if self._db.conn.in_transaction:
            self._db.execute("ROLLBACK")


def back_up(path: Path, target: Path) -> None:
    """Copy the database at `path` to `target` on a connection of its own, and check the copy.

    Raises:
        StorageBrokenError: when `target` exists or the copy does not pass its check.
        StorageFullError: when there is no room for it.
    """
    if target.exists():
        raise StorageBrokenError(f"{target}: expected a name not yet used, found a file there.")
    try:
        source = sqlite3.connect(path, timeout=5)
        try:
            source.execute("VACUUM INTO ?", (str(target),))
        finally:
            source.close()
        target.chmod(0o600)
        copy = sqlite3.connect(target)
        try:
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            copy.close()
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise _explained(error, target) from error
    if verdict != "ok":
        raise StorageBrokenError(f"{target}: expected a sound copy, found: {verdict}")


@dataclass(frozen=True, slots=True)
class PutBack:
    """A backup is the database now.

    `kept` is the name of the old file. `forgotten` counts the learners that the backup still had
    and that had asked to be forgotten since; None when the old file could not say who.
    """

    kept: Path | None
    forgotten: int | None


def put_back(source: Path, path: Path, now: datetime) -> PutBack:
    """Put a checked copy of `source` in the place of the database at `path`.

    Nobody may have the database open.

    Raises:
        StorageBrokenError: when `source` is not a sound Mentor database.
    """
    fresh = path.with_suffix(".restoring")
    fresh.unlink(missing_ok=True)
    marks = marks_in(path) if path.exists() else frozenset()
    try:
        back_up(source, fresh)
        store = SqliteStore(fresh)
        try:
            forgotten = store.run_now(forget_again, marks or ())
        finally:
            store.close()
        if forgotten:
            with closing(sqlite3.connect(fresh)) as db:
                # As after `/forget`: not a byte of them is put back.
                db.execute("VACUUM")
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except StorageBrokenError as error:
        fresh.unlink(missing_ok=True)
        raise StorageBrokenError(
            f"{source}: expected a sound Mentor backup, found one that cannot be opened. "
            "Choose another backup; nothing was changed."
        ) from error
    kept = None
    if path.exists():
        kept = path.with_name(f"{path.name}.before-{now:%Y%m%dT%H%M%S}")
        path.rename(kept)
        # What the old log still holds belongs to the old file.
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists():
            wal.rename(kept.with_name(f"{kept.name}-wal"))
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    fresh.rename(path)
    return PutBack(kept, None if marks is None else forgotten)


def _open(path: Path | None) -> Database:
    try:
        if path is not None:
            path.touch(mode=0o600)
        connection = sqlite3.connect(
            ":memory:" if path is None else path,
            isolation_level=None,
            check_same_thread=False,
            timeout=5,
            cached_statements=512,
        )
        if sqlite3.sqlite_version_info < (3, 43):
            connection.create_function("octet_length", 1, _octet_length, deterministic=True)
        db = Database(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma).fetchall()
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise StorageBrokenError(_damaged(path, str(verdict)))
        migrate(db, path)
    except sqlite3.Error as error:
        raise _explained(error, path) from error
    except OSError as error:
        raise StorageBrokenError(
            f"{path}: expected a file this program may write, found: {error.strerror}. "
            "Give this account the folder (chown, chmod) or set MENTOR_DATA_DIR."
        ) from error
    return db


# Extended result codes end in the primary code: 10 is IOERR, 13 is FULL.
_STORAGE_FAILURES = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}


def _is_storage_failure(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _STORAGE_FAILURES


def _explained(error: sqlite3.Error, path: Path | None) -> StorageFullError | StorageBrokenError:
    if _is_storage_failure(error):
        return StorageFullError(f"{path}: {StorageFullError.__doc__} ({error})")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return StorageBrokenError(_damaged(path, str(error)))
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return StorageBrokenError(
            f"{path}: expected a file this program may write, found: {error}. "
            "Give this account the folder (chown, chmod) or set MENTOR_DATA_DIR."
        )
    return StorageBrokenError(f"{path}: expected a working database, found: {error}.")


def _octet_length(text: str | None) -> int | None:
    return None if text is None else len(text.encode())


def _damaged(path: Path | None, found: str) -> str:
    return (
        f"{path}: expected a sound Mentor database, found: {' '.join(found.split())}. "
        "Keep the file, and run `mentor restore BACKUP`."
    )
