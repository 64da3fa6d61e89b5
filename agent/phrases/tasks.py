"""Which tasks are meant: numbers in today's plan, all of them, or a name."""

import re
from typing import NamedTuple

from agent.phrases.amounts import durations_in, value_of
from agent.phrases.spelling import pattern, words

LONGEST_NAME = 60

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
_DIGIT = r"(?:(?:1[0-2]|[1-9])(?!\d)|[一二两三四五六七八九十])"
_JOIN = r"\s*(?:,|、|和|跟|与|及|&|\+|\band\b|,\s*and\b)\s*"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|[1-9](?:st|nd|rd|th))"
_ORDINAL_LIST = rf"{_ORDINAL}(?:{_JOIN}(?:the )?{_ORDINAL})*"
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})\b(?![.%]\d|\s*%)"
_THING = r"(?:tasks?|ones?|items?|things?|todos?|exercises?|problems?)"
# 第三章 is a chapter, LeetCode 第1题 is a problem elsewhere.
_NO_TASK = (
    r"(?!\s*(?:[章节周天课讲集页季篇遍次轮层期版代阶届部线年月]|行(?![了吗不])|个月|个?小时|单元))"
)
_OURS = r"(?<!leetcode )(?<!leetcode)(?<!力扣)(?<!lc )(?<!hot )"

