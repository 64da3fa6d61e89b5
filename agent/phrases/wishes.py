"""Settings in words: what a learner wants changed, as the settings tool takes it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import Enum

from agent.phrases.amounts import days_in, delay_in, durations_in, hours_a_week_in
from agent.phrases.clauses import Clause
from agent.phrases.clock import Clock, clocks_in
from agent.phrases.dates import find_day
from agent.phrases.spelling import pattern
from agent.phrases.weeks import weekday_minutes_in
from agent.phrases.zones import zone_in
from learning.curriculum import Language


class Unclear(Enum):
    """Settings were spoken of, but nothing can be changed for sure."""

    SETTINGS = "settings"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Wishes:
    """`taken` are the clauses that were understood as settings."""

    args: Mapping[str, object]
    taken: frozenset[Clause]
    unclear: Unclear | None


Said = Mapping[str, object] | Unclear | None

_REFUSES = pattern(
    r"别|不要|不用|不想|不必|不许|勿|\b(?:don'?t|do not|never|not|no longer|stop|without|isn'?t)\b"
)
_PUSH = (
    r"提醒|推送|通知|叫我|催我|喊我|(?:给我)?发(?:计划|任务|消息|给我|我)|给我发"
    r"|\b(?:remind(?:ers?)?|notif(?:y|ications?)|push(?:es)?|ping|messages?|send|text me|nudge|wake me|daily plan)\b"
)
_PUSHES = pattern(_PUSH)
_PUSH_PLACES = pattern(
    r"\b(?:git|github|repo|branch|docker|hub|code|commit)\b|消息队列|推送到(?:仓库|远程|github)"
)
_CHECK_IN = pattern(r"打卡|晚间|晚报|复盘|\bcheck(?:ing)?[- ]?in\b|\bevening (?:message|question)")
_AT_A_TIME = pattern(
    r"^(?:改|调|换|挪|设|放|定)(?:到|成|为|在)?|\b(?:change|move|set) (?:it |that )?to\b"
)
_ONE_TIME = pattern(
    r"明[天早晚]|今[天晚]|后天|下周|一次|这次|\b(?:tomorrow|tonight|today|once|this (?:morning|evening))\b"
)
_FROM_NOW_ON = pattern(r"明天(?:开始|起)|从明天|以后|\bfrom tomorrow\b|\bstarting tomorrow\b|每")
_SINGLE_DAYS = pattern(
    r"周末|工作日|周[一二三四五六日天]|星期[一二三四五六日天]|\b(?:weekends?|weekdays?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
)
_RELATIVE = pattern(
    r"提前|早一?点|晚一?点|太早|太晚|早些|晚些|太多|太频繁|少[发推一点些]|这么多|那么多|\b(?:earlier|later|before|too (?:early|late|many|often)|less often|fewer)\b"
)
_REMIND_OF = pattern(
    r"提醒我一?下?(?=[^,]*(?:喝|吃|交|买|打电话|开会|睡|起床|吃药|接))|\bremind me (?:to (?!study|learn|work|code|read|practi[cs]e|do)|about|of|what|how|why|that)\b"
)
_QUIET = pattern(
    r"(?:别|不要|不用|勿|免)打?扰|勿扰|静音|安静|别[吵烦]|别(?:再)?(?:给我)?[发推]|不要(?:再)?(?:给我)?[发推]"
    r"|\bquiet\b|\b(?:do not|don'?t|no) (?:disturb|bother|message|ping|send|write|notif\w+|messages|text|push)\b|\bdnd\b|\bsilent\b|\bmute\b"
)
_QUIET_ONLY = pattern(r"打?扰|静音|安静|\bquiet\b|\bdisturb|\bbother|\bdnd\b|\bmute\b|\bsilent\b")
_AFTER = pattern(r"(?:以|之)?后|过后|起|\b(?:after|past|from)\b")
_BEFORE = pattern(r"(?:以|之)?前|\b(?:before|until|till)\b")
_PUSHES_OFF = pattern(
    r"(?:别|不要|不用|停止|停掉|停了|取消|关闭|关掉|关了|退订|停)(?:再)?(?:给我|每天|所有|一切|任何|的|我)*(?:推送?|提醒|通知|发(?:消息|送|了|我|计划|信息)?|消息)"
    r"|把?(?:推送|提醒|通知|消息)(?:都|全|给|全部)*(?:关|停|取消)(?:了|掉|闭|吧)?"
    r"|\b(?:stop|no more|disable|quit|turn off|switch off|mute|cancel|unsubscribe from)\b(?: \w+){0,3} ?(?:messag\w+|notif\w+|remind\w+|push\w*|texting|pinging|plans)\b"
    r"|\bstop (?:reminding|messaging|texting|pinging|notifying)\b|\bturn (?:the |my |all )?(?:\w+ )?(?:messages|notifications|reminders|pushes|plans) off\b|\bunsubscribe\b"
    r"|\b(?:don'?t|do not) (?:send|message|remind|notify|ping|text)(?: me)?(?: (?:any|messages|reminders|notifications|anything|more|any ?more))*$"
)
_PUSHES_ON = pattern(
    r"(?:打开|开启|恢复|重新开|启用|开)(?:了|一下)?(?:每日|所有)?(?:的)?(?:推送|提醒|通知|消息)|(?:推送|提醒|通知)(?:重新|再|给我)*(?:打开|开启|恢复|开)(?:吧|了|一下)?"
    r"|(?:继续|可以)(?:给我)?(?:推送|发消息|提醒)(?:了|吧)?"
    r"|\b(?:turn|switch)(?: \w+){0,4} (?:back )?on\b(?=.*(?:messag|notif|remind|push)|(?<=on))|\b(?:enable|resume|restart)\b(?: \w+){0,2} ?(?:messag\w+|notif\w+|remind\w+|push\w*)\b"
    r"|\bstart (?:sending|reminding|messaging)\b"
)
_SNOOZE = pattern(
    r"提醒|叫我|喊我|再说|再来|再发|再推|再看|稍后|推迟提醒|\b(?:remind|ping|snooze|again|nudge|message|notify|come back|ask me|wake me)\b"
)
_SOON = pattern(r"(?:以|之)?后|过|再|等|\b(?:in|for|after|later|snooze|from now)\b")
_ZONE_WORD = pattern(r"时区|\btime ?zone\b")
_HERE = pattern(
    r"(?:我|人|本人)(?:现在|目前|已经|最近|刚刚?|今年|一直|人|平时|是|其实)*(?:在|住在?|搬(?:家)?[到去来]|来到?|到|飞到|定居在?|回到?)(?:了)?|^(?:现在|目前|人)?(?:在|住在|搬到|坐标)[:]?\s*"
    r"|\b(?:i'?m|i am|we'?re|currently|i'?ve)(?: \w+){0,3}? (?:in|at|based in|to|from)\b|\b(?:live|living|based|located|settled) in\b|\b(?:i |i've |i have |just |we )(?:just |recently )?(?:moved|relocated) (?:back )?to\b"
    r"|\b(?:moved|relocated) to\b"
)
_NOT_HERE = pattern(
    r"(?:要|想|打算|准备|计划|会|将)(?:去|搬|到|飞)|下周|下个?月|明年|明天|以前|曾经|待过|之前|去过|出差|的(?:朋友|同事|公司)|大学|模型|审判|教程|论文|代码"
    r"|\b(?:was|used to|going|will|would|next|flying|travel\w*|visit\w*|trip|planning|plan|want|born|friend|company|from)\b"
)
_TRAVEL = pattern(
    r"(?:去|搬|飞|到).{0,6}(?:出差|旅[行游]|玩|度假)|\b(?:going|flying|travel\w*|moving|trip) to\b"
)
_WIDE = pattern(
    r"美国|加拿大|澳大利亚|澳洲|俄罗斯|巴西|印尼|印度尼西亚|墨西哥|欧洲|国外|海外|\b(?:usa?|u\.s\.|america|canada|australia|russia|brazil|indonesia|europe|the states)\b"
)
_BARE_ZONE = pattern(r"^(?:[a-z]+/[a-z_/+-]+\d*|(?:utc|gmt)\s*[+-]?\s*\d{0,2}(?::?\d\d)?)$")
_TO_LANGUAGE = pattern(
    r"(?:用|说|讲|换[成到回]?|切换?(?:到|成|为|回)?|改(?:成|用|为|回)?|变成|转成?|回复?用|设[成为])\s*(?:一下)?(?P<zh>中文|汉语|普通话|国语|英文|英语|english|chinese|mandarin)"
    r"|\b(?:speak|talk|reply|respond|answer|write|continue|switch|change|set)\b(?: \w+){0,3}?(?: to| in| into)? (?P<en>english|chinese|mandarin)\b"
    r"|^(?:in )?(?P<bare>中文|英文|英语|汉语|english|chinese)(?:吧|谢谢|\s*(?:please|pls|now))?$|\b(?P<please>english|chinese) (?:please|pls)\b"
)
_OTHER_LANGUAGE = pattern(
    r"换(?:一?个|种)?语言|切换语言|改(?:一下)?语言|\b(?:switch|change)(?: the| my)? language\b"
)
_NOT_LANGUAGE = pattern(
    r"翻译|译成|资料|论文|教程|视频|文章|书|课|博客|文档|怎么说|写(?:一|篇|封|作文)|解释|讲讲|讲解|\b(?:translat\w+|paper|book|tutorial|video|article|resource|docs|explain|learn)\b"
)
_PAST = pattern(
    r"(?:学|花|用|做|看|刷|投入|休息|停|歇|请)了|学习?了|(?:这|上|本)(?:周|个?星期)(?!开始)(?!起)(?!之后)|上个?月|昨天|\b(?:did|spent|studied|worked|have (?:done|spent)|last week|this week|rested|took)\b"
)
_TODAY_ONLY = pattern(r"今天|今晚|今日|\b(?:today|tonight|right now)\b")
_CHANGE_BY = pattern(
    r"(?:多|少|增加|减少|加|减|再)(?:学|加|花|投入|了)?\s*(?:\d|[一二两三四五六七八九十半])|\b(?:more|less|extra|another|fewer)\b"
)
_OF_WEEK = pattern(
    r"每周|每个?星期|一周.{0,6}小时|每天|工作日|周末|\b(?:a|per|each|every) (?:week|day)\b|\bweek(?:days?|ends?)\b|小时|分钟"
)
_STUDY_OFF = pattern(
    r"(?:周末|周[一二三四五六日天]|星期.|工作日|每周.{0,4}).{0,4}(?:没空|不学|休息|没时间|不行|别发|不发|别推|忙)|\b(?:weekends?|\w+days?)\b.{0,12}\b(?:off|busy|free)\b|\bno (?:work|study|tasks|plans?) (?:on|at) \w+"
)
_PAUSE = pattern(
    r"暂停|停(?:更|学)|停(?=到|[一二两三四五六七八九十半几\d]|到|至)|(?:先|想|要)停(?:一?停|下|一下|一段)|中止"
    r"|\b(?:pause|paus(?:e|ing)|hold off|put (?:it|everything|my plan|the plan) on hold|freeze)\b"
)
_AWAY = pattern(
    r"请.{0,6}假|休.{0,2}假|放.{0,2}假|度假|旅[游行]|休息|歇|出差|不在|缺席"
    r"|\b(?:vacation|holidays?|(?:take|taking|need|have|having|on) (?:an? |some |\w+ )?(?:\w+ )?(?:break|off|leave)|days? off|weeks? off|time off|away|out of office|on leave)\b"
)
_UNTIL = pattern(r"到|至|直到|\b(?:until|till?|through|to|back on|back)\s*$")
_THROUGH = pattern(r"\bthrough\b")
_RESUME = pattern(
    r"取消暂停|结束暂停|解除暂停|不(?:再)?暂停了?|恢复(?!.{0,4}(?:默认|出厂|数据))|(?:我|已经?)回来(?:了|啦)|^回来(?:了|啦)|休(?:完|假结束)|假期结束|复工|复学|继续学习|重新(?:开始)?学"
    r"|\b(?:resume|unpause|un-pause|unfreeze|end (?:the |my )?pause|stop (?:the |my )?pause|no longer paused)\b|\bi'?m back\b|\b(?:i am|am|and i'm) back\b|^back(?: again| now)?$|\bback (?:from|to work|at it|on track)\b"
)
_NOT_RESUME = pattern(
    r"(?:别|不要|先不|暂不)(?:恢复|继续)|没(?:有)?回来|\b(?:not|don'?t|will|'ll|when|before|until)\b|简历"
)
_PAUSE_THINGS = pattern(
    r"视频|训练|容器|进程|模型|循环|线程|音乐|下载|\b(?:video|training|container|process|loop|thread|execution|music|token|pipeline)\b"
)
_SHOW = pattern(
    r"(?:我的|查看|看看?|显示|打开|当前)(?:的|一下)?(?:个人)?(?:设置|配置|偏好)|^(?:设置|设定|配置)(?:呢|页面?|菜单)?$|设置(?:是|有)(?:什么|哪些)"
    r"|^(?:show |see |view |open |list |check )?(?:me )?(?:my |the |all )?(?:settings?|preferences|config(?:uration)?)(?: please| pls)?$|\bwhat(?:'s| are| is)? my (?:current )?(?:settings?|preferences|time ?zone|quiet hours|pace)\b"
    r"|(?:什么时候|几点|啥时候)(?:给我|会|来)?(?:提醒|推送|发|打卡)|(?:提醒|推送|打卡|免打扰)(?:时间)?(?:是|在|定的?)?(?:几点|什么时候|啥时候)|我的?时区|\b(?:when|what time) (?:do|will|does) (?:you|u|the plan)\b"
)
_ABOUT = pattern(
    r"提醒|推送|通知|打扰|时区|设置|语言(?!模型)|暂停|打卡时间|免打扰|请.{0,4}假|休假|每周.{0,6}(?:小时|钟头)|每天.{0,6}(?:小时|分钟)|(?:换|切换|用|说)[成到]?[中英]文|别发|别推"
    r"|\b(?:remind(?:ers?)?|notifications?|time ?zone|quiet hours|settings?|language(?! model)|pause|snooze|hours? (?:a|per|each) week|min(?:ute)?s? (?:a|per|each) day|vacation|switch to (?:english|chinese)|check-?in time)\b"
)


def wishes_in(clauses: tuple[Clause, ...], today: date, language: Language) -> Wishes:
    """Read the settings that the clauses ask to change, each from its own clause."""
    args: dict[str, object] = {}
    taken: set[Clause] = set()
    unclear: Unclear | None = None
    claims = tuple(clause for clause in clauses if clause.claims)
    for clause in claims:
        topic = _topic_before(clause, claims)
        for read in (*_READERS, _language_reader(language), _pause_reader(today)):
            said = read(clause.text if not topic else f"{topic} {clause.text}")
            if isinstance(said, Unclear):
                unclear = unclear or said
                taken.add(clause)
            elif said:
                args |= said
                taken.add(clause)
    week = _week(claims)
    if week is not None:
        of_week = {clause for clause in claims if _OF_WEEK.search(clause.text)}
        taken |= of_week
        args |= week
    elif not args and unclear is None:
        unclear = _spoken_of(clauses)
    return Wishes(args, frozenset(taken), None if args else unclear)


def shows_settings(clauses: tuple[Clause, ...]) -> bool:
    return any(_SHOW.search(clause.text) for clause in clauses)


def _spoken_of(clauses: tuple[Clause, ...]) -> Unclear | None:
    for clause in clauses:
        if _STUDY_OFF.search(clause.text) and clause.claims:
            return Unclear.WEEK
        if _ABOUT.search(clause.text) and not _PUSH_PLACES.search(clause.text):
            is_week = durations_in(clause.text) and _OF_WEEK.search(clause.text)
            return Unclear.WEEK if is_week else Unclear.SETTINGS
        if _TRAVEL.search(clause.text) and zone_in(clause.text):
            return Unclear.SETTINGS
    return None


def _topic_before(clause: Clause, claims: tuple[Clause, ...]) -> str:
    """提醒太早了，改到九点: the second clause lacks its subject."""
    if not clocks_in(clause.text) or _PUSHES.search(clause.text) or _CHECK_IN.search(clause.text):
        return ""
    if _QUIET.search(clause.text) or not _AT_A_TIME.search(clause.text):
        return ""
    before = [one for one in claims if one.start < clause.start]
    for one in reversed(before):
        for topic in (_CHECK_IN, _PUSHES):
            if found := topic.search(one.text):
                return found.group()
    return ""


def _quiet(text: str) -> Said:
    clocks = clocks_in(text) or _plain_hours(text)
    if not _QUIET.search(text) or not clocks:
        return None
    if len(clocks) >= 2:
        start, end = clocks[0], clocks[1]
        from_evening = start.is_bare and end.is_bare and end.at < start.at < time(12)
        return {
            "quiet_from": _evening(start) if from_evening else _said(start.at),
            "quiet_to": _said(end.at),
        }
    if _AFTER.search(text[clocks[0].end :] or "") or re.search(
        r"\bafter\s*$", text[: clocks[0].start], re.I
    ):
        return {"quiet_from": _evening(clocks[0]) if clocks[0].is_bare else _said(clocks[0].at)}
    if _BEFORE.search(text[clocks[0].end :]) or re.search(
        r"\b(?:before|until)\s*$", text[: clocks[0].start], re.I
    ):
        return {"quiet_to": _said(clocks[0].at)}
    return Unclear.SETTINGS


_HOURS = pattern(
    r"(?P<first>\d{1,2})\s*(?:-|~|to|and|until|till|到|至)\s*(?P<last>\d{1,2})(?!\d|:)"
)


def _plain_hours(text: str) -> list[Clock]:
    """Quiet hours 23-7."""
    found = _HOURS.search(text)
    if found is None or int(found["first"]) > 24 or int(found["last"]) > 24:
        return []
    hours = (int(found["first"]) % 24, int(found["last"]) % 24)
    return [
        Clock(time(hour), is_bare=hour <= 12, start=found.start(), end=found.end())
        for hour in hours
    ]


def _said(at: time) -> str:
    return at.strftime("%H:%M")


def _evening(clock: Clock) -> str:
    """A bare hour in the second half of the day."""
    at = clock.at
    return _said(at.replace(hour=at.hour + 12) if clock.is_bare and at.hour < 12 else at)


def _push_time(text: str) -> Said:
    """The hour of the plan, or of the evening's check-in."""
    if _QUIET_ONLY.search(text) or _PUSH_PLACES.search(text):
        return None
    check_in, push = _CHECK_IN.search(text), _PUSHES.search(text)
    clocks = clocks_in(text)
    if not (check_in or push) or not clocks:
        return None
    if _REFUSES.search(text) or _REMIND_OF.search(text):
        return Unclear.SETTINGS
    if (_ONE_TIME.search(text) and not _FROM_NOW_ON.search(text)) or _SINGLE_DAYS.search(text):
        return Unclear.SETTINGS
    if check_in:
        return {"evening_at": _evening(clocks[-1])}
    clock = clocks[-1]
    # Nobody asks for a plan at three at night: a bare hour from 1 to 5 is in the afternoon.
    return {"push_at": _evening(clock) if clock.at.hour in range(1, 6) else _said(clock.at)}


