"""Weekdays in words, and the minutes a learner has on each."""

import re
from collections.abc import Callable
from typing import NamedTuple

from agent.phrases.amounts import durations_in
from agent.phrases.spelling import pattern, plain

_CHINESE_DAYS = "一二三四五六日天"
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# 每周三次 and 下周日程 name no day.
CHINESE_WEEKDAY = (
    "(?:周|星期|礼拜)(?:[一二三四五六天](?!次|个?小时|个半|个钟|十|天|节|篇|遍)|日(?![程常报记]))"
)
ENGLISH_WEEKDAY = r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?\b"
_ONE_DAY = rf"(?:{CHINESE_WEEKDAY}|{ENGLISH_WEEKDAY})"
_RANGE = pattern(
    rf"(?P<first>{_ONE_DAY})\s*(?:到|至|-|~|to|through|until)\s*"
    rf"(?P<last>{_ONE_DAY}|[{_CHINESE_DAYS}])"
)
_EVERY_DAY = r"每天|每日|天天|一天|\bdaily\b|\b(?:a|per|every|each) day\b|/\s*(?:day|d\b|天)"
_LIST = (
    rf"(?:周|星期|礼拜)[{_CHINESE_DAYS}]"
    rf"(?:[、和,/]?(?:周|星期|礼拜)?[{_CHINESE_DAYS}](?!十|个|小时|分|钟头))*"
)
_NO_WORK = pattern(r"不学|休息(?!日)|不用学|没空|没时间|不安排|\b(?:off|nothing|none|rest)\b")
_ONLY = pattern(r"只|\bonly\b")

WeekMinutes = tuple[int, int, int, int, int, int, int]


def weekday_number(word: str) -> int:
    """0 for Monday to 6 for Sunday."""
    if word[-1] in _CHINESE_DAYS:
        return min(_CHINESE_DAYS.index(word[-1]), 6)
    return _ENGLISH_DAYS.index(word[:3].lower())


def weekdays_in(text: str) -> frozenset[int]:
    """The weekdays that are named, 0 for Monday; 每天 names all seven."""
    return frozenset(day for group in _days_said(plain(text)) for day in group.days)


class _Days(NamedTuple):
    start: int
    days: frozenset[int]


class _Amount(NamedTuple):
    start: int
    minutes: int


def weekday_minutes_in(text: str) -> WeekMinutes | None:
    """Minutes for Monday to Sunday; None unless every day is accounted for."""
    text = plain(text)
    groups = _days_said(text)
    if _ONLY.search(text):
        # 只有周末有时间，每天三小时: every day of the weekend.
        groups = [group for group in groups if len(group.days) < 7] or groups
    said = _paired([*groups, *_amounts_said(text)])
    if not said:
        return None
    minutes = dict.fromkeys(range(7), 0) if _ONLY.search(text) else {}
    # 每天 first, so that what is said about single days goes before it.
    for days, amount in sorted(said, key=lambda pair: -len(pair[0])):
        minutes |= dict.fromkeys(days, amount)
    if len(minutes) < 7:
        return None
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        minutes[day] for day in range(7)
    )
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def _span(found: re.Match[str]) -> frozenset[int]:
    first, last = weekday_number(found["first"]), weekday_number(found["last"])
    return frozenset(
        range(first, last + 1) if first <= last else (*range(first, 7), *range(last + 1))
    )


def _listed(found: re.Match[str]) -> frozenset[int]:
    return frozenset(map(weekday_number, re.findall(f"[{_CHINESE_DAYS}]", found.group())))


_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], frozenset[int]]], ...] = (
    (_RANGE, _span),
    (pattern(_EVERY_DAY), lambda _: frozenset(range(7))),
    (
        pattern(r"工作日|平日|平时|上班日|\bweekdays?\b|\bwork(?:ing)? ?days?\b"),
        lambda _: frozenset(range(5)),
    ),
    (pattern(r"周末|双休日?|休息日|周六日|\bweekends?\b"), lambda _: frozenset((5, 6))),
    (pattern(_LIST), _listed),
    (pattern(ENGLISH_WEEKDAY), lambda found: frozenset([weekday_number(found.group())])),
)


def _days_said(text: str) -> list[_Days]:
    """Groups of days; a letter counts once, for the first rule that takes it."""
    said: list[_Days] = []
    for rule, days_of in _DAYS:
        said += [_Days(found.start(), days_of(found)) for found in rule.finditer(text)]
        text = rule.sub(lambda found: "·" * len(found.group()), text)
    return said


def _amounts_said(text: str) -> list[_Amount]:
    lengths = [_Amount(length.start, length.minutes) for length in durations_in(text)]
    return [*lengths, *(_Amount(found.start(), 0) for found in _NO_WORK.finditer(text))]


def _paired(parts: list[_Days | _Amount]) -> list[tuple[frozenset[int], int]]:
    """Each amount with the days said before it, or else with those said after it."""
    said: list[tuple[frozenset[int], int]] = []
    waiting: frozenset[int] = frozenset()
    open_amount: int | None = None
    for part in sorted(parts, key=lambda part: part.start):
        match part:
            case _Amount(_, minutes) if waiting:
                said.append((waiting, minutes))
                waiting, open_amount = frozenset(), None
            case _Amount(_, minutes):
                open_amount = minutes
            case _Days(_, days) if waiting and len(days) == 7:
                continue  # 周末每天两小时: on every day of the weekend
            case _Days(_, days) if open_amount is not None:
                said.append((days, open_amount))
                open_amount = None
            case _Days(_, days):
                waiting |= days
    return said
