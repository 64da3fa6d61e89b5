"""What a plan's words give away: minutes, the kind of work, what a heading is for, and ids."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from learning.curriculum import Kind
from learning.values import Language

# Minutes of a task whose text names none.
USUAL_MINUTES = {
    Kind.THEORY: 45,
    Kind.PRACTICE: 60,
    Kind.PROJECT: 120,
    Kind.LEETCODE: 30,
    Kind.READING: 30,
    Kind.WRITING: 45,
    Kind.COMMUNITY: 20,
    Kind.INTERVIEW: 45,
}
LEAST, MOST = 5, 240
MOST_SESSIONS = 12
# Work that is longer than a task may be comes in sessions of about this length.
SESSION = 120

_NUMBERS = {"半": 0.5, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6} | {
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_NUMBER = r"(?:\d{1,4}(?:\.\d+)?|[半一两二三四五六七八九十])"
_RANGE = rf"({_NUMBER})(?:\s*[-–—~～到至]\s*({_NUMBER}))?"
_HOURS = r"(?:个?小时|个?钟头|hours?|hrs?|h)(?![a-z])"
_MINUTES = r"(?:分钟|minutes?|mins?)(?![a-z])"
_NOT_INSIDE_A_WORD = r"(?<![a-z0-9.])"
_DURATION = re.compile(
    rf"{_NOT_INSIDE_A_WORD}(?:(?P<one_and_half>一个半小时)|(?P<half>half an hour)|"
    rf"(?:{_RANGE}\s*{_HOURS}(?:\s*(?P<rest>\d{{1,2}})(?:\s*(?:分钟?|minutes?|mins?|m))?"
    rf"(?![\da-z.]))?)|(?:{_RANGE}\s*{_MINUTES}))",
    re.IGNORECASE,
)
_ABOUT = r"(?:约|大约|预计|用时|时长|about|approx\.?|around|ca\.|est\.?|[~≈])"
_OPTIONAL = re.compile(
    r"[（(\[【]\s*(?:选做|可选|选修|optional|stretch|bonus)\s*[)）\]】]|"
    r"^(?:选做|可选|选修|optional|stretch|bonus)\s*[：:]|\boptional\b|选做|可选",
    re.IGNORECASE,
)

_KINDS: tuple[tuple[Kind, str], ...] = (
    (Kind.LEETCODE, r"leetcode|刷题|力扣|codewars|hackerrank"),
    (Kind.INTERVIEW, r"面试|简历|\binterview|résumé|\bresume\b|\bcv\b"),
    (Kind.COMMUNITY, r"社区|提\s*issue|论坛|\bcommunity|\bmeetup|pull request|\bforum|\bdiscord"),
    (
        Kind.WRITING,
        r"博客|写.{0,6}(?:笔记|总结|文章|报告|复盘|周记|文档)|整理.{0,6}笔记|总结|复盘|"
        r"\bwrite (?:up|a (?:\w+ )?(?:post|note|page|article|report|summary))|"
        r"\bblog|\bessay|\bsummari[sz]e|\bwrite-?up|\bretrospective|\bjournal",
    ),
    (
        Kind.PROJECT,
        r"项目|搭建|做一个|实现一个|\bproject|\bbuild\b|\bcapstone|\bship\b|\bdeploy\b|上线|部署",
    ),
    (Kind.READING, r"论文|阅读|读|\bread|\bpapers?\b|\bchapters?\b|\bbook\b|《|书"),
    (
        Kind.PRACTICE,
        r"练习|编写|写|实现|运行|跑|调试|安装|配置|代码|动手|\bwrite\b|\bimplement|\bcode\b|\brun\b|"
        r"\binstall|\bexercise|\bpractice|\btry\b|\bset up|\bmeasure|\bport\b|\bflash\b",
    ),
    (
        Kind.THEORY,
        r"学习|理解|了解|掌握|观看|看|视频|课程|原理|概念|\bwatch|\blearn|\bstudy|\bunderstand|"
        r"\blecture|\bvideo|\bcourse|\bconcept|\bexplain|\bknow\b",
    ),
)

_WEEK = r"第?\s*[一二三四五六七八九十\d]+(?:\s*[-–—~～至到]\s*[一二三四五六七八九十\d]+)?\s*"
_IS_STAGE = re.compile(
    rf"第\s*[一二三四五六七八九十\d]+\s*(?:个?大?阶段|部分|个?月|模块|篇)|阶段\s*[一二三四五六七八九十\d]|"
    rf"阶段(?:\s*[（(].*)?$|^{_WEEK}个?月|"
    r"^(?:the )?(?:phase|stage|part|month|module|level)s?\b\s*[-#]?\s*"
    r"(?:\d|[ivx]+\b|one|two|three|four|five|six|[a-d]\b)",
    re.IGNORECASE,
)
_IS_UNIT = re.compile(
    rf"{_WEEK}[周天日课讲]|^(?:weeks?|days?|lessons?|units?|sprints?)\b\s*#?\s*[\d一二三四五六]",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    rf"{_WEEK}(?:周|个?月|天)|(?:weeks?|months?|days?)\s*\d+(?:\s*[-–—to]+\s*\d+)?|"
    r"\d+(?:\s*[-–—to]+\s*\d+)?\s*(?:weeks?|months?|days?)",
    re.IGNORECASE,
)
_HOURS_A_WEEK = re.compile(
    r"每周\D{0,8}?(\d{1,2})(?:\s*[-–~～到至]\s*(\d{1,2}))?\s*个?小时|"
    r"(\d{1,2})(?:\s*[-–~]\s*(\d{1,2}))?\s*(?:hours?|hrs?|h)\s*(?:a|per|each|every|/)\s*week",
    re.IGNORECASE,
)


class Role(Enum):
    """What the things below a heading are to a stage or unit."""

    GOALS = "goals"
    TOPICS = "topics"
    CRITERIA = "criteria"
    MILESTONE = "milestone"
    TASKS = "tasks"
    PROJECTS = "projects"
    RESOURCES = "resources"
    AUDIENCE = "audience"
    CHECKLIST = "checklist"
    ASIDE = "aside"
    CONTENTS = "contents"


_ROLES: tuple[tuple[Role, str], ...] = (
    (Role.MILESTONE, "里程碑|成果|产出|交付物?|milestones?|deliverables?"),
    (Role.GOALS, "目标|goals?|objectives?|aims?|outcomes?"),
    (
        Role.CRITERIA,
        "完成标准|验收标准?|评估标准?|评估|考核|达标标准|检验|自测|自查|标准|criteria|assessment|"
        "definition of done|acceptance(?: criteria)?|done when|evaluation|self[- ]check",
    ),
    (Role.CONTENTS, "目录|table of contents|toc"),
    (
        Role.TOPICS,
        "内容|知识点?|主题|要点|重点|大纲|topics?|contents?|concepts?|ideas|"
        "what you(?:'|’)ll learn",
    ),
    (
        Role.RESOURCES,
        "资料|资源|参考(?:资料|书目|文献)?|书单|书籍|链接|课程|教程|resources?|references?|links?|"
        "(?:further )?reading(?: list)?|materials?|books?|courses?",
    ),
    (
        Role.TASKS,
        "任务|练习|作业|实践|动手|安排|待办|to-?dos?|tasks?|exercises?|assignments?|practice|"
        "hands[- ]on|labs?|activities",
    ),
    (Role.PROJECTS, "项目|projects?"),
    (
        Role.AUDIENCE,
        "适合人群|适合谁|适合|适用人群|对象|前提|先修|先决条件|基础要求|audience|prerequisites?|"
        "who (?:this|it) is for|for whom",
    ),
    (Role.CHECKLIST, "检查清单|检查点|清单|checklists?|checkpoints?"),
    (
        Role.ASIDE,
        "常见问题|faqs?|附录|appendix|tips|notes?|建议|注意(?:事项)?|说明|简介|介绍|概览|更新|总结|"
        "方法|原则|overview|introduction|about|advice|license|tools?|工具|principles?",
    ),
)
_BEFORE = (
    "学习|阶段性?|本阶段|实战|本周|每周|推荐|实践|主要|核心|动手|课程|技术|关键|最终|总体?|本月|路径|"
    "weekly|stage|phase|learning|recommended|key|main|final|week|unit|study|useful"
)
_AFTER = "清单|列表|任务|list|for the (?:week|stage|phase)"
_LABELS = tuple(
    (
        role,
        re.compile(
            rf"(?:[\d.、]+\s*)?(?:(?:{_BEFORE})\s*)*(?:{words})\s*(?:{_AFTER})?", re.IGNORECASE
        ),
    )
    for role, words in _ROLES
)
_IN_FRONT = re.compile(r"([^：:]{1,20})[：:]\s*(\S.*)")

_COMMON = set(
    re.findall(
        "[a-z]+",
        "a an and are as at by for from in into is it its my of on one or our read run so that the "
        "this to use using via what with write your build",
    )
)


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a task is; `is_clipped` when its text named more or less than a task may be."""

    minutes: int
    sessions: int = 1
    is_clipped: bool = False