def _pushes(text: str) -> Said:
    if clocks_in(text) or _PUSH_PLACES.search(text) or days_in(text):
        return None
    if _PUSHES_ON.search(text) and re.search(
        r"推送|提醒|通知|消息|messag|notif|remind|push", text, re.IGNORECASE
    ):
        return None if _REFUSES.search(text) else {"pushes": True}
    if not _PUSHES_OFF.search(text):
        return None
    if _SINGLE_DAYS.search(text):
        return Unclear.WEEK
    if _RELATIVE.search(text) or _ONE_TIME.search(text) or re.search(r"别(?:关|停)", text):
        return Unclear.SETTINGS
    return {"pushes": False}


def _snooze(text: str) -> Said:
    if not _SNOOZE.search(text) or clocks_in(text):
        return None
    minutes = delay_in(text)
    if minutes is None:
        return None
    if not _SOON.search(text) or _RELATIVE_TO_PUSH.search(text) or not 5 <= minutes <= 720:
        return Unclear.SETTINGS
    return (
        Unclear.SETTINGS
        if _REFUSES.search(text) or _REMIND_OF.search(text)
        else {"snooze_minutes": minutes}
    )


_RELATIVE_TO_PUSH = pattern(r"提前|每隔?|\b(?:earlier|before|every)\b")