_FIRST_SO_MANY = pattern(
    rf"(?:前面?|头)(?P<zh>{_DIGIT})\s*[个项条件道]"
    rf"|\bfirst (?P<en>{'|'.join(_NUMBER_WORDS)}|\d)\b"
)
_RANGE = pattern(
    rf"(?:第|任务\s*|tasks? )?(?P<first>{_DIGIT})\s*个?(?:到|至|-|~| to | through )"
    rf"\s*第?(?P<last>{_DIGIT})(?!\s*个?(?:小时|分钟|月))"
    r"(?=\s*(?:个|项|都|全|\b(?:are|done|is)\b|$))"
)
_EXPLICIT = tuple(
    pattern(rule)
    for rule in (
        rf"{_OURS}第\s*(?P<list>{_DIGIT}"
        rf"(?:(?:\s*[个项条题]?{_JOIN}|\s*[个项条题])?第?{_DIGIT}(?![.%\d]))*)"
        rf"{_NO_TASK}\s*[个项条件道题号步]?(?:任务)?",
        rf"(?P<list>[{_CIRCLED}](?:(?:{_JOIN}|\s*)[{_CIRCLED}])*)",
        rf"(?:任务|编号)\s*(?P<list>{_DIGIT}(?:(?:{_JOIN}|\s+){_DIGIT})*)(?!\d|[.%]\d|个)",
        rf"(?<![\d月第])(?P<list>{_DIGIT}(?:{_JOIN}{_DIGIT})*)号(?:任务)?(?!线)",
        rf"{_OURS}(?:\b(?:{_THING}|numbers?|nos?\.?|nr\.?)\s*#?|#)\s*"
        rf"(?P<list>{_NUMBER}(?:(?:{_JOIN}|\s+)#?{_NUMBER})*)",
        rf"\b(?:the )?(?P<list>{_ORDINAL_LIST}) {_THING}\b",
        rf"^(?P<list>{_NUMBER}(?:{_JOIN}{_NUMBER})*)(?=\s+(?:is|are|was|were|took|needs?)\b)",
        r"^(?P<list>[1-9])(?=\s*(?:[也又还就先我]|一直|已经|卡[住在着]|报错|->|→))",
        rf"\bthe (?P<list>{_ORDINAL_LIST})(?=$|\s*(?:,|·|is|are|was|to|until|till|tomorrow|later"
        r"|for|now|please|pls|too|as|done|off|back|on\b))",
    )
)
_BARE_LIST = pattern(rf"^(?:{_DIGIT}|{_NUMBER})(?:(?:{_JOIN}|\s+)(?:{_DIGIT}|{_NUMBER}))*$")
# 一二都做完了: side by side, and all of them.
_RUN_TOGETHER = pattern(r"^[一二三四五六七八九]{2,4}$")
_BARE_ORDINALS = pattern(rf"^(?:the )?{_ORDINAL_LIST}$")
_EXCEPT = words(
    "除了|除去|除.{1,6}外|以外|之外", "except|(?:all|everything) but|apart from|other than|besides"
)
_OTHER_DAYS = pattern(
    r"(?:昨天|前天|上周|上次|明天|后天|下周|那天)(?:的|那个|那道)"
    r"|\b(?:yesterday|tomorrow|last week|next week|(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day)'?s?\b"
    r"(?=\s*(?:tasks?|ones?|work|plan|stuff|second|first|third))"
)
_THE_REST = words(
    "剩下的?|剩余的?|其余的?|其他的?|其它的?|别的|余下的?", "the (?:rest|others?|other ones?)"
)
_LAST = words("最后(?:那|一)个?|倒数第?[一1]个?", "the last (?:one|task)")
_THINGS_EN = "(?:of (?:the|my) )?(?:tasks|things|items|of them)"
COUNTED = words(
    rf"(?:{_DIGIT}|几|好几)\s*(?:个|项|件|道题?)(?!月|小时|钟|[人点])(?:任务)?",
    rf"""
    (?:a couple(?: of)?|some|several|\d|{"|".join(_NUMBER_WORDS[1:])})(?: more)? {_THINGS_EN}
    both|all (?:\d|two|three|four|five)
    """,
)
_ALL = words(
    "全部|全都|所有的?|一切|统统|通通|一个不剩|都(?!是)|全(?=$|\\s|做|搞|完|弄|了|部)",
    r"""
    (?:them|it) all|all(?: of)?(?: (?:the|my|them|it|today's))?(?: tasks)?
    everything|every task|each of them
    """,
)
_EVERY_ONE = words("全部|一切|统统|通通|一个不[剩落]", "everything|each of them")
_TODAYS = pattern(
    r"(?:今天|今日)(?:的|份)?(?:学习)?(?:任务|计划|内容|作业|功课|份)|(?:今天|今日)的\s*$"
    r"|\b(?:today'?s|the day'?s) (?:tasks?|plan|work|stuff|things?)\b"
)
_SPENT = pattern(
    r"(?:总共|一共|大概|差不多)?(?:花了?|用了?|耗时)(?:大概|差不多|整整)?$"
    r"|\b(?:it took(?: me)?|took(?: me)?|spent|after|in)\s*$"
)
_SIGNS = r"[\s,.:!~'\"“”《》「」。、·✅☑✔👍]"
# Words around a name that are no part of it; what may begin or end a name (算法, 成本) is not here.
_LEADING = r"""
    那个啥|那个|这个|那道|这道|那篇|这篇|那本|一下|我们?|咱们?|自己|顺利|帮我|帮忙|请|麻烦|导师|老师
    今天|今早|今晚|今日|昨天|昨晚|刚刚|刚才|刚|上午|下午|晚上|早上|中午|现在|终于|总算|已经|已|也
    又|都
    把|将|给|任务|嗯+|哦|噢|呃|额|那|就|先|的|了|是|吧|啦|啊|哈+|呀|嘿|好|诶|唉|然后|可以|实在
    真的|感觉|还是
    想要?|打算
"""
_LEADING_EN = r"""
    i|ve|m|ll|i've|ive|i'm|im|i'd|i'll|ill|we|we've|me|my|it|it's|its|this|that|these|those|the|an?
    is|are|was|were|be|been|have|has|had|just|now|finally|already|also|so|ok|okay|hey|well|um|uh|oh
    yay|yeah|yes|yep|got|with|as|and|on|of|for|to|at|in|up|off|too|please|pls|today|today's|tonight
    yesterday|reading|doing|watching|solving|working|mark|marked|tick|ticked|check|cross|really
    completely|totally|both|will|gonna|going|want|let's|lets|let|actually|sir|mentor|guess|can|could
    need|still|then|successfully|by|do|did|am|sorry|task|tasks|item|until|till
"""
_TRAILING = r"""
    那个|这个|那道|这道|那篇|这篇|那本|那节|一下|我|今天|昨天|昨晚|今晚|刚刚|刚才|终于|总算|已经
    也|都|全|的|了
    是|吧|啦|啊|哈+|呀|咯|嘛|呢|哦|喔|耶|诶|任务|题目?|部分|这块|那块|现在|先|就|给|把|实在|一直
    真的|感觉|还是
"""
_TRAILING_EN = r"""
    ones?|tasks?|items?|things?|exercise|part|is|are|was|were|been|has|have|now|just|finally
    already|too|as|well|please|pls|today|tonight|yesterday|last|night|this|morning|evening|for|to|me|up|off|it
    yay|with|on|the|at|of|and|so|really|in|out|until|till|by|all|guess|i
"""
_EDGES = pattern(
    rf"^(?:{_SIGNS}|{words(_LEADING, _LEADING_EN).pattern})+"
    rf"|(?:{_SIGNS}|{words(_TRAILING, _TRAILING_EN).pattern})+$"
)
_POINTING = pattern(r"\s*[那这][个篇道本节项]\s*")
_AND = pattern(r"\s*(?:、|和|跟|与|\band\b|&)\s*")


