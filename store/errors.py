"""What can go wrong with the database, in words an operator can act on."""

from learning.errors import MentorError


class StorageError(MentorError):
    """The database cannot be used just now; nothing of the work was kept."""

    key = "error.storage"


class StorageFullError(StorageError):
    """The disk is full or failing; nothing was written. Free some space: it recovers by itself."""


class StorageBrokenError(StorageError):
    """The database file cannot be used."""


class MisfitError(StorageError):
    """A row breaks a rule of its table, such as one that is there already."""


class StorageClosedError(StorageError):
    """The store is closed."""
