"""Replies to "how did it go?" that report nothing to mark: a day without work, or half of it."""

from typing import Literal

from agent.phrases.spelling import mended, pattern, plain, words
from agent.phrases.tasks import numbers_in

# Longer ones tell a story, which is more than an answer.
LONGEST = 80
_NOTHING = words(
    zh=r"""
    没(?:有)?(?:来得及|顾上|顾得上|时间|空|精力|力气|心情|状态)|没(?:有)?[做动学弄看写碰搞](?!完|好|出|懂|明白)
    没(?:有)?(?:开始|完成|打开|进展)|啥(?:也|都)没|什么(?:也|都)没|一[个项点](?:也|都)没|(?:太|好|很|特别|超|这么)忙|忙[死疯翻炸]|忙了一天
    加班|出差|开了?一天会|生病|不舒服|做不了|学不了|动不了|荒废|摸鱼|躺平|鸽了|零(?:进展|完成)
    """,
    en=r"""
    nothing|none(?: of (?:it|them))?|no time|no energy|too busy|(?:so|very|really|super) busy
    busy (?:day|all day)|work(?:ed|ing) late|overtime|not today|not a thing|zero|nope|sick
    (?:didn'?t|did not) (?:do|get|start|have|manage|touch|study|make)(?! to finish)|travel(?:l)?ing
    haven'?t (?:done|started|touched|had)|couldn'?t (?:do|study|make|get|start|manage)
    """,
)
_HALF = words(
    zh=r"""
    一半|一大半|一小半|(?:做|学|弄|看|写|完成|搞)了?(?:一部分|部分|一点|一些|点|些)|没(?:有)?(?:全|都)?[做弄学看写搞]完|差一点|还差(?:一)?点|快做完|就差
    没(?:有)?全部?完成|没(?:有)?都做|做到一半|还在做|做了个开头|开了个头
    """,
    en=r"""
    half|halfway|part(?:ly|ially)?|part of it|some of (?:it|them)|a (?:bit|little|part)(?: of it)?
    almost|nearly|not (?:quite |yet )?(?:finished|done|all)|didn'?t finish|haven'?t finished
    did not finish|still (?:working|at it|on it)|in progress|made a start|started(?: it)?
    """,
)
_ASKS = pattern(r"[?？]|[吗呢]$|怎么|为什么|^(?:what|why|how|can|could|should)\b")


def evening_reply(text: str) -> Literal["nothing", "half"] | None:
    """What an evening's reply reports; None for another wish, or when a task's number is named."""
    said = mended(plain(text)).strip()
    if len(said) > LONGEST or _ASKS.search(said) or numbers_in(said):
        return None
    if _HALF.search(said):
        return "half"
    return "nothing" if _NOTHING.search(said) else None


def asks_the_mentor(text: str) -> bool:
    """Whether a line asks something, so that it is no report."""
    return _ASKS.search(plain(text).strip()) is not None