class Tasks(NamedTuple):
    """`said` as the tool takes it: empty when none was named, None when it cannot be said so."""

    said: tuple[str, ...] | None
    is_named: bool = False
    is_rest: bool = False


def tasks_in(text: str) -> Tasks:
    """The tasks meant by a clause whose verb has been taken out."""
    if is_elsewhere(text):
        return Tasks(None)
    numbers = numbers_in(text)
    if numbers:
        return Tasks(numbers)
    if _THE_REST.search(text):
        return Tasks(("all",), is_rest=True)
    if _LAST.search(text):
        return Tasks(())
    text = without_lengths(text)
    if COUNTED.search(text):
        return _counted(text)
    if _TODAYS.search(text):
        return Tasks(("all",))
    return _listed_or_named(text)


def _listed_or_named(text: str) -> Tasks:
    everything = _ALL.search(text)
    if _EVERY_ONE.search(text):
        return Tasks(("all",))
    for words_left in (text, _ALL.sub(" ", text)):
        bare = stripped(words_left)
        if _BARE_LIST.match(bare) or _BARE_ORDINALS.match(bare):
            return Tasks(_listed(bare))
        if everything and _RUN_TOGETHER.match(bare):
            return Tasks(_listed(bare))
    if len(re.findall(r"[A-Za-z0-9\u4e00-\u9fff]", stripped(_ALL.sub(" ", text)))) < 2:
        return Tasks(("all",) if everything else ())
    name = stripped(_POINTING.sub(" ", text))
    if len(name) > LONGEST_NAME:
        return Tasks(None)
    return Tasks(tuple(_AND.split(name)) if everything else (name,), is_named=True)


def is_elsewhere(text: str) -> bool:
    """Whether tasks are meant that today's numbers cannot say: 除了第一个, yesterday's tasks."""
    return leaves_out(text) or bool(_OTHER_DAYS.search(text))


def leaves_out(text: str) -> bool:
    return bool(_EXCEPT.search(text))


def numbers_in(text: str) -> tuple[str, ...]:
    """Numbers that can only be tasks: 第二个, the first two, task 3, #1."""
    found = _FIRST_SO_MANY.search(text)
    if found is not None:
        return _counting(1, _digit(found["zh"] or found["en"]))
    found = _RANGE.search(text)
    if found is not None and _digit(found["first"]) < _digit(found["last"]):
        return _counting(_digit(found["first"]), _digit(found["last"]))
    numbers = [
        number
        for rule in _EXPLICIT
        for hit in rule.finditer(text)
        for number in _listed(hit["list"])
    ]
    return tuple(dict.fromkeys(numbers))


def is_bare(text: str) -> bool:
    """Whether a clause names tasks and says nothing about them: 第一个, 1 and 3."""
    rest = without_numbers(text)
    return (rest != text and not stripped(rest)) or bool(_BARE_LIST.match(stripped(text)))


def without_numbers(text: str) -> str:
    for rule in (*_EXPLICIT, _FIRST_SO_MANY):
        text = rule.sub(" ", text)
    return text


def stripped(text: str) -> str:
    """Without the words around a name that are no part of it."""
    return _EDGES.sub("", text.strip()).strip()


def without_lengths(text: str) -> str:
    """Without 'in two hours' and 花了 40 分钟."""
    for length in reversed(durations_in(text)):
        before = _SPENT.sub(" ", text[: length.start])
        text = f"{before} {text[length.end :]}"
    return text


def _counted(text: str) -> Tasks:
    """So many tasks, of which nothing says which: only all of them can be told."""
    is_all = _ALL.search(text) or "both" in text.lower()
    return Tasks(("all",) if is_all else None)


def _counting(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, last + 1))


def _listed(text: str) -> tuple[str, ...]:
    each = rf"{_ORDINAL}|\d+|[{_CIRCLED}]|[一二两三四五六七八九十]|{'|'.join(_NUMBER_WORDS)}"
    return tuple(dict.fromkeys(str(_digit(word)) for word in re.findall(each, text.lower())))


def _digit(word: str) -> int:
    word = word.lower()
    if word in _CIRCLED:
        return _CIRCLED.index(word) + 1
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS.index(word) + 1
    return int(word[:-2] if word[-1] in "tdh" else value_of(word))
