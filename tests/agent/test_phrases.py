"""Days, times, amounts and places in words."""

from datetime import date, time, timedelta
from time import process_time
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.phrases import (
    day_in,
    days_in,
    delay_in,
    hours_a_week_in,
    number_in,
    time_in,
    weekday_minutes_in,
    zone_in,
)
from agent.phrases.quizzes import quiz_of
from agent.phrases.spelling import mended, plain
from agent.phrases.zones import ZONES
from agent.router import route
from tests.builders import BLOWN_UP

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", "2026-11-24"),
        ("明天吧", "2026-11-25"),
        ("后天再说", "2026-11-26"),
        ("大后天", "2026-11-27"),
        ("昨天", "2026-11-23"),
        ("下周一", "2026-11-30"),
        ("下周三", "2026-12-02"),
        ("下个星期天", "2026-12-06"),
        ("下礼拜二", "2026-12-01"),
        ("下下周五", "2026-12-11"),
        ("周五", "2026-11-27"),
        ("这周五", "2026-11-27"),
        ("这周一", "2026-11-23"),
        ("本周日", "2026-11-29"),
        ("周二", "2026-12-01"),
        ("推到下周", "2026-11-30"),
        ("周末", "2026-11-28"),
        ("下周末", "2026-12-05"),
        ("12月1日", "2026-12-01"),
        ("12月1号", "2026-12-01"),
        ("十二月一号", "2026-12-01"),
        ("12月", None),
        ("2026年12月1日", "2026-12-01"),
        ("11月1日", "2026-11-01"),
        ("1月5日", "2027-01-05"),
        ("2月30日", None),
        ("3天后", "2026-11-27"),
        ("三天后", "2026-11-27"),
        ("三天之后", "2026-11-27"),
        ("再过两天", "2026-11-26"),
        ("两周后", "2026-12-08"),
        ("半个月后", "2026-12-09"),
        ("一个月后", "2026-12-24"),
        ("月底", "2026-11-30"),
        ("下个月底", "2026-12-31"),
        ("下个月", "2026-12-01"),
        ("下月5号", "2026-12-05"),
        ("28号", "2026-11-28"),
        ("5号", "2026-12-05"),
        ("元旦之后", "2027-01-02"),
        ("today", "2026-11-24"),
        ("do it Tomorrow", "2026-11-25"),
        ("the day after tomorrow", "2026-11-26"),
        ("next Monday", "2026-11-30"),
        ("next wed", "2026-12-02"),
        ("on Friday", "2026-11-27"),
        ("last friday", "2026-11-20"),
        ("last monday", "2026-11-23"),
        ("last tuesday", "2026-11-17"),
        ("上周五", "2026-11-20"),
        ("this sunday", "2026-11-29"),
        ("Tuesday", "2026-12-01"),
        ("Dec 1", "2026-12-01"),
        ("dec. 1st", "2026-12-01"),
        ("December 1, 2027", "2027-12-01"),
        ("1 December", "2026-12-01"),
        ("the 1st of december", "2026-12-01"),
        ("2026-12-01", "2026-12-01"),
        ("2026/12/1", "2026-12-01"),
        ("12/1", "2026-12-01"),
        ("31/12", "2026-12-31"),
        ("in 3 days", "2026-11-27"),
        ("in two weeks", "2026-12-08"),
        ("a week from now", "2026-12-01"),
        ("in a couple of days", "2026-11-26"),
        ("in a month", "2026-12-24"),
        ("next week", "2026-11-30"),
        ("end of the month", "2026-11-30"),
        ("the 5th", "2026-12-05"),
        ("每周三次", None),
        ("下周日程", "2026-11-30"),
        ("第二个", None),
        ("banana", None),
    ],
)
def test_a_day_is_found(text: str, day: str | None) -> None:
    expected = date.fromisoformat(day) if day else None

    assert day_in(text, TUESDAY) == expected


