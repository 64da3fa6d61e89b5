"""Pushes in words: their hours, the quiet hours, once more later, off and on."""

import re
from datetime import date, datetime, time, timedelta

from agent.phrases.amounts import BELOW_ONE, days_in, delay_in, durations_in
from agent.phrases.clock import Clock, clocks_in
from agent.phrases.moments import Moment, moment_in
from agent.phrases.reading import Said, Unclear
from agent.phrases.spelling import pattern, words
from agent.phrases.tasks import numbers_in
from agent.phrases.weeks import CHINESE_WEEKDAY, ENGLISH_WEEKDAY, weekdays_in
from learning.calendar import WEEKDAYS

REFUSES = words(
    "别|不要|不用|不想|不必|不许|勿|没(?!时间|空)",
    r"don'?t|do not|never|not|no longer|stop|without|isn'?t",
)
PUSH = words(
    zh="提醒|推送|通知|叫我|催我|喊我|(?:给我)?发(?:计划|任务|消息|给我|我)|给我发|收到(?=计划|任务|推送|消息)",
    en=r"""
    remind(?:ers?)?|notif(?:y|ications?)|push(?:es)?|ping|messages?|send|text me|nudge|wake me
    (?:daily |the |my )?plan(?= (?:at|to|for) )
    """,
)
ELSEWHERE = words(
    "消息队列|推送到(?:仓库|远程|github)", "git|github|repo|branch|docker|hub|code|commit"
)
CHECK_IN = words("打卡|晚间|晚报|复盘", "check(?:ing)?[- ]?in|evening (?:message|question)")
_WEEKEND = words("周末", "weekends?")
_EVENINGS = words("晚上|晚间|每晚|傍晚|夜里|夜晚", "evenings?|night(?:ly|s)?")
_MORNINGS = words("早上|早晨|清晨|上午|早间", "mornings?")
_OF_THE_PLAN = words("计划|(?:发|收到)任务", "plan")
SINGLE_DAYS = words(
    "周末|工作日|(?:周|星期)[一二三四五六日天]",
    "weekends?|weekdays?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
)
_ONCE = words(
    "明[天早晚]|今[天晚]|后天|下周|一次|这次",
    "tomorrow|tonight|today|once|this (?:morning|evening)",
)
_FROM_NOW_ON = words("明天(?:开始|起)|从明天|以后|每", "(?:from|starting) tomorrow|every day|daily")
_MORE_OR_LESS = words(
    zh="提前|[早晚]一?点|太[早晚]|[早晚]些|太多|太频繁|少[发推一点些]|[这那]么多",
    en="earlier|later|before|too (?:early|late|many|often)|less often|fewer",
)
_OF_LIFE = words(
    zh="提醒我一?下?(?=[^,]*(?:喝|吃|交|买|打电话|开会|睡|起床|吃药|接))",
    en=r"""
    remind me (?:to (?!study|learn|work|code|read|practi[cs]e|do)|about|of|what|how|why|that)
    remind me (?:\w+ ){1,6}?to (?!study|learn|work|code|read|practi[cs]e|do|go on|continue|start)
    """,
)
_RECEIVED = words(
    "(?:收到|看到|看见|提醒我?|推送|发|来|打卡)了|打过卡|没看|没收|已经|昨",
    "received|got|sent|reminded",
)
_QUIET = words(
    zh="(?:别|不要|不用|免|勿)打?扰|勿扰|静音|安静|别[吵烦]|(?:别|不要).{0,14}?[发推]"
    "|前(?:也|同样)(?:别|不要|不行|一样)",
    en=r"""
    quiet|dnd|silent|mute
    nothing (?:after|before|between)
    (?:do not|don'?t|no) (?:disturb|bother|message|ping|send|write|notif\w+|messages|text|push)
    """,
)
_FROM_THEN = words("(?:以|之)?后|过后|起", "after|past|from|on")
_TILL_THEN = words("(?:以|之)?前", "before|until|till")
_JUST_AFTER = pattern(r"\b(?:after|from)\s*$")
_JUST_BEFORE = pattern(r"\b(?:before|until|till)\s*$")
_PLAIN_HOURS = pattern(
    r"(?<![\d:])(?P<first>\d{1,2})\s*(?:-|~|to|and|until|till|到|至)\s*(?P<last>\d{1,2})(?!\d|:"
    r"|\s*(?:[ap]m|点))"
)
_OR_BEFORE = pattern(r"^\W*(?:or|and|nor) before (?P<hour>\d{1,2})(?![\d:])")
_MESSAGES = "推送?|提醒|通知|发(?:消息|送|了|我|计划|信息)?|消息"
_MESSAGES_EN = r"(?:messag\w+|notif\w+|remind\w+|push\w*|texting|pinging|plans)"
_DO_NOT_WRITE = "(?:don'?t|do not) (?:send|message|remind|notify|ping|text)"
PUSHES_OFF = words(
    zh=rf"""
    (?:别|不要|不用|停止|停掉|停了?|取消|关闭|关掉|关了|退订)(?:再|给我|每天|所有|一切|任何|的|我)*(?:{_MESSAGES})
    把?(?:推送|提醒|通知|消息)(?:都|全|给|全部)*(?:关|停|取消)(?:了|掉|闭|吧)?
    """,
    en=rf"""
    (?:stop|pause|no more|disable|quit|turn off|switch off)(?: \w+){{0,3}} {_MESSAGES_EN}
    (?:mute|cancel|unsubscribe from)(?: \w+){{0,3}} {_MESSAGES_EN}
    stop (?:reminding|messaging|texting|pinging|notifying)|unsubscribe
    turn (?:the |my |all )?(?:\w+ )?{_MESSAGES_EN} off
    {_DO_NOT_WRITE}(?: me)?(?: (?:any ?(?:more)?|anything|more|{_MESSAGES_EN}))*$
    """,
)
PUSHES_ON = words(
    zh="""
    (?:打开|开启|恢复|重新开|启用|开)(?:了|一下)?(?:每日|所有)?的?(?:推送|提醒|通知|消息)
    (?:推送|提醒|通知)(?:重新|再|给我)*(?:打开|开启|恢复|开)(?:吧|了|一下)?
    (?:继续|可以)(?:给我)?(?:推送|发消息|提醒)
    """,
    en=rf"""
    (?:turn|switch)(?: \w+){{0,2}} {_MESSAGES_EN}(?: \w+)? on
    (?:turn|switch)(?: back)? on(?: \w+){{0,2}} {_MESSAGES_EN}
    (?:enable|resume|restart)(?: \w+){{0,2}} {_MESSAGES_EN}|start (?:sending|reminding|messaging)
    """,
)
_KEEP_ON = words("别[关停]|不要[关停]")
_ONCE_MORE = words(
    zh="提醒|叫我|喊我|再[说来发推看]|稍后",
    en="remind|ping|snooze|again|nudge|message|notify|come back|ask me|wake me",
)
_CALLS_ME = words(
    "提醒|叫我|喊我|催我|(?:再|给我)[发推]",
    "remind|ping|nudge|message me|notify me|ask me|wake me|snooze",
)
_SOON = words("(?:以|之)?后|过|再|等", "in|for|after|later|snooze|from now")
_AGAINST_A_PUSH = words("提前|每隔?", "earlier|before|every")


