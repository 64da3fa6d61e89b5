"""Pauses in words: for so many days, until a day, until further notice; and coming back."""

import re
from datetime import date, timedelta

from agent.phrases.amounts import BELOW_ONE, days_in
from agent.phrases.clock import clocks_in
from agent.phrases.dates import WRITTEN_DATE, day_in, find_day
from agent.phrases.pushes import PUSH, PUSHES_OFF, PUSHES_ON, REFUSES, silence_in
from agent.phrases.reading import Said, Unclear
from agent.phrases.spelling import pattern, words

_LONGEST = 365
_PAUSE = words(
    zh="""
    暂停|停[更学]|停(?=到|至|[一二两三四五六七八九十半几\\d])|(?:先|想|要)停(?:一?停|下|一下|一段)
    中止
    """,
    en="""
    pause|pausing|hold off|freeze|stop(?= (?:until|till|for))
    stop (?:everything|it all|(?:my|the) plan)
    put (?:it|everything|(?:my|the) plan) on hold
    """,
)
_AWAY = words(
    zh="请.{0,6}假|休.{0,2}假|放.{0,2}假|度假|旅[游行]|休息|歇|出差|不在|缺席",
    en=r"""
    vacation|holidays?|days? off|weeks? off|time off|away|out of office|on leave
    (?:take|taking|need|have|having|on) (?:an? |some |\w+ )?(?:\w+ )?(?:break|off|leave)
    """,
)
_NO = pattern(rf"{REFUSES.pattern}|不再?$")
_NOT_STUDY = words(
    "视频|训练|容器|进程|模型|循环|线程|音乐|下载",
    "video|training|container|process|loop|thread|execution|music|tokens?|pipeline",
)
_PAST = words(
    "(?:休息|停|歇|请|放)了|昨天|上周|上个?月|以前|之前",
    "rested|took|paused|was|were|had|last (?:week|month)|yesterday",
)
_WEEKLY = words("每", "every|each")
_TO = pattern(r"(?:到|至|等|\b(?:until|till?|til|through|to|back on|back))\s*(?:the\s*)?$")
_BEFORE = pattern(r"^\s*(?:之|以)?前(?!后)|\bbefore$")
_THROUGH = words("", "through")
_FROM = words("从|开始", "from|starting")
_FOR_A_WHILE = words("几|段", "a (?:few|while|bit)")
_SHORT_REST = words("休息|歇|不在", "break|away|off")
_RESUME = words(
    zh="""
    (?:取消|结束|解除)暂停|不再暂停|不暂停了|恢复(?!.{0,4}(?:默认|出厂|数据))|(?:我|已经?)回来[了啦]
    ^回来[了啦]
    休完|休假结束|假期结束|复工|复学|继续学习|重新(?:开始)?学
    """,
    en=r"""
    resume(?=$|[\s,.!]*(?:my|the|now|please|pls|learning|study\w*|plans?|pushes|push|from|today|everything|it|again|tasks?|work)\b|[,.!])
    un-?pause|unfreeze|(?:end|stop) (?:the |my )?pause|no longer paused
    (?:i'?m|i am|am) back|back (?:from|to work|at it|on track)
    """,
)
_BACK = pattern(r"^back(?: again| now)?$")
_NOT_RESUME = words(
    "(?:别|不要|先不|暂不)(?:恢复|继续)|恢复不|没有?回来|简历",
    r"not|don'?t|will|when|before|until|my resume",
)


def pause_or_resume(text: str, today: date) -> Said:
    is_back = _RESUME.search(text) or _BACK.match(text)
    if is_back and not _NOT_RESUME.search(text) and not PUSHES_ON.search(text):
        day = day_in(text, today)
        return {"resume": True} if day in {None, today} else Unclear.SETTINGS
    return _pause(text, today)


def _pause(text: str, today: date) -> Said:
    found = find_day(text, today)
    is_till = found is not None and is_end(text, found.start, found.end)
    is_silence = (PUSHES_OFF.search(text) and days_in(text)) or (is_till and silence_in(text))
    is_silence = is_silence and not clocks_in(text)
    pause = _PAUSE.search(text)
    verb = pause or _AWAY.search(text)
    if not is_silence and (verb is None or _NOT_STUDY.search(text) or PUSH.search(text)):
        return None
    if not is_silence and verb is not None and _NO.search(text[: verb.start()]):
        return Unclear.SETTINGS
    # 停到上周五 has passed, and is asked back; 上周停了两天 tells of what was.
    is_past_day = found is not None and found.day < today
    told = f"{text[: found.start]} {text[found.end :]}" if found and is_past_day else text
    if (_PAST.search(told) and not is_till) or _WEEKLY.search(text):
        return Unclear.SETTINGS if pause else None
    if BELOW_ONE.search(text) or (found is None and WRITTEN_DATE.search(text)):
        return Unclear.SETTINGS
    if found is not None and found.day != today:
        is_till = is_till and not _FROM.search(text[: found.start])
        is_through = _THROUGH.search(text[: found.start]) is not None
        return _until(found.day, is_through=is_through) if is_till else Unclear.SETTINGS
    days = days_in(text) or (1 if found else None)
    if days is not None:
        return {"pause_days": days} if days <= _LONGEST else Unclear.SETTINGS
    return _open_ended(text, is_pause=pause is not None)


def is_end(text: str, start: int, end: int) -> bool:
    """Whether the day that stands there is the one until which something lasts."""
    is_before = _BEFORE.match(text[end:]) or _BEFORE.search(text[:start].rstrip())
    return bool(is_before or _TO.search(text[:start].rstrip()))


def _until(day: date, *, is_through: bool) -> Said:
    """A pause that ends on a day; one that only begins there cannot be set today."""
    return {"pause_until": (day + timedelta(days=is_through)).isoformat()}


def _open_ended(text: str, *, is_pause: bool) -> Said:
    is_short = len(re.findall(r"[A-Za-z']+|[\u4e00-\u9fff]", text)) <= 10
    if is_pause and is_short and not _FOR_A_WHILE.search(text):
        return {"pause": True}
    return Unclear.SETTINGS if is_pause or not _SHORT_REST.search(text) else None
