"""Times of day in words."""

import re
from datetime import time
from typing import NamedTuple

from agent.phrases.amounts import ENGLISH_NUMBER, value_of
from agent.phrases.spelling import pattern, plain

_MORNING = "凌晨|清晨|清早|早晨|早上|今早|明早|上午|早"
_EVENING = "午后|下午|傍晚"
_NIGHT = "晚上|晚间|夜里|夜晚|半夜|今晚|明晚|每晚|晚"
_PART = rf"(?P<part>{_MORNING}|中午|{_EVENING}|{_NIGHT})?\s*的?\s*"
_CHINESE = "[零一二两三四五六七八九十]"
# 有三点不明白, 两点建议: points, and no hours.
_POINTS = (
    "建议|意见|原因|理由|问题|疑问|区别|不同|要求|心得|收获|体会|感想|不明|不懂|不清|没懂|没明"
)
_HOUR = rf"(?P<hour>\d{{1,2}}|{_CHINESE}{{1,3}})"
_AFTER = (
    r"(?:\s*(?P<after>[ap]\.?m\b\.?|in the (?:morning|afternoon|evening)|at night"
    r"|(?:every |each )?(?:morning|evening)s?\b|tonight))?"
)
_HALF_DAY = (
    r"(?P<after>[ap]\.?m\b\.?|in the (?:morning|afternoon|evening)|at night|tonight"
    r"|(?:every|each) (?:morning|evening|night))"
)
_ENGLISH_HOUR = rf"(?P<hour>\d{{1,2}}|{ENGLISH_NUMBER})"
_WORD_MINUTES = r"(?: (?P<minute>thirty|fifteen|forty[- ]five|twenty|ten|forty|fifty))?"
_RULES = tuple(
    pattern(rule)
    for rule in (
        rf"{_PART}差(?P<before>{_CHINESE}{{1,3}}|\d{{1,2}}|一刻)(?:分钟?)?(?:到)?{_HOUR}点",
        rf"{_PART}{_HOUR}\s*(?:点(?!{_POINTS})|时(?![区间候]))(?P<exact>钟|整)?"
        rf"(?:(?P<half>半)|过?(?P<quarters>[一三])刻"
        rf"|过?(?P<minute>\d\d|{_CHINESE}{{2,3}})(?!\s*[个天小])分?|过?(?P<few>\d|{_CHINESE})分)?",
        rf"{_PART}(?<![\d:])(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?![\d:]){_AFTER}",
        r"(?<![\d.:])(?P<hour>\d{1,2})\.(?P<minute>[0-5]\d)\s*(?P<after>[ap]\.?m\b\.?)",
        rf"(?<!from )(?<!between )\b(?P<relation>half|a quarter|quarter|ten|20|10|twenty|five)"
        rf" (?P<side>past|to|after)"
        rf" {_ENGLISH_HOUR}{_AFTER}",
        rf"\b(?P<relation>half) (?P<hour>four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
        rf"(?!-| (?:of|hours?|days?|weeks?|minutes?|tasks?)){_AFTER}",
        rf"(?<![\d:.])\b{_ENGLISH_HOUR}{_WORD_MINUTES}(?: o'?clock)?\s*{_HALF_DAY}",
        rf"\b{_ENGLISH_HOUR} o'?clock\b{_AFTER}",
        rf"(?:\b(?:at|by|till?|until|to|around|@)|@)\s*{_ENGLISH_HOUR}{_WORD_MINUTES}"
        r"(?:ish)?(?![\w:.%/-]|\s*(?:hours?|hrs?|minutes?|mins?|days?|weeks?|am\b|pm\b|%|of\b"
        r"|[a-z]))",
        r"(?P<noon>\bnoon\b|\bmidday\b|中午|正午)|(?P<midnight>\bmidnight\b|午夜|半夜)",
    )
)


class Clock(NamedTuple):
    """`is_bare` when nothing says which half of the day; then the hour is taken as written."""

    at: time
    is_bare: bool
    start: int
    end: int


def time_in(text: str) -> time | None:
    """The first time of day; without morning or evening as on a 24-hour clock."""
    found = clocks_in(text)
    return found[0].at if found else None


def clocks_in(text: str) -> list[Clock]:
    """Every time of day, in the order said."""
    text = plain(text)
    clocks: list[Clock] = []
    for rule in _RULES:
        for found in rule.finditer(text):
            clock = _clock(found)
            if clock is not None and not any(
                clock.start < other.end and other.start < clock.end for other in clocks
            ):
                clocks.append(clock)
    return sorted(clocks, key=lambda clock: clock.start)


def _clock(found: re.Match[str]) -> Clock | None:
    said = found.groupdict()
    if said.get("noon") or said.get("midnight"):
        hour = 12 if said["noon"] else 0
        return Clock(time(hour), is_bare=False, start=found.start(), end=found.end())
    part = (said.get("part") or said.get("after") or "").lower().replace(".", "")
    # 早一点, 快一点: a little earlier, a little faster.
    if found.group().strip() in {"一点", "早一点", "晚一点"}:
        return None
    hour, minute = int(value_of(said["hour"])), _minute(said)
    if said.get("before") or said.get("side") == "to":
        hour, minute = (hour - 1) % 24, 60 - minute
    hour = _on_24_hours(hour, part)
    if hour > 24 or minute > 59:
        return None
    is_midnight = int(value_of(said["hour"])) == 0
    is_bare = not part and hour <= 12 and not is_midnight
    return Clock(time(hour % 24, minute), is_bare, found.start(), found.end())


def _minute(said: dict[str, str | None]) -> int:
    before, relation = said.get("before"), said.get("relation")
    if said.get("half") or relation == "half":
        return 30
    if before == "一刻" or (relation and relation.endswith("quarter")):
        return 15
    if quarters := said.get("quarters"):
        return 15 * int(value_of(quarters))
    words = before or relation or said.get("minute") or said.get("few")
    return int(value_of(words.lstrip("零") or "零")) if words else 0


def _on_24_hours(hour: int, part: str) -> int:
    if hour > 12 or not part:
        return hour
    if part in _NIGHT.split("|") or "night" in part:
        return 0 if hour == 12 else hour + 12 if hour > 4 else hour
    if part == "中午":
        return hour + 12 if hour < 6 else hour
    if part in _EVENING.split("|") or part[0] == "p" or "afternoon" in part or "evening" in part:
        return hour % 12 + 12
    return 0 if hour == 12 and part in {"凌晨", "am"} else hour
