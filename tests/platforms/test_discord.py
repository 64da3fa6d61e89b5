"""Discord, against a loopback server with Discord's rules."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typing_extensions import override

from bot.message import Message
from bot.platforms.discord_errors import GONE
from bot.platforms.port import FatalError, GoneError, NotFetchedError, SentFile
from store.script import row, rows
from tests.contract.desks import ANA, DiscordDesk
from tests.fakes.discord import Posted
from tests.faults.harness import until

GUILD, ROOM, BOB = 500, 600, 8
# With two shards the second hears OTHER_GUILD, with three the third hears THIRD_GUILD.
OTHER_GUILD, OTHER_ROOM, OTHER_QUIET_ROOM = 1 << 22, 610, 611
THIRD_GUILD, THIRD_ROOM = 2 << 22, 620


class QuickDesk(DiscordDesk):
    """A desk whose mentor waits a tenth of the time, which is all of it for Discord."""

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 10)
        self.server.advance(seconds)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[DiscordDesk]:
    made = QuickDesk(tmp_path)
    async with made.up():
        made.server.paces_identifies = True
        made.server.guild(GUILD, [ANA, BOB], {ROOM: "学习"})
        yield made


async def is_quiet(desk: DiscordDesk) -> None:
    """Until all that was taken in is answered, and the answers are sent."""

    async def look() -> bool:
        found = await desk.store.run(
            row,
            "select (select count(*) from inbox where state = 'open') + "
            "(select count(*) from outbox where state = 'open') as n",
        )
        return found is not None and found["n"] == 0

    await until(look, 10, "quiet")


async def answered(desk: DiscordDesk, interaction: str) -> Posted:
    """The first answer to a command, in its place."""
    asked = desk.server.interactions[interaction]
    await desk.server.wait_for(
        lambda: asked.original is not None and not asked.original.is_thinking, 10
    )
    assert asked.original is not None
    return asked.original


# Commands -------------------------------------------------------------------------------------


async def test_a_command_in_direct_messages_is_answered_in_its_place(desk: DiscordDesk) -> None:
    async with desk.running():
        said = await answered(desk, desk.server.command(ANA, "help"))
        await is_quiet(desk)

        assert said.ephemeral_to is None
        assert "/today" in said.content
        assert not any(one.is_thinking for one in desk.server.sent(ANA))


async def test_a_command_in_a_server_is_answered_for_its_person_alone(desk: DiscordDesk) -> None:
    async with desk.running():
        said = await answered(desk, desk.server.command(ANA, "start", channel=ROOM))
        await is_quiet(desk)

        assert said.ephemeral_to == ANA
        assert {one.ephemeral_to for one in desk.server.sent(ROOM)} == {ANA}
        assert desk.server.sent(ANA) == []


async def test_buttons_of_an_answer_in_a_server_work_there(desk: DiscordDesk) -> None:
    async with desk.running():
        said = await answered(desk, desk.server.command(ANA, "start", channel=ROOM))
        before = len(desk.server.sent(ROOM))
        desk.server.press(ANA, said.id, said.buttons[0][0])
        await desk.server.wait_for(lambda: len(desk.server.sent(ROOM)) > before, 10)
        await is_quiet(desk)

        assert {one.ephemeral_to for one in desk.server.sent(ROOM)} == {ANA}


async def test_who_writes_directly_after_a_command_in_a_server_is_answered_there(
    desk: DiscordDesk,
) -> None:
    async with desk.running():
        await answered(desk, desk.server.command(ANA, "help", channel=ROOM))
        told = await desk.said("/curricula")

    assert told
    assert len(desk.server.sent(ROOM)) == 1


async def test_commands_stand_in_both_languages_and_are_made_known_once(desk: DiscordDesk) -> None:
    async with desk.running():
        await desk.said("/help")
    async with desk.running():
        await desk.said("/help")

    quiz = next(one for one in desk.server.commands if one["name"] == "quiz")
    assert desk.server.command_syncs == 1
    assert quiz["description_localizations"]["zh-CN"] == "小测几题"
    assert set(quiz["contexts"]) == {0, 1, 2}
    assert set(quiz["integration_types"]) == {0, 1}


async def test_words_are_offered_while_one_types(desk: DiscordDesk) -> None:
    async with desk.running():
        await desk.enrol()
        curricula = await desk.server.autocomplete(ANA, "start", "words", "", locale="en-US")
        concepts = await desk.server.autocomplete(ANA, "explain", "words", "注意")
        tasks = await desk.server.autocomplete(ANA, "done", "words", "")
        strangers = await desk.server.autocomplete(BOB, "done", "words", "")

    assert "starter-30" in {one["value"] for one in curricula}
    assert "注意力" in concepts[0]["name"]
    assert [one["value"] for one in tasks][:1] == ["1"]
    assert strangers == []


async def test_what_is_asked_by_command_is_simply_said(desk: DiscordDesk) -> None:
    async with desk.running():
        await answered(desk, desk.server.command(ANA, "start"))
        asked = desk.server.command(ANA, "ask", {"words": "什么是 LoRA？"})

        assert "LoRA" in (await answered(desk, asked)).content


async def test_a_press_is_its_owners_alone(desk: DiscordDesk) -> None:
    async with desk.running():
        await desk.said("/start")
        before = await desk.store.run(rows, "select * from learners")
        (token, *_) = [
            one["custom_id"]
            for message in desk.server.sent(ANA)
            for line in message.components
            for one in line["components"]
        ]
        desk.server.say(BOB, "/start")
        await desk.server.wait_for(lambda: desk.server.sent(BOB))
        await is_quiet(desk)
        bobs = desk.server.sent(BOB)[-1]
        desk.server.press(BOB, bobs.id, token, forged=True)
        desk.server.say(BOB, "/help")
        await desk.server.wait_for(lambda: len(desk.server.sent(BOB)) > 1)
        await is_quiet(desk)
        after = await desk.store.run(rows, "select * from learners order by id")

    assert list(after)[:1] == list(before)


async def test_forged_presses_end_nothing(desk: DiscordDesk) -> None:
    async with desk.running():
        await desk.said("/start")
        last = desk.server.sent(ANA)[-1]
        for token in (
            "m:",
            "m:9999999.0",
            "m:1.99999",
            "m:-1.0",
            "x",
            "m:1.0 or",
            "m:" + "9" * 90,
        ):
            desk.server.press(ANA, last.id, token, forged=True)
        told = await desk.said("/help")

    assert "/today" in told


async def test_evidence_is_written_into_a_form_also_after_a_restart(desk: DiscordDesk) -> None:
    async with desk.running():
        await desk.enrol()
        told = await desk.said("/done 1")
    async with desk.running():
        asked = desk.server.sent(ANA)[-1]
        opened = desk.server.press(ANA, asked.id, "✍️ 写一行证据")
        await desk.server.wait_for(lambda: desk.server.interactions[opened].modal, 10)
        handed = desk.server.submit_modal(ANA, opened, {"words": "输出形状是 (2, 10, 64)"})
        said = await answered(desk, handed)
        kept = await desk.store.run(row, "select evidence from completions")

    assert "证据" in told
    assert kept == {"evidence": "输出形状是 (2, 10, 64)"}
    assert said.content


# Servers --------------------------------------------------------------------------------------


async def test_what_addresses_nobody_is_kept_nowhere(desk: DiscordDesk) -> None:
    async with desk.running():
        desk.server.say(BOB, "canary between us", channel=ROOM)
        await desk.said("/help")
        kept = await desk.store.run(rows, "select lane, raw from inbox")

    assert [one["lane"] for one in kept] == [desk.address]
    assert desk.server.sent(ROOM) == []


async def test_a_mention_in_a_server_is_answered_and_pings_nobody(desk: DiscordDesk) -> None:
    async with desk.running():
        desk.server.say(BOB, "@everyone hello", channel=ROOM, mentions_bot=True)
        await desk.server.wait_for(lambda: desk.server.sent(ROOM), 10)

    assert desk.server.sent(ROOM)[0].pinged == []


async def test_without_the_intent_it_goes_on_and_says_what_is_missing(
    desk: DiscordDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.server.grants_message_content = False
    async with desk.running():
        told = await desk.said("/help")
        desk.server.say(BOB, "hello", channel=ROOM, mentions_bot=True)
        await desk.server.wait_for(lambda: desk.server.sent(ROOM), 10)

    assert "/today" in told
    assert "Message Content Intent" in caplog.text


# Lines that break -----------------------------------------------------------------------------


async def test_what_is_said_while_the_line_is_down_comes_once(desk: DiscordDesk) -> None:
    async with desk.running():
        await desk.said("/start")
        desk.server.drop_line()
        desk.server.say(ANA, "/help")
        desk.server.say(ANA, "/curricula")

        async def are_answered() -> bool:
            return len(desk.seen()) >= 3

        await until(are_answered, 15, "answers")
        await is_quiet(desk)
        events = await desk.store.run(row, "select count(*) as n from inbox")

    assert events == {"n": 3}


@pytest.mark.parametrize("how", ["forgotten", "process"])
async def test_what_nobody_replays_is_asked_for(desk: DiscordDesk, how: str) -> None:
    async with desk.running():
        await desk.said("/start")
        if how == "forgotten":
            desk.server.say(ANA, "/curricula")
            await is_quiet(desk)
            desk.server.forget_sessions()
            desk.server.drop_line()
            desk.server.say(ANA, "/help")
            await desk.server.wait_for(lambda: "/today" in desk.seen()[-1].text, 15)
    if how == "process":
        desk.server.say(ANA, "/help")
        async with desk.running():
            await desk.server.wait_for(lambda: "/today" in desk.seen()[-1].text, 15)
            await is_quiet(desk)

    assert sum("/today" in one.text for one in desk.seen()) == 1


# Shards ---------------------------------------------------------------------------------------


@pytest.fixture
def wide(desk: DiscordDesk) -> DiscordDesk:
    """A desk in servers enough for three shards."""
    desk.server.shards = 3
    desk.server.guild(OTHER_GUILD, [ANA, BOB], {OTHER_ROOM: "编程", OTHER_QUIET_ROOM: "闲聊"})
    desk.server.guild(THIRD_GUILD, [ANA, BOB], {THIRD_ROOM: "论文"})
    return desk


def shards(desk: DiscordDesk) -> list[list[int]]:
    return [one["shard"] for one in desk.server.identifies]


async def test_every_server_is_heard_and_answered_by_its_shard(wide: DiscordDesk) -> None:
    rooms = (ROOM, OTHER_ROOM, THIRD_ROOM)
    async with wide.running():
        await wide.server.wait_for(lambda: wide.server.connected == 3, 15)
        told = await wide.said("/help")
        for room in rooms:
            wide.server.say(BOB, "hello", channel=room, mentions_bot=True)
        await wide.server.wait_for(lambda: all(wide.server.sent(room) for room in rooms), 15)
        thread = wide.server.open_thread(THIRD_ROOM, "LoRA")
        asked = wide.server.say(BOB, "why?", channel=thread, mentions_bot=True)
        await wide.server.wait_for(lambda: wide.server.sent(thread), 15)
        # Only the shard of a server knows what is a thread there.
        below = Message("because", under=f"{thread}:{asked}")
        await wide.platform.send(f"discord:{THIRD_GUILD}:{THIRD_ROOM}", below, 70)
        begun = await answered(wide, wide.server.command(ANA, "start", channel=THIRD_ROOM))
        wide.server.press(ANA, begun.id, begun.buttons[0][0])
        await wide.server.wait_for(lambda: len(wide.server.whispers(person=ANA)) > 1, 15)
        await is_quiet(wide)

    assert "/today" in told
    assert [len(wide.server.sent(room)) for room in (ROOM, OTHER_ROOM)] == [1, 1]
    assert wide.server.sent(thread)[-1].content == "because"
    assert shards(wide) == [[0, 3], [1, 3], [2, 3]]
    assert wide.server.command_syncs == 1


async def test_a_shard_that_begins_anew_asks_in_its_own_servers(wide: DiscordDesk) -> None:
    async with wide.running():
        await wide.server.wait_for(lambda: wide.server.connected == 3, 15)
        for room in (ROOM, OTHER_ROOM):
            wide.server.say(BOB, "hello", channel=room, mentions_bot=True)
        await wide.server.wait_for(
            lambda: wide.server.sent(ROOM) and wide.server.sent(OTHER_ROOM), 15
        )
        await is_quiet(wide)
        wide.server.requests.clear()
        wide.server.forget_sessions(shard=1)
        for room in (OTHER_ROOM, OTHER_QUIET_ROOM):
            wide.server.say(BOB, "hello again", channel=room, mentions_bot=True)
        await wide.server.wait_for(lambda: wide.server.sent(OTHER_QUIET_ROOM), 15)
        await wide.server.wait_for(lambda: len(wide.server.sent(OTHER_ROOM)) == 2, 15)
        await is_quiet(wide)

    asked = {one.path for one in wide.server.requests if one.method == "GET"}
    assert asked == {f"/channels/{room}/messages" for room in (OTHER_ROOM, OTHER_QUIET_ROOM)}
    assert shards(wide)[3:] == [[1, 3]]


async def test_when_discord_asks_for_more_shards_they_are_opened(desk: DiscordDesk) -> None:
    async with desk.running():
        desk.server.guild(OTHER_GUILD, [ANA, BOB], [OTHER_ROOM])
        await desk.said("/help")
        await is_quiet(desk)
        desk.server.shards = 2
        desk.server.forget_sessions()
        desk.server.say(BOB, "hello", channel=OTHER_ROOM, mentions_bot=True)
        await desk.server.wait_for(lambda: desk.server.connected == 2, 15)
        await desk.server.wait_for(lambda: desk.server.sent(OTHER_ROOM), 15)
        await desk.said("/curricula")
        await is_quiet(desk)

    assert len(desk.server.sent(OTHER_ROOM)) == 1
    assert shards(desk) == [[0, 1], [0, 1], [0, 2], [1, 2]]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 0.2},
        {"status": 429, "retry_after": 0.2, "via": False},
        {"status": 500},
        {"cut": "before"},
        {"cut": "after"},
    ],
    ids=["too many", "too many, by somebody else", "500", "cut before", "cut after"],
)
async def test_a_send_that_fails_is_made_again_and_seen_once(
    desk: DiscordDesk, fault: dict[str, object]
) -> None:
    async with desk.running():
        await desk.said("/start")
        desk.server.fail("POST", "/channels/*/messages", **fault)  # type: ignore[arg-type]
        before = len(desk.seen())
        told = await desk.said("/help")

    assert "/today" in told
    assert len(desk.seen()) == before + 1


async def test_who_takes_no_direct_messages_is_left_alone(desk: DiscordDesk) -> None:
    async with desk.running():
        await desk.said("/start")
        desk.server.close_dms(ANA)

        with pytest.raises(GoneError):
            await desk.platform.send(desk.address, Message("plan"), 77)


async def test_a_refused_token_ends_discord_alone(desk: DiscordDesk) -> None:
    desk.server.token = "another"
    adapter = desk.make()
    await adapter.open()
    try:
        with pytest.raises(FatalError, match="DISCORD_BOT_TOKEN"):
            await adapter.take_in(_Nobody())
    finally:
        await adapter.close()


class _Nobody:
    async def accept(self, arrivals: object) -> None:
        raise AssertionError(arrivals)

    async def refuse(self, platform: str, event: str, note: str) -> None:
        raise AssertionError(event)

    async def newest(self, platform: str) -> dict[str, str]:
        return {}


async def test_two_processes_do_not_share_a_token(desk: DiscordDesk) -> None:
    async with desk.running():
        other = desk.make()
        with pytest.raises(FatalError, match="already uses this token"):
            await other.open()
        await other.close()


# Files ----------------------------------------------------------------------------------------


async def test_code_that_is_sent_is_reviewed(desk: DiscordDesk) -> None:
    code = b"import torch\nmodel.load_state_dict(torch.load('a.pt'))\nloss.backward()\n"
    async with desk.running():
        await desk.said("/start")
        before = len(desk.seen())
        desk.server.say(ANA, "", attachments=[("train.py", code)])
        await desk.server.wait_for(lambda: len(desk.seen()) > before, 10)

    assert "train.py" in desk.seen()[before].text


async def test_a_file_from_elsewhere_or_too_large_is_not_fetched(desk: DiscordDesk) -> None:
    async with desk.running():
        for file, most in (
            (SentFile("http://192.0.2.1/x.py", "x.py", 10), 100),
            (SentFile("file:///etc/passwd", "x.py", 10), 100),
            (SentFile(f"{desk.server.root}/attachments/1/2/x.py", "x.py", 1000), 100),
        ):
            with pytest.raises(NotFetchedError):
                await desk.platform.fetch(file, most)


def test_it_knows_which_refusals_are_for_good() -> None:
    assert {50007, 10003} <= GONE
