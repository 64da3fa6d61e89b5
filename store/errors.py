"""What can go wrong with the database, in words an operator can act on."""

from learning.errors import MentorError


class StorageFullError(MentorError):
    """The disk is full or failing; nothing was written. Free some space: it recovers by itself."""

    key = "error.storage"


class StorageBrokenError(MentorError):
    """The database file cannot be used."""

    key = "error.storage"


class StorageClosedError(MentorError):
    """The store is closed."""

    key = "error.storage"
