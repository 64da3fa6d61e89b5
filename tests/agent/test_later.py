"""Quiet days and moments to be called at, in words."""

from datetime import date, datetime

import pytest

from agent.router import route
from tools.registry import Call

NOW = datetime(2026, 11, 24, 10, 0)  # noqa: DTZ001 -- a learner's wall clock, on a Tuesday
WEEKEND: dict[str, object] = {"quiet_days": ("sat", "sun")}

SETTINGS: list[tuple[str, dict[str, object]]] = [
    ("周末别发", WEEKEND),
    ("周末别给我推送", WEEKEND),
    ("周末不要打扰我", WEEKEND),
    ("周日不要打扰", {"quiet_days": ("sun",)}),
    ("礼拜天别推送了", {"quiet_days": ("sun",)}),
    ("周六周日别提醒我", WEEKEND),
    ("周三和周五不要给我发消息", {"quiet_days": ("wed", "fri")}),
    ("周六日休息，别推任务", WEEKEND),
    ("工作日别发", {"quiet_days": ("mon", "tue", "wed", "thu", "fri")}),
    ("no messages on weekends", WEEKEND),
    ("don't message me on Sundays", {"quiet_days": ("sun",)}),
    ("please stop sending me stuff on the weekend", WEEKEND),
    ("quiet on fridays please", {"quiet_days": ("fri",)}),
    ("周末也可以发了", {"speaking_days": ("sat", "sun")}),
    ("周六恢复推送吧", {"speaking_days": ("sat",)}),
    ("每天都可以发消息了", {"quiet_days": ()}),
    ("every day is fine again", {"quiet_days": ()}),
    ("weekends are fine again", {"speaking_days": ("sat", "sun")}),
    ("you can message me on Sundays again", {"speaking_days": ("sun",)}),
    (
        "只在工作日提醒我",
        {**WEEKEND, "speaking_days": ("mon", "tue", "wed", "thu", "fri")},
    ),
    (
        "only message me on weekdays",
        {**WEEKEND, "speaking_days": ("mon", "tue", "wed", "thu", "fri")},
    ),
    ("明天晚上8点再提醒我", {"snooze_until": "2026-11-25T20:00"}),
    ("明天早上八点提醒我一次", {"snooze_until": "2026-11-25T08:00"}),
    ("周六上午十点叫我", {"snooze_until": "2026-11-28T10:00"}),
    ("今晚九点提醒我", {"snooze_until": "2026-11-24T21:00"}),
    ("后天下午三点一刻叫我学习", {"snooze_until": "2026-11-26T15:15"}),
    ("明天，早上八点叫我", {"snooze_until": "2026-11-25T08:00"}),
    ("8点再提醒我一次", {"snooze_until": "2026-11-24T20:00"}),
    ("明天再提醒我吧", {"snooze_until": "2026-11-25T09:00"}),
    ("remind me tomorrow at 8pm", {"snooze_until": "2026-11-25T20:00"}),
    ("ping me on Saturday at half past ten", {"snooze_until": "2026-11-28T10:30"}),
    ("remind me tonight", {"snooze_until": "2026-11-24T20:00"}),
    ("remind me again at 9", {"snooze_until": "2026-11-24T21:00"}),
    ("今早8点提醒我", {"snooze_until": "2026-11-24T08:00"}),
    ("半小时后提醒我", {"snooze_minutes": 30}),
    ("remind me in 2 hours", {"snooze_minutes": 120}),
    ("24小时后提醒我", {"snooze_until": "2026-11-25T10:00"}),
    ("晚点提醒我", {"snooze_minutes": 120}),
    ("待会儿再叫我", {"snooze_minutes": 120}),
    ("稍后提醒我", {"snooze_minutes": 120}),
    ("remind me later", {"snooze_minutes": 120}),
    ("snooze", {"snooze_minutes": 120}),
    ("停到上周五", {"pause_until": "2026-11-20"}),
    ("停到11月3号", {"pause_until": "2026-11-03"}),
]


@pytest.mark.parametrize(("text", "args"), SETTINGS)
def test_what_is_wished_for_later_reaches_the_settings(text: str, args: dict[str, object]) -> None:
    routed = route(text, NOW.date(), "zh", None, NOW)

    assert routed.calls == (Call("change_settings", args),)


@pytest.mark.parametrize(
    "text",
    [
        "这周末别发",
        "周末别发那么多",
        "周末要不要给我发？",
        "周末别安排任务",
        "周末怎么没有推送",
        "周末早上九点提醒我",
        "每周六上午十点叫我",
        "别在明天8点提醒我",
        "提醒我明天下午三点开会",
        "remind me tomorrow at 8 to call mom",
        "明天八点提醒我了吗",
        "昨天8点提醒我了",
        "周末十点前别发",
        "夜里不要发",
        "your message woke the baby at 5 this morning",
        "remind me again before bed at 10:30 pm tomorrow",
        "周五再说",
        "don't push task 2 to friday",
        "每天晚点提醒我",
        "提醒太晚了",
        "no weekend plans",
        "周末快乐",
        "have a nice weekend",
    ],
)
def test_what_is_not_clear_changes_nothing(text: str) -> None:
    routed = route(text, NOW.date(), "zh", None, NOW)

    assert not any(call.tool == "change_settings" and call.args for call in routed.calls)


def test_without_a_clock_every_hour_of_today_is_still_to_come() -> None:
    routed = route("今天8点再提醒我", date(2026, 11, 24), "zh")

    assert routed.calls == (Call("change_settings", {"snooze_until": "2026-11-24T08:00"}),)
