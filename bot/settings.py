"""The one place that reads the environment; every problem is reported at once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from typing_extensions import override
from tzlocal import get_localzone_name

from learning.errors import MentorError
from learning.values import Language

EXIT_CODE = 78  # EX_CONFIG of sysexits.h


class SettingsError(MentorError):
    """A setting is wrong. `problems` are whole sentences, each with its remedy."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Secret:
    """A value that does not show itself."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    @override
    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator set; None and empty mean "not set"."""

    data_dir: Path
    language: Language
    zone: str
    allowed: frozenset[str]
    operators: frozenset[str]
    telegram_token: Secret | None
    telegram_base_url: str | None
    telegram_proxy: str | None
    model_key: Secret | None
    model_base_url: str | None
    model_proxy: str | None
    model: str
    health_port: int | None

    @property
    def database(self) -> Path:
        return self.data_dir / "mentor.db"

    @property
    def own_curricula(self) -> Path:
        """Where this installation's own curricula live; nobody need have made it."""
        return self.data_dir / "curricula"


# name -> (what it is for, default). The documentation's table is made from this.
KNOWN: Mapping[str, tuple[str, str]] = {
    "MENTOR_DATA_DIR": ("folder for the database and locks", "~/.local/share/mentor"),
    "MENTOR_LANGUAGE": ("first language of new learners, zh or en", "from the locale, else zh"),
    "MENTOR_TIMEZONE": ("first time zone of new learners, an IANA name", "the machine's"),
    "MENTOR_ALLOW": ("who may come in, such as telegram:123,telegram:456", "everybody"),
    "MENTOR_OPERATORS": ("who runs this, such as telegram:123", "nobody"),
    "MENTOR_HEALTH_PORT": ("port of /live and /ready on loopback", "none"),
    "MENTOR_MODEL": ("the model's name", "gpt-4o-mini"),
    "OPENAI_API_KEY": ("key of an OpenAI-compatible endpoint", "none: offline"),
    "OPENAI_BASE_URL": ("that endpoint's address, ending in /v1", "OpenAI's"),
    "OPENAI_PROXY": ("proxy for the model", "none"),
    "TELEGRAM_BOT_TOKEN": ("token from @BotFather", "none: no Telegram"),
    "TELEGRAM_BASE_URL": ("address of another Bot API server", "Telegram's"),
    "TELEGRAM_PROXY": ("proxy for Telegram", "none"),
}
# Of other parts of the design; named here so that they are no typing errors.
_RESERVED = frozenset(
    {
        "DISCORD_BOT_TOKEN",
        "DISCORD_API_URL",
        "DISCORD_GATEWAY_URL",
        "DISCORD_PROXY",
        "MENTOR_DATABASE_URL",
        "MENTOR_WEBHOOK_URL",
        "MENTOR_WEBHOOK_SECRET",
    }
)