_SPEAKS = r"(?:发|推送?|提醒|打扰|通知|消息|来信|叫我|吵|烦|催)"
_SPEAKS_EN = (
    r"(?:messag\w+|notif\w+|remind\w*|push(?:es|ing)|push me|ping\w*|texts?|texting"
    r"|sending|send|bother\w*|disturb\w*|nudge\w*|write|contact\w*)"
)
_SILENT_DAYS = words(
    zh=rf"""
    (?:别|不要|不用|不必|不想|勿|免|停止?|取消|关掉?|不许|不)(?:再|给我|跟我|主动|任何|收到?|每天|的|我|有|在| )*{_SPEAKS}
    免打扰|勿扰|静音|安静|别理我|让我静静|别出声
    """,
    en=rf"""
    (?:no|don'?t|do not|stop|never|without|mute|skip|turn off|not)(?: \w+){{0,3}} {_SPEAKS_EN}
    (?:quiet|silent|silence|mute|dnd)|leave me alone|{_SPEAKS_EN} off
    """,
)
_SPEAKING_DAYS = words(
    zh=rf"""
    (?:可以|恢复|照常|继续|重新|能|也|都|照样)(?:也|都|再|给我|开始|正常|接着|可以|照常)*{_SPEAKS}
    (?:可以|能)(?:打扰|找我)|取消(?:周末)?免打扰
    """,
    en=rf"""
    (?:fine|ok|okay|good|allowed)(?: to \w+)?(?: me)?(?: \w+)? (?:again|too|now|as well)
    (?:can|may|please|do|start|also)(?: \w+){{0,2}} {_SPEAKS_EN}(?: \w+){{0,5}} (?:again|too)
    (?:resume|restart) {_SPEAKS_EN}|un-?mute|{_SPEAKS_EN} (?:on|back)(?: \w+)? (?:again|too)
    """,
)
_A_WEEKDAY = rf"(?:{CHINESE_WEEKDAY}|{ENGLISH_WEEKDAY})"
_TILL_A_DAY = pattern(
    r"(?:到|至|等|\b(?:until|till?|til|before)\b)\s*(?:next |this |下+个?|这个?)?"
    rf"{_A_WEEKDAY}|{_A_WEEKDAY}(?:之|以)?前"
)
_EVERY_PLAN = words("每日", "daily")
_PART_OF_DAY = words(
    "夜里|夜间|半夜|深夜|凌晨|早上|早晨|上午|中午|午休|下午|晚上|上班|开会|睡",
    "nights?|mornings?|afternoons?|evenings?|at work|working|during|while",
)
_ONLY_DAYS = words("只(?!有)|就(?:行|好|可以|够)|仅", "only|just")
_ONE_WEEK = words(
    "这个?(?:周|星期|礼拜)|本周|下+个?(?:周|星期|礼拜)|今[天晚]|明[天晚]|后天|这次",
    "this|next|today|tonight|tomorrow|coming",
)
_DAILY = words("每|以后|从现在起|平时|天天", "every|each|daily|from now on|always|days|ends")
_AGAIN = words("再|一次|这次", "again|once|this time")
_LATER_ON = words(
    zh="""
    (?:[晚迟](?:一?点|些|一?会儿?)儿?|(?:待|等|过|一|等一|过一)会儿?|稍后|回头)(?:的时候)?(?:再|来|给我|帮我)*(?:提醒|叫我|喊我|催我|推|发)
    """,
    en="""
    (?:remind|ping|nudge|message|wake|ask|notify) me (?:again )?(?:a (?:bit|little|while) )?later
    ^snooze(?: it| this| that)?(?: please| pls| for a while| for now)?$
    ^later,? (?:remind|ping|nudge) me
    """,
)
# What a day without an hour means.
_MORNING = time(9)


