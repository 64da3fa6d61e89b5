"""The platforms whose tokens are set; the library of another is never loaded."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from bot.commands import GROUP_MENU, MENU
from bot.platforms.port import Platform
from bot.settings import Settings
from bot.suggestions import Suggest, Suggestion, Suggestions
from bot.texts import texts_in

# Each is a module of its name here, and makes its platform in `configured`.
PLATFORMS = ("telegram", "discord")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a platform may want of the house: menus by language, words to offer, and chance.

    `group_menus` are for groups, `menus` for whoever is met alone.
    """

    menus: Mapping[str, Sequence[tuple[str, str]]]
    group_menus: Mapping[str, Sequence[tuple[str, str]]]
    random: Random
    suggestions: Suggestions | None = None

    def suggest(self, platform: str) -> Suggest:
        """What offers words on a platform; nothing where there is no house to ask."""
        if self.suggestions is None:
            return _nothing
        return partial(self.suggestions.suggest, platform)


async def _nothing(*_: str) -> Sequence[Suggestion]:
    return ()


def configured(settings: Settings, suggestions: Suggestions) -> list[Platform]:
    """Every platform that has a token.

    Raises:
        FatalError: when a token or a proxy cannot be right.
    """
    random = Random()  # noqa: S311 -- it spreads retries, it keeps no secret
    needs = Needs(menus(), menus(GROUP_MENU), random, suggestions)
    found: list[Platform] = []
    for name in PLATFORMS:
        if settings.tokens[name] is not None:
            module: Any = importlib.import_module(f"bot.platforms.{name}")
            found.append(module.configured(settings, needs))
    return found


def menus(names: Sequence[str] = MENU) -> dict[str, list[tuple[str, str]]]:
    """The command menu for each client language; '' is for all others."""
    return {
        tag: [(name, texts_in(language).label(f"menu.{name}")) for name in names]
        for tag, language in (("", "en"), ("zh", "zh"), ("en", "en"))
    }
