"""Logging without secrets: every line passes one redaction, tracebacks too."""

import json
import logging
import re
from datetime import UTC, datetime

from typing_extensions import override

# A line of a log is no place for a whole document.
LONGEST = 8000
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
        return self._redacted(super().format(record))

    def _redacted(self, text: str) -> str:
        for secret in self._known:
            text = text.replace(secret, "…")
        text = _SECRETS.sub("…", text)
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


class JsonLines(Redacting):
    """A record as one line of JSON, for programs that gather logs."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redacted(record.getMessage()),
        }
        if record.exc_info:
            told["trace"] = self._redacted(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


def set_up_logging(
    level: int, known_secrets: tuple[str, ...] = (), *, as_json: bool = False
) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter((JsonLines if as_json else Redacting)(known_secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # At INFO they log every address, and Telegram's holds the token.
    quiet = ("httpx", "httpcore", "httpx2", "httpcore2", "openai", "apscheduler", "telegram")
    for name in (*quiet, "discord", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # What they find wrong while a server restarts is said once, by whoever uses them.
    for name in ("procrastinate", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
