"""A PostgreSQL server of the tests' own, on loopback, in a folder that goes with it."""

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from store.postgres import PostgresStore
from tests.ports import free_port

OWNER = "mentor"
TEMPLATE = "template_mentor"
_BINARIES = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest where there are several."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    folders = [one for one in _BINARIES.glob("*/bin") if (one / "initdb").exists()]
    return max(folders, key=lambda one: float(one.parent.name), default=None)


def why_none() -> str | None:
    """Why no server can be started here, or None."""
    if binaries() is None:
        return "no PostgreSQL here: install Debian's package postgresql, or put initdb on PATH"
    if os.geteuid() == 0 and _account() is None:
        return "PostgreSQL does not run as root, and there is no account postgres or nobody"
    return None


def _account() -> pwd.struct_passwd | None:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


@dataclass(slots=True)
class PostgresServer:
    """A server on a port of its own. `stop` is as abrupt as a power cut, and `start` recovers."""

    folder: Path
    port: int
    options: tuple[str, ...] = ()
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _process: subprocess.Popen[bytes] | None = None
    _has_template: bool = False

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        self._run(
            "initdb",
            "-D",
            str(self.folder / "data"),
            "-U",
            OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        )

    def start(self) -> None:
        folder = binaries()
        assert folder is not None
        command = [
            str(folder / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
            "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}",
            *self.options,
        ]  # fmt: skip
        user, group = _server_account()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stderr=log, stdout=log, user=user, group=group
            )
        for _ in range(300):
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                if self._process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:]) from None
                threading.Event().wait(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL does not answer")

    def stop(self) -> None:
        """Stop at once, as `pg_ctl stop -m immediate` does."""
        if self._process is not None:
            self._process.send_signal(3)
            self._process.wait(30)
            self._process = None

    def kill_connections(self) -> int:
        """End every connection of others; give their number."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            found = connection.execute(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                "where pid <> pg_backend_pid() and backend_type = 'client backend'"
            ).fetchone()
        return int(found[0]) if found else 0

    def database(self) -> str:
        """Make an empty database, and give its address."""
        name = f"empty{next(self._numbers)}"
        self._make_database(name, "template0")
        return self.url(name)

    def installation(self) -> str:
        """Make a database with all tables, and give its address."""
        if not self._has_template:
            self._make_database(TEMPLATE, "template0")
            PostgresStore(self.url(TEMPLATE)).close()
            self._has_template = True
        name = f"mentor{next(self._numbers)}"
        self._make_database(name, TEMPLATE)
        return self.url(name)

    def limited(self, url: str, connections: int) -> str:
        """The address of a database for somebody who may have so many connections."""
        name = f"limited{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("create role {} login connection limit {}").format(
                    sql.Identifier(name), sql.Literal(connections)
                )
            )
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                sql.SQL(
                    "grant all on all tables in schema public to {0}; "
                    "grant all on all sequences in schema public to {0}"
                ).format(sql.Identifier(name))
            )
        return url.replace(f"{OWNER}@", f"{name}@")

    def _make_database(self, name: str, template: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("create database {} template {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def _run(self, name: str, *args: str) -> None:
        folder = binaries()
        assert folder is not None
        user, group = _server_account()
        subprocess.run(
            [str(folder / name), *args], check=True, capture_output=True, user=user, group=group
        )


def _server_account() -> tuple[int | None, int | None]:
    """Whose the server is; nothing where we may run it ourselves."""
    account = _account() if os.geteuid() == 0 else None
    return (account.pw_uid, account.pw_gid) if account else (None, None)


# What is quick and safe for a server whose data nobody wants after the tests.
QUICK = (
    "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
    # Two that wait for each other are told of it soon.
    "-c", "deadlock_timeout=100ms",
)  # fmt: skip


@contextmanager
def postgres_server(*options: str) -> Iterator[PostgresServer]:
    """A new server, which ends with its folder when the context ends."""
    folder = Path(tempfile.mkdtemp(prefix="mentor-postgres-"))
    user, group = _server_account()
    if user is not None and group is not None:
        os.chown(folder, user, group)
    server = PostgresServer(folder, free_port(), options)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
