"""Amounts in words: numbers, minutes, the days of a pause, hours a week."""

import re
from itertools import pairwise
from typing import NamedTuple

from agent.phrases.spelling import pattern, plain

_CHINESE_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
}
_UP_TO_19 = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_UNITS = tuple(_UP_TO_19.split())
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_BELOW_100 = rf"(?:(?:{'|'.join(_TENS)})(?:[- ]?(?:{_UNIT}))?|{_UNIT})"
ENGLISH_NUMBER = (
    rf"\b(?:(?:a|{_UNIT}) hundred(?: (?:and )?{_BELOW_100})?|{_BELOW_100}|a couple(?: of)?|an?)\b"
)
_DIGIT = "[一二两俩仨三四五六七八九]"
# 五六 is five or six; other digits in a row are a list, as in 周一三五.
CHINESE_NUMBER = (
    rf"(?:{_DIGIT}?百(?:零{_DIGIT}|{_DIGIT}?十{_DIGIT}?|{_DIGIT})?|{_DIGIT}?十{_DIGIT}?"
    rf"|一两|二三|两三|三四|四五|五六|六七|七八|八九|{_DIGIT}|[零〇])"
)
NUMBER = rf"(?:(?<!\d)\d{{1,9}}(?:\.\d{{1,9}})?|{CHINESE_NUMBER}|{ENGLISH_NUMBER})"
_NUMBER = pattern(NUMBER)
_AND_A_HALF = pattern(rf"(?P<whole>{NUMBER})(?:\s*个?半|(?: \w+)? and a half\b)")
_HALF = pattern(r"半|\bhalf\b")

HOUR = r"(?:小时|钟头|hours?\b|hrs?\b|h(?![a-z]))"
MINUTE = r"(?:分钟|minutes?\b|mins?\b|m(?![a-z]))"
_DURATION = pattern(
    r"(?P<quarter>一刻钟|(?:a )?quarter of an hour|a quarter hour)"
    r"|(?P<three_quarters>三刻钟|three quarters of an hour)"
    r"|(?P<half>半个?(?:小时|钟头)|half an hour|(?:a )?half hour)"
    rf"|(?P<mixed>{NUMBER})\s*(?:个半|and a half)\s*{HOUR}"
    rf"|(?P<hours>{NUMBER})\s*个?\s*{HOUR}"
    rf"(?:(?P<and_half>半| and a half)|\s*(?:and |零|又)?(?P<rest>{NUMBER})\s*(?:{MINUTE}|分)"
    r"|(?P<digits>\d\d)(?!\d))?"
    rf"|(?P<minutes>{NUMBER})[来多]?\s*{MINUTE}"
)
_DAYS = pattern(
    rf"(?:(?P<half>半|\bhalf an? )|(?P<count>{NUMBER}))\s*(?P<classifier>个)?(?P<more>半)?\s*"
    r"(?:(?P<days>天|日(?![报程])|days?\b)"
    r"|(?P<weeks>(?:周|星期|礼拜)(?![一二三四五六日天末])|weeks?\b|wks?\b)"
    r"|(?P<months>月(?!\d)|months?\b)|(?P<years>年|years?\b))"
    r"|(?P<fortnight>\bfortnight\b)"
)
_UNIT_DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
_EVERY_WEEK = r"(?:每周|每个?星期|每个?礼拜|一周|一个?星期|一个?礼拜|周均|\bweekly\b)"
_A_WEEK = (
    r"(?:/\s*(?:week|wk|w\b|周)|(?:\b(?:a|per|each|every|in a) )(?:week|wk)\b|weekly\b|(?:的)?每周)"
)
_COUNT_OF_HOURS = (
    rf"(?P<count>{NUMBER})(?:\s*(?:-|~|到|至|to)\s*{NUMBER})?\s*个?(?P<half>半)?\s*{HOUR}"
)
_HOURS_A_WEEK = (
    pattern(rf"{_EVERY_WEEK}[^\d,，。;；每天]{{0,10}}?{_COUNT_OF_HOURS}"),
    pattern(rf"{_COUNT_OF_HOURS}\s*(?:of \w+ )?{_A_WEEK}"),
)
_BARE_HOURS = pattern(rf"^\D{{0,8}}?{_COUNT_OF_HOURS}")
_BARE_NUMBER = pattern(rf"^\D{{0,8}}?(?P<count>{NUMBER})(?P<half>)(?:左右|吧|了|个)?[.。!！]?$")
_DAYS_OR_MORE = r"(?:天|日|周|星期|礼拜|月|days?\b|weeks?\b|months?\b)"
# No length of time: -5 hours, 0 days; 5-6 hours and starter-30 are none of these.
BELOW_ONE = pattern(
    rf"(?:(?<!\w)(?<!\d )[-−–]|负)\d+(?:\.\d+)?\s*个?(?:{_DAYS_OR_MORE}|{HOUR}|{MINUTE})"
    rf"|(?<![\d.])(?:0+(?:\.0+)?|零|\bzero)\s*个?{_DAYS_OR_MORE}"
)
_A_DAY = pattern(r"每天|每日|天天|一天|\bdaily\b|\b(?:a|per|every|each) day\b|/\s*(?:day|d\b|天)")


