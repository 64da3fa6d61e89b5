"""Settings in words: what a learner wants changed, as the settings tool takes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from agent.phrases.amounts import BELOW_ONE, durations_in, hours_a_week_in
from agent.phrases.clauses import OTHER_PEOPLE, Clause
from agent.phrases.clock import clocks_in
from agent.phrases.dates import find_day
from agent.phrases.feasts import NAMES_FEAST
from agent.phrases.looks import pictures_wished
from agent.phrases.pauses import pause_or_resume
from agent.phrases.pushes import (
    CHECK_IN,
    ELSEWHERE,
    PUSH,
    REFUSES,
    SINGLE_DAYS,
    push_time,
    pushes_on_or_off,
    quiet_days,
    quiet_hours,
    silence_in,
    silences,
    snooze,
)
from agent.phrases.reading import Said, Unclear
from agent.phrases.rest_days import rest_days_in
from agent.phrases.spelling import pattern, words
from agent.phrases.tasks import numbers_in
from agent.phrases.weeks import weekday_minutes_in, weekdays_in
from agent.phrases.zones import zone_in
from learning.values import Language

# Only the place of a day's words counts, and not which day they name.
_SOME_DAY = date(2026, 1, 1)
_CHANGED_TO = words(
    "^(?:那就|就|还是|请)?(?:改|调|换|挪|设|放|定)(?:到|成|为|在)?",
    "(?:change|move|set) (?:it |that )?to",
)
_PART_OF_DAY = words("早上|上午|中午|下午|傍晚|晚上", "morning|evening")
_ZONE_WORD = words("时区", "time ?zone")
_BARE_ZONE = pattern(r"^(?:[a-z]+/[a-z_/+-]+\d*|(?:utc|gmt)\s*[+-]?\s*\d{0,2}(?::?\d\d)?)$")
_HERE = words(
    zh="""
    (?:我|人|本人)(?:现在|目前|已经|最近|刚刚?|今年|一直|人|平时|是|其实)*(?:在|常?住在?|来到?|到|飞到|定居在?|回到?|坐标:?)了?
    搬(?:家)?[到去来]了?|^(?:现在|目前|人)?(?:在|住在|坐标):?\\s*
    """,
    en=r"""
    (?:i'?m|i am|we'?re|currently|i'?ve)(?: \w+){0,3}? (?:in|at|based in|to|from)
    (?:live|living|based|located|settled) in|(?:moved|relocated) (?:back )?to
    """,
)
_NOT_HERE = words(
    zh="""
    (?:要|想|打算|准备|计划|会|将)(?:去|搬|到|飞)|下周|下个?月|明年|明天|以前|曾经|待过|之前|去过
    出差
    的(?:朋友|同事|公司)|大学|模型|审判|教程|论文|代码
    """,
    en=r"""
    was|used to|going|will|would|next|flying|travel\w*|visit\w*|trip|planning|plan|want|born|friend
    company|from
    """,
)
_MOVED = words("搬到|搬来", "(?:moved|relocated) (?:back )?to")
_TRAVELS = words(
    "[去搬飞到].{0,6}(?:出差|旅[行游]|玩|度假)", r"(?:going|flying|travel\w*|moving|trip) to"
)
_MANY_ZONES = words(
    "美国|加拿大|澳大利亚|澳洲|俄罗斯|巴西|印尼|印度尼西亚|墨西哥|欧洲|国外|海外",
    "usa?|america|canada|australia|russia|brazil|indonesia|europe|the states",
)
_CHINESE = "中文|汉语|普通话|国语|chinese|mandarin"
_ENGLISH = "英文|英语|english"
_TO_LANGUAGE = tuple(
    pattern(rule)
    for rule in (
        r"(?:用|说|讲|换[成到回]?|切换?(?:到|成|为|回)?|改(?:成|用|为|回)?|变成|转成?|回复?用"
        r"|设[成为])"
        rf"\s*(?:一下)?(?P<language>{_CHINESE}|{_ENGLISH})",
        r"\b(?:speak|talk|reply|respond|answer|write|continue|switch|change|set)\b(?: \w+){0,3}?"
        rf"(?: to| in| into)? (?P<language>{_CHINESE}|{_ENGLISH})\b",
        rf"^(?:in )?(?P<language>{_CHINESE}|{_ENGLISH})(?:吧|谢谢|\s*(?:please|pls|now))?$",
        rf"\b(?P<language>{_CHINESE}|{_ENGLISH}) (?:please|pls)\b",
    )
)
_OTHER_LANGUAGE = words(
    "换(?:一?个|种)?语言|切换语言|改(?:一下)?语言", "(?:switch|change)(?: the| my)? language"
)
_BEFORE = words("以前|之前|曾经|昨天|上周", "used to|was|yesterday|last (?:week|month|year)")
_NO_SETTING = words(
    zh="翻译|译成|资料|论文|教程|视频|文章|书|课|博客|文档|怎么说|写(?:一|篇|封|作文)|解释|讲讲|讲解",
    en=r"translat\w+|paper|book|tutorial|video|article|resource|docs|explain|learn",
)
_OF_WEEK = words(
    zh="每周|每个?星期|一周.{0,6}小时|每天|工作日|平时|周末|(?:周|星期)[一二三四五六日天]|小时|分钟",
    en=r"""
    (?:a|per|each|every) (?:week|day)|week(?:days?|ends?)|hours?|hrs?|min(?:ute)?s?|daily|weekly
    (?:mon|tues|wednes|thurs|fri|satur|sun)days?|\d+ ?h
    """,
)
_PAST = words(
    zh="""
    (?:学|花|用|做|看|刷|投入|休息|停|歇|请)了|学习?了|昨天|上个?月
    以前|之前|原来|本来|原本|[这上本](?:周|个?星期)(?!开始|起|之后)
    """,
    en="did|spent|studied|worked|have (?:done|spent)|last week|this week|rested|took",
)
_FELL_THROUGH = words("没做到|没坚持|没能|失败", "failed|did not work|didn't work")
_ONLY_TODAY = words("今天|今晚|今日", "today|tonight|right now")
_FROM_THEN_ON = words("后|起|开始|过完", "after|from|since|starting")
_CHANGED_BY = words(
    "(?:多|少|增加|减少|加|减|再)(?:学|加|花|投入|了)?\\s*(?:\\d|[一二两三四五六七八九十半])"
    "|太[多少]|不?够|合适",
    "more|less|extra|another|fewer|too (?:much|many|little|few)|enough",
)
_NO_STUDY_TIME = words(
    "后再|后提醒|后叫|训练|运行|跑了|睡|上班|工作(?!日)",
    r"work|sleep|train(?:ing|s)?|run(?:s|ning)?|take[sn]?|don'?t|do not|not",
)
_DAY_OFF = words(
    zh="(?:周末|(?:周|星期)[一二三四五六日天]|工作日|每周.{0,4}).{0,4}(?:没空|不学|休息|没时间|不行|别发|不发|别推|忙)",
    en=r"""
    (?:weekends?|\w+days?) .{0,12}(?:off|busy|free)|no (?:work|study|tasks|plans?) (?:on|at) \w+
    """,
)
_SHOW = pattern(
    r"(?:我的|查看|看看?|显示|打开|当前)(?:的|一下)?(?:个人)?(?:设置|配置|偏好)"
    r"|^(?:stop|stop it|stop!|停|停止|停下)[!.。]*$|^(?:设置|设定|配置)(?:呢|页面?|菜单)?$"
    r"|设置(?:是|有)(?:什么|哪些)|我的?时区"
    r"|(?:什么时候|几点|啥时候)(?:给我|会|来)?(?:提醒|推送|发|打卡)"
    r"|你?会(?:不会)?在?(?:周末|晚上|半夜|夜里|早上|假期).{0,4}(?:发|推送?|提醒|打扰)"
    r"|\bdo you (?:message|text|ping|notify|write to|send)\b.*\b(?:night|weekends?|mornings?|holidays?)\b"
    r"|(?:提醒|推送|打卡|免打扰)(?:时间)?(?:是|在|定的?)?(?:几点|什么时候|啥时候)"
    r"|^(?:show |see |view |open |list |check )?(?:me )?(?:my |the |all )?"
    r"(?:settings?|preferences|config(?:uration)?)(?: please| pls)?$"
    r"|\bwhat(?:'s| are| is)? my (?:current )?(?:settings?|preferences|time ?zone|quiet hours"
    r"|pace)\b"
    r"|\b(?:when|what time) (?:do|will|does) (?:you|u|the plan)\b"
)
_OF_SETTINGS = words(
    zh="""
    提醒|推送|通知|打扰|时区|设置|语言(?!模型)|暂停|打卡时间|请.{0,4}假|休假|别发|别推
    [每一]周.{0,6}(?:小时|钟头)|每天.{0,6}(?:小时|分钟)|(?:换|切换|用|说)[成到]?[中英]文
    """,
    en=r"""
    remind(?:ers?)?|notifications?|time ?zone|quiet hours|settings?|language(?! model)|pause|snooze
    hours? (?:a|per|each) week|min(?:ute)?s? (?:a|per|each) day|vacation|check-?in time
    switch to (?:english|chinese)
    """,
)
# Settings of LoRA, and a training that is paused, are none of ours.
_OF_SOMETHING = pattern(
    r"\bsettings? (?:of|for|in) (?!the (?:plan|mentor|app)|my\b|me\b|you\b)"
    r"|\bpaus\w+ (?:the |my |a )?(?:training|model|download|video|process)"
    r"|(?:训练|模型|下载|视频|进程)的?(?:设置|暂停)"
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Arguments of the settings tool; `taken` are the clauses that were understood."""

    args: Mapping[str, object] = field(default_factory=dict)
    taken: frozenset[Clause] = frozenset()
    unclear: Unclear | None = None


def wishes_in(
    clauses: tuple[Clause, ...], today: date, language: Language, now: datetime | None = None
) -> Wishes:
    """Read the settings that the clauses ask to change; `now` is the learner's wall clock."""
    readers: tuple[Callable[[str], Said], ...] = (
        quiet_hours,
        push_time,
        pushes_on_or_off,
        lambda text: snooze(text, now, today),
        _zone,
        lambda text: _language(text, language),
        lambda text: pause_or_resume(text, today),
    )
    args: dict[str, object] = {}
    taken: set[Clause] = set()
    unclear: Unclear | None = None
    claims = tuple(clause for clause in clauses if clause.claims)
    names_weekday = any(weekdays_in(clause.text) for clause in claims)
    rest = None if names_weekday else rest_days_in(claims, today)
    for clause in claims:
        # 国庆我不在，别发了 silences no other day.
        is_of_rest = (rest and silence_in(clause.text)) or rest_days_in((clause,), today)
        if is_of_rest or OTHER_PEOPLE.search(clause.text):
            continue
        text = _with_day(clause, claims) or _with_topic(clause, claims)
        # 图片别发了 silences nothing else: what is said of pictures is read as nothing besides.
        alone = pictures_wished(text) or quiet_days(text) or _moment_to_call(text, now, today)
        for said in (read(text) for read in readers) if alone is None else (alone,):
            if said is None:
                continue
            taken.add(clause)
            if isinstance(said, Unclear):
                unclear = unclear or said
            else:
                args |= said
    week = _week(claims)
    if week:
        args |= week
        taken |= {clause for clause in claims if _OF_WEEK.search(clause.text)}
    if args:
        return Wishes(args, frozenset(taken))
    return Wishes({}, frozenset(taken), unclear or _spoken_of(clauses))


def shows_settings(clauses: tuple[Clause, ...]) -> bool:
    return any(_SHOW.search(clause.text) for clause in clauses)


def _spoken_of(clauses: tuple[Clause, ...]) -> Unclear | None:
    for clause in clauses:
        text = clause.text
        if clause.claims and (_DAY_OFF.search(text) or _is_part_of_week(text)):
            return Unclear.WEEK
        if _OF_SETTINGS.search(_OF_SOMETHING.sub(" ", text)) and not ELSEWHERE.search(text):
            is_week = durations_in(text) and _OF_WEEK.search(text)
            return Unclear.WEEK if is_week else Unclear.SETTINGS
        if _TRAVELS.search(text) and zone_in(text):
            return Unclear.SETTINGS
    return None


def _is_part_of_week(text: str) -> bool:
    """周六 3 小时: nothing says what the other days have."""
    if not SINGLE_DAYS.search(text) or not durations_in(text) or numbers_in(text):
        return False
    others = (_PAST, _ONLY_TODAY, _NO_STUDY_TIME, _CHANGED_BY, OTHER_PEOPLE)
    return not any(other.search(text) for other in others)


def _moment_to_call(text: str, now: datetime | None, today: date) -> Said:
    """8点再提醒我 is for once, and no time for the plan."""
    said = snooze(text, now, today)
    if said is Unclear.SETTINGS:
        return said if find_day(text, today) else None
    return said if isinstance(said, Mapping) and "snooze_until" in said else None


def _with_day(clause: Clause, claims: tuple[Clause, ...]) -> str | None:
    """明天，早上八点叫我; 周末休息，别推送: the day belongs to the clause behind it."""
    before = [one for one in claims if one.end <= clause.start]
    if before and silences(clause.text) and 0 < len(weekdays_in(before[-1].text)) < 7:
        return f"{before[-1].text} {clause.text}"
    day = find_day(before[-1].text, _SOME_DAY) if before else None
    if day is None or len(before[-1].text) - (day.end - day.start) > 2:
        return None
    return f"{before[-1].text} {clause.text}" if clocks_in(clause.text) else None


def _with_topic(clause: Clause, claims: tuple[Clause, ...]) -> str:
    """提醒太早了，改到九点: the second clause lacks its subject, so it is given one."""
    text = clause.text
    clocks = clocks_in(text)
    is_time = clocks and len(text) - (clocks[0].end - clocks[0].start) <= 2
    if PUSH.search(text) or CHECK_IN.search(text) or not (is_time or _CHANGED_TO.search(text)):
        return text
    for before in reversed([one for one in claims if one.start < clause.start]):
        topic = CHECK_IN.search(before.text) or PUSH.search(before.text)
        if topic is not None:
            part = (
                _PART_OF_DAY.search(before.text) if is_time and not clocks_in(before.text) else None
            )
            return f"{topic.group()} {part.group() if part else ''}{text}"
    return text


def _zone(text: str) -> Said:
    zone = zone_in(text)
    if zone is not None and (_ZONE_WORD.search(text) or _BARE_ZONE.match(text.strip())):
        return Unclear.SETTINGS if REFUSES.search(text) else {"zone": zone}
    here = _HERE.search(text)
    if here is None:
        return None
    behind = text[here.end() :]
    if zone is None:
        return Unclear.SETTINGS if _MANY_ZONES.search(behind[:16]) else None
    if _NOT_HERE.search(text) and not _MOVED.search(text):
        return Unclear.SETTINGS if _TRAVELS.search(text) else None
    is_here = not REFUSES.search(text) and zone_in(behind[:24]) == zone
    return {"zone": zone} if is_here else None


def _language(text: str, current: Language) -> Said:
    if _NO_SETTING.search(text) or _BEFORE.search(text):
        return None
    found = next((hit for rule in _TO_LANGUAGE if (hit := rule.search(text))), None)
    if found is None and not _OTHER_LANGUAGE.search(text):
        return None
    if REFUSES.search(text):
        return Unclear.SETTINGS
    if found is None:
        return {"language": "en" if current == "zh" else "zh"}
    return {"language": "en" if found["language"].lower() in _ENGLISH.split("|") else "zh"}


def _week(claims: tuple[Clause, ...]) -> Mapping[str, object]:
    """Minutes for each weekday, or hours a week, from all clauses that speak of them."""
    of_week = [
        clause.text
        for clause in claims
        if _OF_WEEK.search(clause.text)
        and not _PAST.search(clause.text)
        and not _ONLY_TODAY.search(clause.text)
        and not _is_for_a_feast(clause.text)
        and not OTHER_PEOPLE.search(clause.text)
    ]
    text = ",".join(of_week)
    if any(_FELL_THROUGH.search(clause.text) for clause in claims):
        return {}
    if _CHANGED_BY.search(text) or _NO_STUDY_TIME.search(text):
        return {}
    for clock in reversed(clocks_in(text)):
        text = f"{text[: clock.start]} {text[clock.end :]}"
    return study_time_in(text)


def _is_for_a_feast(text: str) -> bool:
    """春节每天半小时 holds for a few days, and no setting does."""
    return NAMES_FEAST.search(text) is not None and not _FROM_THEN_ON.search(text)


def steady_time_in(text: str) -> Mapping[str, object]:
    """Study time from now on; nothing where it is more or less of it, or for a while."""
    return {} if _CHANGED_BY.search(text) or _is_for_a_feast(text) else study_time_in(text)


def study_time_in(text: str) -> Mapping[str, object]:
    """The arguments for study time, when they are ones the tools take."""
    if BELOW_ONE.search(text):
        return {}
    minutes = weekday_minutes_in(text)
    if minutes is not None and sum(minutes) > 0 and max(minutes) <= 960:
        return {"weekday_minutes": minutes}
    hours = hours_a_week_in(text)
    return {"hours_a_week": hours} if hours is not None and 0 < hours <= 100 else {}
