"""One learner with accounts on several platforms, and where their plans go."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from learning.errors import Refused
from store.accounts import (
    CODE_LASTS,
    Identity,
    holder_of,
    identities_of,
    join,
    make_code,
)
from store.learners import Learner, learner_with, set_home
from store.script import Script
from tools.context import Context, study_of
from tools.export import only_in_private
from tools.plan import Arguments


class LinkAccounts(Arguments):
    code: str | None = Field(None, max_length=40, description="Made on the other account.")


class ChooseHome(Arguments):
    platform: str = Field(max_length=20, description="Where plans go from now on.")


@dataclass(frozen=True, slots=True)
class CodeMade:
    """To be typed on another account within `minutes`; `accounts` are those joined already."""

    code: str
    minutes: int
    accounts: Sequence[Identity]
    home: str


@dataclass(frozen=True, slots=True)
class AccountsJoined:
    """Whose account this is from now on, and all their accounts."""

    learner: Learner
    accounts: Sequence[Identity]


@dataclass(frozen=True, slots=True)
class HomeChosen:
    platform: str


def link_accounts(context: Context, wanted: LinkAccounts) -> Script[CodeMade | AccountsJoined]:
    """Make a code, or join this account to the learner who made one.

    Raises:
        Refused: when the code is not, no longer or one's own, or both have a plan: which of two
            pasts should stay is not for us to guess.
    """
    only_in_private(context)
    learner = context.learner
    if not wanted.code:
        code = yield from make_code(learner.id, context.now)
        accounts = yield from identities_of(learner.id)
        return CodeMade(code, int(CODE_LASTS.total_seconds() // 60), accounts, learner.home)
    holder = yield from holder_of(wanted.code, context.now)
    if holder is None:
        raise Refused("link.no_code")
    if holder == learner.id:
        raise Refused("link.own_code")
    if (yield from study_of(context)) is not None:
        raise Refused("link.both_have_plans")
    yield from join(learner.id, holder)
    joined = yield from learner_with(holder)
    return AccountsJoined(joined, (yield from identities_of(holder)))


def choose_home(context: Context, wanted: ChooseHome) -> Script[HomeChosen]:
    """Send plans to another of one's accounts.

    Raises:
        Refused: when there is no account on that platform.
    """
    accounts = yield from identities_of(context.learner.id)
    account = next((one for one in accounts if one.platform == wanted.platform.lower()), None)
    if account is None:
        raise Refused("link.no_account")
    yield from set_home(context.learner.id, account.address)
    return HomeChosen(account.platform)
