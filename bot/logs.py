"""Logging without secrets: every line passes one redaction, tracebacks too."""

import logging
import re

from typing_extensions import override

_SECRETS = re.compile(
    r"\d{6,}:[\w-]{30,}"  # a Telegram token, also inside an address
    r"|\bsk-[\w-]{16,}"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user and password of an address
    r"|(?i:(?<=bearer )[\w.~+/-]{8,})"
)


class Redacting(logging.Formatter):
    """Formats a record and blanks whatever looks like a secret, or is one of `known`."""

    def __init__(self, known: tuple[str, ...] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._known = tuple(one for one in known if len(one) >= 8)

    @override
    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._known:
            text = text.replace(secret, "…")
        return _SECRETS.sub("…", text)


def set_up_logging(level: int, known_secrets: tuple[str, ...] = ()) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting(known_secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # At INFO they log every address, and Telegram's holds the token.
    quiet = ("httpx", "httpcore", "httpx2", "httpcore2", "openai", "apscheduler", "telegram")
    for name in (*quiet, "discord"):
        logging.getLogger(name).setLevel(logging.WARNING)
