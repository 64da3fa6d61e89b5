"""Days in words."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from agent.phrases.amounts import CHINESE_NUMBER, NUMBER, days_in, value_of
from agent.phrases.feasts import FEAST, day_after, feast_day
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
_LENGTH = (
    rf"(?:(?:{NUMBER}|半|half an?)\s*个?半?\s*"
    r"(?:天|日|周|星期|礼拜|月|年|days?|weeks?|months?|years?)|a fortnight)"
)
_MONTHS_AHEAD = pattern(rf"({NUMBER})\s*(?:个月|months?)")
_YEARS_AHEAD = pattern(rf"({NUMBER})\s*(?:年|years?)")
_FURTHEST = 3660
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
_YEARS = {"今年": 0, "明年": 1, "来年": 1, "后年": 2}
_SAID_YEAR = rf"(?:(?P<ahead>{'|'.join(_YEARS)})的?)?"
_OF_MONTH = r"(?P<which>下+个?月|这个?月|本月|当月)的?"
# The sun is out, I sat down: words in their own right.
_NO_DAY = r"(?!(?<=\bthe )sun\b)(?!(?<=\bi )sat\b)(?!(?<=\bwe )sat\b)"


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
    if said.get("ahead"):
        return _valid(today.year + _YEARS[said["ahead"]], month, day)
    if "/" in found.group() and month > 12:
        month, day = day, month
    return _in_some_year(month, day, today)


def _nearby(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=_NEARBY[found.group().lower()])


def _ahead(found: re.Match[str], today: date) -> date | None:
    """So many days, weeks, months or years from today; months and years by the calendar."""
    return _after(today, found.group())


def _after(start: date, length: str) -> date | None:
    months, years = _MONTHS_AHEAD.search(length), _YEARS_AHEAD.search(length)
    days = days_in(length)
    if days is None or days > _FURTHEST:
        return None
    if (months or years) and "半" not in length and "half" not in length.lower():
        count = int(value_of(months[1])) if months else 12 * int(value_of(years[1])) if years else 0
        first = _months_after(start, count)
        return first.replace(day=min(start.day, _last_of_month(first).day))
    return start + timedelta(days=days)


def _ahead_of_day(found: re.Match[str], today: date) -> date | None:
    """A week from Monday: so long after a day to come."""
    base = find_day(found["base"], today)
    return _after(base.day, found["length"]) if base else None


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


def _weekday_of_week(found: re.Match[str], today: date) -> date:
    """Wednesday next week, next week on Wednesday."""
    weeks = 2 if found.group().lower().endswith("after next") else _weeks_ahead(found["which"]) or 0
    return today + timedelta(days=7 * weeks + weekday_number(found["day"]) - today.weekday())


def _week_from_weekday(found: re.Match[str], today: date) -> date:
    """Friday week: seven days after Friday."""
    ahead = (weekday_number(found["day"]) - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead + 7)


def _weekday_after_next(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=14 + weekday_number(found["day"]) - today.weekday())


def _week_after_next(found: re.Match[str], today: date) -> date:
    del found
    return today + timedelta(days=14 - today.weekday())


def _month_end(found: re.Match[str], today: date) -> date:
    said = found.group().lower()
    return _last_of_month(_months_after(today, 1 if "next" in said else said.count("下")))


def _part_of_month(found: re.Match[str], today: date) -> date | None:
    """12月初, 12 月底, the end of December."""
    name = found["month"].lower()
    month = _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else int(value_of(name))
    if not 1 <= month <= 12:
        return None
    first = date(today.year + (month < today.month), month, 1)
    return _last_of_month(first) if found["part"].lower() in "底末end" else first


def _year_end(found: re.Match[str], today: date) -> date:
    is_next = "明年" in found.group() or "next" in found.group().lower()
    return date(today.year + is_next, 12, 31)


def _next_year(found: re.Match[str], today: date) -> date:
    del found
    return date(today.year + 1, 1, 1)


def _day_of_said_month(found: re.Match[str], today: date) -> date | None:
    """下个月1号, 这个月28号; 下个月 alone is its first day."""
    first = _months_after(today, found["which"].count("下"))
    return _valid(first.year, first.month, int(value_of(found["day"])))


def _next_month(found: re.Match[str], today: date) -> date:
    return _months_after(today, found.group().count("下") or 1)


def _day_of_next_month(found: re.Match[str], today: date) -> date | None:
    first = _months_after(today, 1)
    day = 1 if found["day"].lower() == "first" else int(found["day"][:-2])
    return _valid(first.year, first.month, day)


def _day_of_month(found: re.Match[str], today: date) -> date | None:
    """The 5th: of this month while it is to come, or else of the next."""
    day = int(value_of(found["day"] or "1"))
    this_month = _valid(today.year, today.month, day)
    if this_month is not None and this_month >= today:
        return this_month
    first = _months_after(today, 1)
    return _valid(first.year, first.month, day)


def _feast(found: re.Match[str], today: date) -> date | None:
    """The next one, or the one of the year that is said."""
    year = today.year + _YEARS[found["ahead"]] if found["ahead"] else None
    return feast_day(found["feast"], today, year)


def _after_feast(found: re.Match[str], today: date) -> date | None:
    year = today.year + _YEARS[found["ahead"]] if found["ahead"] else None
    return day_after(found["feast"], today, year)


def _day_of_first_moon(found: re.Match[str], today: date) -> date | None:
    """大年初六: counted from the first, in the spring that is here or to come."""
    ahead = timedelta(days=int(value_of(found["day"])) - 1)
    first = feast_day("春节", today - ahead)
    return first + ahead if first else None


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = tuple(
    (pattern(rule), day_of)
    for rule, day_of in (
        (r"(?P<year>20\d\d)\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})", _dated),
        (rf"{_SAID_YEAR}(?P<month>{_COUNT})\s*月份?\s*(?P<day>{_COUNT})[日号]?", _dated),
        (r"(?<![\d./-])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d./%-])", _dated),
        # With a zero in it: 10-12 is a range.
        (
            r"(?<![\w./:-])(?=0|\d\d-0)(?P<month>0[1-9]|1[0-2])-(?P<day>[0-2]\d|3[01])(?![\w./:%-])",
            _dated,
        ),
        (rf"\b{_MONTH}\s*(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){_YEAR}", _dated),
        (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of )?{_MONTH}{_YEAR}", _dated),
        ("|".join(rf"\b{word}\b" if word.isascii() else word for word in _NEARBY), _nearby),
        (rf"(?:再?过\s*)?{_LENGTH}\s*(?:之?后|以后|later\b|from (?:now|today)\b)", _ahead),
        (
            rf"(?P<length>{_LENGTH}) (?:from|after|on) "
            rf"(?P<base>(?:next |this )?{ENGLISH_WEEKDAY}|tomorrow\b)",
            _ahead_of_day,
        ),
        (rf"再?过\s*{_LENGTH}|\b(?:in|after) {_LENGTH}\b", _ahead),
        (rf"(?P<which>下+个?|这个?|本|上个?)?(?P<day>{CHINESE_WEEKDAY})", _weekday),
        (rf"(?P<day>{ENGLISH_WEEKDAY}) after next\b", _weekday_after_next),
        (rf"(?P<day>{ENGLISH_WEEKDAY}) week\b", _week_from_weekday),
        (
            rf"(?P<day>{ENGLISH_WEEKDAY}),? (?:of |in )?(?P<which>next|this) week\b",
            _weekday_of_week,
        ),
        (
            rf"\b(?P<which>next|this) week,? (?:on )?(?P<day>{ENGLISH_WEEKDAY})",
            _weekday_of_week,
        ),
        (rf"(?:\b(?P<which>next|this|last) )?{_NO_DAY}(?P<day>{ENGLISH_WEEKDAY})", _weekday),
        (
            r"(?P<which>下+个?|这个?|本|上个?|\bnext |\bthis |\blast )?(?:周末|\bweekend\b)",
            _weekend,
        ),
        (r"(?P<which>下+)个?(?:周|星期|礼拜)(?![一二三四五六天末]|日(?![程常报记]))", _week),
        (r"\bweek after next\b", _week_after_next),
        (r"\b(?P<which>next) week\b", _week),
        (rf"(?P<month>{_COUNT})\s*月份?(?P<part>[初底末])", _part_of_month),
        (rf"\b(?P<part>end|beginning|start) of {_MONTH}", _part_of_month),
        (
            r"(?:下+个?|这个?|本)?月[底末]|\bmonth end\b|\bend of (?:this |next |the )?month\b",
            _month_end,
        ),
        (r"(?:今年|明年)?年[底末]|明年[底末]|\bend of (?:this |next |the )?year\b", _year_end),
        (r"明年(?:年?初)|来年初|\bnext year\b", _next_year),
        (rf"{_OF_MONTH}(?P<day>{_COUNT})[日号]", _day_of_said_month),
        (r"\bthe (?P<day>first|\d{1,2}(?:st|nd|rd|th)) of next month\b", _day_of_next_month),
        (r"下+个?月(?![底末])初?|\bnext month\b", _next_month),
        (rf"(?<![\d月第廿])(?P<day>{_COUNT})[号日](?!任务|题|线|报)", _day_of_month),
        (
            r"\b(?:the (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! (?:one|task|item))"
            r"|on the (?P<first>first)$)",
            _day_of_month,
        ),
        (rf"{_SAID_YEAR}(?P<feast>{FEAST})(?:假期|长假)?(?:之|以|过)?后", _after_feast),
        (rf"{_SAID_YEAR}\bafter (?:the )?(?P<feast>{FEAST})", _after_feast),
        (rf"{_SAID_YEAR}(?P<feast>{FEAST})", _feast),
        (rf"(?:大年|正月)初(?P<day>{CHINESE_NUMBER})", _day_of_first_moon),
    )
)
