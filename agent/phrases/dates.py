"""Days in words."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from agent.phrases.amounts import CHINESE_NUMBER, NUMBER, days_in, value_of
from agent.phrases.spelling import pattern, plain
from agent.phrases.weeks import CHINESE_WEEKDAY, ENGLISH_WEEKDAY, weekday_number

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:,?\s*(?P<year>20\d\d))?"
# A day written as a date, be there such a day or not.
WRITTEN_DATE = pattern(
    r"20\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d|\d\s*月份?\s*\d"
    r"|[一二十]月[一二三四五六七八九十]|(?<![\d./-])\d{1,2}/\d{1,2}(?![\d./%-])"
    rf"|\b{_MONTH}\s*(?:the )?\d"
    rf"|\d(?:st|nd|rd|th)?\s*(?:of )?\b{_MONTH.replace('?P<month>', '?:')}"
)
_COUNT = rf"(?:\d{{1,2}}|{CHINESE_NUMBER})"
_LENGTH = rf"(?:{NUMBER}|半|half an?)\s*个?半?\s*(?:天|日|周|星期|礼拜|月|days?|weeks?|months?)"
_MONTHS_AHEAD = pattern(rf"({NUMBER})\s*(?:个月|months?)")
# The longest of those that begin alike comes first.
_NEARBY = {
    "大后天": 3,
    "后天": 2,
    **dict.fromkeys(("明天", "明日", "明儿", "明早", "明晚"), 1),
    **dict.fromkeys(("今天", "今日", "今儿", "今晚", "今早"), 0),
    "大前天": -3,
    "前天": -2,
    **dict.fromkeys(("昨天", "昨日", "昨晚"), -1),
    "day after tomorrow": 2,
    **dict.fromkeys(("tomorrow", "tmrw", "tmr"), 1),
    **dict.fromkeys(("today", "tonight"), 0),
    "day before yesterday": -2,
    "yesterday": -1,
}
_FEASTS = {
    "元旦": (1, 1),
    "劳动节": (5, 1),
    "国庆": (10, 1),
    "圣诞": (12, 25),
    "new year's day": (1, 1),
    "christmas": (12, 25),
}


class DayFound(NamedTuple):
    day: date
    start: int
    end: int


def day_in(text: str, today: date) -> date | None:
    """The first day named; a past one is given as it is."""
    found = find_day(text, today)
    return found.day if found else None


def find_day(text: str, today: date) -> DayFound | None:
    """The first day named, and its place in the text."""
    text = plain(text)
    best: DayFound | None = None
    for rule, day_of in _RULES:
        for found in rule.finditer(text):
            day = day_of(found, today)
            if day is not None and (best is None or found.start() < best.start):
                best = DayFound(day, found.start(), found.end())
                break
    return best


def _valid(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _in_some_year(month: int, day: int, today: date) -> date | None:
    """This year's; next year's when this year's is more than half a year ago, or does not exist."""
    this_year = _valid(today.year, month, day)
    if this_year is not None and (today - this_year).days <= 183:
        return this_year
    return _valid(today.year + 1, month, day)


