"""Discord's slash commands: the menu in both languages, with words offered while one types."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import locale_str
from typing_extensions import override

from bot.commands import GROUP_MENU
from bot.suggestions import Suggest

Take = Callable[[discord.Interaction[Any], str], Awaitable[None]]

# Its words are simply said; with it one can talk where the mentor cannot read along.
ASK: Final = "ask"
# These stand alone; whatever other commands need goes into one field.
BARE: Final = frozenset(
    {"today", "review", "progress", "resume", "profile", "help", "pods", "partner", "notes"}
)
OFFERING: Final = frozenset(
    {"done", "later", "stuck", "quiz", "explain", "start", "battle", "group"}
)
MOST_CHOICES: Final = 25
MOST_IN_A_CHOICE: Final = 100

_EVERYWHERE: Final = app_commands.AppCommandContext(
    guild=True, dm_channel=True, private_channel=True
)
_IN_SERVERS: Final = app_commands.AppCommandContext(guild=True)
_FOR_ALL: Final = app_commands.AppInstallationType(guild=True, user=True)


class _Translator(app_commands.Translator):
    """Chinese beside the English that each text holds."""

    @override
    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: "app_commands.TranslationContext[Any, Any]",
    ) -> str | None:
        is_chinese = locale in {discord.Locale.chinese, discord.Locale.taiwan_chinese}
        return string.extras.get("zh") if is_chinese else None


async def add_commands(
    tree: "app_commands.CommandTree[Any]",
    menus: Mapping[str, Sequence[tuple[str, str]]],
    field: Mapping[str, str],
    take: Take,
    suggest: Suggest,
) -> None:
    """Make the commands of a menu, by language as for other platforms, and their one field.

    `field` is that field's description by language.
    """
    chinese = dict(menus["zh"])
    for name, description in menus["en"]:
        told = locale_str(description, zh=chinese[name])
        about = locale_str(field["en"], zh=field["zh"])
        callback = _bare(name, take) if name in BARE else _with_words(name, take, suggest, about)
        tree.add_command(
            app_commands.Command(
                name=name,
                description=told,
                callback=callback,
                allowed_contexts=_IN_SERVERS if name in GROUP_MENU else _EVERYWHERE,
                allowed_installs=_FOR_ALL,
            )
        )
    await tree.set_translator(_Translator())


async def fingerprint(tree: "app_commands.CommandTree[Any]") -> str:
    """What changes when the commands do, so that Discord is told only then."""
    payload = [await one.get_translated_payload(tree, _Translator()) for one in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _bare(name: str, take: Take) -> Any:
    async def command(interaction: discord.Interaction[Any]) -> None:
        await take(interaction, f"/{name}")

    return command


def _with_words(name: str, take: Take, suggest: Suggest, about: locale_str) -> Any:
    async def said(interaction: discord.Interaction[Any], words: str = "") -> None:
        await take(interaction, f"/{name} {words}".strip())

    async def asked(interaction: discord.Interaction[Any], words: str) -> None:
        await take(interaction, words)

    async def offered(
        interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        found = await suggest(str(interaction.user.id), name, typed, str(interaction.locale))
        return [
            app_commands.Choice(name=label[:MOST_IN_A_CHOICE], value=value[:MOST_IN_A_CHOICE])
            for label, value in found[:MOST_CHOICES]
        ]

    command: Any = asked if name == ASK else said
    if name in OFFERING:
        command = app_commands.autocomplete(words=offered)(command)
    command = app_commands.rename(words=locale_str("words", zh="内容"))(command)
    return app_commands.describe(words=about)(command)
