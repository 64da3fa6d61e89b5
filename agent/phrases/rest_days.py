"""A day or a few to come without study, in words: 周三休息一天, I can't study tomorrow."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from agent.phrases.amounts import days_in
from agent.phrases.clauses import OTHER_PEOPLE, Clause
from agent.phrases.clock import clocks_in
from agent.phrases.dates import find_day
from agent.phrases.feasts import NAMES_FEAST, free_days
from agent.phrases.outcomes import speaks_of_marks
from agent.phrases.pauses import is_end
from agent.phrases.pushes import PUSH, silence_in
from agent.phrases.spelling import pattern, words
from agent.phrases.tasks import numbers_in
from agent.phrases.weeks import weekdays_in

MOST_DAYS = 31
_LONGEST = 60
_REST = words(
    zh="请.{0,4}假|休.{0,2}假|放.{0,2}假|度假|休息(?!日)|歇(?:一?[天下])?|出差|旅[游行]",
    en=r"""
    (?:a |one |the )?days? off|vacation|holidays?|time off|on leave|out of office
    (?:take|taking|have|having|need|want|get|give me|be|am|i'?m) (?:\w+ ){0,4}off
    (?:take|have|need) (?:a |the )?(?:break|rest)|travel(?:l)?ing|away|a rest day|off (?=on|next|this)
    """,
)
_NOT_FREE = words(
    zh="""
    学不(?:了|成)|没(?:法|办法|空|时间|工夫|功夫)(?=$|学|的|了|啊|呢|哦|[,，。!])|不(?:能|方便)学|不学(?:习)?(?:了)?$
    (?:有|要|得)(?:点|些)?(?:事|加班|考试|开会|搬家|值班|住院|体检)|加班|请不了|不(?:上课|安排(?:任务|学习)?)
    """,
    en=r"""
    (?:can(?:'t|not)|cant|can not|won'?t|will not|not going to|unable to)(?: be able to)? (?:study|learn|do any\w*|make it|do it)
    (?:won'?t|will not|don'?t|do not) have (?:any )?time|no time|(?:will be|i'?m|i am|am) (?:really |too |very )?busy
    (?:won'?t|will not|not going to) be (?:around|here|available|free)|(?:no|not) stud(?:y|ying)|no tasks|not (?:available|free|around)|(?:have|got) (?:an? )?(?:exam|wedding|flight)
    """,
)
_OFF = words("不学(?:习)?|停", "off|skip(?:ping)?|no study")
_NOT = words(
    "别|不(?!学|能|方便|上课|安排)|不用|没有?(?!法|办法|空|时间|工夫|功夫)|取消",
    r"no(?! time| study| tasks)|cancel|without|instead of",
)
_WEEKLY = words("每|周末(?!.{0,4}[一两1-2]天)", r"every|each|\w+days\b(?<!days off)|weekends")
_THIS_WEEKEND = pattern(r"(?:这个?|本|下个?)周末|\b(?:this|next) weekend\b")
_A_DAY = words("一?天|一日|1天", "a day|one day|day off|off")
_WHICH_WEEK = pattern(r"[这本下]个?|\b(?:this|next|coming)\b")
_BARE_WEEKDAY = pattern(r"^(?:周|星期|礼拜)[一二三四五六日天]$")
_ON_TO = pattern(r"^\s*(?:到|至|-|–|—|~|to\b|until\b|till\b|through\b)\s*")
_AND = pattern(r"^\s*(?:和|跟|、|,|，|and\b|n\b|&)\s*")
_BARE_NEXT = pattern(r"^[一二三四五六日天](?![个天日号])")
_ENDS_IN_WEEKDAY = pattern(r"(?:周|星期|礼拜)[一二三四五六日天]$")
_VAGUE = pattern(r"月(?!\s*\d)|年|\b(?:month|year)\b")
_WHOLE_WEEK = pattern(r"^(?:下+个?|\bnext )(?:周|星期|礼拜|week)$")
_WISHED = pattern(
    r"(?:能不能|可不可以|可以|能否|能|想|行不行).{0,12}(?:休|请|放|歇|[别不][发推打])|(?:休|请|放|歇).{0,8}(?:可以|行|好)(?:吗|么|不)"
    r"|^(?:can|could|may|might) (?:i|we|you)\b"
)
_ELSEWHERE = words(
    "完了?[再就]|训练|模型|梯度|显卡|服务器|实验室|公司放|学校放|法定|哪天|(?<![这那])几天|多久",
    "training|model|server|gpu|the company|which day|how many",
)


class RestDays(NamedTuple):
    day: date
    days: int


def rest_days_in(clauses: Sequence[Clause], today: date) -> RestDays | None:
    """The days to come that a learner says they are not free on; None for any other matter.

    A reason told in the clause behind it counts: 后天要考试，没时间学.
    """
    told = [one for one in clauses if not one.supposes]
    for one in told:
        found = _rest_in(one, one.text, today)
        if found is not None:
            return found
    if len(told) == 2 and not find_day(told[1].text, today):
        return _rest_in(told[1], f"{told[0].text} {told[1].text}", today)
    return None


def _rest_in(clause: Clause, text: str, today: date) -> RestDays | None:
    if len(text) > _LONGEST or (clause.asks and not _WISHED.search(text)):
        return None
    found = find_day(text, today)
    if found is None or found.day <= today or is_end(text, found.start, found.end):
        return None
    others = (OTHER_PEOPLE, _ELSEWHERE)
    if any(other.search(text) for other in others) or clocks_in(text):
        return None
    said = text[found.start : found.end]
    feast = NAMES_FEAST.search(said)
    outside = _without_days(text, today)
    silence = silence_in(outside)
    if numbers_in(outside) or (silence is None and PUSH.search(text)):
        return None
    if silence is None and not _is_free(text, names_feast=feast is not None):
        return None
    is_vague = _VAGUE.search(said) and feast is None
    if is_vague or (_WEEKLY.search(text) and not _THIS_WEEKEND.search(text)):
        return None
    if silence and weekdays_in(text) and not _WHICH_WEEK.search(said):
        # 周五别发 is for every Friday.
        return None
    is_bare = _BARE_WEEKDAY.match(said) is not None
    if is_bare and not (_A_DAY.search(text) or _REST.search(text)):
        # 周三没空 may be every Wednesday.
        return None
    if is_bare and not _A_DAY.search(text) and "休" not in text and "假" not in text:
        return None
    first, days = found.day, _length(text, found.start, found.end, found.day, today)
    if days == 1 and feast is not None:
        first, days = free_days(feast.group(), first, text, today)
    return RestDays(first, days) if 1 <= days <= MOST_DAYS else None


def _without_days(text: str, today: date) -> str:
    while (found := find_day(text, today)) is not None:
        text = f"{text[: found.start]} {text[found.end :]}"
    return text


def _is_free(text: str, *, names_feast: bool) -> bool:
    """Whether days are said to be free of study, and nothing besides."""
    verb = _REST.search(text) or _NOT_FREE.search(text)
    verb = verb or (_OFF.search(text) if names_feast else None)
    if verb is None or _NOT.search(text[: verb.start()]):
        return False
    besides = f"{text[: verb.start()]} {text[verb.end() :]}"
    return _REST.search(text) is not None or not speaks_of_marks(besides)


def _length(text: str, start: int, end: int, first: date, today: date) -> int:
    """How many days: to a last one, so many, a whole week, or the one."""
    rest = text[end:]
    for joint in (_ON_TO, _AND):
        joined = joint.match(rest)
        if joined is None:
            continue
        behind = rest[joined.end() :]
        if _BARE_NEXT.match(behind) and _ENDS_IN_WEEKDAY.search(text[start:end]):
            # 下周一到三
            behind = f"周{behind}"
        elif behind.startswith("初"):
            behind = f"大年{behind}"
        last = find_day(behind, today)
        if last is not None and last.day <= first:
            last = find_day(behind, first)
        if last is not None and last.start <= 1 and last.day > first:
            span = (last.day - first).days + 1
            return span if joint is _ON_TO or span == 2 else 0
    if _THIS_WEEKEND.search(text[start:end]):
        return 2
    outside = f"{text[:start]} {rest}"
    counted = days_in(outside)
    if counted is not None:
        return counted
    if _WHOLE_WEEK.match(text[start:end].strip()):
        return 7
    return 1
