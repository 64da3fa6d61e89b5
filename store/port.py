"""What a database is to the mentor: it runs scripts, each as one transaction."""

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

from store.script import Script

P = ParamSpec("P")
T = TypeVar("T")


class Store(Protocol):
    """A database of one installation.

    A script is given as a function with its arguments, since a database that has to undo it, as
    after a deadlock or a lost connection, begins it again.
    """

    async def run(self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a script as one transaction and give its value once it is committed.

        What the script raises is raised here, and nothing of it is kept.

        Raises:
            StorageFullError: when there is no room for it; nothing of it is kept.
            StorageBrokenError: when the database cannot be used.
            StorageClosedError: after `close`.
        """

    async def rehearse(
        self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Give the value a script would have, and keep nothing of what it changed."""

    def run_now(self, script: Callable[P, Script[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a script from a program without an event loop."""

    @property
    def place(self) -> str:
        """Where it is, as an operator may read it."""

    async def size(self) -> int:
        """Bytes of what is kept."""

    def close(self) -> None:
        """Finish the scripts that wait, and let go of the database."""
