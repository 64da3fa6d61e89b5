"""What is said to the interviewer while an interview is under way, and what answers it."""

import re
from typing import Literal

from agent.router import Routed
from learning.interviews import Frame, length_of, touched
from learning.quiz.items import OpenItem
from tools.answers import criteria_shown

Word = Literal["hint", "other", "pass", "done", "end", "resume"]

# A wish of its own is seldom longer than this right after the interviewer spoke, and may be
# longer when something else was spoken of since. In the units of `length_of`.
SHORT_WISH = 16
LONG_WISH = 30
LONGEST_QUESTION = 40

_ENDS = "。.!！?？~～,， "
_A = r"(?:一下|一?个|一?点|些|一?道|一)?"
_THE = r"(?:(?:the|this|my|our|that) )?(?:mock )?"


def _rule(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(ways), re.I)


# Said anywhere while an interview is under way.
_PLAIN: dict[Word, re.Pattern[str]] = {
    "end": _rule(
        r"我?(?:想|要)?(?:结束|停止|退出|终止|取消)(?:掉|了)?(?:这|本|这次|本次|当前)?[场轮个]?的?(?:模拟)?面试",
        r"(?:模拟)?面试就?(?:到这(?:里|儿)?|到此为止|结束)(?:吧|了)?",
        r"我?不(?:想)?面(?:试)?了|先?不面试了",
        rf"(?:let'?s |please )?(?:end|stop|quit|finish|exit|leave|cancel) {_THE}interview(?: now)?",
    ),
    "resume": _rule(
        r"(?:我们?|那)?(?:继续|接着|回到|恢复)(?:刚才的?|之前的?|上次的?|这场|那场)?(?:模拟)?面试",
        r"面试(?:继续|接着来)吧?",
        rf"(?:let'?s )?(?:continue|resume|(?:go )?back to|(?:go|carry) on with) {_THE}interview",
    ),
    "other": _rule(rf"换{_A}面试题", "(?:an?other|a different|a new) interview question"),
}
# Said right after the interviewer spoke.
_BARE: dict[Word, re.Pattern[str]] = {
    "hint": _rule(
        rf"(?:能|可以|可不可以|能不能)?再?(?:给|来|要)?我?{_A}提示(?:一下|我)?(?:吗|吧|呗)?",
        r"(?:can i (?:get|have) |could i (?:get|have) |give me |i need )?"
        r"(?:an?other |an? |some |any )?hints?(?: please)?\??",
    ),
    "other": _rule(
        rf"换{_A}(?:别的)?(?:题目?|问题)?吧?",
        r"(?:can i (?:get|have) |give me )?(?:an?other|a different|a new) (?:question|one)",
    ),
    "done": _rule(
        r"(?:好[了的]?[,，]? ?|嗯[,，]? ?)?我?(?:先|就|都|已经)?(?:说|讲|答|回答)(?:完(?:了|啦|毕)?|到这(?:里|儿)?吧?|这(?:些|么多)(?:了|吧)?)",
        r"(?:我(?:的回答|想说的|要说的)|大概|差不多|目前|暂时)?就?(?:是)?(?:这些|这样|这么多)(?:了|吧|啦)?|完毕|完了|以上(?:就是)?(?:我的回答|全部)?",
        r"(?:暂时|我)?没有?(?:什么)?(?:别的|其他的?|补充的?|要(?:说|补充)的)?了?",
        r"(?:ok,? |okay,? |i (?:think|guess) |so )*that(?:['’]s| is|s)? (?:all|it|everything|my answer)(?: (?:from me|i have|for now))?",
        r"(?:ok,? |and )?(?:i'?m |i am |all )?(?:done|finished)(?: (?:talking|answering|with (?:it|my answer)))?",
        r"nothing (?:more|else)(?: to (?:add|say))?|no more|over to you",
    ),
    "pass": _rule(
        r"我?(?:真的?)?(?:不(?:会|知道|清楚|懂|晓得)|没想过|想不(?:出来?|起来|到)|答不上来?)[了啊呀呢]*",
        r"跳过|过|下一?[个道]?(?:题|问题)?|pass|skip(?: (?:it|this))?|next(?: question)?|idk",
        r"(?:sorry,? )?(?:i )?(?:really )?(?:don'?t|do not) know",
        r"(?:i'?m )?not sure|no (?:idea|clue)",
    ),
    "end": _rule(
        r"结束(?:吧|了)?|停(?:止|下|一下)?吧?|到此为止吧?|算了吧?|不(?:练|答|面)了",
        r"今天(?:就|先)到这(?:里|儿)?吧?",
        r"stop|end(?: it)?|quit|exit|enough(?: for (?:now|today))?|let'?s stop(?: here)?",
    ),
}
_QUESTION = re.compile(
    r"[?？]\s*$|(?:吗|呢|多少|多大|哪些|什么)[。.!！]?$"
    r"|^(?:what|why|how|which|can|could|may|is|are|does|do|should|shall)\b",
    re.I,
)
_ALL = _rule(r"(?:都|全部?|全都)(?:说|讲|提|答)[到过]?了?", r"all(?: of (?:them|it))?")
_NONE = _rule(r"(?:都|一[个条]都)没有?[说讲提答]?[到过]?", r"none(?: of (?:them|it))?")
_PLACES = re.compile(r"[\s\d,，、和]+")


def interview_word(text: str, *, is_near: bool) -> Word | None:
    """What a few words ask of the interviewer; `is_near` when the interviewer spoke last."""
    said = " ".join(text.strip().rstrip(_ENDS).split())
    tables = (_PLAIN, _BARE) if is_near else (_PLAIN,)
    return next(
        (word for table in tables for word, rule in table.items() if rule.fullmatch(said)), None
    )


def _is_question(text: str) -> bool:
    return length_of(text) <= LONGEST_QUESTION and _QUESTION.search(text.strip()) is not None


def asks_back(text: str, routed: Routed, *, has_model: bool) -> bool:
    """Whether words are a question about the question, which an interviewer is asked.

    A technical question is one for the mentor, where a model can answer it.
    """
    is_free = not routed.is_sure or (routed.say == "needs_model" and not has_model)
    return is_free and _is_question(text)


def answers_at_once(text: str, routed: Routed) -> bool:
    """Whether words right after the interviewer's are said to them; a short wish is not."""
    if routed.say == "crisis" or _is_question(text):
        return False
    return not routed.is_sure or length_of(text) > SHORT_WISH


def answers_later(text: str, routed: Routed, item: OpenItem, frame: Frame) -> bool:
    """Whether words after other talk are still said in the interview: long, and of its matter."""
    if routed.say == "crisis" or length_of(text) <= LONG_WISH or _QUESTION.search(text.strip()):
        return False
    return any(criteria_shown(item, text)) or len(touched(frame, text)) > 1


def ticks_in(text: str, criteria: int) -> tuple[int, ...] | None:
    """The criteria that words such as "1 3 5", ①③ or 都说到了 tick; None when they are no ticks.

    A single number is a button's.
    """
    said = text.strip().rstrip(_ENDS)
    if _ALL.fullmatch(said):
        return tuple(range(1, criteria + 1))
    if _NONE.fullmatch(said):
        return ()
    plain = said.translate({ord(sign): f" {n} " for n, sign in enumerate("①②③④⑤⑥⑦⑧", 1)})
    if _PLACES.fullmatch(plain) is None:
        return None
    places = [int(one) for one in re.findall(r"\d+", plain)]
    is_ticks = len(places) > 1 and all(1 <= one <= criteria for one in places)
    return tuple(sorted(set(places))) if is_ticks else None
