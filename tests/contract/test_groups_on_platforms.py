"""What holds in a group, on every platform that has groups."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.message import Button, Message
from bot.platforms.port import Did, GoneError, NotSentError
from tests.contract.group_desks import ANA, BOB, DiscordGroup, GroupDesk, TelegramGroup

ASKED = Message("2 + 2?", ((Button("3", "/a"), Button("4", "/b")),))


@pytest.fixture(params=[TelegramGroup, DiscordGroup])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[GroupDesk]:
    made: GroupDesk = request.param(tmp_path)
    async with made.up():
        yield made


async def test_an_administrator_is_told_from_a_member(desk: GroupDesk) -> None:
    assert await desk.platform.is_administrator(desk.address, str(ANA))
    assert not await desk.platform.is_administrator(desk.address, str(BOB))


@pytest.mark.parametrize("person", ["404", "", "ana", "-7", "7 or 8", "٧"])
async def test_who_is_nobody_there_administrates_nothing(desk: GroupDesk, person: str) -> None:
    assert not await desk.platform.is_administrator(desk.address, person)


async def test_nobody_administrates_a_private_chat(desk: GroupDesk) -> None:
    private = f"{desk.platform.name}:{ANA}"

    assert not await desk.platform.is_administrator(private, str(ANA))


async def test_a_group_without_the_mentor_cannot_be_asked_and_is_gone(desk: GroupDesk) -> None:
    desk.throw_out()

    with pytest.raises(NotSentError):
        await desk.platform.is_administrator(desk.address, str(ANA))
    with pytest.raises(GoneError):
        await desk.send(ASKED)


async def test_words_to_the_mentor_name_the_group_and_the_person(desk: GroupDesk) -> None:
    desk.say(BOB, "hello")
    (said,) = await desk.heard(Did.SAID)

    assert said.group == said.address == desk.address
    assert (said.person, said.name) == (str(BOB), "Learner 8")
    assert (said.is_private, said.is_addressed, said.parent) == (False, True, "")
    assert (said.text, said.replied_to) == ("hello", "")
    assert said.message


async def test_a_reply_names_what_it_answers_by_its_receipt(desk: GroupDesk) -> None:
    receipt = await desk.send(ASKED)
    desk.say(BOB, "four", to=receipt)
    (said,) = await desk.heard(Did.SAID)

    assert said.is_addressed
    assert said.replied_to == receipt


async def test_a_press_names_the_group_the_message_and_the_person(desk: GroupDesk) -> None:
    receipt = await desk.send(ASKED)
    desk.press(BOB, receipt, "4")
    (pressed,) = await desk.heard(Did.PRESSED)

    assert (pressed.group, pressed.message) == (desk.address, receipt)
    assert (pressed.person, pressed.name) == (str(BOB), "Learner 8")
    assert (pressed.text, pressed.parent) == ("1.1", "")


async def test_presses_of_two_people_do_not_wait_for_each_other(desk: GroupDesk) -> None:
    receipt = await desk.send(ASKED)
    desk.press(ANA, receipt, "4")
    desk.press(BOB, receipt, "4")
    await desk.changed(2)

    assert len({one.lane for one in desk.kept.arrivals}) == 2


async def test_a_press_in_a_group_is_answered_to_its_presser_only(desk: GroupDesk) -> None:
    receipt = await desk.send(ASKED)
    desk.press(BOB, receipt, "4")
    (pressed,) = await desk.heard(Did.PRESSED)
    await desk.platform.acknowledge(pressed, "对：2 + 2 = 4")

    assert list(desk.whispers(BOB)) == ["对：2 + 2 = 4"]
    assert list(desk.whispers(ANA)) == []
    assert list(desk.said()) == ["2 + 2?"]


async def test_a_press_that_was_answered_is_answered_no_more(desk: GroupDesk) -> None:
    receipt = await desk.send(ASKED)
    desk.press(BOB, receipt, "4")
    (pressed,) = await desk.heard(Did.PRESSED)
    for words in ("对", "错"):
        await desk.platform.acknowledge(pressed, words)

    assert list(desk.whispers(BOB)) == ["对"]


async def test_a_message_under_another_arrives_there(desk: GroupDesk) -> None:
    asked = await desk.send(ASKED)
    below = Message("解析", under=asked, thread="每日一题")
    receipt = await desk.send(below)

    assert list(desk.below(asked)) == ["解析"]
    assert await desk.platform.send(desk.address, below, 2) == receipt
    assert list(desk.said()) == ["2 + 2?", "解析"]


async def test_a_message_under_a_persons_own_arrives_there(desk: GroupDesk) -> None:
    desk.say(BOB, "hello")
    (said,) = await desk.heard(Did.SAID)
    await desk.send(Message("你好", under=said.message, thread="问"))

    assert list(desk.below(said.message)) == ["你好"]


@pytest.mark.parametrize("under", ["1:2", "nonsense", "poll:7", ":", "-5:5"])
async def test_a_message_under_one_of_elsewhere_arrives_alone(desk: GroupDesk, under: str) -> None:
    await desk.send(Message("解析", under=under, thread="每日一题"))

    assert list(desk.said()) == ["解析"]


async def test_a_message_with_a_thread_of_its_own_arrives(desk: GroupDesk) -> None:
    asked = await desk.send(Message("2 + 2?", thread="每日一题"))
    await desk.send(Message("解析", under=asked))

    assert list(desk.below(asked)) == ["解析"]
