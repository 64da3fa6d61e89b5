"""What a line has to hold to show that work was done."""

import re

_SHOWS = re.compile(r"https?://\S{4,}|\d.*\w|\w.*\d|\d{2,}")
_HAN = re.compile("[\u3400-\u9fff]")
_LETTERS = re.compile(r"[^\W\d_\u3400-\u9fff]")
# Said of anything: it is fine, and so on.
_EMPTY = re.compile(
    r"(?:ok(?:ay)?|yes|yep|yeah|sure|done|fine|good|great|it|is|was|all|i|did|that|finished|works?|ok了|"
    r"好|嗯|哦|是|对|行|有|的|了|啊|吧|呀|没问题|做完|完成|搞定|可以|都|已经|我|[\s\W])+",
    re.IGNORECASE,
)
FEWEST_HAN, FEWEST_LETTERS = 4, 8


def shows_something(line: str) -> bool:
    """Whether a line is more than "ok": a number, a link, or a few words of what came out."""
    said = line.strip()
    if _SHOWS.search(said):
        return True
    if _EMPTY.fullmatch(said):
        return False
    han, letters = len(_HAN.findall(said)), len(_LETTERS.findall(said))
    return han >= FEWEST_HAN or letters >= FEWEST_LETTERS or (han > 1 and letters > 1)