def _months_after(today: date, months: int) -> date:
    """The first day of a month so many months ahead."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _last_of_month(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def _dated(found: re.Match[str], today: date) -> date | None:
    """Year, month and day in any of the written orders."""
    said = found.groupdict()
    name = said["month"].lower()
    month = _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else int(value_of(name))
    day = int(value_of(said["day"]))
    if said.get("year"):
        return _valid(int(said["year"]), month, day)
    if "/" in found.group() and month > 12:
        month, day = day, month
    return _in_some_year(month, day, today)


def _nearby(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=_NEARBY[found.group().lower()])


def _ahead(found: re.Match[str], today: date) -> date | None:
    """So many days, weeks or months from today; months by the calendar."""
    months = _MONTHS_AHEAD.search(found.group())
    if months is not None and "half" not in found.group().lower():
        first = _months_after(today, int(value_of(months.group(1))))
        return first.replace(day=min(today.day, _last_of_month(first).day))
    days = days_in(found.group())
    return today + timedelta(days=days) if days else None


def _weeks_ahead(which: str | None) -> int | None:
    """0 for 这周, 1 for 下周, 2 for 下下周; None when it is not said."""
    said = (which or "").lower().strip()
    if not said:
        return None
    if said.startswith(("上", "last")):
        return -1
    return 1 if said.startswith("next") else said.count("下")


def _weekday(found: re.Match[str], today: date) -> date:
    """A bare weekday is the next such day; this week and next week go from Monday to Sunday."""
    wanted = weekday_number(found["day"])
    weeks = _weeks_ahead(found["which"])
    if weeks == -1 and found["which"].lower() == "last":
        return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
    if weeks is None:
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    return today + timedelta(days=7 * weeks + wanted - today.weekday())


def _weekend(found: re.Match[str], today: date) -> date:
    weeks = _weeks_ahead(found["which"])
    saturday = today + timedelta(days=7 * (weeks or 0) + 5 - today.weekday())
    return saturday + timedelta(days=7) if weeks is None and saturday <= today else saturday


def _week(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=7 * (_weeks_ahead(found["which"]) or 1) - today.weekday())


def _month_end(found: re.Match[str], today: date) -> date:
    is_next = "下" in found.group() or "next" in found.group().lower()
    return _last_of_month(_months_after(today, 1 if is_next else 0))


def _next_month(found: re.Match[str], today: date) -> date | None:
    first = _months_after(today, 1)
    return _valid(first.year, first.month, int(value_of(found["day"]))) if found["day"] else first


def _day_of_month(found: re.Match[str], today: date) -> date | None:
    """The 5th: of this month while it is to come, or else of the next."""
    day = int(value_of(found["day"]))
    this_month = _valid(today.year, today.month, day)
    if this_month is not None and this_month >= today:
        return this_month
    first = _months_after(today, 1)
    return _valid(first.year, first.month, day)


def _feast(found: re.Match[str], today: date) -> date | None:
    return _in_some_year(*_FEASTS[found.group().lower()], today)


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = tuple(
    (pattern(rule), day_of)
    for rule, day_of in (
        (r"(?P<year>20\d\d)\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})", _dated),
        (rf"(?P<month>{_COUNT})\s*月份?\s*(?P<day>{_COUNT})[日号]?", _dated),
        (r"(?<![\d./-])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d./%-])", _dated),
        (rf"\b{_MONTH}\s*(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){_YEAR}", _dated),
        (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of )?{_MONTH}{_YEAR}", _dated),
        ("|".join(rf"\b{word}\b" if word.isascii() else word for word in _NEARBY), _nearby),
        (rf"(?:再?过\s*)?{_LENGTH}\s*(?:之?后|以后|later\b|from (?:now|today)\b)", _ahead),
        (rf"再?过\s*{_LENGTH}|\b(?:in|after) {_LENGTH}\b", _ahead),
        (rf"(?P<which>下+个?|这个?|本|上个?)?(?P<day>{CHINESE_WEEKDAY})", _weekday),
        (rf"(?:\b(?P<which>next|this|last) )?(?P<day>{ENGLISH_WEEKDAY})", _weekday),
        (
            r"(?P<which>下+个?|这个?|本|上个?|\bnext |\bthis |\blast )?(?:周末|\bweekend\b)",
            _weekend,
        ),
        (r"(?P<which>下+)个?(?:周|星期|礼拜)(?![一二三四五六天末]|日(?![程常报记]))", _week),
        (r"\b(?P<which>next) week\b", _week),
        (r"(?:下个?)?月[底末]|\bend of (?:this |next |the )?month\b", _month_end),
        (rf"下个?月(?:(?P<day>{_COUNT})[日号])?(?![底末])|\bnext month\b", _next_month),
        (rf"(?<![\d月第])(?P<day>{_COUNT})[号日](?!任务|题|线|报)", _day_of_month),
        (r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! (?:one|task|item))", _day_of_month),
        ("|".join(_FEASTS), _feast),
    )
)
