"""Days without messages, moments to be called at, and times that have passed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.calendar import QuietHours, local_day, next_speaking
from store.announcements import Announcement, announce
from store.outbox import Owed
from store.script import Script, change, row, rows
from tests.journeys.people import Person, at, pushed_text, text_of
from tools.passed import DayFor, day_passed, moment_passed

SHANGHAI = ZoneInfo("Asia/Shanghai")
WALL = datetime(2026, 1, 1)  # noqa: DTZ001 -- a learner's wall clock


async def quiet_weekends() -> Person:
    person = Person()
    await person.enrol()
    await person.say("周末别给我推送")
    return person


async def sent(person: Person, until: str) -> list[tuple[str, str]]:
    """Weekday and kind of each push until then."""
    found = []
    while person.now < at(until):
        step = min(at(until), person.now + timedelta(hours=1))
        pushes = await person.pushed(step)
        found += [(f"{person.now.astimezone(SHANGHAI):%a}", push.kind) for push in pushes]
    return found


async def test_a_fortnight_with_quiet_weekends_has_ten_plans_and_none_on_them() -> None:
    person = await quiet_weekends()
    pushes = []
    for day in range(23, 37):
        moment = at("2026-11-01 09:00") + timedelta(days=day - 1)
        pushes += await sent(person, f"{moment + timedelta(hours=8):%Y-%m-%d %H:%M}")
        await person.say("/today")

    plans = [day for day, kind in pushes if kind == "plan"]
    assert plans == ["Mon", "Tue", "Wed", "Thu", "Fri"] * 2
    assert not [push for push in pushes if push[0] in {"Sat", "Sun"}]


async def test_a_quiet_day_is_not_counted_as_ignored() -> None:
    person = await quiet_weekends()
    await sent(person, "2026-11-27 12:00")
    before = await person.ask_store(_ignored)

    await sent(person, "2026-11-29 23:00")
    after = await person.ask_store(_ignored)

    assert before == after


def _ignored() -> Script[object]:
    return row("select ignored_pushes, last_plan_day from learners")


async def test_the_plan_itself_goes_on_over_a_quiet_day() -> None:
    person = await quiet_weekends()
    await person.say("周二别发")
    person.now = at("2026-11-24 10:00")

    answer = await person.say("/today")

    assert "11月24日" in text_of(answer)
    assert answer.messages[0].flat_buttons


async def test_every_other_day_after_silence_falls_on_days_that_speak() -> None:
    person = await quiet_weekends()

    pushes = await sent(person, "2026-12-06 23:00")

    plans = [day for day, kind in pushes if kind == "plan"]
    # Daily until three are ignored, then every other day: Saturday becomes Monday.
    assert plans == ["Mon", "Tue", "Wed", "Fri", "Mon", "Wed", "Fri"]


async def test_the_weekly_check_comes_on_the_last_evening_that_speaks() -> None:
    person = await quiet_weekends()
    person.now = at("2026-11-27 09:00")
    await person._tick()
    await person.say("/done 1 做完了")

    pushes = await sent(person, "2026-11-29 23:00")

    assert pushes == [("Fri", "weekly")]


async def test_a_correction_waits_for_a_day_that_speaks() -> None:
    person = await quiet_weekends()
    person.now = at("2026-11-28 10:00")
    await person.ask_store(_correction_due, at("2026-11-28 10:00"))

    await person._tick()
    due = await person.ask_store(row, "select next_due_at from clocks where kind = 'correction'")

    assert due == {"next_due_at": int(at("2026-11-30 08:00").timestamp())}


def _correction_due(moment: datetime) -> Script[int]:
    return change(
        "insert into clocks (learner, kind, next_due_at) values (1, 'correction', :at)",
        at=int(moment.timestamp()),
    )


async def test_settings_show_the_quiet_days_and_when_the_next_push_is() -> None:
    person = await quiet_weekends()
    person.now = at("2026-11-27 10:00")

    added = await person.say("周三也别发")
    shown = await person.say("/settings")
    fewer = await person.say("周末也可以发了")
    none = await person.say("每天都可以发了")

    assert "周三、周六、周日不主动发消息" in text_of(added)
    assert "下一次推送：11月30日 周一 08:00" in text_of(added)
    assert "周三、周六、周日不主动发消息" in text_of(shown)
    assert "周三不主动发消息" in text_of(fewer)
    assert "下一次推送：11月28日 周六 08:00" in text_of(fewer)
    assert "每天都可以给你发消息了" in text_of(none)


async def test_a_week_without_a_day_that_speaks_is_refused() -> None:
    person = await quiet_weekends()

    answer = await person.say("工作日别发")

    assert "等于关掉推送" in text_of(answer)
    found = await person.ask_store(row, "select quiet_days from learners")
    assert found == {"quiet_days": "sat,sun"}


@given(
    st.datetimes(WALL, WALL.replace(year=2028), timezones=st.just(SHANGHAI)),
    st.sets(st.integers(0, 6), max_size=6),
    st.times(),
    st.integers(-3, 10),
)
def test_the_next_time_to_speak_is_later_and_on_a_day_that_speaks(
    now: datetime, quiet: set[int], wall: time, ahead: int
) -> None:
    first = now.date() + timedelta(days=ahead)

    found = next_speaking(now, first, wall, SHANGHAI, quiet)

    assert found > now
    assert local_day(found, SHANGHAI).weekday() not in quiet
    assert local_day(found, SHANGHAI) >= first


# ---- Moments to be called at ----


async def test_the_plan_comes_again_at_the_moment_asked_for() -> None:
    person = Person()
    await person.enrol()
    await person.pushed(at("2026-11-23 08:00"))

    said = await person.say("明天晚上8点再提醒我")
    pushes = await person.pushed(at("2026-11-24 20:00"))

    assert "11月24日 周二 20:00 再叫你" in text_of(said)
    assert pushes[-1].kind == "snooze"
    assert "说好的" in pushed_text(pushes[-1])


async def test_a_moment_asked_for_comes_on_a_quiet_day_as_well() -> None:
    person = await quiet_weekends()

    await person.say("周六上午十点叫我")
    person.now = at("2026-11-28 09:30")
    pushes = await person.pushed(at("2026-11-28 10:30"))

    assert [push.kind for push in pushes] == ["snooze"]


async def test_a_promise_to_call_is_kept_when_everything_is_done() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()
    await person.say("今天下午三点提醒我", "/done all 都做了")

    pushes = await person.pushed(at("2026-11-23 15:00"))

    assert [push.kind for push in pushes] == ["snooze"]
    assert "今天的任务都做完了" in pushed_text(pushes[0])


async def test_a_moment_in_quiet_hours_waits_until_they_end_and_says_so() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    said = await person.say("今晚十一点提醒我")

    assert "11月24日 周二 07:00 再叫你" in text_of(said)
    assert "免打扰时段" in text_of(said)


async def test_a_moment_more_than_a_week_ahead_is_refused_with_the_way_out() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    said = await person.say("12月20号晚上8点提醒我")

    assert "太远了" in text_of(said)
    assert await person.ask_store(rows, "select * from clocks where kind = 'snooze'") == []


async def test_the_seventh_day_ahead_can_still_be_asked_for() -> None:
    person = Person(now=at("2026-11-23 09:00"))
    await person.enrol()

    said = await person.say("下周一晚上8点提醒我")

    assert "11月30日 周一 20:00 再叫你" in text_of(said)


async def test_without_a_plan_nothing_is_promised() -> None:
    person = Person()
    await person.say("/start")

    said = await person.say("/snooze 明天晚上8点")

    assert "再叫你" not in text_of(said)
    assert await person.ask_store(rows, "select * from clocks") == []


async def test_a_moment_that_has_passed_is_asked_back_with_two_to_come() -> None:
    person = Person(now=at("2026-11-23 10:00"))
    await person.enrol()

    asked = await person.say("今早8点提醒我")
    taken = await person.tap("11月24日 08:00")

    assert "11月23日 周一 08:00 已经过去了" in text_of(asked)
    labels = [button.label for button in asked.messages[0].flat_buttons]
    assert labels == ["⏰ 11月23日 11:00", "⏰ 11月24日 08:00"]
    assert "11月24日 周二 08:00 再叫你" in text_of(taken)


async def test_a_bare_hour_is_the_next_one_that_a_clock_shows() -> None:
    person = Person(now=at("2026-11-23 21:00"))
    await person.enrol()

    said = await person.say("8点再提醒我一次")

    assert "11月24日 周二 08:00 再叫你" in text_of(said)


async def test_later_is_two_hours() -> None:
    person = Person(now=at("2026-11-23 10:00"))
    await person.enrol()

    said = await person.say("晚点提醒我")

    assert "11月23日 周一 12:00 再叫你" in text_of(said)


# ---- Days that have passed ----


async def test_a_task_put_off_to_a_past_day_is_asked_back_and_stays() -> None:
    person = Person()
    await person.enrol()
    person.now = at("2026-11-24 10:00")

    asked = await person.say("第一个推到11月3号")
    before = await person.ask_store(rows, "select * from postponements")
    await person.tap("12月3日")
    after = await person.ask_store(rows, "select until from postponements")

    assert "11月3日 周二 已经过去了" in text_of(asked)
    labels = [button.label for button in asked.messages[0].flat_buttons]
    assert labels == ["📅 11月25日 周三", "📅 12月3日 周四"]
    assert before == []
    assert after == [{"until": "2026-12-03"}]


async def test_a_pause_until_a_past_day_is_asked_back_and_nothing_else_is_changed() -> None:
    person = Person(now=at("2026-11-23 10:00"))
    await person.enrol()

    asked = await person.say("停到上周五")
    before = await person.ask_store(rows, "select * from pauses")
    await person.tap("11月27日")
    after = await person.ask_store(rows, "select until from pauses")

    assert "已经过去了" in text_of(asked)
    assert before == []
    assert after == [{"until": "2026-11-27"}]


async def test_a_past_start_is_asked_again_with_its_buttons() -> None:
    person = Person()
    await person.say("/start", "/start ok starter-30 10h")

    asked = await person.say("11月3号")
    begun = await person.tap("明天")

    assert "11月3日 周二 已经过去了" in text_of(asked)
    assert "11月23日" in text_of(begun)


@pytest.mark.parametrize("purpose", list(DayFor))
@given(today=st.dates(date(2020, 1, 1), date(2090, 1, 1)), ago=st.integers(0, 400))
def test_two_different_days_to_come_stand_in_for_a_past_one(
    purpose: DayFor, today: date, ago: int
) -> None:
    passed = day_passed(today - timedelta(days=ago), today, purpose)

    first, second = passed.choices
    assert today < first < second


@given(
    st.datetimes(WALL, WALL.replace(year=2090)),
    st.integers(0, 20_000),
    st.times(),
    st.times(),
)
def test_two_different_moments_to_come_stand_in_for_a_past_one(
    now: datetime, minutes: int, start: time, end: time
) -> None:
    quiet = QuietHours(start, end)

    passed = moment_passed(now - timedelta(minutes=minutes), now, quiet)

    first, second = passed.choices
    assert now < first < second


# Announcements ------------------------------------------------------------------------------------


async def test_an_announcement_comes_once_and_not_at_night() -> None:
    person = Person()
    await person.enrol()
    person.now = at("2026-11-25 23:30")
    words = Announcement("周六**停机**一小时", "Down on Saturday")
    await person.ask_store(announce, words, person.now)

    at_night = await person.pushed(at("2026-11-26 06:30"))
    morning = await person.pushed(at("2026-11-26 12:00"))
    later = await person.pushed(at("2026-11-27 12:00"))

    def told(pushes: list[Owed]) -> list[str]:
        return [pushed_text(one) for one in pushes if one.kind == "news"]

    assert told(at_night) == told(later) == []
    (text,) = told(morning)
    assert "周六停机一小时" in text


async def test_who_wants_no_announcements_gets_none() -> None:
    person = Person()
    await person.enrol()
    await person.ask_store(announce, Announcement("一", ""), person.now)
    await person.pushed(at("2026-11-23 12:00"))
    answer = await person.say("/news off")
    count = await person.ask_store(announce, Announcement("二", ""), person.now)

    assert "公告：不发给你" in text_of(answer)
    assert count == 0
    assert "公告：照常" in text_of(await person.say("/news on"))


async def test_who_came_later_hears_nothing_of_before() -> None:
    person = Person()
    await person.ask_store(announce, Announcement("旧事", "old"), person.now - timedelta(days=2))
    await person.enrol()
    await person.ask_store(announce, Announcement("新事", "new"), person.now)

    pushes = await person.pushed(at("2026-11-23 12:00"))

    (told,) = [pushed_text(one) for one in pushes if one.kind == "news"]
    assert "新事" in told
    assert "旧事" not in told
