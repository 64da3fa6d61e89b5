"""Feasts that people name instead of days, and how long one is usually free for them.

The lengths are custom and no government's word: nothing acts on them without a yes.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from agent.phrases.spelling import pattern, words


class _Feast(NamedTuple):
    """`falls` gives its day in a year, if known; `days` are free in all, `before` of them ahead.

    One that `is_long` means all of them: 国庆 is a week, 中秋 an evening unless they say 中秋那几天.
    """

    name: str
    falls: Callable[[int], date | None]
    days: int
    before: int = 0
    is_long: bool = False


def _always(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: date(year, month, day)


def _listed(days: str) -> Callable[[int], date | None]:
    known = {day.year: day for day in map(date.fromisoformat, days.split())}
    return known.get


def _eve_of(falls: Callable[[int], date | None]) -> Callable[[int], date | None]:
    def eve(year: int) -> date | None:
        day = falls(year)
        return day - timedelta(days=1) if day else None

    return eve


def _fourth_thursday_of_november(year: int) -> date:
    return date(year, 11, 22 + (3 - date(year, 11, 22).weekday()) % 7)


# Worked out once with calendar programs and looked up.
_SPRING = _listed("""
    2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31
    2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12
""")
_TOMBS = _listed("""
    2026-04-05 2027-04-05 2028-04-04 2029-04-04 2030-04-05 2031-04-05 2032-04-04 2033-04-04
    2034-04-05 2035-04-05 2036-04-04 2037-04-04 2038-04-05 2039-04-05 2040-04-04
""")
_DRAGON_BOATS = _listed("""
    2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05 2031-06-24 2032-06-12 2033-06-01
    2034-06-20 2035-06-10 2036-05-30 2037-06-18 2038-06-07 2039-05-27 2040-06-14
""")
_MOON = _listed("""
    2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12 2031-10-01 2032-09-19 2033-09-08
    2034-09-27 2035-09-16 2036-10-04 2037-09-24 2038-09-13 2039-10-02 2040-09-20
""")
_EASTER = _listed("""
    2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21 2031-04-13 2032-03-28 2033-04-17
    2034-04-09 2035-03-25 2036-04-13 2037-04-05 2038-04-25 2039-04-10 2040-04-01
""")

_FEASTS = (
    _Feast("除夕|大年三十", _eve_of(_SPRING), 1),
    _Feast(
        r"春节|过完?年(?!底)|\b(?:chinese|lunar) new year\b|\bspring festival\b",
        _SPRING,
        8,
        before=1,
        is_long=True,
    ),
    _Feast("元旦", _always(1, 1), 3),
    _Feast("清明", _TOMBS, 3),
    _Feast("五一|劳动节", _always(5, 1), 5, is_long=True),
    _Feast(r"端午|\bdragon boat\b", _DRAGON_BOATS, 3),
    _Feast(r"中秋|\bmid-?autumn\b|\bmoon festival\b", _MOON, 3),
    _Feast(
        # Eleven is a number elsewhere.
        "国庆|黄金周|十一(?:假期|长假|小长假|黄金周|放假|期间|那几天)"
        r"|\bgolden week\b|\bnational day\b",
        _always(10, 1),
        7,
        is_long=True,
    ),
    _Feast("双十一|双11", _always(11, 11), 1),
    _Feast(r"感恩节|\bthanksgiving\b", _fourth_thursday_of_november, 4),
    _Feast(r"平安夜|\b(?:christmas|xmas) eve\b", _always(12, 24), 1),
    _Feast(r"圣诞|\b(?:christmas|xmas)\b", _always(12, 25), 3, before=1),
    _Feast(r"\bnew year'?s eve\b", _always(12, 31), 1),
    _Feast(r"\bnew year\b", _always(1, 1), 2, before=1),
    _Feast(r"复活节|\beaster\b", _EASTER, 4, before=2),
)
FEAST = f"(?:{'|'.join(feast.name for feast in _FEASTS)})节?"
NAMES_FEAST = pattern(FEAST)
_NAMED = [(pattern(feast.name), feast) for feast in _FEASTS]
_WHOLE = words(
    zh="几天|假期|期间|放.{0,2}假|长假|(?<![请休])假(?=$|[,，。!])|前后|[这那]段|时候",
    en="over|during|break|holidays?|time|weeks?|period|days|around|through|throughout",
)
_ONE_DAY = words("[这那]一?天|当[天日]|一天", "(?<!national )day")


def feast_day(name: str, today: date, year: int | None = None) -> date | None:
    """The feast's next day, or the one of `year`; None where the calendar ends."""
    falls = _feast(name).falls
    day = falls(today.year if year is None else year)
    is_over = year is None and day is not None and day < today
    return falls(today.year + 1) if is_over else day


def day_after(name: str, today: date, year: int | None = None) -> date | None:
    """The first day when a feast is over: all of 国庆, and Christmas Day alone."""
    feast = _feast(name)
    day = feast_day(name, today, year)
    if day is None:
        return None
    return day + timedelta(days=feast.days - feast.before if feast.is_long else 1)


def free_days(name: str, day: date, text: str, today: date) -> tuple[date, int]:
    """The days to come that `text` means by a feast that falls on `day`: the first, and how many.

    国庆那几天, said on the second of October, are those that are left.
    """
    feast = _feast(name)
    is_whole = feast.is_long or _WHOLE.search(text)
    if _ONE_DAY.search(text) or not is_whole:
        return day, 1
    first = day - timedelta(days=feast.before)
    latest = feast_day(name, today - timedelta(days=feast.days))
    if latest is not None:
        begun = latest - timedelta(days=feast.before)
        is_on = begun <= today < begun + timedelta(days=feast.days - 1)
        first = begun if is_on else first
    gone = max(0, (today - first).days + 1)
    return first + timedelta(days=gone), feast.days - gone


def _feast(name: str) -> _Feast:
    return next(feast for said, feast in _NAMED if said.match(name))
