"""Feasts that are named instead of days, from year to year."""

from datetime import date, timedelta

import pytest

from agent.phrases.clauses import clauses_of
from agent.phrases.dates import day_in
from agent.phrases.feasts import feast_day
from agent.phrases.rest_days import rest_days_in

FEASTS = [
    "除夕",
    "春节",
    "元旦",
    "清明",
    "五一",
    "端午",
    "中秋",
    "国庆",
    "感恩节",
    "圣诞",
    "easter",
]


def rest(text: str, today: date) -> tuple[date, int] | None:
    found = rest_days_in(clauses_of(text), today)
    return (found.day, found.days) if found else None


@pytest.mark.parametrize("name", FEASTS)
def test_a_feast_is_known_for_fourteen_years_and_is_the_next_one(name: str) -> None:
    today = date(2026, 1, 1)
    while today < date(2040, 1, 1):
        day = feast_day(name, today)
        assert day is not None
        assert today <= day < today + timedelta(days=390)
        today = day + timedelta(days=1)


@pytest.mark.parametrize("name", ["春节", "除夕", "清明", "复活节"])
@pytest.mark.parametrize("today", [date(2025, 1, 2), date(2041, 1, 2)])
def test_outside_the_calendar_no_day_is_guessed(name: str, today: date) -> None:
    assert feast_day(name, today) is None


@pytest.mark.parametrize(
    ("said", "today", "expected"),
    [
        # Of a feast that has begun, the days that are left.
        ("国庆这几天别发", date(2027, 10, 3), (date(2027, 10, 4), 4)),
        ("春节别给我发任务", date(2027, 2, 8), (date(2027, 2, 9), 4)),
        ("no messages over christmas", date(2026, 12, 24), (date(2026, 12, 25), 2)),
        # Over, or in its last day: the next one.
        ("国庆那几天别发", date(2027, 10, 7), (date(2028, 10, 1), 7)),
        ("国庆那几天别发", date(2027, 10, 20), (date(2028, 10, 1), 7)),
        ("明年国庆那几天别发", date(2027, 5, 1), (date(2028, 10, 1), 7)),
        ("taking the day off for thanksgiving", date(2027, 11, 1), (date(2027, 11, 25), 1)),
    ],
)
def test_a_feast_is_as_long_as_people_mean(
    said: str, today: date, expected: tuple[date, int]
) -> None:
    assert rest(said, today) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("国庆后", date(2027, 10, 8)),
        ("春节假期以后", date(2027, 2, 13)),
        ("after christmas", date(2026, 12, 26)),
        ("大年初三", date(2027, 2, 8)),
        ("正月初一", date(2027, 2, 6)),
        ("明年除夕", date(2027, 2, 5)),
    ],
)
def test_days_around_a_feast(said: str, expected: date) -> None:
    assert day_in(said, date(2026, 11, 24)) == expected
