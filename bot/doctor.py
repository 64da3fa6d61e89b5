"""The doctor: looks at everything an installation needs, and names a remedy for each problem."""

import asyncio
import importlib
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from agent.endpoints import NO_KEY, Endpoint
from bot.pictures.canvas import TITLE, Canvas
from bot.pictures.render import NotDrawnError, png_of
from bot.platforms import telegram
from bot.platforms.configured import Needs
from bot.process import open_store
from bot.settings import Settings
from learning.errors import MentorError
from store.catalogue import read_catalogue

Verdict = Literal["ok", "warning", "problem"]

# Versions without the WAL-reset bug, which can damage a database that two connections
# checkpoint at once: fixed in 3.51.3 and brought back to 3.50.7 and 3.44.6.
# Nothing is made known by looking.
NO_MENUS: Mapping[str, Sequence[tuple[str, str]]] = {"en": (), "zh": ()}
_FIXED_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    verdict: Verdict
    text: str


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Look at every part; a part that fails does not hide the others."""
    return [finding for look in _LOOKS for finding in look(settings, now)]


def examine_keys(settings: Settings, now: datetime) -> list[Finding]:
    """Look only at what needs a token or a key."""
    return [finding for look in _OF_KEYS for finding in look(settings, now)]


def _python(_: Settings, __: datetime) -> Iterator[Finding]:
    found = platform.python_version()
    is_fine = sys.version_info >= (3, 11)
    text = found if is_fine else f"expected 3.11 or newer, found {found}. Install a newer Python."
    yield Finding("python", "ok" if is_fine else "problem", text)


def _sqlite(_: Settings, __: datetime) -> Iterator[Finding]:
    if has_wal_reset_bug(sqlite3.sqlite_version_info):
        yield Finding(
            "sqlite",
            "warning",
            f"{sqlite3.sqlite_version} has the WAL-reset bug. Run one process on a database, as "
            "`mentor run` does, keep backups, and move to 3.51.3 (or 3.50.7, 3.44.6) or newer.",
        )
    else:
        yield Finding("sqlite", "ok", sqlite3.sqlite_version)


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    if version >= _FIXED_SQLITE[0]:
        return False
    return not any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_SQLITE[1:])


def _database(settings: Settings, _: datetime) -> Iterator[Finding]:
    try:
        store = open_store(settings)
        store.close()
    except MentorError as error:
        yield Finding("database", "problem", str(error))
    else:
        yield Finding("database", "ok", store.place)


def _curricula(settings: Settings, _: datetime) -> Iterator[Finding]:
    try:
        catalogue = read_catalogue(own=settings.own_curricula)
    except MentorError as error:
        for line in str(error).splitlines():
            yield Finding("curricula", "problem", line)
    else:
        tasks = sum(len(one.tasks) for one in catalogue.curricula.values())
        yield Finding("curricula", "ok", f"{len(catalogue.curricula)} with {tasks} tasks")


def _clock(settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        local = now.astimezone(ZoneInfo(settings.zone))
    except ZoneInfoNotFoundError:
        text = f"expected the zone {settings.zone}, found no data. Install tzdata."
        yield Finding("clock", "problem", text)
        return
    if now.year < 2026:
        text = f"expected 2026 or later, found {now:%Y-%m-%d}. Set the machine's clock."
        yield Finding("clock", "problem", text)
        return
    yield Finding("clock", "ok", f"{local:%Y-%m-%d %H:%M} {settings.zone}")


def _pictures(_: Settings, __: datetime) -> Iterator[Finding]:
    """Whether a picture is drawn here; where none is, the words alone say it."""
    canvas = Canvas()
    canvas.paragraph("导师 Mentor", TITLE)
    try:
        asyncio.run(png_of(canvas.svg(), "light"))
    except NotDrawnError as error:
        text = f"{error}. Learners get the words alone. Reinstall the requirements, or use a "
        yield Finding("pictures", "warning", text + "platform that resvg-py has a build for.")
    else:
        yield Finding("pictures", "ok", "drawn, with the fonts that are shipped")


def _telegram(settings: Settings, _: datetime) -> Iterator[Finding]:
    if settings.telegram_token is None:
        text = "no TELEGRAM_BOT_TOKEN: Telegram is off. Get one from @BotFather to turn it on."
        yield Finding("telegram", "ok", text)
        return
    try:
        name = asyncio.run(_telegram_name(settings))
    except MentorError as error:
        yield Finding("telegram", "problem", str(error))
    else:
        yield Finding("telegram", "ok", name)


async def _telegram_name(settings: Settings) -> str:
    adapter = telegram.configured(settings, Needs({}, {}, Random()))  # noqa: S311
    try:
        return await adapter.who_am_i()
    finally:
        await adapter.close()


def _discord(settings: Settings, _: datetime) -> Iterator[Finding]:
    if settings.discord_token is None:
        text = (
            "no DISCORD_BOT_TOKEN: Discord is off. Get one from https://discord.com/developers "
            "to turn it on."
        )
        yield Finding("discord", "ok", text)
        return
    module: Any = importlib.import_module("bot.platforms.discord")
    try:
        name, reads_all = asyncio.run(_discord_name(module, settings))
    except MentorError as error:
        yield Finding("discord", "problem", str(error))
        return
    yield Finding("discord", "ok", name)
    if not reads_all:
        text = (
            "Message Content Intent is off: in servers, only commands, mentions and replies reach "
            "the mentor; direct messages are not affected. Turn it on on the Bot page of the "
            "application at https://discord.com/developers if you want more."
        )
        yield Finding("discord", "warning", text)


async def _discord_name(module: Any, settings: Settings) -> tuple[str, bool]:
    adapter = module.configured(settings, Needs(NO_MENUS, NO_MENUS, Random()))  # noqa: S311
    try:
        name: tuple[str, bool] = await adapter.who_am_i()
        return name
    finally:
        await adapter.close()


def _model(settings: Settings, _: datetime) -> Iterator[Finding]:
    models = settings.models
    if models is None:
        text = "no OPENAI_API_KEY: the offline mentor answers. Everything else works."
        yield Finding("model", "ok", text)
        return
    named = {"model": models.main, "small model": models.small, "fallback model": models.fallback}
    for part, endpoint in named.items():
        if endpoint is not None:
            is_mains = endpoint.base_url == models.main.base_url
            proxy = models.proxy if is_mains or not endpoint.is_local else None
            yield _asked(part, endpoint, proxy)
    if models.main.base_url.startswith("http://") and models.main.key and not models.main.is_local:
        text = (
            f"the key goes to {models.main.host} unencrypted. Set OPENAI_BASE_URL to its "
            "https:// address."
        )
        yield Finding("model", "warning", text)
    if not settings.allowed and not models.main.is_local:
        text = (
            "MENTOR_ALLOW is empty: everybody who finds the mentor can spend your model's "
            "money. Set it to the people you invite, such as telegram:123."
        )
        yield Finding("people", "warning", text)


def _asked(part: str, endpoint: Endpoint, proxy: str | None) -> Finding:
    """Ask an endpoint what it has; that costs nothing and needs the key."""
    at = f"{endpoint.model} at {endpoint.host}"
    try:
        answer = httpx.get(
            f"{endpoint.base_url}/models",
            headers={"Authorization": f"Bearer {endpoint.key or NO_KEY}"},
            timeout=5,
            follow_redirects=False,
            proxy=proxy,
            trust_env=proxy is None and not endpoint.is_local,
        )
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        text = (
            f"expected an answer from {endpoint.host}, found {type(error).__name__}. Check its "
            "address and OPENAI_PROXY; until then the offline mentor answers."
        )
        return Finding(part, "warning", text)
    if answer.status_code in {401, 403}:
        text = f"{endpoint.host} refused the key ({answer.status_code}). Copy it again."
        return Finding(part, "problem", text)
    if answer.is_redirect:
        text = (
            f"{endpoint.host} points to another address, and the key is not sent on. "
            "Set the address it points to."
        )
        return Finding(part, "problem", text)
    names = _names_in(answer)
    if names and endpoint.model not in names:
        some = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        text = f"{endpoint.host} does not list {endpoint.model}. It has {some}."
        return Finding(part, "warning", text)
    return Finding(part, "ok", at)


def _names_in(answer: httpx.Response) -> list[str]:
    """The models an endpoint lists; none when it has no such list, as some have not."""
    try:
        listed = answer.json()["data"] if answer.status_code == 200 else []
        return sorted(str(one["id"]) for one in listed)
    except (ValueError, TypeError, KeyError, AttributeError):
        return []


_LOOKS: tuple[Callable[[Settings, datetime], Iterator[Finding]], ...] = (
    _python,
    _sqlite,
    _database,
    _curricula,
    _clock,
    _pictures,
    _telegram,
    _discord,
    _model,
)
_OF_KEYS = (_telegram, _discord, _model)