@given(st.dates(date(2020, 1, 1), date(2089, 12, 31)), st.integers(0, 180))
def test_a_written_date_is_read_back(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)

    assert day_in(f"{day.month}月{day.day}日", today) == day
    assert day_in(day.isoformat(), today) == day


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.dates(date(2020, 1, 1)))
def test_a_full_date_does_not_depend_on_today(day: date, today: date) -> None:
    assert day_in(f"放到{day.isoformat()}吧", today) == day


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("早上八点半", "08:30"),
        ("晚上9点", "21:00"),
        ("上午十点", "10:00"),
        ("下午3点一刻", "15:15"),
        ("下午三点三刻", "15:45"),
        ("8:30", "08:30"),
        ("８：３０", "08:30"),
        ("20:15", "20:15"),
        ("晚上 8:05", "20:05"),
        ("8pm", "20:00"),
        ("8:30 p.m.", "20:30"),
        ("12am", "00:00"),
        ("12 pm", "12:00"),
        ("half past eight", "08:30"),
        ("quarter to nine in the evening", "20:45"),
        ("8 in the morning", "08:00"),
        ("seven in the evening", "19:00"),
        ("9 at night", "21:00"),
        ("at 8", "08:00"),
        ("at eight thirty", "08:30"),
        ("8 o'clock", "08:00"),
        ("中午", "12:00"),
        ("中午一点", "13:00"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("凌晨一点", "01:00"),
        ("晚上十二点", "00:00"),
        ("八点四十", "08:40"),
        ("早上八点零五分", "08:05"),
        ("差十分八点", "07:50"),
        ("21点", "21:00"),
        ("十点钟", "10:00"),
        ("早一点", None),
        ("快一点", None),
        ("25点", None),
        ("at 5 hours", None),
        ("3 个任务", None),
    ],
)
def test_a_time_is_found(text: str, at: str | None) -> None:
    assert time_in(text) == (time.fromisoformat(at) if at else None)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("半小时后", 30),
        ("半个小时", 30),
        ("两个小时后", 120),
        ("30分钟", 30),
        ("in 2 hours", 120),
        ("an hour", 60),
        ("half an hour", 30),
        ("an hour and a half", 90),
        ("one and a half hours", 90),
        ("一个半小时", 90),
        ("1.5小时", 90),
        ("1小时20分钟", 80),
        ("1h30", 90),
        ("a couple of hours", 120),
        ("一刻钟", 15),
        ("a quarter of an hour", 15),
        ("2 hours a day", 120),
        ("八点半", None),
        ("later", None),
    ],
)
def test_a_delay_is_found(text: str, minutes: int | None) -> None:
    assert delay_in(text) == minutes


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("一周", 7),
        ("3天", 3),
        ("两个星期", 14),
        ("a week", 7),
        ("10 days", 10),
        ("一个月", 30),
        ("半个月", 15),
        ("两个半月", 75),
        ("a fortnight", 14),
        ("a couple of weeks", 14),
        ("十二天", 12),
        ("三月", None),
        ("a few days", None),
        ("几天", None),
        ("周三", None),
    ],
)
def test_the_days_of_a_pause_are_found(text: str, days: int | None) -> None:
    assert days_in(text) == days


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("每周10小时", 10),
        ("一周六个小时", 6),
        ("5 hours a week", 5),
        ("7h/week", 7),
        ("每周只有5小时了", 5),
        ("每个星期大概七个半小时", 7.5),
        ("two hours per week", 2),
        ("每周五六个小时", 5),
        ("每周 5-6 小时", 5),
        ("每天2小时", None),
        ("10 小时", None),
        ("10", None),
    ],
)
def test_hours_a_week_are_found(text: str, hours: float | None) -> None:
    assert hours_a_week_in(text) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("10 小时", 10),
        ("10", 10),
        ("大概十个小时吧", 10),
        ("about 8", 8),
        ("ten hours", 10),
        ("每周 6 小时", 6),
        ("每天两小时", None),
        ("随便", None),
    ],
)
def test_a_bare_number_answers_the_question_about_hours(text: str, hours: float | None) -> None:
    assert hours_a_week_in(text, bare=True) == hours


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("每天40分钟", (40,) * 7),
        ("40 min a day", (40,) * 7),
        ("工作日一小时周末三小时", (60,) * 5 + (180,) * 2),
        ("周一到周五 45 分钟，周六 2 小时，周日不学", (45,) * 5 + (120, 0)),
        ("weekdays 45 minutes, weekends 2 hours", (45,) * 5 + (120,) * 2),
        ("45 minutes on weekdays and 2 hours on weekends", (45,) * 5 + (120,) * 2),
        ("每天一小时，周末休息", (60,) * 5 + (0, 0)),
        ("周一三五一小时，周二四六半小时，周日不学", (60, 30, 60, 30, 60, 30, 0)),
        ("只有周末有空，三小时", (0,) * 5 + (180,) * 2),
        ("only on saturday, 3 hours", (0,) * 5 + (180, 0)),
        ("Mon to Fri half an hour, sat and sun 1h", (30,) * 5 + (60,) * 2),
        ("工作日一小时", None),
        ("周末休息", None),
        ("每周五小时", None),
    ],
)
def test_minutes_per_weekday_are_found(text: str, minutes: tuple[int, ...] | None) -> None:
    assert weekday_minutes_in(text) == minutes


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("我在北京", "Asia/Shanghai"),
        ("臺北", "Asia/Taipei"),
        ("香港", "Asia/Hong_Kong"),
        ("I live in New York", "America/New_York"),
        ("旧金山湾区", "America/Los_Angeles"),
        ("美西", "America/Los_Angeles"),
        ("美东时间", "America/New_York"),
        ("北京时间", "Asia/Shanghai"),
        ("asia/tokyo", "Asia/Tokyo"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("EUROPE/PARIS please", "Europe/Paris"),
        ("UTC+8", "Etc/GMT-8"),
        ("GMT+8", "Etc/GMT-8"),
        ("utc -5", "Etc/GMT+5"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("西五区", "Etc/GMT+5"),
        ("UTC", "Etc/UTC"),
        ("UTC+20", None),
        ("美国", None),
        ("7h/week", None),
        ("日本语", None),
        ("Narnia", None),
    ],
)
def test_a_zone_is_found(text: str, zone: str | None) -> None:
    assert zone_in(text) == zone


