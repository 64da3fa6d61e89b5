"""What is said to the mentor in a group instead of a command."""

import re

from agent.phrases.amounts import durations_in
from bot.cohorts.commands import GroupCommand

_START = (
    r"(?:(?:我们|咱们?|大家|一起|现在|再|来|开始?|搞|玩|打|发起|组织|举行"
    r"|一场|一局|一轮|一次|一个|个|场|局)\s*)*"
)
_BEGIN = (
    r"(?:(?:let['’]?s|shall we|can we|please|start|begin|do|have|play|run|open|a|an|another|quiz)"
    r"\s+)*"
)
# `more` is what the command is about, such as how many questions on what.
_WISHES = (
    (rf"{_START}抢答赛?(?P<more>.*)", "battle"),
    (rf"{_BEGIN}battle\b(?P<more>.*)", "battle"),
    (r"(?P<more>\d{1,2}\s*[道个]?题.*?)抢答赛?", "battle"),
    (rf"{_START}(?:专注|番茄钟?)(?:一下|一会儿?|学习|模式)?(?P<more>.*)", "focus"),
    (rf"{_BEGIN}(?:focus|pomodoro)\b(?P<more>.*)", "focus"),
    (r"(?:我的?)?搭档(?:是谁|呢)|谁是我的?搭档|who(?: is|['’]s) my (?:partner|buddy)", "partner"),
    (
        r"(?:看一?下?|看看)?(?:努力|排行|排名|积分)榜|排名|leader ?board|effort board|ranking",
        "board",
    ),
    (r"(?:看一?下?|看看)?小组的?笔记|group(?:['’]s)? notes", "notes"),
    (r"(?:分|组|重新分)(?:学习)?(?:小队|搭档)|(?:make|form) pods", "pods"),
    (
        r"(?:把)?(?:学习)?小组(?:给)?(?:结束|解散|关)(?:掉|了)?|(?:结束|解散|关掉)(?:学习)?小组"
        r"|(?:end|close|disband) (?:the|this|our) group",
        "end",
    ),
    (
        r"[/／](?:start|help)"
        r"|(?:学习)?小组(?:怎么[玩用]|是什么|是干(?:嘛|什么)的?|进度|规则|设置|安排|计划|情况)|帮助"
        r"|(?:你)?(?:怎么[玩用]|能?会?(?:做什么|干什么|干嘛|干啥))"
        r"|(?:我?(?:要|想|怎么|如何|怎样)?)(?:加入|退出|离开)(?:学习)?(?:小组|群)?"
        r"|(?:我们?|小组|大家)?(?:这|本)(?:一?周|个?星期)(?:小组|我们|大家)?的?(?:该?学(?:什么|啥|到哪)|进度|安排|内容|计划)"
        r"|(?:我们|小组)(?:学(?:什么|啥)|学到哪)(?:里|儿)?了?"
        r"|什么时候(?:发|出)?(?:周报|出题|点名|揭晓|题)|(?:每日一题|点名|周报)(?:几点|什么时候)"
        r"|how (?:does|do) (?:this|the group|it|you|the mentor)(?: group)? work|help"
        r"|how (?:do|can) i (?:join|leave)(?: (?:the|this) group)?"
        r"|(?:i (?:want|would like) to )?(?:join|leave) (?:the|this) group"
        r"|what (?:do|are|should) we (?:study|studying|learn|learning|doing)(?: this week| now)?"
        r"|(?:our |the group['’]?s? )?(?:progress|plan|schedule)(?: (?:for )?this week)?"
        r"|this week(?:['’]s)? (?:plan|topic|progress)|what can you do",
        "group",
    ),
)
_RULES = tuple(
    (re.compile(rf"(?:{pattern})", re.IGNORECASE | re.DOTALL), name) for pattern, name in _WISHES
)
_POLITE = re.compile(
    r"^(?:请问?|麻烦|那个|嗨|你好|帮(?:我们?|忙))[\s,，]*|(?:吧|呗|呀|啊|呢|吗|好吗|好不好|了)+$"
)
_ABOUT = re.compile(
    r"\b(?:on|about|of|with|questions?|rounds?)\b|关于|主题是?|[道个题轮]+题?(?=\s|$|[,，])|[,，:：!！]|(?<!\w)来(?=\s|$)"
)
_COUNT = re.compile(
    r"(?<![a-z\d.])(-?\d{1,3})\s*(?:[道个]?题|[道个轮]|questions?)?(?![a-z\d.])", re.IGNORECASE
)
_ASKS = re.compile(r"是(?:什么|啥)|怎么|为什么|\b(?:what|how|why|is)\b", re.IGNORECASE)
_ENDS = " \t\n,，.。!！?？~～、…"


