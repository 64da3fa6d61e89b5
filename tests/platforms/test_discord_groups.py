"""Groups on Discord: channels and threads of a server, with the adapter alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.message import Button, Message
from bot.platforms.discord_text import read_heard
from bot.platforms.port import Did, Event, NotSentError, RejectedError
from tests.contract.group_desks import ANA, BOB, GUILD, ROOM, DiscordGroup


@pytest.fixture
async def group(tmp_path: Path) -> AsyncIterator[DiscordGroup]:
    made = DiscordGroup(tmp_path)
    async with made.up():
        yield made


ASKED = Message("2 + 2?", ((Button("3", "/a"), Button("4", "/b")),))


async def test_words_in_a_thread_name_the_channel_around_it(group: DiscordGroup) -> None:
    thread = group.server.open_thread(ROOM, "第一章")
    group.server.say(BOB, "hello", channel=thread, mentions_bot=True)
    (said,) = await group.heard(Did.SAID)

    assert said.group == said.address == f"discord:{GUILD}:{thread}"
    assert said.parent == f"discord:{GUILD}:{ROOM}"


async def test_words_in_a_thread_from_before_the_mentor_came_name_the_channel_around_it(
    group: DiscordGroup,
) -> None:
    group.server.guild(501, [BOB], {601: "other"}, joined=False)
    thread = group.server.open_thread(601, "第一章", is_told=False)
    group.server.guild(501, [BOB], {601: "other"})
    group.server.say(BOB, "hello", channel=thread, mentions_bot=True)
    (said,) = await group.heard(Did.SAID)

    assert (said.group, said.parent) == (f"discord:501:{thread}", "discord:501:601")


async def test_words_in_a_thread_that_nobody_told_of_are_heard_all_the_same(
    group: DiscordGroup,
) -> None:
    thread = group.server.open_thread(ROOM, "第一章", is_told=False)
    said = group.server.say(BOB, "hello", channel=thread, mentions_bot=True)
    (event,) = await group.heard(Did.SAID)

    assert (event.address, event.parent) == (f"discord:{GUILD}:{thread}", "")
    assert (event.is_private, event.message) == (False, f"{thread}:{said}")


@pytest.mark.parametrize("is_in_a_thread", [False, True])
async def test_a_command_in_a_server_is_private_and_names_the_group(
    group: DiscordGroup,
    is_in_a_thread: bool,  # noqa: FBT001 (a parameter of the table)
) -> None:
    thread = group.server.open_thread(ROOM, "第一章")
    place = thread if is_in_a_thread else ROOM
    group.server.meet(BOB, "鲍勃")
    asked = group.server.command(BOB, "help", channel=place)
    (said,) = await group.heard(Did.SAID)

    assert (said.address, said.is_private) == (f"discord:{BOB}", True)
    assert said.group == f"discord:{GUILD}:{place}"
    assert said.parent == (f"discord:{GUILD}:{ROOM}" if is_in_a_thread else "")
    assert (said.press, said.name, said.message) == (asked, "鲍勃", "")


async def test_a_server_without_the_mentor_is_no_group(group: DiscordGroup) -> None:
    group.server.guild(501, [BOB], {601: "elsewhere"}, joined=False)
    group.server.command(BOB, "help", channel=601, user_installed=True)
    (said,) = await group.heard(Did.SAID)

    assert (said.address, said.group) == (f"discord:{BOB}", "")


async def test_in_direct_messages_there_is_no_group(group: DiscordGroup) -> None:
    said = group.server.say(ANA, "hello")
    (event,) = await group.heard(Did.SAID)

    assert (event.group, event.parent) == ("", "")
    assert event.message == f"{group.server.dm(ANA)}:{said}"


async def test_a_form_names_the_message_whose_button_opened_it(group: DiscordGroup) -> None:
    receipt = await group.send(Message("你的答案？", form="✍️ 作答"))
    opened = group.server.press(BOB, receipt.rpartition(":")[2], "✍️ 作答")
    await group.server.wait_for(lambda: group.server.interactions[opened].modal)
    handed = group.server.submit_modal(BOB, opened, {"words": "因为梯度"})
    (said,) = await group.heard(Did.SAID)

    assert (said.text, said.press) == ("因为梯度", handed)
    assert (said.replied_to, said.message) == (receipt, "")
    assert (said.address, said.group) == (f"discord:{BOB}", group.address)


async def test_a_form_is_answered_to_whoever_wrote_it_where_thinking_stood(
    group: DiscordGroup,
) -> None:
    receipt = await group.send(Message("你的答案？", form="✍️ 作答"))
    opened = group.server.press(BOB, receipt.rpartition(":")[2], "✍️ 作答")
    await group.server.wait_for(lambda: group.server.interactions[opened].modal)
    handed = group.server.submit_modal(BOB, opened, {"words": "因为梯度"})
    (said,) = await group.heard(Did.SAID)
    await group.platform.acknowledge(said, "记下了")

    assert [one.content for one in group.server.whispers(BOB, handed)] == ["记下了"]


def test_what_an_older_version_kept_is_still_read() -> None:
    in_a_server = '{"did": "said", "person": 8, "guild": 500, "channel": 600, "text": "x"}'
    alone = '{"did": "pressed", "person": 8, "text": "1.0"}'

    assert read_heard(in_a_server).group == f"discord:{GUILD}:{ROOM}"
    assert (read_heard(alone).group, read_heard(alone).name) == ("", "")


async def pressed(group: DiscordGroup, person: int = BOB) -> Event:
    """A press on a message that all can see."""
    receipt = await group.send(ASKED)
    group.press(person, receipt, "4")
    return (await group.heard(Did.PRESSED))[-1]


async def test_a_press_on_a_public_message_leaves_nobody_thinking(group: DiscordGroup) -> None:
    event = await pressed(group)
    asked = group.server.interactions[event.press]
    await group.server.wait_for(lambda: asked.is_answered)

    assert [one["type"] for one in asked.responses] == [6]


async def test_words_that_look_like_markup_are_shown_to_a_presser_as_they_are(
    group: DiscordGroup,
) -> None:
    await group.platform.acknowledge(await pressed(group), "a_b **c** @everyone")

    (shown,) = group.server.whispers(BOB)
    assert shown.content == r"a\_b \*\*c\*\* @everyone"
    assert shown.pinged == []


async def test_what_is_pushed_after_an_answered_press_comes_directly(group: DiscordGroup) -> None:
    await group.platform.acknowledge(await pressed(group), "对")
    await group.platform.send(f"discord:{BOB}", Message("plan"), 70)

    assert [one.content for one in group.server.sent(BOB)] == ["plan"]
    assert len(group.server.whispers(BOB)) == 1


async def test_a_press_on_a_public_message_may_be_answered_at_length_there(
    group: DiscordGroup,
) -> None:
    event = await pressed(group)
    await group.platform.acknowledge(event)
    await group.platform.send(f"discord:{BOB}", Message("解析"), 70)

    assert [one.content for one in group.server.whispers(BOB)] == ["解析"]
    assert group.server.sent(BOB) == []


async def test_many_presses_are_each_answered_to_their_own(group: DiscordGroup) -> None:
    receipt = await group.send(ASKED)
    for label in ("3", "4", "3"):
        group.press(BOB, receipt, label)
    await group.changed(3)
    events = await group.heard(Did.PRESSED)
    await group.platform.send(f"discord:{BOB}", Message("elsewhere"), 70)
    for number, event in enumerate(events):
        await group.platform.acknowledge(event, f"answer {number}")

    answers = [[one.content for one in group.server.whispers(BOB, event.press)] for event in events]
    assert [one[-1] for one in answers] == ["answer 0", "answer 1", "answer 2"]


async def test_a_press_that_is_answered_too_late_does_no_harm(group: DiscordGroup) -> None:
    event = await pressed(group)
    group.server.advance(16 * 60)
    await group.platform.acknowledge(event, "对")
    await group.platform.acknowledge(read_heard('{"did": "pressed", "person": 8}'), "对")
    await group.platform.acknowledge(read_heard('{"did": "said", "person": 8}'))

    assert group.server.whispers(BOB) == []


@pytest.mark.parametrize(
    ("role", "is_one"), [("administrator", True), ("manage_guild", True), ("", False)]
)
async def test_who_may_change_a_server_decides_in_it(
    group: DiscordGroup,
    role: str,
    is_one: bool,  # noqa: FBT001 (a parameter of the table)
) -> None:
    if role:
        group.server.appoint(GUILD, BOB, role)

    assert await group.platform.is_administrator(group.address, str(BOB)) is is_one


async def test_the_owner_of_a_server_decides_in_it(group: DiscordGroup) -> None:
    group.server.guild(501, [BOB, ANA], {601: "other"})

    assert await group.platform.is_administrator("discord:501:601", str(BOB))
    assert not await group.platform.is_administrator("discord:501:601", str(ANA))


@pytest.mark.parametrize("status", [403, 404, 429])
async def test_trouble_is_not_taken_for_an_answer_about_an_administrator(
    group: DiscordGroup, status: int
) -> None:
    group.server.fail("GET", "/guilds/*", status, code=10004, times=None)

    with pytest.raises(NotSentError):
        await group.platform.is_administrator(group.address, str(ANA))


async def test_a_message_under_another_opens_its_thread_with_the_title(
    group: DiscordGroup,
) -> None:
    asked = await group.send(ASKED)
    receipt = await group.send(Message("解析", under=asked, thread="每日一题 " + "题" * 200))

    (thread,) = group.server.threads(ROOM)
    assert asked == f"{ROOM}:{thread}"
    assert receipt.startswith(f"{thread}:")
    assert group.server.threads(ROOM)[thread] == ("每日一题 " + "题" * 200)[:100]
    assert group.server.calls("POST", "*/threads")[0].json["auto_archive_duration"] == 1440


async def test_messages_under_the_same_one_share_its_thread(group: DiscordGroup) -> None:
    asked = await group.send(ASKED)
    opened = group.server.open_thread(ROOM, "ours", below=asked.partition(":")[2], is_told=False)
    for words in ("一", "二"):
        await group.send(Message(words, under=asked, thread="每日一题"))

    assert list(group.below(asked)) == ["一", "二"]
    assert group.server.threads(ROOM) == {opened: "ours"}


async def test_a_thread_that_is_known_is_not_opened_again(group: DiscordGroup) -> None:
    asked = await group.send(Message("2 + 2?", thread="每日一题"))
    await group.send(Message("一", under=asked, thread="问"))
    await group.send(Message("二", under=asked, thread="问"))

    assert list(group.below(asked)) == ["一", "二"]
    assert len(group.server.calls("POST", "*/threads")) <= 2


async def test_a_message_under_one_in_a_thread_answers_it_there(group: DiscordGroup) -> None:
    thread = group.server.open_thread(ROOM, "第一章")
    said = group.server.say(BOB, "why?", channel=thread, mentions_bot=True)
    (event,) = await group.heard(Did.SAID)
    below = Message("因为", under=event.message, thread="问")
    await group.platform.send(event.address, below, 70)
    await group.send(below)

    here = [(one.content, one.reply_to) for one in group.server.sent(thread)]
    assert here == [("因为", said), ("因为", said)]
    assert group.server.calls("POST", "*/threads") == []


async def test_a_message_under_the_one_a_thread_was_opened_from_arrives_in_it(
    group: DiscordGroup,
) -> None:
    asked = await group.send(Message("2 + 2?", thread="每日一题"))
    thread = asked.partition(":")[2]
    await group.platform.send(f"discord:{GUILD}:{thread}", Message("解析", under=asked), 70)

    assert [one.content for one in group.server.sent(int(thread))] == ["解析"]


@pytest.mark.parametrize("code", [50024, 50013, 50001, 10008])
async def test_where_no_thread_can_be_opened_a_message_is_answered(
    group: DiscordGroup, code: int
) -> None:
    asked = await group.send(ASKED)
    group.server.fail("POST", "*/threads", 403, code=code)
    await group.send(Message("解析", under=asked, thread="每日一题"))

    (_, answer) = group.server.sent(ROOM)
    assert (answer.content, f"{ROOM}:{answer.reply_to}") == ("解析", asked)
    assert answer.pinged == []


async def test_a_message_under_one_that_is_gone_stands_alone(group: DiscordGroup) -> None:
    said = group.server.say(BOB, "hello", channel=ROOM, mentions_bot=True)
    group.server.delete(BOB, said)
    await group.send(Message("解析", under=f"{ROOM}:{said}", thread="问"))

    (answer,) = group.server.sent(ROOM)
    assert (answer.content, answer.reply_to) == ("解析", None)


async def test_a_thread_that_takes_nothing_does_not_lose_the_message(group: DiscordGroup) -> None:
    asked = await group.send(Message("2 + 2?", thread="每日一题"))
    group.server.forbid(int(asked.partition(":")[2]))
    await group.send(Message("解析", under=asked, thread="问"))

    assert [one.content for one in group.server.sent(ROOM)] == ["2 + 2?", "解析"]


async def test_an_archived_thread_is_opened_by_a_message_and_a_locked_one_is_not(
    group: DiscordGroup,
) -> None:
    asked = await group.send(Message("2 + 2?", thread="每日一题"))
    thread = int(asked.partition(":")[2])
    group.server.archive(thread)
    await group.send(Message("一", under=asked, thread="问"))
    group.server.archive(thread, locked=True)

    with pytest.raises(RejectedError):
        await group.send(Message("二", under=asked, thread="问"))
    assert [one.content for one in group.server.sent(thread)] == ["一"]


async def test_a_retry_opens_no_second_thread_and_repeats_no_part(group: DiscordGroup) -> None:
    asked = await group.send(ASKED)
    words = "\n".join(f"line {n} " + "x" * 90 for n in range(60))
    long = Message(words, under=asked, thread="每日一题")
    group.server.fail("POST", f"/channels/{asked.partition(':')[2]}/messages", 400, code=50035)
    with pytest.raises(RejectedError):
        await group.platform.send(group.address, long, 70)
    first = await group.platform.send(group.address, long, 70)
    parts = list(group.below(asked))
    again = await group.platform.send(group.address, long, 70)

    assert first == again
    assert len(parts) > 1
    assert list(group.below(asked)) == parts
    assert len(group.server.threads(ROOM)) == 1


async def test_a_line_that_breaks_while_a_thread_is_opened_leaves_the_message_unsent(
    group: DiscordGroup,
) -> None:
    asked = await group.send(ASKED)
    below = Message("解析", under=asked, thread="每日一题")
    group.server.fail("POST", "*/threads", cut="after", times=None)
    with pytest.raises(NotSentError):
        await group.platform.send(group.address, below, 70)
    group.server.heal()
    await group.platform.send(group.address, below, 70)

    assert list(group.below(asked)) == ["解析"]


async def test_a_thread_is_opened_below_the_last_part_which_is_the_receipt(
    group: DiscordGroup,
) -> None:
    words = "\n".join(f"line {n} " + "x" * 90 for n in range(60))
    message = Message(words, thread="每日一题")
    receipt = await group.platform.send(group.address, message, 70)
    await group.platform.send(group.address, message, 70)

    assert [f"{ROOM}:{one}" for one in group.server.threads(ROOM)] == [receipt]
    assert len(group.server.calls("POST", "*/threads")) == 1


async def test_what_was_sent_stands_when_no_thread_can_be_opened_below_it(
    group: DiscordGroup,
) -> None:
    group.server.fail("POST", "*/threads", 403, code=50013)
    receipt = await group.send(Message("2 + 2?", thread="每日一题"))

    assert [f"{ROOM}:{one.id}" for one in group.server.sent(ROOM)] == [receipt]


async def test_a_private_message_has_no_thread(group: DiscordGroup) -> None:
    message = Message("plan", under="1:2", thread="每日一题")
    await group.platform.send(f"discord:{ANA}", message, 70)

    assert [one.content for one in group.server.sent(ANA)] == ["plan"]
    assert group.server.calls("POST", "*/threads") == []


async def test_a_message_under_one_in_a_thread_of_another_channel_stands_alone(
    group: DiscordGroup,
) -> None:
    group.server.guild(GUILD, [ANA, BOB], {ROOM: "学习", 601: "other"})
    thread = group.server.open_thread(601, "第一章")
    said = group.server.say(BOB, "secret", channel=thread, mentions_bot=True)
    await group.heard(Did.SAID)
    await group.send(Message("解析", under=f"{thread}:{said}"))

    assert [(one.channel, one.reply_to) for one in group.server.sent()] == [(ROOM, None)]


async def test_the_later_parts_of_an_answer_follow_the_first(group: DiscordGroup) -> None:
    asked = await group.send(ASKED)
    group.server.fail("POST", "*/threads", 403, code=50013, times=None)
    words = "\n".join(f"line {n} " + "x" * 90 for n in range(60))
    await group.send(Message(words, under=asked, thread="每日一题"))

    _, first, *others = group.server.sent(ROOM)
    assert f"{ROOM}:{first.reply_to}" == asked
    assert {one.reply_to for one in others} == {None}
    assert len(group.server.calls("POST", "*/threads")) == 1


async def test_without_a_title_a_message_below_another_opens_no_thread(group: DiscordGroup) -> None:
    asked = await group.send(Message("2 + 2?"))

    await group.send(Message("先加入", under=asked))

    assert group.server.threads(ROOM) == {}
    assert [one.content for one in group.server.sent(ROOM)] == ["2 + 2?", "先加入"]


async def test_what_is_too_long_for_a_message_is_one_embed_with_its_buttons(
    group: DiscordGroup,
) -> None:
    words = "**Findings**\n" + "\n".join(f"line {n} " + "x" * 90 for n in range(30))

    await group.send(Message(words, ((Button("more", "/more"),),)))

    (sent,) = group.server.sent(ROOM)
    assert sent.content == ""
    assert sent.embeds[0]["description"].startswith("**Findings**")
    assert "line 29" in sent.embeds[0]["description"]
    assert sent.components
