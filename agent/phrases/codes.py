"""Code in a message, with a fence or without, and wishes to have code looked at."""

import re

from agent.phrases.spelling import pattern, words

LONGEST_CODE = 4000
_FENCE = pattern(r"```\s*\S")
_LINE = pattern(
    r"^\s*(?:def \w+\(.*|class \w+.*:|import \w[\w.]*(?: as \w+)?|from [\w.]+ import .+"
    r"|(?:for|while|if|elif|with|try|except|else)\b.*:|return\b.*|@\w+.*"
    r"|[\w.\[\]]+(?:, ?[\w.\[\]]+)* ?(?:[-+*/@]?=) ?\S.*"
    r"|[\w.]+\(.*\)[,;]?|[)\]}]+[,;]?|\S.*[;{])\s*$"
)
_BEGINS = pattern(r"^\s*(?:def \w+\(|class \w+[(:]|import \w+|from \w[\w.]* import )")
REVIEWS_CODE = words(
    zh="""
    代码.{0,4}review|review.{0,4}代码|代码(?:点评|评审|审查)|代码.{0,6}(?:看看|怎么样)
    (?:看看|检查|点评|审|评价).{0,6}代码|代码.{0,10}(?:瞅|过目|(?:看|瞧)一[眼下])
    """,
    en=r"""
    code[- ]review|(?:look (?:at|over)|check) my code
    review (?:my|the|this|our) (?:code|repo|pr|pull request|script|diff|commit|project)
    """,
)


def is_code(text: str) -> bool:
    """A fence with something in it, two lines of code, or one that can be nothing else."""
    if _FENCE.search(text):
        return True
    lines = [line for line in text.splitlines() if line.strip()]
    of_code = sum(_LINE.match(line) is not None for line in lines)
    return of_code >= 2 or (len(lines) == 1 and _BEGINS.match(lines[0]) is not None)


_OF_LINE = re.compile(r"第\s*(\d{1,5})\s*行|\bline\s+(\d{1,5})\b", re.I)


def line_in(text: str) -> int | None:
    """The line of code that words are about: 第 12 行为什么要改, why line 12."""
    found = _OF_LINE.search(text)
    return (int(found[1] or found[2]) or None) if found else None


_OF_FINDING = re.compile(
    r"第\s*([1-9一二两三四五六七八九])\s*(?:条|处|个(?:问题|点评|建议)|点)(?![到至])"
    r"|\b(?:finding|point|issue|number|no\.)\s*#?([1-9])\b",
    re.I,
)
# A number alone may be a task's: number 2 is done.
_ASKS = re.compile(
    r"怎么|什么|为何|为啥|不懂|没懂|不明白|解释|讲|详细|\b(?:how|why|what|explain|meant?|means|understand)\b",
    re.I,
)
_MORE = re.compile(
    r"\W*(?:(?:还有|再)?(?:更多|其他的|其余的|剩下的)(?:呢|吧)?|还有(?:呢|吗|什么)?|接着说|继续说|下一批"
    r"|(?:show |tell )?(?:me )?(?:the )?(?:more|rest|others)(?: please)?|what else|go on)\W*",
    re.I,
)


def finding_in(text: str) -> int | None:
    """The finding that words are about: 第 2 条怎么改, how do I fix number 2."""
    found = _OF_FINDING.search(text)
    if found is None or len(text) > 40 or _ASKS.search(text) is None:
        return None
    said = found[1] or found[2]
    return (
        int(said) if said.isdecimal() else "一二三四五六七八九".find(said.replace("两", "二")) + 1
    )


def wants_more(text: str) -> bool:
    """Whether words ask for the findings that are left: 更多, what else."""
    return _MORE.fullmatch(text.strip()) is not None


_IN_ANSWER = re.compile(
    r"\W*(?:please\s+)?(?:code\s+)?(?:review|check|look)(?:\s+(?:it|this|that|at (?:it|this|that)))?"
    r"(?:\s+please)?\W*|\W*(?:请|麻烦|帮我|帮忙)*(?:点评|看看|检查|评审|审)(?:一下|下)?(?:这个|这段|它)?\W*",
    re.I,
)


def wishes_review(text: str) -> bool:
    """Whether words said in answer to a message want that one reviewed: review, 点评一下."""
    return _IN_ANSWER.fullmatch(text) is not None