def said(at: time) -> str:
    return at.strftime("%H:%M")


def _evening(clock: Clock) -> str:
    """A bare hour counts in the second half of the day."""
    is_afternoon = clock.is_bare and clock.at.hour < 12
    return said(clock.at.replace(hour=clock.at.hour + 12) if is_afternoon else clock.at)


def quiet_days(text: str) -> Said:
    """Weekdays without messages: 周末别发, no messages on Sundays; and back again."""
    if clocks_in(text) or ELSEWHERE.search(text):
        return None
    days = weekdays_in(text)
    is_silent, speaks = _SILENT_DAYS.search(text), _SPEAKING_DAYS.search(text)
    is_only = _ONLY_DAYS.search(text) and not is_silent and PUSH.search(text)
    if not days or not (is_silent or speaks or is_only):
        return None
    end = _TILL_A_DAY.search(text)
    is_until = end is not None and not weekdays_in(text[: end.start()])
    if durations_in(text) or numbers_in(text) or is_until:
        return None
    if len(days) == 7:
        # 每天都可以发了; 每天别发 is about all pushes.
        is_each = speaks and not is_silent and not _EVERY_PLAN.search(text)
        return {"quiet_days": ()} if is_each else None
    if _ONE_WEEK.search(text) or _MORE_OR_LESS.search(text) or _KEEP_ON.search(text):
        return Unclear.SETTINGS
    if is_silent:
        return {"quiet_days": _named(days)}
    if is_only:
        others = frozenset(range(7)) - days
        return {"quiet_days": _named(others), "speaking_days": _named(days)}
    return {"speaking_days": _named(days)}


def silences(text: str) -> bool:
    """Whether pushes are refused, on days that may have been said before."""
    return _SILENT_DAYS.search(text) is not None and not weekdays_in(text)


def silence_in(text: str) -> re.Match[str] | None:
    """The words that refuse pushes."""
    return _SILENT_DAYS.search(text) or PUSHES_OFF.search(text)


def _named(days: frozenset[int]) -> tuple[str, ...]:
    return tuple(WEEKDAYS[day] for day in sorted(days))


def quiet_hours(text: str) -> Said:
    if not _QUIET.search(text):
        return None
    clocks = _plain_hours(text) or clocks_in(text)
    if not clocks:
        return None
    if SINGLE_DAYS.search(text):
        return Unclear.SETTINGS
    first, behind = clocks[0], text[clocks[0].end :]
    if len(clocks) >= 2:
        last = clocks[1]
        is_night = first.is_bare and last.is_bare and last.at < first.at < time(12)
        start = _evening(first) if is_night else said(first.at)
        return {"quiet_from": start, "quiet_to": said(last.at)}
    before = text[: first.start]
    if _JUST_AFTER.search(before) and (till := _OR_BEFORE.search(behind)) is not None:
        hour = int(till["hour"])
        end = said(time(hour)) if hour < 13 else None
        return {"quiet_from": _evening(first), **({"quiet_to": end} if end else {})}
    if _JUST_BEFORE.search(before) or _TILL_THEN.search(behind):
        return {"quiet_to": said(first.at)}
    if _JUST_AFTER.search(before) or _FROM_THEN.search(behind):
        return {"quiet_from": _evening(first)}
    return Unclear.SETTINGS