def _zone(text: str) -> Said:
    zone = zone_in(text)
    if zone is not None and (_ZONE_WORD.search(text) or _BARE_ZONE.match(text.strip())):
        return Unclear.SETTINGS if _REFUSES.search(text) else {"zone": zone}
    here = _HERE.search(text)
    if here is None:
        return None
    if zone is None:
        return Unclear.SETTINGS if _WIDE.search(text[here.end() : here.end() + 16]) else None
    if _NOT_HERE.search(text) and not _RECENTLY.search(text):
        return Unclear.SETTINGS if _TRAVEL.search(text) else None
    if _REFUSES.search(text) or zone_in(text[here.end() : here.end() + 24]) is None:
        return None
    return {"zone": zone}


_RECENTLY = pattern(r"\b(?:moved|relocated) to\b|搬到|搬来")


def _language_reader(language: Language) -> Callable[[str], Said]:
    def read(text: str) -> Said:
        if _NOT_LANGUAGE.search(text):
            return None
        if _OTHER_LANGUAGE.search(text) and not _TO_LANGUAGE.search(text):
            return {"language": "en" if language == "zh" else "zh"}
        found = _TO_LANGUAGE.search(text)
        if found is None:
            return None
        if _REFUSES.search(text):
            return Unclear.SETTINGS
        wanted = next(name for name in found.groups() if name).lower()
        return {"language": "en" if wanted in {"english", "英文", "英语"} else "zh"}

    return read


