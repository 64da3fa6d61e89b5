"""A day off told in words, and a day with fewer minutes than its plan."""

import pytest

from tests.journeys.people import Person, at, text_of

MONDAY = at("2026-11-23 09:00")


async def enrolled(language: str = "zh") -> Person:
    person = Person(language="en" if language == "en" else "zh")
    await person.enrol()
    person.now = MONDAY
    return person


@pytest.mark.parametrize(
    ("said", "day", "days"),
    [
        ("明天放假", "2026-11-24", 1),
        ("周三休息一天", "2026-11-25", 1),
        ("后天要考试，没时间学", "2026-11-25", 1),
        ("明天可以休息一天吗", "2026-11-24", 1),
        ("后天我妈生日，不学了", "2026-11-25", 1),
        ("下礼拜一到三我出差", "2026-11-30", 3),
        ("下周三到周五出差", "2026-12-02", 3),
        ("day off next Wednesday", "2026-12-02", 1),
        ("I can't study tomorrow", "2026-11-24", 1),
        ("I'll be travelling Thursday and Friday", "2026-11-26", 2),
    ],
)
async def test_a_day_off_in_words_is_asked_about(said: str, day: str, days: int) -> None:
    person = await enrolled()

    asked = await person.say(said)

    buttons = asked.messages[0].flat_buttons
    assert buttons[0].command == f"/dayoff {day} {days} ok"
    week = text_of(await person.say("/week"))
    assert "（暂停）" not in week


@pytest.mark.parametrize(
    "said",
    [
        "明天不休息",
        "昨天休息了一天",
        "我朋友明天放假",
        "服务器明天放假",
        "每周三休息",
        "明天放假吗",
    ],
)
async def test_no_day_off_is_made_of_other_words(said: str) -> None:
    person = await enrolled()

    asked = await person.say(said)

    assert all(call.tool != "take_day_off" for call in asked.calls)


async def test_a_day_off_is_free_of_tasks_and_messages_and_moves_the_rest() -> None:
    person = await enrolled()
    await person.say("明天放假")

    taken = await person.tap("休息")

    assert "完成日期" in text_of(taken)
    assert await person.pushed(at("2026-11-24 07:30")) is not None
    assert await person.pushed(at("2026-11-24 23:30")) == []
    pushes = await person.pushed(at("2026-11-25 09:00"))
    assert [push.kind for push in pushes] == ["plan"]


@pytest.mark.parametrize("said", ["好", "可以的", "嗯嗯，休息吧", "Yes please", "ok!"])
async def test_a_yes_in_words_takes_the_days_off(said: str) -> None:
    person = await enrolled()
    await person.say("国庆那几天别发")

    taken = await person.say(said)

    assert [call.tool for call in taken.calls] == ["take_day_off"]
    assert "10月1日" in text_of(taken)
    assert taken.messages[0].flat_buttons[0].command == "/resume"


async def test_a_yes_said_later_or_with_more_takes_no_days_off() -> None:
    person = await enrolled()
    await person.say("国庆那几天别发")

    for said in ("好，不过先不休息", "/today", "好"):
        asked = await person.say(said)
        assert all(call.tool != "take_day_off" for call in asked.calls)
    assert "（暂停）" not in text_of(await person.say("/week"))


async def test_a_day_off_can_be_taken_back() -> None:
    person = await enrolled()
    await person.say("明天放假", "1")

    await person.tap("不休息了")

    assert "暂停" not in text_of(await person.say("/tomorrow"))


async def test_a_day_that_is_over_is_asked_back() -> None:
    person = await enrolled()

    asked = await person.say("/dayoff 2026-11-20")

    assert all(one.command.startswith("/dayoff ") for one in asked.messages[0].flat_buttons)


async def test_twenty_minutes_are_enough_for_a_first_step() -> None:
    person = await enrolled()

    shown = await person.say("今天只有20分钟")

    assert "先只做第一步" in text_of(shown)
    assert "每周 10 小时" in text_of(await person.say("/settings"))


async def test_half_an_hour_takes_the_task_that_fits() -> None:
    person = await enrolled("en")

    shown = await person.say("i've got half an hour now, what can i do")

    commands = [button.command for button in shown.messages[0].flat_buttons]
    assert commands == ["/done environment-map", "/task environment-map", "/later first-run"]


async def test_enough_minutes_show_the_whole_day() -> None:
    person = await enrolled()

    shown = await person.say("今天有3小时")

    assert "安装 PyTorch" in text_of(shown)
    assert "弄清驱动" in text_of(shown)