def _plain_hours(text: str) -> list[Clock]:
    """Quiet hours 23-7."""
    found = _PLAIN_HOURS.search(text)
    if found is None or max(int(found["first"]), int(found["last"])) > 24:
        return []
    return [
        Clock(time(int(hour) % 24), int(hour) <= 12, found.start(), found.end())
        for hour in found.group("first", "last")
    ]


def push_time(text: str) -> Said:
    """The hour of the plan, or of the evening's check-in."""
    if _QUIET.search(text) or ELSEWHERE.search(text):
        return None
    clocks = clocks_in(text)
    is_check_in = CHECK_IN.search(text) is not None
    if not clocks or not (is_check_in or PUSH.search(text)):
        return None
    if _RECEIVED.search(text):
        return Unclear.SETTINGS
    is_once = _ONCE.search(text) and not _FROM_NOW_ON.search(text)
    if is_once or REFUSES.search(text) or _OF_LIFE.search(text) or SINGLE_DAYS.search(text):
        return Unclear.SETTINGS
    if is_check_in:
        return {"evening_at": _evening(clocks[-1])}
    if not _OF_THE_PLAN.search(text):
        evening = _evening_time(text, clocks[-1])
        if evening is not None:
            return evening
    # Nobody asks for a plan at three at night: a bare hour from 1 to 5 is in the afternoon.
    is_small = clocks[-1].at.hour in range(1, 6)
    return {"push_at": _evening(clocks[-1]) if is_small else said(clocks[-1].at)}


def _evening_time(text: str, clock: Clock) -> Said:
    """A reminder of the evening is the check-in, as is any from five o'clock on."""
    if _EVENINGS.search(text):
        is_early = not clock.is_bare and 4 < clock.at.hour < 12
        return Unclear.SETTINGS if is_early else {"evening_at": _evening(clock)}
    is_late = clock.at.hour >= 17 and not _MORNINGS.search(text)
    return {"evening_at": said(clock.at)} if is_late else None


def pushes_on_or_off(text: str) -> Said:
    if clocks_in(text) or ELSEWHERE.search(text) or days_in(text):
        return None
    if PUSHES_ON.search(text):
        return None if REFUSES.search(text) else {"pushes": True}
    if not PUSHES_OFF.search(text):
        return None
    if SINGLE_DAYS.search(text):
        return Unclear.WEEK
    if _PART_OF_DAY.search(text):
        return Unclear.SETTINGS
    if _MORE_OR_LESS.search(text) or _ONCE.search(text) or _KEEP_ON.search(text):
        return Unclear.SETTINGS
    return {"pushes": False}


def snooze(text: str, now: datetime | None, today: date) -> Said:
    """Once more later: after so long, at a moment, or just later on.

    Without `now`, every hour of today is taken to be still to come.
    """
    if not _ONCE_MORE.search(text):
        return None
    found = moment_in(text, now or datetime.combine(today, time()))
    minutes = delay_in(text)
    is_odd = REFUSES.search(text) or _OF_LIFE.search(text) or _AGAINST_A_PUSH.search(text)
    if found is not None and found.delay is None and not _CALLS_ME.search(text):
        return None
    if found is not None and found.delay is None:
        is_once = found.day is not None or _AGAIN.search(text)
        if not is_once or (_DAILY.search(text) and not _ONCE.search(text)):
            return None
        is_for_good = _FROM_NOW_ON.search(text) or CHECK_IN.search(text)
        if is_for_good or _QUIET.search(text) or _RECEIVED.search(text):
            return None
        if is_odd or _WEEKEND.search(text):
            return Unclear.SETTINGS
        return _at_moment(found, now or datetime.combine(today, time()))
    if minutes is None:
        is_later = _LATER_ON.search(text) and not clocks_in(text)
        return {"snooze_minutes": 120} if is_later and not (is_odd or _DAILY.search(text)) else None
    if clocks_in(text):
        return None
    if is_odd or BELOW_ONE.search(text) or not _SOON.search(text) or minutes < 5:
        return Unclear.SETTINGS
    if minutes <= 720:
        return {"snooze_minutes": minutes}
    if now is None or minutes > 7 * 24 * 60:
        return Unclear.SETTINGS
    return _until(now + timedelta(minutes=minutes))


def _at_moment(found: Moment, now: datetime) -> Said:
    """The instant that is meant; one that has passed is asked back by the tool."""
    at = found.instant(now)
    if at is None and found.day is not None:
        at = datetime.combine(found.day, _MORNING)
        at = max(at, now + timedelta(hours=2)) if found.day == now.date() else at
    return _until(at) if at is not None else None


def _until(at: datetime) -> Said:
    return {"snooze_until": at.isoformat(timespec="minutes")}