def _pause_reader(today: date) -> Callable[[str], Said]:
    def read(text: str) -> Said:
        if _RESUME.search(text) and not _NOT_RESUME.search(text) and not _PUSHES_ON.search(text):
            return {"resume": True}
        return _pause(text, today)

    return read


def _pause(text: str, today: date) -> Said:
    """So many days, until a day, or until further notice; never from a later day on."""
    pause, away = _PAUSE.search(text), _AWAY.search(text)
    if _stops_for_days(text):
        pause = pause or re.search("", text)
    if not (pause or away) or _PAUSE_THINGS.search(text):
        return None
    if _REFUSES.search(
        text[: (pause or away).end()] if (pause or away) else text
    ) and not _stops_for_days(text):
        return Unclear.SETTINGS
    if _PAST.search(text) or re.search("每", text):
        return Unclear.SETTINGS if pause else None
    found = find_day(text, today)
    if found is not None and found.day != today:
        return _until(text, found.start, found.day)
    days = days_in(text)
    if days is not None:
        return {"pause_days": days} if days <= 365 else Unclear.SETTINGS
    if found is not None:
        return {"pause_days": 1} if away or pause else None
    if (
        pause
        and len(re.findall(r"[A-Za-z']+|[\u4e00-\u9fff]", text)) <= 10
        and not re.search(r"几|段|\ba (?:few|while|bit)\b|一下下", text)
    ):
        return {"pause": True}
    return Unclear.SETTINGS if pause or not _SHORT_REST.search(text) else None


