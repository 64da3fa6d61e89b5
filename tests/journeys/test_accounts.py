"""One learner on two platforms: the code, what is shared, and where plans go."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from learning.errors import Refused
from store.accounts import CODE_LASTS, identities_of
from store.learners import Learner, add_learner, learner_of
from store.port import Store
from store.script import rows
from tests.builders import built_in
from tests.contract.desks import ANA, DiscordDesk
from tests.journeys.people import NOW
from tools.accounts import CodeMade, LinkAccounts, link_accounts
from tools.context import Context


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[DiscordDesk]:
    made = DiscordDesk(tmp_path)
    async with made.up():
        yield made


async def code_of(desk: DiscordDesk, learner: Learner, after: timedelta = timedelta()) -> str:
    context = Context(learner, built_in(), learner.home, NOW - after)
    made = await desk.store.run(link_accounts, context, LinkAccounts())
    assert isinstance(made, CodeMade)
    return made.code


async def ana_on_telegram(store: Store) -> Learner:
    return await store.run(add_learner, "telegram", "70", "telegram:70", "zh", "Asia/Shanghai", NOW)


async def test_a_code_joins_two_accounts_and_plans_go_where_they_are_wanted(
    desk: DiscordDesk,
) -> None:
    ana = await ana_on_telegram(desk.store)
    code = await code_of(desk, ana)
    async with desk.running():
        joined = await desk.said(f"/link {code.lower()}")
        now = await desk.store.run(learner_of, "discord", str(ANA))
        chosen = await desk.pressed("Discord")
        moved = await desk.store.run(learner_of, "telegram", "70")
        left = await desk.store.run(rows, "select id from learners")
        again = await desk.said(f"/link {code}")

    assert "绑定好了" in joined
    assert "Telegram" in joined
    assert now is not None
    assert now.id == ana.id
    assert "Discord" in chosen
    assert moved is not None
    assert moved.home == f"discord:{ANA}"
    assert [one["id"] for one in left] == [ana.id]
    assert "不对" in again


async def test_progress_is_shared_after_linking(desk: DiscordDesk) -> None:
    async with desk.running():
        await desk.enrol()
        ana = await desk.store.run(learner_of, "discord", str(ANA))
        assert ana is not None
        code = await code_of(desk, ana)
        desk.server.say(8, f"/link {code}")
        await desk.server.wait_for(lambda: desk.server.sent(8), 10)
        desk.server.say(8, "/today")
        await desk.server.wait_for(lambda: len(desk.server.sent(8)) > 1, 10)
        accounts = await desk.store.run(identities_of, ana.id)

    assert "第 1 天" in desk.server.sent(8)[-1].content
    assert {one.person for one in accounts} == {"7", "8"}


@pytest.mark.parametrize(
    ("late", "said"),
    [(CODE_LASTS, "过期"), (timedelta(), "绑定好了")],
    ids=["after its time", "in time"],
)
async def test_a_code_lasts_ten_minutes(desk: DiscordDesk, late: timedelta, said: str) -> None:
    code = await code_of(desk, await ana_on_telegram(desk.store), late)
    async with desk.running():
        assert said in await desk.said(f"/link {code}")


async def test_two_pasts_are_not_thrown_together(desk: DiscordDesk) -> None:
    code = await code_of(desk, await ana_on_telegram(desk.store))
    async with desk.running():
        await desk.enrol()
        told = await desk.said(f"/link {code}")
        mine = await desk.store.run(learner_of, "discord", str(ANA))
        theirs = await desk.store.run(learner_of, "telegram", "70")

    assert "/export" in told
    assert mine is not None
    assert theirs is not None
    assert mine.id != theirs.id


async def test_ones_own_code_joins_nothing(desk: DiscordDesk) -> None:
    async with desk.running():
        told = await desk.said("/link")
        code = told.split("/link ")[1].split("`")[0]
        own = await desk.said(f"/link {code}")

    assert "这个账号里生成" in own


async def test_in_a_group_no_code_is_made(desk: DiscordDesk) -> None:
    ana = await ana_on_telegram(desk.store)
    context = Context(ana, built_in(), "telegram:-5", NOW, is_private=False)

    with pytest.raises(Refused):
        await desk.store.run(link_accounts, context, LinkAccounts())


async def test_home_is_an_account_one_has(desk: DiscordDesk) -> None:
    async with desk.running():
        await desk.said("/start")

        assert "/link" in await desk.said("/home telegram")
