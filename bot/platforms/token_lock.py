"""One process for each bot's token on a computer: two would take each other's updates."""

import fcntl
import hashlib
import os
from pathlib import Path

from bot.platforms.port import FatalError


class TokenLock:
    """A lock in the data folder, named after a token; `setting` is what the token is set by."""

    def __init__(self, data_dir: Path, platform: str, token: str, setting: str) -> None:
        name = hashlib.sha256(token.encode()).hexdigest()[:12]
        self._file = data_dir / f"{platform}-{name}.lock"
        self._setting = setting
        self._held: int | None = None

    def take(self) -> None:
        """Take it, or keep it.

        Raises:
            FatalError: when another process has it, or there is no place to write.
        """
        if self._held is not None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise FatalError(
                f"{self._file}: expected a place to write, found: {error.strerror}; "
                "give MENTOR_DATA_DIR to the account that runs the mentor"
            ) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            raise FatalError(
                f"{self._setting}: another mentor on this computer already uses this token; "
                f"stop it first, or give this one its own token (the lock is {self._file})"
            ) from None
        self._held = file

    def release(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None
