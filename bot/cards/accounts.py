"""Accounts of one learner on several platforms."""

from collections.abc import Sequence

from bot.cards.parts import card, paragraphs
from bot.message import Button, Message, rows_of
from bot.texts import Texts
from store.accounts import Identity
from tools.accounts import AccountsJoined, CodeMade, HomeChosen


@card.register
def _(made: CodeMade, texts: Texts) -> Message:
    home = made.home.partition(":")[0]
    known = texts.say("link.known", where=_name(home, texts)) if len(made.accounts) > 1 else None
    said = texts.say("link.code", code=made.code, minutes=made.minutes)
    return Message(paragraphs(said, known), _homes(made.accounts, texts))


@card.register
def _(joined: AccountsJoined, texts: Texts) -> Message:
    home = joined.learner.home.partition(":")[0]
    said = texts.say("link.joined", where=_name(home, texts))
    return Message(said, _homes(joined.accounts, texts))


@card.register
def _(chosen: HomeChosen, texts: Texts) -> Message:
    return Message(texts.say("link.home", where=_name(chosen.platform, texts)))


def _homes(accounts: Sequence[Identity], texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """A button for each platform, where there is more than one."""
    platforms = list(dict.fromkeys(one.platform for one in accounts))
    if len(platforms) < 2:
        return ()
    return rows_of([Button(_name(one, texts), f"/home {one}") for one in platforms], 3)


def _name(platform: str, texts: Texts) -> str:
    return texts.label(f"platforms.{platform}")