def said_to_group(text: str) -> GroupCommand | None:
    """The group's command that some words mean; None when they mean something else."""
    said = _POLITE.sub("", _POLITE.sub("", text.strip(_ENDS)).strip(_ENDS)).strip(_ENDS)
    for rule, name in _RULES:
        found = rule.fullmatch(said)
        if found is None:
            continue
        more = found.groupdict().get("more") or ""
        match name:
            case "battle":
                return None if _ASKS.search(more) else GroupCommand("battle", tuple(more.split()))
            case "focus":
                return _focus(more)
            case "end":
                return GroupCommand("group", ("end",))
            case _:
                return GroupCommand(name, ())
    return None


def _focus(more: str) -> GroupCommand | None:
    """A round of focus; None when the words behind it are about something else."""
    if not more.strip(_ENDS):
        return GroupCommand("focus", ())
    lengths = durations_in(more)
    number = re.search(r"\d+", more)
    if len(more) > 20:
        return None
    if lengths:
        return GroupCommand("focus", (str(lengths[0].minutes),))
    return GroupCommand("focus", (number[0],)) if number else None


def battle_words(text: str) -> tuple[int | None, str | None]:
    """How many questions a battle is to have, and what they are about, in any order."""
    count = _COUNT.search(text)
    rest = text if count is None else f"{text[: count.start()]} {text[count.end() :]}"
    topic = " ".join(_ABOUT.sub(" ", rest).split()).strip(_ENDS)
    return (int(count[1]) if count else None), topic or None


_OPTION = re.compile(
    r"(?:(?:我|答案|应该|觉得|感觉|猜|是|选择?|i|the|answer|is|it['’]?s|pick|choose|option|number|think"
    r"|why|为什么|为啥|不(?:是|选)|not)\s*)*"
    r"(?:([①②③④⑤⑥⑦⑧⑨])|([1-9])(?!\d)|([a-i])(?![a-z]))"
    r"\s*(?:号|项|选项|option)?\s*(?:不(?:对|行)|错|为什么|为啥|哪里|怎么|吧|呢|吗|了|不|\W|wrong|why|not)*",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"报错|题(?:目)?(?:好像|是不是|本身)?(?:有(?:问题|错|误)|出?错了?|不对)"
    r"|答案(?:好像|是不是)?(?:有(?:问题|误|错)|错了?|不对)"
    r"|\b(?:wrong|incorrect) (?:answer|key|question)|(?:answer|key|question) is (?:wrong|incorrect)"
    r"|\breport (?:this|it|the question)",
    re.IGNORECASE,
)
_WANTS_ANSWER = re.compile(
    r"答案(?:是)?(?:什么|啥|多少|呢|哪个)|(?:公布|揭晓|说一?下|看)答案|选(?:什么|哪个|啥)|正确答案|哪个对"
    r"|what(?:['’]?s| is) (?:the )?(?:right |correct )?answer|which (?:one )?is (?:right|correct)",
    re.IGNORECASE,
)


def option_in(text: str) -> int | None:
    """The option that some words are about, from 0; None when they say more than that."""
    found = _OPTION.fullmatch(text.strip())
    if found is None:
        return None
    sign, digit, letter = found.groups()
    if sign:
        return "①②③④⑤⑥⑦⑧⑨".index(sign)
    return int(digit) - 1 if digit else ord(letter.lower()) - ord("a")


def reports_question(text: str) -> bool:
    return _REPORTS.search(text) is not None


def asks_for_answer(text: str) -> bool:
    return _WANTS_ANSWER.search(text) is not None
