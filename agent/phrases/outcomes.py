"""One clause as a mark: work that is done, put off, blocked, or was marked by mistake."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from agent.phrases.amounts import days_in
from agent.phrases.clauses import OTHER_PEOPLE, Clause
from agent.phrases.clock import clocks_in
from agent.phrases.dates import find_day
from agent.phrases.spelling import pattern, words
from agent.phrases.tasks import (
    is_bare,
    is_elsewhere,
    numbers_in,
    stripped,
    tasks_in,
    without_lengths,
    without_numbers,
)

LONGEST_LINE = 1000

# Stands for a day in a text from which it was taken.
_DAY = "·"
_WORK = "做搞弄整写看读学刷跑练敲听背干啃肝补抄改画测"
_FINISH = rf"""
    (?:[{_WORK}过]|复现|实现|配置?|装|调|搭|部署)(?:完|通)(?:成|了|啦|咯|喽)*
    (?:[{_WORK}]|装|配置?|调|搭|部署)好(?:了|啦|咯)
    搞定(?:了|啦)?|拿下(?:了|啦)?|完成(?:了|啦|咯)?|完事儿?(?:了|啦)?|完工(?:了|啦)?
    (?:今日|每日)?打卡|[✅☑✔√]
"""
_DONE = words(
    zh=rf"""
    (?:标记?|勾|记|算|设)(?:一下)?(?:为|成|上|作)?(?:已|是)?完成了?|打个?[勾钩]|勾掉|划掉了?
    {_FINISH}
    """,
    en=r"""
    (?:mark|tick|check|cross)(?=.*\b(?:done|complete[d]?|finished|off)\b)|(?:tick|check)(?:ed)? off
    (?:finish|done|complete)(?=\s*[了掉])|tick (?=#?\d|the|number)
    (?:done|doen|finished|completed|wrapped up|knocked out|nailed)(?: with)?
    (?<=\d )complete(?=$)|(?<=\d )ok(?!ay)|(?:is|are|all) complete(?=$)
    i(?:'ve| have)? (?:just )?solved
    i(?:'ve|ve| have) (?:just |finally |already )?(?:done|read|watched|written|built|implemented)
    (?<![\w ] )(?<!\w\w)(?:(?:so|ok|okay|and|yes|yep|hey|just|well|i|we)[, ]+)*did(?= )
    """,
)
# 完了 by itself is a cry; beside a number it reports.
_ENDED = pattern(
    rf"(?:完|结束|提交|交|[{_WORK}])了(?:啦|哈|呀|吧)?$|(?:好了|ok了?|搞掂了?)(?:啦|咯)?$"
    rf"|^(?:我|已经|今天)*[{_WORK}]了"
)
_NOT_QUITE = words(
    zh=rf"""
    (?<!不)(?:要(?!求|点)|想|打算|准备|争取|希望|计划|尽量|必须|需要|会(?!议)|能(?!力))
    (?<!很)(?<!飞)快要?(?=[{_WORK}完好结搞]|ok)|马上|即将|就差|差一?点|差不多|几乎|基本|大概|大致
    应该|可能|也许
    好像|似乎|本来|原本|早该|状态|目标|让我|记得|为了|继续|赶紧|抓紧|加油
    [先开][始]?(?=[{_WORK}完])|一些|一点|大半|小半|大部分|一半|一部分|部分完成|正在|在做|还在
    待完成|完成[度率]|完成(?:情况|的任务|时间|标准|条件)|已完成的|完成到
    [帮替给][我忙](?!.{{0,14}}[标勾划打])|\d\s*%|百分之|几成|做不完|还早|离.{{0,4}}完成
    """,
    en=r"""
    if|let'?s|^say|^type|tell|i'd|would've|could've|should've|will|i'll|ill|we'll|going to|gonna
    want|wanna|hope|plan(?:ning)?|try(?:ing)?|almost|nearly
    about to|soon|half(?!\s+(?:an )?hour)|halfway|part(?:ly|ially|s)?|\d\s*/\s*\d|mostly|should
    might|may|maybe
    (?:pretty|not|quite) sure|says|shows?|showing
    probably|need(?:s|ed)? to|have to|has to|must|would|could|supposed|to be done|think|guess|wish
    let me|working on
    get(?:ting)? (?:it|this|that|them) (?:all )?done|get done|well done|done for|over and done
    far from|\d+\s*% (?=done|complete|finished)
    (?:model|training|job|script|build|download|run)s? (?:is|are|has|have|just) (?=done|finished)
    """,
)
_INNOCENT = words("想法|主要|重要|摘要|纲要|需求|思想|理想|可能性|机会|社会|功能|性能|智能|能力")
_AHEAD = words(
    "明天|后天|下周|下个?月|今晚(?!.*了)|待会", "tomorrow|tonight(?=$)|next (?:week|month)"
)
_COMMANDS_TO_ONESELF = pattern(r"^(?:finish|complete)\b")
_NOT_YET = words("还?没有?|不", r"not|isn'?t|haven'?t|didn'?t|yet")
_QUOTED = pattern(rf"[\"“”「『]\s*(?:{_DONE.pattern})\s*[\"”」』]")
# A finished training is no finished task.
_RUNS_BY_ITSELF = pattern(
    r"^(?:模型|训练|程序|脚本|代码|实验|下载|编译|(?:the |my )?(?:model|training|script|code"
    r"|job|build))$"
)
_WITHOUT_LE = pattern(rf"[{_WORK}过](?:完|通)|完成")
_WITH_RESULT = pattern(r"\bwith (?=.*\d)(?!task|number|#|the |\d+(?![.\d]|\s*%)|both|all)")
_LATER = words(
    zh=rf"""
    跳过|跳[了掉](?=吧|$)|略过|推迟|延后|延期|推后|顺延|缓一?缓|先放一?(?:放|着|一边|下)?|暂时?放|往后[推挪放延移]+
    (?:推|挪|移|放|改|延|留|拖|顺延|推迟|延后|延期|推后|安排|换)(?:到|至|在|去|成)?(?=\s*{_DAY})
    改天|回头再|以后再|(?:今天|今晚|今日)(?:先|就)?不[{_WORK}]了?|先不[{_WORK}]
    (?:晚点|稍后)再?(?=[{_WORK}])
    """,
    en=rf"""
    skip(?:ping|ped)?|postpone|postponing|delay|defer|reschedule
    put(?:ting)? (?:it |this |that )?off
    (?:push|move|shift|bump|leave|save|put)(?=.*(?:{_DAY}|\b(?:off|back|later)\b))
    (?:do|tackle|take|start|get to|come back to|revisit|continue)(?=.*\b(?:later|another day))
    (?:another|some other) (?:day|time)|not today|later
    """,
)
_WORD_FOR_WORK = pattern(
    rf"(?:再|继续|接着|来)?[{_WORK}](?:吧|了)?|再说|再来|继续|接着来|吧"
    r"|\b(?:do|tackle|take|start|continue|get to|read|watch|for|on)\b"
)
_AROUND_A_DAY = pattern(
    rf"{_DAY}|(?:再|继续|接着|来)[{_WORK}]?|[{_WORK}]$|过(?=\s)|等到?|到|吧|"
    r"^\s*(?:i'?ll |i will |let's |let me |i'm going to )?"
    r"(?:do|tackle|take|start|continue|get to)\b|\b(?:instead|on|by|to|until|till|for|back)\b"
)
_HEDGES = words(
    "可能|也许|或许|考虑|犹豫|在想|估计|觉得",
    r"maybe|might|perhaps|probably|considering|thinking (?:of|about)|i (?:think|guess)",
)
_NOT_LATER = words(
    zh="""
    (?:别|不要|不用|不想|不必|不许|不能|勿|甭|没|不)(?:给我|再|把.{0,8})?(?:跳|略过|推|延|挪|往后|改到|顺延)
    一半|待会|一会|等会|(?:今晚|下午)(?=[做学弄看搞写刷读再])
    """,
    en=r"""
    (?:do not|never|not|cannot|(?:do|wo|did|ca)n'?t)(?:\s\w+){0,2}\s+(?:skip|postpone|push|move)
    (?:do not|never|not|cannot|(?:do|wo|did|ca)n'?t)(?:\s\w+){0,2}\s+(?:delay|defer|put)
    pushed|moved|delayed
    code|commits?|github|repo|branch|docker|hub|connections?|merge
    """,
)
_OF_PUSHES = words(
    "提醒|推送|打卡(?:时间|改|提)|时区|语言|设置|通知|计划改|消息",
    r"remind(?:ers?)?|notif\w*|messages?|check-?ins?|time ?zone",
)
_ONLY_LATER = pattern(
    r"^(?:(?:ok|okay|maybe|no|sorry)[, ]*)*(?:(?:i'?ll |i will |let's )?do (?:it|this"
    r"|that) )?later[.! ]*$"
)
_SMALL_TALK = pattern(r"^(?:再说|聊|说|谈|见|talk|see you|you|speak)")
_LENGTH = pattern(
    r"(?:by |for |in )?(?:\d+|[一二两三四五六七八九十半]+|an?|one|two|three)\s*个?"
    r"(?:天|周|星期|礼拜|月|days?|weeks?|months?)"
)
_STUCK = words(
    zh="""
    被?(?<![打刷过])卡(?:住|在|了|壳|到|死)了?|[做写跑解弄](?:不出来|不下去|不动|不起来|不通)|搞不(?:定|出来)
    不会[做写]|没有?(?:思路|头绪)|装不上|遇到了?[点些]?(?:问题|困难|麻烦)了?
    """,
    en=r"""
    (?:i'm |im |i am |got |get |am |is |still |totally |completely )*(?:stuck|blocked|struggling)
    having (?:some )?(?:trouble|problems)|have (?:some )?trouble
    (?:can'?t|cannot|can not|unable to) (?:figure|get|solve|do|make|work)(?: out)?
    """,
)
_HARD = words(
    zh="""
    太难了?|好难|有点难|看不懂|没看懂|不懂|没思路|不会做?(?=$)
    """,
    en=r"""
    (?:is |are |seems? )?(?:too|so|really|very) (?:hard|difficult|tough)(?: for me)?
    i (?:don'?t|do not) (?:understand|get)
    """,
)
# Told as it is: the words themselves are the note.
_TROUBLE = words(
    "报错|出错|跑不[起了通]",
    r"errors? out|(?:doesn'?t|does not|won'?t|not) (?:work|run|compile)(?:ing)?",
)
_NOT_STUCK = words(
    "没有?再?被?卡|不再?卡|不会再?卡|昨天|之前|以前|曾",
    r"was|were|used to|yesterday|earlier|(?:not|\w+n't|never|no longer"
    r"|hardly)(?:\s\w+){0,2}\s(?:stuck|blocked)|unstuck",
)
_AT = pattern(
    r"^(?:在|到)|^(?:on|at|with|in|by|because of|understanding)\b"
    r"|(?:这里|这儿|这一?步|这块|那里|上面?|了|中|这)+$|\s*\b(?:to work|in|of|for|on|at|with)$"
)
_PLACE = pattern(r"^(?:我|就|又|还是)*在(?P<place>.+)$")
_CRY = words("求助|救命|怎么办", "help(?: me)?|please|pls")
_NUMBERED = pattern(
    r"第.{1,3}?[个项条题道]?(?:任务)?的?|\b(?:tasks?|number|no\.?)\s*#?\d\b|#\d"
    r"|\bthe (?:first|second|third) (?:one|task)\b|^\s*(?:on|at|with)\b|(?<=\s)\d(?=\s|$)"
)
_UNDO = words(
    zh="""
    [点按标勾]错了?|手滑了?|误[点触标]|撤[销回消](?:一下|掉)?|反悔|标.{0,4}[未没]完成
    取消(?:刚才|上一|标记|打卡|完成|.{0,8}(?:完成|标记|打卡))
    不小心.{0,8}[点标按勾](?:了|成|完成|为)*
    """,
    en=r"""
    undo|un(?:mark|check|tick)(?:ed)?|take (?:it|that|this) back|wrong (?:one|task|button)
    (?:marked|tapped|clicked|ticked|pressed|hit).*(?:mistake|accident)|by (?:mistake|accident)
    mis-?(?:click|tap)(?:ped|ed)?|(?:clicked|tapped|pressed|hit) (?:on )?the wrong
    didn'?t mean to (?:mark|tick|check|finish)|mark.*(?:not done|undone|incomplete|unfinished)
    revert(?=$| (?:task|that|it|the|#?\d))
    """,
)
_NOT_UNDO = words(
    "(?:别|不要|不用|不必|没)(?:.{0,2})(?:撤|取消|点错|标错)",
    r"(?:don'?t|do not|no need to|never|not)(?:\s\w+){0,2}\s(?:undo|unmark|revert|take)",
)
_DELETE = words("删[掉除了]|去掉|移除", "delete|remove|drop|get rid of|cancel")
_TOUCHED = pattern(
    rf"[{_WORK}推挪移]|\b(?:do|doing|did|finish|complete|start|work|working|push|move|shift|bump)\b"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One report; `tasks` as the mark tool takes them.

    `is_named` when they were named by words, `is_rest` when they are what others left over.
    """

    outcome: Literal["done", "later", "stuck", "undo"]
    tasks: tuple[str, ...] = ()
    is_named: bool = False
    is_rest: bool = False
    until: date | None = None
    evidence: str | None = None
    note: str | None = None


def speaks_of_marks(text: str) -> bool:
    """Whether a mark is spoken of at all, be it asked, denied or claimed."""
    if any(said.search(text) for said in (_DONE, _LATER, _STUCK, _UNDO, _ENDED)):
        return True
    if _DELETE.search(text) or _HARD.search(text) or _TOUCHED.search(text):
        return bool(numbers_in(text)) or (bool(_DELETE.search(text)) and "任务" in text)
    return False


def numbers_denied_in(text: str) -> tuple[str, ...]:
    """第二个没做完, 2 is not done: what the denial is about."""
    tasks = tasks_in(_without(text, _DONE, _NOT_YET))
    return tasks.said if tasks.said and not tasks.is_named and tasks.said != ("all",) else ()


def is_only_a_mark(text: str) -> bool:
    """Whether nothing is left once the words of marks are taken out: all done."""
    left = stripped(_without(text, _DONE, _LATER, _STUCK, _UNDO))
    return speaks_of_marks(text) and len(left) < 3


def mark_in(clause: Clause, text: str, today: date) -> Mark | None:
    """The report of one clause; None when there is none, or it is asked, denied or supposed.

    `text` is what the clause says, with tasks that were named just before it.
    """
    if not clause.claims or is_elsewhere(text):
        return None
    if _DELETE.search(text) or OTHER_PEOPLE.search(text) or _HEDGES.search(text):
        return None
    for read in _OUTCOMES:
        if read is _finished and clause.denies:
            return None
        mark = read(text, today)
        if mark is not None:
            return mark
    return None


def _without(text: str, *rules: re.Pattern[str]) -> str:
    for rule in rules:
        text = rule.sub(" ", text)
    return text


def _undone(text: str, _: date) -> Mark | None:
    if not _UNDO.search(text) or _NOT_UNDO.search(text) or _OF_PUSHES.search(text):
        return None
    tasks = tasks_in(text if numbers_in(text) else _without(text, _UNDO, _DONE))
    return Mark("undo", () if tasks.is_named or tasks.said is None else tasks.said)


def _put_off(text: str, today: date) -> Mark | None:
    if _NOT_LATER.search(text) or _OF_PUSHES.search(text) or _DONE.search(text):
        return None
    day, text = _day_taken(text, today)
    verb = _LATER.search(text)
    if verb is not None and day is None and (days := days_in(text)):
        day, text = today + timedelta(days=days), _LENGTH.sub(" ", text)
    tasks = tasks_in(_without(text, _LATER, _HARD, _AROUND_A_DAY))
    if tasks.said is None:
        return None
    mark = Mark("later", tasks.said, tasks.is_named, tasks.is_rest, until=day)
    if verb is not None:
        is_idle = tasks.is_named and (
            verb.group().lower() == "later" or _SMALL_TALK.search(tasks.said[0])
        )
        is_parting = (
            not tasks.said and verb.group().lower() == "later" and not _ONLY_LATER.match(text)
        )
        return None if is_idle or is_parting else mark
    if day is None or day < today:
        return None
    if tasks.is_named:
        return mark if re.search(rf"[再来][{_WORK}]", text) else None
    if tasks.said:
        is_said = _WORD_FOR_WORK.search(text) or is_bare(text.replace(_DAY, " "))
        return mark if is_said else None
    is_again = re.search(rf"再[{_WORK}]", text) and len(stripped(text)) <= 6
    return mark if is_again else None


def _day_taken(text: str, today: date) -> tuple[date | None, str]:
    """The first day but today, and the text with a sign in its place."""
    start = 0
    while (found := find_day(text[start:], today)) is not None:
        if found.day != today:
            before, behind = text[: start + found.start], text[start + found.end :]
            return found.day, f"{before}{_DAY}{behind}"
        start += found.end
    return None, text


def _blocked(text: str, _: date) -> Mark | None:
    if _NOT_STUCK.search(text):
        return None
    verb = _STUCK.search(text)
    numbers = numbers_in(text)
    if numbers and (verb or _HARD.search(text) or _TROUBLE.search(text)):
        return Mark("stuck", numbers, note=_note(_without(text, _STUCK, _HARD, _NUMBERED)))
    if verb is None:
        return None
    where = text[verb.end() :].strip()
    tasks = tasks_in(_AT.sub(" ", where))
    if tasks.said and not tasks.is_named:
        return Mark("stuck", tasks.said)
    place = _PLACE.match(text[: verb.start()].strip())
    if place is not None and not where:
        return Mark("stuck", note=_note(place["place"]))
    before = tasks_in(text[: verb.start()])
    named = before.said if before.is_named and before.said else ()
    return Mark("stuck", named, bool(named), note=_note(where))


def _note(text: str) -> str | None:
    """What blocks: 在反向传播了 is 反向传播."""
    text = _CRY.sub(" ", text).strip()
    for _ in range(3):
        text = _AT.sub("", text).strip(" ,.:!")
    letters = re.findall(r"[A-Za-z]{3,}|[\u4e00-\u9fff]{2,}", stripped(text))
    return text[:LONGEST_LINE] if letters else None


def _finished(text: str, _: date) -> Mark | None:
    numbers = numbers_in(text)
    verb = _DONE if _DONE.search(text) else _ENDED
    if not verb.search(text) or (verb is _ENDED and not numbers):
        return None
    if _NOT_QUITE.search(without_lengths(_INNOCENT.sub(" ", text))) or _AHEAD.search(text):
        return None
    if (
        _COMMANDS_TO_ONESELF.search(text)
        or _QUOTED.search(text)
        or (_OF_PUSHES.search(text) or clocks_in(text))
    ):
        return None
    if numbers and _is_beforehand(verb, text):
        return None
    rest, _sign, result = _WITH_RESULT.sub("\n", verb.sub(" ", text), count=1).partition("\n")
    tasks = tasks_in(rest.replace("§", " "))
    if tasks.said is None or (tasks.is_named and _RUNS_BY_ITSELF.match(tasks.said[0])):
        return None
    evidence = result.strip()[:LONGEST_LINE] or None
    return Mark("done", tasks.said, tasks.is_named, tasks.is_rest, evidence=evidence)


def _is_beforehand(verb: re.Pattern[str], text: str) -> bool:
    """做完第二个奖励自己一下: without 了, and something follows the tasks."""
    found = verb.search(text)
    if found is None or not _WITHOUT_LE.fullmatch(found.group()) or "了" in text[found.end() :]:
        return False
    behind = stripped(without_numbers(text[found.end() :]))
    return len(re.findall(r"[\u4e00-\u9fff]", behind)) >= 2


_OUTCOMES: tuple[Callable[[str, date], Mark | None], ...] = (_undone, _put_off, _blocked, _finished)
