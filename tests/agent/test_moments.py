"""Moments in words: days, times of day, both together, and delays."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.phrases.moments import Moment, moment_in

TUESDAY = datetime(2026, 11, 24, 10, 0)  # noqa: DTZ001 -- a learner's wall clock
EVENING = TUESDAY.replace(hour=21)

# A day, a time of day, both, or minutes from now; None where no moment is meant.
PHRASES: list[tuple[str, str | None]] = [
    # Chinese days
    ("今天", "2026-11-24"),
    ("明天", "2026-11-25"),
    ("明儿", "2026-11-25"),
    ("后天", "2026-11-26"),
    ("大后天", "2026-11-27"),
    ("昨天", "2026-11-23"),
    ("大前天", "2026-11-21"),
    ("三天后", "2026-11-27"),
    ("3 天之后", "2026-11-27"),
    ("再过五天", "2026-11-29"),
    ("十天以后", "2026-12-04"),
    ("两周后", "2026-12-08"),
    ("一个星期后", "2026-12-01"),
    ("三个月后", "2027-02-24"),
    ("半个月后", "2026-12-09"),
    ("一年后", "2027-11-24"),
    ("周五", "2026-11-27"),
    ("星期天", "2026-11-29"),
    ("礼拜六", "2026-11-28"),
    ("这周五", "2026-11-27"),
    ("本周日", "2026-11-29"),
    ("这周一", "2026-11-23"),
    ("上周三", "2026-11-18"),
    ("下周三", "2026-12-02"),
    ("下星期三", "2026-12-02"),
    ("下个礼拜天", "2026-12-06"),
    ("下下周一", "2026-12-07"),
    ("下下个星期五", "2026-12-11"),
    ("下周", "2026-11-30"),
    ("下下周", "2026-12-07"),
    ("周末", "2026-11-28"),
    ("这个周末", "2026-11-28"),
    ("下周末", "2026-12-05"),
    ("月底", "2026-11-30"),
    ("这个月底", "2026-11-30"),
    ("下个月底", "2026-12-31"),
    ("下月初", "2026-12-01"),
    ("下个月1号", "2026-12-01"),
    ("下月十五号", "2026-12-15"),
    ("下下个月1号", "2027-01-01"),
    ("这个月28号", "2026-11-28"),
    ("本月28日", "2026-11-28"),
    ("28号", "2026-11-28"),
    ("5号", "2026-12-05"),
    ("年底", "2026-12-31"),
    ("明年初", "2027-01-01"),
    ("12月1号", "2026-12-01"),
    ("12月1日", "2026-12-01"),
    ("十二月一号", "2026-12-01"),
    ("12/1", "2026-12-01"),
    ("12-01", "2026-12-01"),
    ("2026-12-01", "2026-12-01"),
    ("2026年12月1日", "2026-12-01"),
    ("明年3月5号", "2027-03-05"),
    ("今年12月20号", "2026-12-20"),
    ("11月3号", "2026-11-03"),
    ("1月5日", "2027-01-05"),
    ("2月30日", None),
    ("元旦", "2027-01-01"),
    ("明年元旦", "2027-01-01"),
    ("国庆", "2027-10-01"),
    ("国庆节", "2027-10-01"),
    ("五一", "2027-05-01"),
    ("圣诞节", "2026-12-25"),
    ("春节", "2027-02-06"),
    ("除夕", "2027-02-05"),
    ("中秋", "2027-09-15"),
    # English days
    ("today", "2026-11-24"),
    ("tomorrow", "2026-11-25"),
    ("tmr", "2026-11-25"),
    ("the day after tomorrow", "2026-11-26"),
    ("yesterday", "2026-11-23"),
    ("the day before yesterday", "2026-11-22"),
    ("in 3 days", "2026-11-27"),
    ("in three days", "2026-11-27"),
    ("in a week", "2026-12-01"),
    ("in a fortnight", "2026-12-08"),
    ("two weeks from now", "2026-12-08"),
    ("10 days from today", "2026-12-04"),
    ("a week from today", "2026-12-01"),
    ("a week from Monday", "2026-12-07"),
    ("a week from tomorrow", "2026-12-02"),
    ("two weeks from Friday", "2026-12-11"),
    ("3 days later", "2026-11-27"),
    ("in a month", "2026-12-24"),
    ("in a year", "2027-11-24"),
    ("Friday", "2026-11-27"),
    ("on Wed", "2026-11-25"),
    ("this Friday", "2026-11-27"),
    ("this coming Friday", "2026-11-27"),
    ("coming Sunday", "2026-11-29"),
    ("next Wednesday", "2026-12-02"),
    ("Wednesday next week", "2026-12-02"),
    ("next week on Thursday", "2026-12-03"),
    ("the Monday after next", "2026-12-07"),
    ("last Friday", "2026-11-20"),
    ("next week", "2026-11-30"),
    ("the week after next", "2026-12-07"),
    ("the weekend", "2026-11-28"),
    ("next weekend", "2026-12-05"),
    ("end of the month", "2026-11-30"),
    ("end of next month", "2026-12-31"),
    ("the end of the year", "2026-12-31"),
    ("the first of next month", "2026-12-01"),
    ("next month", "2026-12-01"),
    ("the 5th", "2026-12-05"),
    ("the 28th", "2026-11-28"),
    ("Dec 1st", "2026-12-01"),
    ("Dec. 1", "2026-12-01"),
    ("December 1, 2027", "2027-12-01"),
    ("1 December", "2026-12-01"),
    ("the 1st of December", "2026-12-01"),
    ("December the 20th", "2026-12-20"),
    ("Nov 3", "2026-11-03"),
    ("Jan 5", "2027-01-05"),
    ("Christmas", "2026-12-25"),
    ("New Year's Day", "2027-01-01"),
    ("New Year", "2027-01-01"),
    ("Friday week", "2026-12-04"),
    ("the end of December", "2026-12-31"),
    ("12月初", "2026-12-01"),
    ("12月底", "2026-12-31"),
    ("过完年", "2027-02-06"),
    # Times of day
    ("20:15", "20:15"),
    ("早上八点半", "08:30"),
    ("早8点", "08:00"),
    ("晚8点半", "20:30"),
    ("晚上十点半", "22:30"),
    ("下午三点一刻", "15:15"),
    ("下午两点半", "14:30"),
    ("中午十二点半", "12:30"),
    ("中午", "12:00"),
    ("零点", "00:00"),
    ("凌晨一点", "01:00"),
    ("差五分九点", "20:55"),
    ("08:30", "08:30"),
    ("二十点十五分", "20:15"),
    ("晚上八点零五", "20:05"),
    ("21点", "21:00"),
    ("20点15", "20:15"),
    ("8pm", "20:00"),
    ("8:30 p.m.", "20:30"),
    ("8.30pm", "20:30"),
    ("8 in the evening", "20:00"),
    ("eight in the evening", "20:00"),
    ("half past nine in the evening", "21:30"),
    ("quarter past nine in the morning", "09:15"),
    ("a quarter to ten at night", "21:45"),
    ("five o'clock in the afternoon", "17:00"),
    ("nine thirty pm", "21:30"),
    ("twenty past seven in the morning", "07:20"),
    ("noon", "12:00"),
    ("midnight", "00:00"),
    ("12am", "00:00"),
    ("12:30 am", "00:30"),
    # A bare hour is the next one that a clock shows, but none of the small hours
    ("8点", "20:00"),
    ("9点半", "21:30"),
    ("3点", "15:00"),
    ("11点", "11:00"),
    ("quarter past nine", "21:15"),
    ("at 8", "20:00"),
    ("8 o'clock", "20:00"),
    ("11:30", "11:30"),
    # Day and time together
    ("明天晚上8点", "2026-11-25 20:00"),
    ("明晚八点", "2026-11-25 20:00"),
    ("明早七点半", "2026-11-25 07:30"),
    ("后天早上", "2026-11-26 08:00"),
    ("后天早上9点", "2026-11-26 09:00"),
    ("今晚十点半", "2026-11-24 22:30"),
    ("今晚", "2026-11-24 20:00"),
    ("明天下午", "2026-11-25 15:00"),
    ("今晚十二点", "2026-11-25 00:00"),
    ("明天凌晨一点", "2026-11-25 01:00"),
    ("明天8点", "2026-11-25 08:00"),
    ("明天3点", "2026-11-25 15:00"),
    ("今天8点", "2026-11-24 20:00"),
    ("周六下午三点一刻", "2026-11-28 15:15"),
    ("周六上午十点", "2026-11-28 10:00"),
    ("下周三晚上", "2026-12-02 20:00"),
    ("下周一早上8:30", "2026-11-30 08:30"),
    ("三天后晚上九点", "2026-11-27 21:00"),
    ("三天后的早上", "2026-11-27 08:00"),
    ("12月1号下午2点", "2026-12-01 14:00"),
    ("12/1 20:15", "2026-12-01 20:15"),
    ("2026-12-01 08:05", "2026-12-01 08:05"),
    ("晚上八点，明天", "2026-11-25 20:00"),
    ("月底中午", "2026-11-30 12:00"),
    ("昨天晚上8点", "2026-11-23 20:00"),
    ("tomorrow at 8pm", "2026-11-25 20:00"),
    ("8pm tomorrow", "2026-11-25 20:00"),
    ("tomorrow at 8", "2026-11-25 08:00"),
    ("tomorrow evening at 8", "2026-11-25 20:00"),
    ("tomorrow morning", "2026-11-25 08:00"),
    ("tomorrow night at half past nine", "2026-11-25 21:30"),
    ("tonight", "2026-11-24 20:00"),
    ("tonight at 9", "2026-11-24 21:00"),
    ("9:30 tonight", "2026-11-24 21:30"),
    ("at midnight tonight", "2026-11-25 00:00"),
    ("this evening", "2026-11-24 20:00"),
    ("this afternoon at 3", "2026-11-24 15:00"),
    ("Saturday at noon", "2026-11-28 12:00"),
    ("at noon on Saturday", "2026-11-28 12:00"),
    ("next Wednesday at quarter past nine in the morning", "2026-12-02 09:15"),
    ("Friday afternoon", "2026-11-27 15:00"),
    ("on Dec 1st at 20:15", "2026-12-01 20:15"),
    ("1 December, 8 in the evening", "2026-12-01 20:00"),
    ("in 3 days at 8pm", "2026-11-27 20:00"),
    ("last Friday at 8pm", "2026-11-20 20:00"),
    # Delays
    ("半小时后", "+30"),
    ("半个钟头之后", "+30"),
    ("一个半小时后", "+90"),
    ("过两个小时", "+120"),
    ("再过20分钟", "+20"),
    ("三刻钟后", "+45"),
    ("二十来分钟后", "+20"),
    ("一小时二十分钟后", "+80"),
    ("1.5小时后", "+90"),
    ("24小时后", "+1440"),
    ("in half an hour", "+30"),
    ("in an hour", "+60"),
    ("in an hour and a half", "+90"),
    ("in two and a half hours", "+150"),
    ("in 2 hours", "+120"),
    ("in 90 min", "+90"),
    ("half an hour from now", "+30"),
    ("two hours later", "+120"),
    ("in a quarter of an hour", "+15"),
    # No moments
    ("第二个", None),
    ("三月", None),
    ("每周三次", None),
    ("有三点不明白", None),
    ("两点建议", None),
    ("快一点", None),
    ("一点也不难", None),
    ("三天打鱼两天晒网", None),
    ("2 hours a day", None),
    ("every hour counts", None),
    ("the sun is out", None),
    ("I sat down to it", None),
    ("loss=0.35", None),
    ("starter-30", None),
    ("banana", None),
]


def told(moment: Moment | None) -> str | None:
    """A moment as the table writes it."""
    if moment is None:
        return None
    if moment.delay is not None:
        return f"+{moment.delay // timedelta(minutes=1)}"
    day = [moment.day.isoformat()] if moment.day else []
    return " ".join([*day, *([moment.at.isoformat("minutes")] if moment.at else [])])


@pytest.mark.parametrize(("text", "meant"), PHRASES)
def test_a_moment_is_found(text: str, meant: str | None) -> None:
    assert told(moment_in(text, TUESDAY)) == meant


@pytest.mark.parametrize(
    ("text", "now", "instant"),
    [
        pytest.param("8点", EVENING, "2026-11-25 08:00", id="eight has passed twice today"),
        pytest.param("8点", TUESDAY, "2026-11-24 20:00", id="eight has passed once today"),
        pytest.param("10点", EVENING, "2026-11-24 22:00", id="ten is to come"),
        pytest.param("3点", EVENING, "2026-11-25 15:00", id="nobody means three at night"),
        pytest.param("早上8点", EVENING, "2026-11-25 08:00", id="this morning has passed"),
        pytest.param("今晚8点", EVENING, "2026-11-24 20:00", id="tonight is tonight, though past"),
        pytest.param("今天8点", EVENING, "2026-11-24 20:00", id="today is today, though past"),
        pytest.param("at 8", EVENING, "2026-11-25 08:00", id="at eight"),
        pytest.param("半小时后", EVENING, "2026-11-24 21:30", id="half an hour on"),
        pytest.param("in 4 hours", EVENING, "2026-11-25 01:00", id="past midnight"),
        pytest.param("明天", EVENING, None, id="a day alone is no instant"),
    ],
)
def test_a_moment_becomes_an_instant(text: str, now: datetime, instant: str | None) -> None:
    moment = moment_in(text, now)
    expected = datetime.fromisoformat(instant) if instant else None

    assert moment is not None
    assert moment.instant(now) == expected


@pytest.mark.parametrize(
    "text",
    ["昨天", "上周三", "Nov 3", "11月3号", "last Friday", "这周一", "今早8点", "yesterday at 8pm"],
)
def test_a_moment_that_has_passed_comes_out_as_past(text: str) -> None:
    moment = moment_in(text, TUESDAY)

    assert moment is not None
    assert moment.is_past(TUESDAY)


@pytest.mark.parametrize(
    "text", ["今天", "明天", "下周三", "8点", "in 2 hours", "Jan 5", "今晚8点"]
)
def test_a_moment_to_come_is_not_past(text: str) -> None:
    moment = moment_in(text, TUESDAY)

    assert moment is not None
    assert not moment.is_past(TUESDAY)


PIECES = st.lists(
    st.one_of(
        st.sampled_from([text for text, _ in PHRASES]),
        st.sampled_from("年月日号点分半周天后前晚早上下在,.:/-+ 0123456789十百"),
        st.integers(-5, 10**9).map(str),
    ),
    max_size=4,
)
NOWS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 12, 31))  # noqa: DTZ001 -- as above


@given(PIECES.map(" ".join) | PIECES.map("".join) | st.text(), NOWS)
def test_whatever_is_found_is_a_real_moment(text: str, now: datetime) -> None:
    moment = moment_in(text, now)

    if moment is not None:
        assert (moment.delay is None) != (moment.day is None and moment.at is None)
        assert moment.delay is None or moment.delay > timedelta(0)
        assert 0 <= moment.start < moment.end <= len(text)
        instant = moment.instant(now)
        assert (instant is None) == (moment.delay is None and moment.at is None)


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.times(), NOWS)
def test_a_written_moment_is_read_back(day: date, at: time, now: datetime) -> None:
    meant = datetime.combine(day, at.replace(second=0, microsecond=0))

    moment = moment_in(f"{meant:%Y-%m-%d %H:%M}", now)

    assert moment is not None
    assert moment.instant(now) is not None
    assert moment.day == day
