"""The first day: from the first word to the first task, by taps and by typing."""

import pytest

from store.script import row
from tests.journeys.people import Person, text_of


async def test_four_taps_lead_from_hello_to_the_first_task() -> None:
    person = Person()
    await person.say("你好")

    await person.tap("对，就这样")
    await person.tap("30 天启动计划")
    await person.tap("10 小时")
    answer = await person.tap("今天")

    assert "安装 PyTorch" in text_of(answer)
    assert "12月" in text_of(answer)


async def test_five_taps_are_enough_with_another_language() -> None:
    person = Person()
    await person.say("/start")

    await person.tap("English")
    await person.tap("Yes")
    await person.tap("starter")
    await person.tap("10 h")
    answer = await person.tap("Tomorrow")

    assert "starts on Mon 23 Nov" in text_of(answer)


async def test_five_taps_are_enough_with_another_zone() -> None:
    person = Person()
    await person.say("/start")

    await person.tap("换时区")
    await person.tap("Tokyo")
    await person.tap("30 天")
    await person.tap("5 小时")
    answer = await person.tap("今天")

    learner = await person.ask_store(row, "select zone from learners")
    assert learner == {"zone": "Asia/Tokyo"}
    assert "安装 PyTorch" in text_of(answer)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("你好", "对", "30 天", "每周 6 小时", "明天"), id="zh"),
        pytest.param(
            ("hi", "我在东京", "好", "starter", "每天40分钟", "下周一"), id="zh, zone first"
        ),
        pytest.param(("hello", "English", "yes", "starter", "8", "next Monday"), id="en"),
        pytest.param(("/start", "ok", "starter-30", "10 小时", "2026-11-23"), id="ids and dates"),
    ],
)
async def test_typing_works_as_well_as_tapping(lines: tuple[str, ...]) -> None:
    person = Person()

    await person.say(*lines)

    enrolled = await person.ask_store(row, "select curriculum, started_on from enrolments")
    assert enrolled == {"curriculum": "starter-30", "started_on": "2026-11-23"}


async def test_words_that_answer_nothing_get_the_question_again() -> None:
    person = Person()
    await person.say("/start", "/start ok starter-30")

    answer = await person.say("很多很多")

    assert "没看懂这个时间" in text_of(answer)
    assert answer.messages[0].flat_buttons


async def test_a_start_date_in_the_past_is_asked_again() -> None:
    person = Person()
    await person.say("/start", "/start ok starter-30 10h")

    answer = await person.say("2026-11-01")

    assert "已经过去了" in text_of(answer)
    assert await person.ask_store(row, "select * from enrolments") is None


async def test_hours_name_the_finish_date_each_of_them_leads_to() -> None:
    person = Person()
    await person.say("/start")

    answer = await person.say("/start ok starter-30")

    assert text_of(answer).count("学完") == 4


async def test_another_curriculum_asks_before_it_leaves_the_present_one() -> None:
    person = Person()
    await person.enrol()

    asked = await person.say("/switch engineer-28w")
    await person.tap("换过去")
    await person.tap("10 小时")
    await person.tap("今天")

    assert "要换吗" in text_of(asked)
    active = await person.ask_store(row, "select curriculum from enrolments where state = 'active'")
    assert active == {"curriculum": "engineer-28w"}


async def test_a_plan_question_without_a_curriculum_offers_to_start() -> None:
    person = Person()
    await person.say("/start")

    answer = await person.say("/today")

    assert "先花一分钟选一条" in text_of(answer)
    assert answer.messages[0].flat_buttons[0].command == "/start"
