"""What holds on every platform; a new one is one class of desks more."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.commands import GROUP_MENU, MENU
from bot.markup import escape
from bot.message import Attachment, Button, Message
from bot.platforms.configured import menus
from bot.platforms.port import RejectedError, UnreadableEventError
from store.inbox import Arrival, receive
from store.outbox import Delivery, owe
from store.script import row
from tests.contract.desks import Desk, DiscordDesk, TelegramDesk, TerminalDesk
from tests.faults.harness import until
from tests.journeys.people import NOW

LINES = [f"第 {n} 行：学到的 and `learned_{n}` **不要丢**" for n in range(200)]
HOSTILE = (
    "@everyone @here <@7> <@&1> <#2> [x](y) **a_b** ~~c~~ ||d|| > e `f` \\* # g -# h &lt; 1. i"
)


# A terminal has one address, and its sends cannot fail half way.
CHATS = [TelegramDesk, DiscordDesk]


@pytest.fixture(params=[TerminalDesk, *CHATS])
async def desk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    made: Desk = request.param(tmp_path)
    async with made.up():
        yield made


def whole(desk: Desk) -> str:
    return "\n".join(one.text for one in desk.seen())


async def test_a_plan_begins_and_its_tasks_are_marked(desk: Desk) -> None:
    async with desk.running():
        await desk.enrol()
        told = await desk.said("/done 1")
        done = await desk.store.run(row, "select count(*) as n from completions")

    assert "完成" in told
    assert done == {"n": 1}


async def test_a_button_works_after_a_restart(desk: Desk) -> None:
    async with desk.running():
        await desk.enrol()
        await desk.said("/settings")
    async with desk.running():
        told = await desk.pressed("English")

    assert "English" in told


async def test_what_was_accepted_before_a_crash_is_answered_after_it(desk: Desk) -> None:
    async with desk.running():
        await desk.enrol()
        name = desk.platform.name
    arrival = Arrival(name, "900", desk.address, desk.raw("/help"))
    await desk.store.run(receive, [arrival], NOW)
    before = len(desk.seen())
    async with desk.running():

        async def is_answered() -> bool:
            return len(desk.seen()) > before

        await until(is_answered, 10, "an answer")


async def test_what_was_owed_at_a_crash_is_sent_after_it(desk: Desk) -> None:
    async with desk.running():
        await desk.enrol()
        name = desk.platform.name
    body = Message("canary-words").to_json()
    await desk.store.run(owe, [Delivery("k", name, desk.address, 1, "answer", body)], NOW)
    async with desk.running():

        async def is_sent() -> bool:
            return "canary-words" in whole(desk)

        await until(is_sent, 10, "what was owed")


async def test_an_update_that_comes_twice_is_answered_once(desk: Desk) -> None:
    async with desk.running() as process:
        await desk.enrol()
        before = len(desk.seen())
        arrival = Arrival(desk.platform.name, "901", desk.address, desk.raw("/help"))
        await process.inbox.accept([arrival])
        await process.inbox.accept([arrival])
        await process.settled()
        once = desk.seen()[before:]
        await process.inbox.accept([arrival])
        await process.settled()

        assert once
        assert desk.seen()[before:] == once


async def test_a_long_answer_arrives_whole_and_in_order(desk: Desk) -> None:
    async with desk.running():
        await desk.said("/start")
        await desk.platform.send(desk.address, Message("\n".join(LINES)), 1000)
        said = whole(desk)

    places = [said.find(f"第 {n} 行") for n in range(len(LINES))]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("desk", CHATS, indirect=True)
async def test_the_same_delivery_is_not_said_twice_by_one_process(desk: Desk) -> None:
    async with desk.running():
        await desk.said("/start")
        message = Message("canary-once")
        first = await desk.platform.send(desk.address, message, 1001)
        second = await desk.platform.send(desk.address, message, 1001)

    assert first == second
    assert whole(desk).count("canary-once") == 1


async def test_what_looks_like_markup_reads_as_itself(desk: Desk) -> None:
    async with desk.running():
        await desk.said("/start")
        await desk.platform.send(desk.address, Message(escape(HOSTILE)), 1002)
        said = desk.seen()[-1].text

    for word in ("everyone", "a_b", "g", "h", "i"):
        assert word in said.replace("\\", "")


async def test_thirty_buttons_are_all_there(desk: Desk) -> None:
    rows = tuple((Button(f"b{n}", f"/b{n}"),) for n in range(30))
    async with desk.running():
        await desk.said("/start")
        before = len(desk.seen())
        await desk.platform.send(desk.address, Message("choose", rows), 1003)
        seen = desk.seen()[before:]

    shown = [label for one in seen for label in one.labels] or [
        word for one in seen for word in one.text.split()
    ]
    assert {f"b{n}" for n in range(30)} <= set(shown)


async def test_a_file_arrives_byte_for_byte(desk: Desk) -> None:
    file = Attachment("cards.csv", "csv", (("词", "word"),), 0)
    async with desk.running():
        await desk.said("/start")
        await desk.platform.send(desk.address, Message("here", attachment=file), 1004)
        found = desk.files()

    assert "词" in found["cards.csv"].decode("utf-8-sig")


async def test_progress_comes_as_a_picture_where_one_can_be_shown(desk: Desk) -> None:
    async with desk.running():
        await desk.enrol()
        await desk.said("/done 1")
        told = await desk.said("/progress")
        await desk.said("不要发图片")
        plain = await desk.said("/progress")
        kept = await desk.store.run(
            row, "select count(*) as n from outbox_bodies where body like '%<svg%'"
        )

    assert "1/52" in told
    assert "1/52" in plain
    shows_pictures = desk.platform.theme is not None
    assert [one[:4] for one in desk.pictures()] == [b"\x89PNG"] * shows_pictures
    assert kept == {"n": 0}


async def test_a_growing_answer_ends_as_one(desk: Desk) -> None:
    async with desk.running():
        await desk.said("/start")
        draft = desk.platform.draft(desk.address)
        if draft is not None:
            await draft.frame("注意力是 canary")
            await asyncio.sleep(0.3)
            await draft.end()
        await desk.platform.send(desk.address, Message("注意力是 canary 加权的和"), 1005)
        await asyncio.sleep(0.1)

    assert whole(desk).count("canary") == 1
    assert "canary 加权的和" in whole(desk)


UNREADABLE = ["", "{}", "[]", "null", "7", '"x"', '{"text": 7}', '{"did": "said"}', "[" * 9000]


async def test_what_has_no_known_shape_is_told_and_nothing_else(desk: Desk) -> None:
    adapter = desk.make()
    try:
        for raw in UNREADABLE:
            try:
                event = adapter.read(raw)
            except UnreadableEventError:
                continue
            assert event.did.value == "ignored", raw
    finally:
        await desk.put_away(adapter)


@pytest.mark.parametrize("desk", CHATS, indirect=True)
async def test_a_foreign_address_is_refused(desk: Desk) -> None:
    async with desk.running():
        for address in ("elsewhere:7", "", "telegram:", "discord:x:y", "discord:7:8:9"):
            with pytest.raises(RejectedError, match="expected"):
                await desk.platform.send(address, Message("x"), 1006)


async def test_it_may_be_closed_twice(desk: Desk) -> None:
    async with desk.running():
        await desk.said("/start")
    await desk.platform.close()


@pytest.mark.parametrize("names", [MENU, GROUP_MENU])
def test_every_command_of_a_menu_is_told_in_both_languages(names: Sequence[str]) -> None:
    told = menus(names)

    assert {name for name, _ in told["zh"]} == {name for name, _ in told["en"]} == set(names)
    assert all(words for menu in told.values() for _, words in menu)