def test_every_zone_of_the_table_exists() -> None:
    assert set(ZONES) <= available_timezones()
    assert {zone_in(f"UTC{hours:+d}") for hours in range(-12, 15)} <= available_timezones()


def test_no_place_stands_for_two_zones() -> None:
    words = [word for names in ZONES.values() for word in names.split()]

    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三百六十五", 365),
        ("三百零五", 305),
        ("三百五", 350),
        ("十五", 15),
        ("二十", 20),
        ("两", 2),
        ("半", 0.5),
        ("一个半", 1.5),
        ("two hundred and five", 205),
        ("twenty-one", 21),
        ("half", 0.5),
        ("a couple", 2),
        ("an hour and a half", 1.5),
        ("9.5", 9.5),
        ("none", None),
    ],
)
def test_a_number_in_words_is_found(text: str, number: float | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("finsihed tommorow", "finished tomorrow"),
        ("作完了", "做完了"),
        ("明天在做", "明天再做"),
        ("parse the stack in seconds", "parse the stack in seconds"),
    ],
)
def test_a_slip_of_the_keyboard_is_mended(slip: str, meant: str) -> None:
    assert mended(slip) == meant


@given(st.text())
def test_plain_letters_keep_their_places(text: str) -> None:
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    ("clause", "topic"),
    [
        ("考考我对比学习", "对比学习"),
        ("来几道点积注意力的题", "点积注意力"),
        ("来几道机器学习的题", "机器学习"),
        ("多头注意力的题来两道", "多头注意力"),
        ("特征选择小测", "特征选择"),
        ("来几道直接偏好优化的题", "直接偏好优化"),
        ("关于过拟合的练习题", "过拟合"),
        ("chain of thought questions", "chain of thought"),
        ("quiz me on random forests", "random forests"),
        ("quiz me on few-shot learning", "few-shot learning"),
        ("all-reduce quiz", "all-reduce"),
        ("give me 4-bit quantization questions", "4-bit quantization"),
        ("来几道任务分解的题", "任务分解"),
        ("test me on test-time compute", "test-time compute"),
        ("test my knowledge of tokenizers", "tokenizers"),
    ],
)
def test_a_topic_keeps_the_words_that_are_its_own(clause: str, topic: str) -> None:
    quiz = quiz_of(clause)

    assert quiz is not None
    assert quiz["topic"] == topic


@pytest.mark.parametrize(
    "text",
    [
        "刚" * 90,
        "谢谢" * 45 + "x",
        "看" * 90,
        "来" * 110 + "x",
        "复习" + "学过" * 50 + "x",
        "考考我" + "掌握的的" * 25 + "x",
        "第一阶段阶段" * 18 + "x",
        "复习一下" + "卡片" * 50 + "。x",
        "skip " * 22 + "x",
        "give me " * 14 + "x",
    ],
)
def test_no_pile_of_words_takes_long(text: str) -> None:
    start = process_time()
    route(text, TUESDAY, "zh")

    assert process_time() - start < BLOWN_UP
