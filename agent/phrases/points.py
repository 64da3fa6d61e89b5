"""Points that a learner gives themselves, in figures or in words."""

import re

_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS = {
    "两": 2,
    **{sign: n for n, sign in enumerate("一二三四五六七八九十", 1)},
    **{word: n for n, word in enumerate(_ENGLISH, 1)},
}
_POINTS = re.compile(
    r"(?:(?:我|应该|大概|大约|差不多|可以|给|打|自己|就|算|有|是|觉得|i'?d|i would|i|give|myself"
    r"|about|around|maybe|probably|say|rate|it'?s|a|an|think)[\s,，]*)*"
    rf"(\d{{1,2}}|{'|'.join(_WORDS)})\s*"
    r"(?:分|点|/\s*\d+|points?|out of (?:\d+|ten|five))?(?:吧|左右|了)*[.。!！]?",
    re.IGNORECASE,
)


def points_in(text: str) -> int | None:
    found = _POINTS.fullmatch(text.strip())
    if found is None:
        return None
    said = found[1].lower()
    return int(said) if said.isdecimal() else _WORDS[said]