def number_in(text: str) -> float | None:
    """The first number, in digits or in words of either language, up to 999."""
    text = plain(text)
    numbers = list(_NUMBER.finditer(text))
    found = next((each for each in numbers if each.group().lower() not in {"a", "an"}), None)
    found = found or (numbers[0] if numbers else None)
    mixed, half = _AND_A_HALF.search(text), _HALF.search(text)
    if mixed is not None and found is not None and mixed.start() <= found.start():
        return value_of(mixed["whole"]) + 0.5
    if half is not None and (found is None or half.start() < found.end() + 1):
        return 0.5
    return value_of(found.group()) if found else None


def value_of(word: str) -> float:
    """A number as `NUMBER` finds it."""
    word = word.lower().strip()
    if word[0].isdecimal():
        return min(float(word), 1e9)
    if word[0] in _CHINESE_DIGITS or word[0] in "十百":
        return _chinese_value(word)
    if word.startswith("a couple"):
        return 2.0
    if word in {"a", "an"}:
        return 1.0
    hundreds, _, rest = word.rpartition("hundred")
    count = 100 * _ENGLISH.get(hundreds.strip(), 1) if hundreds else 0
    words = re.findall("|".join((*_TENS, _UNIT)), rest)
    return float(count + sum(_ENGLISH[each] for each in words))


def _chinese_value(word: str) -> float:
    if not set(word) & set("十百"):
        return float(_CHINESE_DIGITS[word[0]])  # 五六个小时: five or six, so at least five
    total, digit = 0, 0
    for before, char in pairwise(f" {word}"):
        if char in "十百":
            total, digit = total + (10 if char == "十" else 100) * (digit or 1), 0
        else:
            digit = _CHINESE_DIGITS[char]
            if before == "百" and word.endswith(f"百{char}"):
                digit *= 10  # 三百五 is 350; 三百零五 is 305
    return float(total + digit)


class Duration(NamedTuple):
    minutes: int
    start: int
    end: int


def durations_in(text: str) -> list[Duration]:
    """Every length of time in hours and minutes, with its place in the text."""
    return [
        Duration(round(_minutes(found)), found.start(), found.end())
        for found in _DURATION.finditer(plain(text))
    ]


def _minutes(found: re.Match[str]) -> float:
    for name, minutes in (("quarter", 15.0), ("three_quarters", 45.0), ("half", 30.0)):
        if found[name]:
            return minutes
    if found["mixed"]:
        return 60 * value_of(found["mixed"]) + 30
    if found["minutes"]:
        return value_of(found["minutes"])
    rest = found["rest"] or found["digits"]
    return 60 * value_of(found["hours"]) + (
        30.0 if found["and_half"] else value_of(rest) if rest else 0.0
    )


def delay_in(text: str) -> int | None:
    """Minutes from now: 半小时后, in 2 hours."""
    found = durations_in(text)
    return found[0].minutes if found and found[0].minutes > 0 else None


def days_in(text: str) -> int | None:
    """A number of whole days; a month counts 30, half of one 15."""
    for found in _DAYS.finditer(plain(text)):
        if found["fortnight"]:
            return 14
        # 三月 is March: months are counted with 个, or after 半.
        if found["months"] == "月" and not (found["classifier"] or found["half"]):
            continue
        count = 0.5 if found["half"] else value_of(found["count"]) + (0.5 if found["more"] else 0)
        unit = next(days for name, days in _UNIT_DAYS.items() if found[name])
        return int(count * unit) or None
    return None


def hours_a_week_in(text: str, *, bare: bool = False) -> float | None:
    """Hours a week; of a range the lower end.

    `bare` takes a number without "a week", for the answer to a question about hours.
    """
    text = plain(text).strip()
    found = next((hit for rule in _HOURS_A_WEEK if (hit := rule.search(text))), None)
    if found is None and bare and not _A_DAY.search(text):
        found = _BARE_HOURS.match(text) or _BARE_NUMBER.match(text)
    if found is None:
        return None
    return value_of(found["count"]) + (0.5 if found["half"] else 0)
