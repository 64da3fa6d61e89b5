"""The one place that reads the environment; every problem is reported at once."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from typing_extensions import override
from tzlocal import get_localzone_name

from agent.endpoints import OPENAI, Endpoint, Endpoints, Patience, is_local
from learning.errors import MentorError
from learning.values import Language
from store.usage import Price
from tools.allowance import TURN_TOKENS, Allowance

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
class Webhook:
    """Where a platform posts updates; `host` and `port` are ours, behind a reverse proxy."""

    url: str
    secret: Secret
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator set; None and empty mean "not set"."""

    data_dir: Path
    language: Language
    zone: str
    database_url: Secret | None
    database_connections: int
    allowed: frozenset[str]
    operators: frozenset[str]
    allowed_groups: frozenset[str]
    minimum_age: int | None
    telegram_token: Secret | None
    telegram_base_url: str | None
    telegram_proxy: str | None
    webhook: Webhook | None
    discord_token: Secret | None
    discord_api_url: str | None
    discord_gateway_url: str | None
    discord_proxy: str | None
    models: Endpoints | None
    allowance: Allowance
    coach_notes: bool
    code_hours: int | None
    talk_days: int | None
    contact: str
    health_port: int | None
    health_host: str
    logs_json: bool

    @property
    def has_model(self) -> bool:
        return self.models is not None

    @property
    def tokens(self) -> Mapping[str, Secret | None]:
        """The token of each platform, by its name."""
        return {"telegram": self.telegram_token, "discord": self.discord_token}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written down, not even in a log."""
        found = [one.reveal() for one in self.tokens.values() if one is not None]
        if self.webhook is not None:
            found.append(self.webhook.secret.reveal())
        if self.database_url is not None:
            address = self.database_url.reveal()
            found += [one for one in (address, urlsplit(address).password) if one]
        if self.models is not None:
            used = (self.models.main, self.models.small, self.models.fallback)
            found += [one.key for one in used if one is not None and one.key]
        return tuple(dict.fromkeys(found))

    @property
    def database(self) -> Path:
        return self.data_dir / "mentor.db"

    @property
    def has_database(self) -> bool:
        """Whether there is one already; of a server's, only asking tells."""
        return self.database_url is not None or self.database.exists()

    @property
    def own_curricula(self) -> Path:
        """Where this installation's own curricula live; nobody need have made it."""
        return self.data_dir / "curricula"

    @property
    def model_hosts(self) -> tuple[str, ...]:
        """Who is sent what learners say, each host once."""
        if self.models is None:
            return ()
        asked = (self.models.main, self.models.small, self.models.fallback)
        hosts = (urlsplit(one.base_url).hostname or "" for one in asked if one is not None)
        return tuple(dict.fromkeys(hosts))


LONGEST_LINE = 200
LOOPBACK = "127.0.0.1"
WEBHOOK_PORT = 8443
# A submission is talked about for an evening and a morning.
CODE_HOURS = 24

