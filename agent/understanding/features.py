"""What of a sentence tells its intent: its characters and words, with names and numbers blanked."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from agent.understanding.lexicon import Lexicon, spelled

LONGEST = 400
_CODE = re.compile(
    r"```|^\s*(?:def|class|import|from|for|while|with|return|if|print|async)\b.*[:(\w]$"
    r"|[a-z_]\w*(?:\.[a-z_]\w*)+\(|\w+\s*=\s*\w+[.(\[]|\w\(\w*\)",
    re.IGNORECASE | re.MULTILINE,
)
_PEOPLE = re.compile(
    r"同学|同事|朋友|室友|老婆|老公|他|她|别人|大家|\b(?:he|she|they|friend|colleague|roommate|wife"
    r"|husband|brother|sister|boss)\b"
)
_ASKS = re.compile(r"\?|[吗么呢]\W*$|什么|怎么|为什么|哪|多少|几")
_DENIES = re.compile(
    r"没|不|别|未|\b(?:not|no|never|don't|dont|didn't|haven't|isn't|can't|won't)\b"
)

_HAN_NUMBER = "[一二两三四五六七八九十半]"
_N = rf"(?:\d+(?:\.\d+)?|{_HAN_NUMBER}+)"
_NUMBER_WORD = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty)"
)
_ORDINAL = "(?:first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th)"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tue|wed|thu|fri|sat|sun"
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# Letters in capitals stand for what is blanked; everything else is in small letters by then.
_BLANKED = re.compile(
    "|".join(
        (
            r"(?P<U>(?:https?://|www\.)\S+)",
            rf"(?P<T>\d{{1,2}}\s?[:：]\s?\d\d(?:\s?[ap]\.?m\b)?|\b\d{{1,2}}\s?[ap]\.?m\b|{_N}\s?点"
            rf"(?:半|整|钟|一刻|{_N}分?)?(?!儿|[的关就])|\b\d{{1,2}} o'?clock\b)",
            rf"(?P<D>(?:\d{{1,2}}|{_HAN_NUMBER}{{1,2}})月(?:\d{{1,2}}|{_HAN_NUMBER}{{1,3}})[号日]?"
            rf"|\b\d{{4}}-\d\d?-\d\d?\b|\b(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?\b"
            rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})\b"
            r"|(?<!\d)\d{1,2}/\d{1,2}(?!\d))",
            rf"(?P<W>(?:周|星期|礼拜)[一二三四五六日天](?![期刊])|\b(?:{_DAY})\b)",
            rf"(?P<K>第\s*{_N}\s*[个项条件]|任务\s*{_N}(?!个)|\btask\s*#?\d+\b"
            rf"|\b(?:number|no\.?|#)\s*\d+\b|#\d+|\b(?:number|task) {_NUMBER_WORD}\b"
            rf"|\b{_ORDINAL}(?: (?:one|task|thing|item))?\b|^\d\b(?!\s*[个天周小分h%道题])|[①-⑨])",
            rf"(?P<N>\d+(?:\.\d+)?|{_HAN_NUMBER}+(?=\s*(?:个|天|周|小时|钟头|分|月|道|题|张|年|次|节|篇|点|项|轮|星期|礼拜))|\b{_NUMBER_WORD}\b)",
        )
    )
)
_PARTICLES = re.compile(
    r"[啊呀哦噢嘛啦哈嘞咯喔欸诶哎唉呗哟嗨~～…。.!！,，;；、:：\"'“”‘’()（）\[\]{}<>《》*_\-—/\\|`]+"
)
_UNIT = re.compile(r"[A-Z]|[a-z0-9+#]+|[\u4e00-\u9fff\u3400-\u4dbf]|\?|[^\s\w]")
_LATIN = re.compile(r"[a-z0-9+#]+")


def units_of(text: str, names: Lexicon) -> list[str]:
    """A spelled text in units: a Chinese character, a word, or a capital for what is blanked."""
    parts: list[str] = []
    kept = 0
    for found in names.find(text):
        parts += (text[kept : found.start], f" {found.signs[0]} ")
        kept = found.end
    text = "".join((*parts, text[kept:]))
    text = _BLANKED.sub(lambda found: f" {found.lastgroup} ", text)
    return _UNIT.findall(_PARTICLES.sub(" ", text.replace("n't", "nt")))


def features_of(said: str, names: Lexicon, words: Lexicon) -> Iterator[str]:
    """Every feature, some of them twice; the order means nothing."""
    text = spelled(said[:LONGEST].strip())
    units = units_of(text, names)
    around = ["^", *units, "$"]
    for size in (1, 2, 3, 4):
        is_long = size > 3
        for start in range(len(around) - size + 1):
            gram = around[start : start + size]
            if not (is_long and any(len(unit) > 1 for unit in gram)):
                yield " ".join(gram)
    for unit in units:
        if len(unit) > 3 and _LATIN.fullmatch(unit):
            word = f"<{unit}>"
            for size in (3, 4, 5):
                for start in range(len(word) - size + 1):
                    yield f"~{word[start : start + size]}"
    yield from _meanings(text, words)
    yield from _flags(text, units)


def _meanings(text: str, words: Lexicon) -> Iterator[str]:
    said = [found.signs for found in words.find(text)]
    for signs in said:
        for sign in signs:
            yield f"={sign}"
    for one, two in pairwise(said):
        for first in one:
            for second in two:
                yield f"={first} {second}"
    every = sorted({sign for signs in said for sign in signs})
    for first, second in combinations(every[:14], 2):
        yield f"={first}&{second}"


def _flags(text: str, units: list[str]) -> Iterator[str]:
    if _ASKS.search(text):
        yield "!asks"
    if _DENIES.search(text):
        yield "!denies"
    if _PEOPLE.search(text):
        yield "!people"
    if _CODE.search(text):
        yield "!code"
    if "\n" in text:
        yield "!lines"
    yield f"!length {min(len(units) // 4, 8)}"
