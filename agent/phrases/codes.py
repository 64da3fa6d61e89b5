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
    (?:看看|检查|点评|审|评价).{0,6}代码
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


_IN_ANSWER = re.compile(
    r"\W*(?:please\s+)?(?:code\s+)?(?:review|check|look)(?:\s+(?:it|this|that|at (?:it|this|that)))?"
    r"(?:\s+please)?\W*|\W*(?:请|麻烦|帮我|帮忙)*(?:点评|看看|检查|评审|审)(?:一下|下)?(?:这个|这段|它)?\W*",
    re.I,
)


def wishes_review(text: str) -> bool:
    """Whether words said in answer to a message want that one reviewed: review, 点评一下."""
    return _IN_ANSWER.fullmatch(text) is not None