def duration_in(text: str) -> Duration | None:
    """The first length of time a text names; the middle of a range such as `1-2 h`."""
    found = _DURATION.search(text)
    if found is None:
        return None
    if found["one_and_half"]:
        return fitted(90)
    if found["half"]:
        return fitted(30)
    _, __, low, high, rest, short, long = found.groups()
    if low is not None:
        return fitted(60 * _middle(low, high) + int(rest or 0))
    return fitted(_middle(short, long))


def _middle(low: str, high: str | None) -> float:
    return (_number(low) + _number(high or low)) / 2


def _number(text: str) -> float:
    return _NUMBERS[text] if text in _NUMBERS else float(text)


def fitted(minutes: float) -> Duration:
    """Bring a length of time into what a task may be, in several sessions if need be."""
    whole = max(LEAST, round(minutes))
    if whole <= MOST:
        return Duration(whole, is_clipped=whole != round(minutes))
    sessions = min(MOST_SESSIONS, -(-whole // SESSION))
    each = min(MOST, -(-whole // sessions))
    return Duration(each, sessions, is_clipped=each * sessions < whole)


def without_duration(text: str) -> str:
    """The text without the length of time it ends with or holds in brackets, if it says more."""
    found = _DURATION.search(text)
    if found is None:
        return text
    duration = re.escape(found[0])
    bracketed = re.compile(rf"\s*[（(\[【]\s*{_ABOUT}?\s*{duration}\s*[)）\]】]", re.IGNORECASE)
    at_the_end = re.compile(rf"\s*[,，、;；:：|·–—-]?\s*{_ABOUT}?\s*{duration}\s*$", re.IGNORECASE)
    for pattern in (bracketed, at_the_end):
        shorter = pattern.sub("", text, count=1).strip()
        if shorter != text and any(one.isalnum() for one in shorter):
            return shorter
    return text


def is_optional(text: str) -> bool:
    return _OPTIONAL.search(text) is not None


def kind_of(text: str) -> Kind | None:
    """The kind of work a task's words name, if they name one."""
    return next((kind for kind, words in _KINDS if re.search(words, text, re.IGNORECASE)), None)


def role_of(heading: str) -> Role | None:
    """What a heading such as `学习目标` or `Week goals` says of the things below it."""
    words = heading.strip().rstrip("：: ").strip()
    return next((role for role, label in _LABELS if label.fullmatch(words)), None)


def label_in_front(text: str) -> tuple[Role, str] | None:
    """Take `目标：跑起来` apart into what it is and what it says."""
    found = _IN_FRONT.fullmatch(text)
    role = role_of(found[1]) if found else None
    return (role, found[2]) if found and role else None


def is_stage(heading: str) -> bool:
    return _IS_STAGE.search(heading) is not None and role_of(heading) is None


def is_unit(heading: str) -> bool:
    return _IS_UNIT.search(heading) is not None


def period_in(heading: str) -> str | None:
    found = _PERIOD.search(heading)
    return found[0].strip() if found else None


def hours_a_week_in(text: str) -> int | None:
    """The weekly hours a text names; the middle of a range."""
    found = _HOURS_A_WEEK.search(text)
    if found is None:
        return None
    numbers = [int(one) for one in found.groups() if one]
    hours = -(-sum(numbers) // len(numbers))
    return hours if 1 <= hours <= 60 else None


def language_of(text: str) -> Language:
    """Chinese where at least every fifth letter is."""
    letters = sum(one.isalpha() for one in text)
    han = sum("\u3400" <= one <= "\u9fff" for one in text)
    return "zh" if han * 5 >= letters and han else "en"


def slug(text: str, most: int) -> str:
    """The telling Latin words of a text as an id; empty where it has none."""
    found = dict.fromkeys(re.findall(r"[a-z0-9]+", text.lower()))
    words = [one for one in found if one not in _COMMON]
    if not any(len(one) >= 3 and one.isalpha() for one in words):
        return ""
    kept = ""
    for word in words[:5]:
        longer = f"{kept}-{word}" if kept else word
        if len(longer) > most:
            break
        kept = longer
    return kept


def unused(id: str, taken: Collection[str]) -> str:
    """The id, with a number behind it where it is taken."""
    number = 2
    found = id
    while found in taken:
        found = f"{id}-{number}"
        number += 1
    return found