# name -> (what it is for, default). The documentation's table is made from this.
KNOWN: Mapping[str, tuple[str, str]] = {
    "MENTOR_DATA_DIR": ("folder for the database and locks", "~/.local/share/mentor"),
    "MENTOR_DATABASE_URL": ("a PostgreSQL server's database, postgresql://…", "none: SQLite"),
    "MENTOR_DATABASE_CONNECTIONS": ("most connections of a process to that server", "10"),
    "MENTOR_LANGUAGE": ("first language of new learners, zh or en", "from the locale, else zh"),
    "MENTOR_TIMEZONE": ("first time zone of new learners, an IANA name", "the machine's"),
    "MENTOR_ALLOW": ("who may come in, such as telegram:123,telegram:456", "everybody"),
    "MENTOR_ALLOW_GROUPS": ("groups that may have a mentor, such as telegram:-100123", "all"),
    "MENTOR_MINIMUM_AGE": ("how old learners must be, said on the first day, or none", "none"),
    "MENTOR_OPERATORS": ("who runs this, such as telegram:123", "nobody"),
    "MENTOR_CONTACT": ("how learners reach whoever runs this; /privacy tells them", "none"),
    "MENTOR_HEALTH_PORT": ("port of /live, /ready and /metrics", "none"),
    "MENTOR_HEALTH_HOST": ("address they listen on", "127.0.0.1"),
    "MENTOR_WEBHOOK_URL": ("https address to which Telegram posts updates", "none: long polling"),
    "MENTOR_WEBHOOK_SECRET": ("a word that only Telegram and the mentor know", "none"),
    "MENTOR_WEBHOOK_HOST": ("address the mentor listens on for them", "127.0.0.1"),
    "MENTOR_WEBHOOK_PORT": ("port it listens on, behind a reverse proxy", "8443"),
    "MENTOR_LOG": ("lines of the log as text or json", "text"),
    "OPENAI_API_KEY": ("key of an OpenAI-compatible endpoint", "none: offline"),
    "OPENAI_BASE_URL": ("that endpoint's address", "OpenAI's"),
    "OPENAI_PROXY": ("proxy for the models", "none"),
    "MENTOR_MODEL": ("the model's name", "gpt-4o-mini"),
    "MENTOR_MODEL_PATIENCE": ("seconds to a model's first sign, 1 to 300", "4.5"),
    "MENTOR_MODEL_SECONDS": ("seconds for a whole answer, up to 3600", "60"),
    "MENTOR_MODEL_EXTRA": ("JSON object that goes into every request", "none"),
    "MENTOR_MODEL_STREAM_USAGE": ("whether to ask for token counts, on or off", "on"),
    "MENTOR_SMALL_MODEL": ("model for summaries and notes", "the main one"),
    "MENTOR_SMALL_BASE_URL": ("its address", "the main one's"),
    "MENTOR_SMALL_API_KEY": ("its key", "the main one's, at the same address"),
    "MENTOR_FALLBACK_MODEL": ("model to ask while the main one is down", "none"),
    "MENTOR_FALLBACK_BASE_URL": ("its address", "the main one's"),
    "MENTOR_FALLBACK_API_KEY": ("its key", "the main one's, at the same address"),
    "MENTOR_TOKENS_LEARNER_DAY": ("tokens a learner may use in a day, or none", "300000"),
    "MENTOR_TOKENS_NEW_DAY": ("the same in a learner's first three days, or none", "100000"),
    "MENTOR_TOKENS_GROUP_DAY": ("tokens a group may use in a day, or none", "300000"),
    "MENTOR_TOKENS_DAY": ("tokens of everybody in a day, or none", "none"),
    "MENTOR_TOKENS_MONTH": ("tokens of everybody in a month, or none", "none"),
    "MENTOR_PRICE": ("price of a million tokens in/out, such as 0.28/1.10", "none"),
    "MENTOR_TURNS_HOUR": ("turns with a model for a learner in an hour, or none", "30"),
    "MENTOR_COACH_NOTES": ("short notes by the model in planned pushes, on or off", "off"),
    "MENTOR_CODE_HOURS": ("hours that submitted code is kept, or none for always", "24"),
    "MENTOR_TALK_DAYS": ("days that what was said is kept, or none for good", "none"),
    "DISCORD_BOT_TOKEN": ("token of the application's bot", "none: no Discord"),
    "DISCORD_API_URL": ("address of another Discord API", "Discord's"),
    "DISCORD_GATEWAY_URL": ("address of another Discord gateway", "Discord's"),
    "DISCORD_PROXY": ("proxy for Discord", "none"),
    "TELEGRAM_BOT_TOKEN": ("token from @BotFather", "none: no Telegram"),
    "TELEGRAM_BASE_URL": ("address of another Bot API server", "Telegram's"),
    "TELEGRAM_PROXY": ("proxy for Telegram", "none"),
}
_NOWHERE = {"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Etc/GMT", "GMT", "Zulu", "Universal"}
# Telegram's rule, but for the least.
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_TOKEN = re.compile(r"\d{3,}:[\w-]{10,}")
_PERSON = re.compile(r"(telegram|discord|console):\w+")
_GROUP = re.compile(r"(telegram|discord):-?\d+")
_ON = {"on", "yes", "true", "1"}
_OFF = {"off", "no", "false", "0"}


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
        database_url=reader.database("MENTOR_DATABASE_URL"),
        database_connections=reader.count("MENTOR_DATABASE_CONNECTIONS", 10, 5, 1000),
        allowed=reader.people("MENTOR_ALLOW"),
        operators=reader.people("MENTOR_OPERATORS"),
        allowed_groups=reader.groups("MENTOR_ALLOW_GROUPS"),
        minimum_age=reader.amount("MENTOR_MINIMUM_AGE", None, 1),
        telegram_token=reader.telegram_token("TELEGRAM_BOT_TOKEN"),
        telegram_base_url=reader.url("TELEGRAM_BASE_URL"),
        telegram_proxy=reader.url("TELEGRAM_PROXY"),
        webhook=reader.webhook(),
        discord_token=reader.secret("DISCORD_BOT_TOKEN"),
        discord_api_url=reader.url("DISCORD_API_URL"),
        discord_gateway_url=reader.url("DISCORD_GATEWAY_URL", ("wss", "ws")),
        discord_proxy=reader.url("DISCORD_PROXY"),
        models=reader.models(),
        allowance=Allowance(
            learner_day=reader.amount("MENTOR_TOKENS_LEARNER_DAY", 300_000, TURN_TOKENS),
            group_day=reader.amount("MENTOR_TOKENS_GROUP_DAY", 300_000, TURN_TOKENS),
            day=reader.amount("MENTOR_TOKENS_DAY", None, TURN_TOKENS),
            month=reader.amount("MENTOR_TOKENS_MONTH", None, TURN_TOKENS),
            new_day=reader.amount("MENTOR_TOKENS_NEW_DAY", 100_000, TURN_TOKENS),
            price=reader.price("MENTOR_PRICE"),
            turns_an_hour=reader.amount("MENTOR_TURNS_HOUR", 30, 1),
        ),
        coach_notes=reader.switch("MENTOR_COACH_NOTES", is_on=False),
        talk_days=reader.amount("MENTOR_TALK_DAYS", None, 1),
        code_hours=reader.amount("MENTOR_CODE_HOURS", CODE_HOURS, 1),
        contact=reader.line("MENTOR_CONTACT"),
        health_port=reader.port("MENTOR_HEALTH_PORT"),
        health_host=reader.host("MENTOR_HEALTH_HOST"),
        logs_json=reader.one_of("MENTOR_LOG", ("text", "json")) == "json",
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
        return self._listed(name, _PERSON, "telegram:123")

    def groups(self, name: str) -> frozenset[str]:
        return self._listed(name, _GROUP, "telegram:-100123")

    def price(self, name: str) -> Price | None:
        value = self.text(name)
        if value is None:
            return None
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)", value)
        if found is None:
            remedy = "Write both with a stroke between, without the money's sign."
            self._wrong(name, "two numbers such as 0.28/1.10", repr(value), remedy)
            return None
        return Price(float(found[1]), float(found[2]))

    def _listed(self, name: str, shape: re.Pattern[str], example: str) -> frozenset[str]:
        value = self.text(name) or ""
        found = [one.strip() for one in value.split(",") if one.strip()]
        for one in found:
            if not shape.fullmatch(one):
                remedy = "Write platform:number, separated by commas."
                self._wrong(name, f"entries such as {example}", repr(one), remedy)
        return frozenset(found)

    def url(self, name: str, schemes: Sequence[str] = ("http", "https", "socks5")) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname:
            first, second = f"{schemes[0]}://", f"{schemes[1]}://"
            remedy = f"Write it in full, such as {first}127.0.0.1:8080."
            self._wrong(name, f"an address with {first} or {second}", "another shape", remedy)
        return value.rstrip("/")

    def port(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not value.isdecimal() or not 1 <= int(value) <= 65535:
            self._wrong(name, "a port from 1 to 65535", repr(value), "Set one, or unset it.")
            return None
        return int(value)

    def webhook(self) -> Webhook | None:
        """Where Telegram posts, if it does; none of its settings means anything alone."""
        url, secret = self.text("MENTOR_WEBHOOK_URL"), self.text("MENTOR_WEBHOOK_SECRET")
        host, port = self.host("MENTOR_WEBHOOK_HOST"), self.port("MENTOR_WEBHOOK_PORT")
        if url is None:
            for name in ("MENTOR_WEBHOOK_SECRET", "MENTOR_WEBHOOK_HOST", "MENTOR_WEBHOOK_PORT"):
                if self.text(name) is not None:
                    remedy = f"Set it, or unset {name}: without it Telegram is asked for updates."
                    self._wrong(name, "MENTOR_WEBHOOK_URL beside it", "none", remedy)
            return None
        found = urlsplit(url)
        # Telegram itself takes https only; a Bot API server of one's own takes both.
        schemes = {"http", "https"} if self.text("TELEGRAM_BASE_URL") else {"https"}
        if found.scheme not in schemes or not found.hostname or found.query or found.fragment:
            remedy = "Write the address at which the reverse proxy is reached from outside."
            expected = "an address such as https://mentor.example.org/telegram"
            self._wrong("MENTOR_WEBHOOK_URL", expected, repr(url), remedy)
        if not _WEBHOOK_SECRET.fullmatch(secret or ""):
            remedy = "Make one with: openssl rand -hex 32"
            shape = "none" if secret is None else f"{len(secret)} characters of another shape"
            expected = "16 to 256 letters, digits, _ and -"
            self._wrong("MENTOR_WEBHOOK_SECRET", expected, shape, remedy)
        return Webhook(url, Secret(secret or ""), host, port or WEBHOOK_PORT)

    def line(self, name: str) -> str:
        value = self.text(name) or ""
        if "\n" in value or len(value) > LONGEST_LINE:
            remedy = "Write an address or a name, such as study@example.org."
            self._wrong(name, f"one line of at most {LONGEST_LINE} characters", "more", remedy)
        return value

    def host(self, name: str) -> str:
        value = self.text(name) or LOOPBACK
        try:
            ip_address(value)
        except ValueError:
            remedy = f"Use {LOOPBACK}, or 0.0.0.0 where only your own network reaches the port."
            self._wrong(name, "an IP address of this machine", repr(value), remedy)
        return value

    def one_of(self, name: str, known: Sequence[str]) -> str:
        value = (self.text(name) or known[0]).lower()
        if value not in known:
            self._wrong(name, " or ".join(known), repr(value), "Set one of them, or unset it.")
        return value

    def amount(self, name: str, default: int | None, least: int) -> int | None:
        value = self.text(name)
        if value is None:
            return default
        if value.lower() == "none":
            return None
        digits = value.replace("_", "").replace(",", "")
        if not (digits.isascii() and digits.isdecimal()) or not least <= int(digits) <= 10**12:
            remedy = f"Set a number such as {30 if least == 1 else 300_000}, or none for no bound."
            self._wrong(name, f"a whole number from {least}, or none", repr(value), remedy)
            return default
        return int(digits)

    def count(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdecimal()) or not least <= int(value) <= most:
            remedy = f"Set a number such as {default}, or unset it."
            self._wrong(name, f"a whole number from {least} to {most}", repr(value), remedy)
            return default
        return int(value)

    def database(self, name: str) -> Secret | None:
        value = self.text(name)
        if value is None:
            return None
        if urlsplit(value).scheme not in {"postgresql", "postgres"}:
            remedy = "Write it such as postgresql://mentor:password@127.0.0.1:5432/mentor."
            self._wrong(name, "an address with postgresql://", "another shape", remedy)
        return Secret(value)

    def seconds(self, name: str, default: float, least: float, most: float) -> float:
        value = self.text(name)
        if value is None:
            return default
        try:
            found = float(value)
        except ValueError:
            found = -1
        if not least <= found <= most:  # also when it is no number at all
            remedy = f"Set a number such as {default:g}, or unset it."
            self._wrong(name, f"seconds from {least:g} to {most:g}", repr(value), remedy)
            return default
        return found

    def switch(self, name: str, *, is_on: bool) -> bool:
        value = (self.text(name) or "").lower()
        if not value:
            return is_on
        if value not in _ON | _OFF:
            self._wrong(name, "on or off", repr(value), "Set one of the two, or unset it.")
        return value in _ON

    def further(self, name: str) -> dict[str, Any]:
        value = self.text(name)
        if value is None:
            return {}
        remedy = """Write it such as {"temperature": 0.3}, in single quotes for the shell."""
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            self._wrong(name, "a JSON object", "something else", remedy)
            return {}
        taken = sorted({"messages", "model", "stream", "tools"} & set(found))
        if taken:
            remedy = "Leave that out: the mentor fills it in."
            self._wrong(name, "other keys", f"the key {', '.join(taken)}", remedy)
        return found

    def models(self) -> Endpoints | None:
        """The models to ask; None when there is neither a key nor a server in this network."""
        base_url = self.url("OPENAI_BASE_URL") or OPENAI
        key = self.secret("OPENAI_API_KEY")
        main = Endpoint(
            self.text("MENTOR_MODEL") or "gpt-4o-mini", base_url, key.reveal() if key else ""
        )
        has_main = bool(main.key) or is_local(base_url)
        small = self._beside(main, "MENTOR_SMALL", has_main=has_main)
        fallback = self._beside(main, "MENTOR_FALLBACK", has_main=has_main)
        first_sign = self.seconds("MENTOR_MODEL_PATIENCE", 4.5, 1, 300)
        whole = self.seconds("MENTOR_MODEL_SECONDS", 60, 1, 3600)
        if whole < first_sign:
            remedy = "Set it to more than MENTOR_MODEL_PATIENCE."
            expected = f"at least the {first_sign:g} s of the first sign"
            self._wrong("MENTOR_MODEL_SECONDS", expected, f"{whole:g}", remedy)
        endpoints = Endpoints(
            main,
            small,
            fallback,
            patience=Patience(first_sign=first_sign, whole=whole),
            proxy=self.url("OPENAI_PROXY"),
            extra=self.further("MENTOR_MODEL_EXTRA"),
            wants_usage=self.switch("MENTOR_MODEL_STREAM_USAGE", is_on=True),
        )
        return endpoints if has_main else None

    def _beside(self, main: Endpoint, prefix: str, *, has_main: bool) -> Endpoint | None:
        """A second model. The main one's key goes to the main one's address and nowhere else."""
        model = self.text(f"{prefix}_MODEL")
        base_url = self.url(f"{prefix}_BASE_URL") or main.base_url
        own = self.secret(f"{prefix}_API_KEY")
        if model is None:
            for name in (f"{prefix}_BASE_URL", f"{prefix}_API_KEY"):
                if self.text(name) is not None:
                    remedy = f"Set {prefix}_MODEL to its name, or unset {name}."
                    self._wrong(name, f"{prefix}_MODEL beside it", "none", remedy)
            return None
        if not has_main:
            remedy = "Set OPENAI_API_KEY, or OPENAI_BASE_URL to a server in this network."
            self._wrong(f"{prefix}_MODEL", "a main model beside it", "none", remedy)
            return None
        key = own.reveal() if own else main.key if base_url == main.base_url else ""
        if not key and not is_local(base_url):
            host = urlsplit(base_url).hostname
            remedy = "Set it; the main model's key is not sent to another address."
            self._wrong(f"{prefix}_API_KEY", f"a key for {host}", "none", remedy)
        return Endpoint(model, base_url, key)

    def reject_unknown_names(self) -> None:
        """A misspelt name would otherwise do nothing, in silence."""
        for name in sorted(self._environment):
            if name.startswith("MENTOR_") and name.removesuffix("_FILE") not in KNOWN:
                remedy = (
                    f"Known: {', '.join(sorted(one for one in KNOWN if one[:7] == 'MENTOR_'))}."
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