_NOWHERE = {"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Etc/GMT", "GMT", "Zulu", "Universal"}
_TOKEN = re.compile(r"\d{3,}:[\w-]{10,}")
_PERSON = re.compile(r"(telegram|discord|console):\w+")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read all settings; `NAME_FILE` names a file that holds NAME, and goes first.

    Raises:
        SettingsError: with every problem found.
    """
    reader = _Reader(os.environ if environment is None else environment)
    language = reader.language("MENTOR_LANGUAGE")
    settings = Settings(
        data_dir=reader.folder("MENTOR_DATA_DIR"),
        language=language,
        zone=reader.zone("MENTOR_TIMEZONE", language),
        allowed=reader.people("MENTOR_ALLOW"),
        operators=reader.people("MENTOR_OPERATORS"),
        telegram_token=reader.telegram_token("TELEGRAM_BOT_TOKEN"),
        telegram_base_url=reader.url("TELEGRAM_BASE_URL"),
        telegram_proxy=reader.url("TELEGRAM_PROXY"),
        model_key=reader.secret("OPENAI_API_KEY"),
        model_base_url=reader.url("OPENAI_BASE_URL"),
        model_proxy=reader.url("OPENAI_PROXY"),
        model=reader.text("MENTOR_MODEL") or "gpt-4o-mini",
        health_port=reader.port("MENTOR_HEALTH_PORT"),
    )
    reader.reject_unknown_names()
    if reader.problems:
        raise SettingsError(tuple(reader.problems))
    return settings


class _Reader:
    """Reads one value after another and gathers what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def _wrong(self, name: str, expected: str, found: str, remedy: str) -> None:
        self.problems.append(f"{name}: expected {expected}, found {found}. {remedy}")

    def text(self, name: str) -> str | None:
        file = self._environment.get(f"{name}_FILE", "").strip()
        if not file:
            return self._environment.get(name, "").strip() or None
        try:
            return Path(file).read_text("utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            found = error.strerror if isinstance(error, OSError) else "bytes that are not UTF-8"
            remedy = "Correct the path, or unset it."
            self._wrong(f"{name}_FILE", f"a readable file at {file}", str(found), remedy)
            return None

    def secret(self, name: str) -> Secret | None:
        value = self.text(name)
        if value is None:
            return None
        if any(char.isspace() for char in value) or not value.isascii():
            remedy = "Copy it again, without quotes."
            self._wrong(name, "one word of ASCII", "spaces or other characters", remedy)
        return Secret(value)

    def telegram_token(self, name: str) -> Secret | None:
        value = self.text(name)
        if value is None:
            return None
        if not _TOKEN.fullmatch(value):
            remedy = "Get one from @BotFather with /newbot, and copy all of it."
            found = f"{len(value)} characters of another shape"
            self._wrong(name, "digits, a colon and letters", found, remedy)
        return Secret(value)

    def folder(self, name: str) -> Path:
        value = self.text(name)
        path = Path(value or "~/.local/share/mentor").expanduser()
        if path.exists() and not path.is_dir():
            remedy = f"Set {name} to a folder this account may write."
            self._wrong(name, "a folder", f"a file at {path}", remedy)
        return path

    def language(self, name: str) -> Language:
        value = self.text(name)
        if value is None:
            locale = self._environment.get("LC_ALL") or self._environment.get("LANG") or ""
            return "en" if locale.lower().startswith("en") else "zh"
        if value not in {"zh", "en"}:
            self._wrong(name, "zh or en", repr(value), "Set one of the two, or unset it.")
        return "en" if value == "en" else "zh"

    def zone(self, name: str, language: Language) -> str:
        value = self.text(name)
        if value is None:
            local = _machine_zone() or "UTC"
            # A server or container says UTC whoever uses it; a Chinese one is likely in China.
            is_meant = local in available_timezones() and local not in _NOWHERE
            return local if is_meant or language == "en" else "Asia/Shanghai"
        if value not in available_timezones():
            remedy = "Use a name such as Asia/Shanghai or Europe/Berlin."
            self._wrong(name, "an IANA time zone", repr(value), remedy)
            return "Asia/Shanghai"
        return value

    def people(self, name: str) -> frozenset[str]:
        value = self.text(name) or ""
        people = [one.strip() for one in value.split(",") if one.strip()]
        for one in people:
            if not _PERSON.fullmatch(one):
                remedy = "Write platform:number, separated by commas."
                self._wrong(name, "entries such as telegram:123", repr(one), remedy)
        return frozenset(people)

    def url(self, name: str) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https", "socks5"} or not parts.hostname:
            remedy = "Write it in full, such as http://127.0.0.1:8080."
            self._wrong(name, "an address with http:// or https://", "another shape", remedy)
        return value.rstrip("/")

    def port(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not value.isdecimal() or not 1 <= int(value) <= 65535:
            self._wrong(name, "a port from 1 to 65535", repr(value), "Set one, or unset it.")
            return None
        return int(value)

    def reject_unknown_names(self) -> None:
        """A misspelt name would otherwise do nothing, in silence."""
        known = set(KNOWN) | _RESERVED
        for name in sorted(self._environment):
            if name.startswith("MENTOR_") and name.removesuffix("_FILE") not in known:
                remedy = (
                    f"Known: {', '.join(sorted(one for one in known if one[:7] == 'MENTOR_'))}."
                )
                self._wrong(name, "a known setting", "an unknown name", remedy)


def _machine_zone() -> str:
    try:
        return get_localzone_name() or ""
    except LookupError:
        return ""


def settle_libraries() -> None:
    """Set, before they are imported, what libraries read from the environment only."""
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    os.environ["LANGSMITH_TRACING"] = "false"
    os.environ["LANGCHAIN_TRACING_V2"] = "false"
    os.environ["PTB_TIMEDELTA"] = "true"
