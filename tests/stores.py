"""Where a test gets its database from: memory, or PostgreSQL when the run is told so."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from store.port import Store
from store.postgres import PostgresStore
from tests.dialect import NotedSqlite
from tests.postgres import QUICK, PostgresServer, postgres_server


class Stores:
    """The databases of a run; with a server, each is one of the server's."""

    def __init__(self) -> None:
        self._server: PostgresServer | None = None
        self._ending = ExitStack()
        self._made: list[Store] = []

    def use_postgres(self) -> None:
        self._server = self._ending.enter_context(postgres_server(*QUICK))

    def new(self) -> Store:
        if self._server is None:
            return NotedSqlite(None)
        store = PostgresStore(self._server.installation(), connections=4)
        self._made.append(store)
        return store

    @contextmanager
    def one_test(self) -> Iterator[None]:
        try:
            yield
        finally:
            for store in self._made:
                store.close()
            self._made.clear()

    def end(self) -> None:
        self._ending.close()


STORES = Stores()


def new_store() -> Store:
    """An installation's database with nobody in it, which goes with the test."""
    return STORES.new()