_SHORT_REST = pattern(r"休息|歇|不在|\bbreak\b|\baway\b|\boff\b")


def _stops_for_days(text: str) -> bool:
    """三天内别推送, stop messages for a week."""
    return bool(_PUSHES_OFF.search(text) and days_in(text) and not clocks_in(text))


def _until(text: str, start: int, day: date) -> Said:
    before = text[:start].rstrip()
    if not re.search(
        r"(?:到|至|等|\b(?:until|till?|through|to|back on|back|til))\s*(?:the\s*)?$",
        before,
        re.I | re.A,
    ):
        return Unclear.SETTINGS
    if re.search(r"从|开始|\bfrom\b|\bstarting\b", before, re.I | re.A):
        return Unclear.SETTINGS
    is_through = _THROUGH.search(before) is not None
    return {"pause_until": date.fromordinal(day.toordinal() + is_through).isoformat()}


def _week(claims: tuple[Clause, ...]) -> dict[str, object] | None:
    """Minutes for each weekday, or hours a week, over all clauses that speak of them."""
    of_week = [
        clause.text
        for clause in claims
        if _OF_WEEK.search(clause.text)
        and not _PAST.search(clause.text)
        and not _TODAY_ONLY.search(clause.text)
    ]
    text = ",".join(of_week)
    for clock in reversed(clocks_in(text)):
        text = f"{text[: clock.start]} {text[clock.end :]}"
    if not text or _CHANGE_BY.search(text) or _SNOOZE_LIKE.search(text):
        return None
    if re.search(r"别|不要|\b(?:don'?t|do not|not)\b", text, re.I | re.A):
        return None
    minutes = weekday_minutes_in(text)
    if minutes is not None and sum(minutes) > 0 and max(minutes) <= 960:
        return {"weekday_minutes": minutes}
    hours = hours_a_week_in(text)
    if hours is not None and 0 < hours <= 100:
        return {"hours_a_week": hours}
    return None


_SNOOZE_LIKE = pattern(
    r"后再|后提醒|后叫|训练|运行|跑了|睡|上班|工作(?!日)|\b(?:work|sleep|train(?:ing|s)?|run(?:s|ning)?|take[sn]?)\b"
)

_READERS: tuple[Callable[[str], Said], ...] = (_quiet, _push_time, _pushes, _snooze, _zone)
