"""Tell an answer to an open question from everything else that may be said meanwhile."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from learning.quiz.grading import Frozen, matches, units_of
from learning.quiz.items import ChoiceItem, NumericItem, OpenItem, QuizItem, ShortItem
from learning.quiz.numbers import amount_in

_DONT_KNOW = re.compile(
    r"(?:我|这[题个道]?)?\s*(?:真的?)?"
    r"(?:不(?:会|知道|清楚|懂|晓得)|没学过|想不出来?|想不起来)(?:[了啊呀呢]|做)*"
    r"|(?:我)?(?:真的)?(?:放弃|认输|投降)(?:了|吧|这[题道]题?)*"
    r"|(?:sorry,? )?(?:i )?(?:really )?(?:don'?t|do not) know"
    r"|idk|no idea|dunno|not sure|no clue|i give up",
    re.I,
)
_CHOICE = re.compile(
    r"(?:我?[选猜]|答案?是?|应该是|i (?:choose|pick|say|guess)|option|answer(?: is)?|it'?s)?"
    r"\s*[:：]?\s*(?:第\s*)?(?P<choice>[a-f]|[①-⑥]|[1-6]|[一二三四五六])(?:\s*个|项)?",
    re.I,
)
_ENDS = "。.!！~～,， "
_ASKS = re.compile(
    r"[?？]|吗$|呢$|什么意思|啥意思|为什么|怎么|提示"
    r"|^(?:what|why|how|can|could|is|does|do you|hint)\b",
    re.I,
)
LONGEST_WORD = 60
SHORTEST_TEXT = 25
# Below that it may be a remark to somebody else.
FEWEST_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What words mean for an open question.

    `args` answer it; a doubtful reading is asked back, and so is one that `is_short`, such as 不会,
    when the question is no longer in sight; `say` names a sentence instead.
    """

    args: Mapping[str, object] = field(default_factory=dict)
    is_doubtful: bool = False
    is_short: bool = False
    say: str | None = None
    text: str = ""

    @property
    def as_typed(self) -> str:
        """What `/answer` takes behind the question to mean the same."""
        if "option" in self.args:
            return str(self.args["option"])
        shown = " ".join(str(self.args.get("text", self.text)).split())
        return f"={shown[:200]}" if shown else "x"


def read_answer(item: QuizItem, frozen: Frozen, text: str, *, is_other: bool) -> Reading | None:
    """Read a text as an answer; None when it is a question, a wish or a remark.

    `is_other` says that the words make a wish of their own, such as asking for today's plan.
    """
    said = text.strip().rstrip(_ENDS)
    if _DONT_KNOW.fullmatch(said):
        return Reading(is_short=True)
    match item:
        case ChoiceItem():
            place = _place_of(said, len(frozen.order))
            return Reading({"option": place}, is_short=True) if place else None
        case NumericItem():
            is_number = amount_in(text, units_of(item)) is not None
            return Reading({"text": text}) if is_number else None
        case ShortItem():
            return _word(frozen, said, text, is_other=is_other)
        case OpenItem():
            return _words(said, text, is_other=is_other)


def _place_of(said: str, options: int) -> int | None:
    found = _CHOICE.fullmatch(said)
    if found is None:
        return None
    choice = found["choice"].lower()
    place = next(
        signs.index(choice) + 1
        for signs in ("abcdef", "①②③④⑤⑥", "123456", "一二三四五六")
        if choice in signs
    )
    return place if place <= options else None


def _word(frozen: Frozen, said: str, text: str, *, is_other: bool) -> Reading | None:
    if matches(said, json.loads(frozen.answer)):
        return Reading({"text": text})
    if is_other or _ASKS.search(text) or len(said) > LONGEST_WORD or "\n" in said:
        return None
    return Reading(is_doubtful=True, text=text)


def _words(said: str, text: str, *, is_other: bool) -> Reading | None:
    is_question = _ASKS.search(text) is not None and len(said) < 4 * SHORTEST_TEXT
    if is_question or (is_other and len(said) < 4 * SHORTEST_TEXT) or len(said) < FEWEST_LETTERS:
        return None
    if len(said) < SHORTEST_TEXT:
        return Reading(say="quiz.too_short")
    return Reading({"text": text})


_ASKED_FOR = (
    r"(?:给|来|要|求|有|能|可以|不能|可不可以|再|我|想|点|个|一个|一点|一些|些|小|下|请|麻烦|多)*"
)
_NOT_KNOWN = r"(?:(?:我)?(?:不会|不知道|想不出来|想不到|没思路|没头绪)(?:了|啊|呀)?[,，。 ]*)?"
_QUIZ_WORDS = {
    "hint": re.compile(
        rf"{_NOT_KNOWN}{_ASKED_FOR}(?:提示|线索|思路)(?:一下|下|我)*(?:吗|吧|呗|么|呢)?[?？]?"
        r"|(?:我)?没(?:有)?(?:思路|头绪)了?"
        r"|(?:i don'?t know,? ?)?(?:please |can i |could i |may i |can you |get |have |give |me |i "
        r"|need |want |show |one |more |another |an? |any |small |little |next |some )*"
        r"(?:hints?|clues?)(?: please| pls)?[?]?",
        re.I,
    ),
    "tell": re.compile(
        rf"{_NOT_KNOWN}(?:直接|还是|快|请|就|那|你|把|能|可以|麻烦)*(?:告诉|给|说|公布|揭晓|揭示|看|显示)"
        r"(?:我|一下|下|出)*(?:正确)?(?:的)?答案(?:吧|呗|是什么|是啥|了|吗)*[?？]?"
        rf"|(?:正确)?答案(?:是什么|是啥|呢|是多少)[?？]?|{_NOT_KNOWN}(?:直接|快|你)*(?:告诉我|说)(?:吧|呗)"
        rf"|{_NOT_KNOWN}直接告诉我"
        r"|(?:please |can you |ok,? )*just tell me"
        r"|(?:just |please |can you |ok,? )*(?:tell me|show me|give me|show|reveal)"
        r" the (?:right |correct )?answer"
        r"|what(?:'s| is) the (?:right |correct )?answer[?]?",
        re.I,
    ),
    "next": re.compile(
        r"(?:下一[题个道]|继续(?:小测|做题|答题|复习)?|再来一题|next(?: question| one)?"
        r"|continue(?: the)?(?: quiz| review)?|go on)",
        re.I,
    ),
    "skip": re.compile(
        r"(?:跳过|略过|pass|skip)(?:这[题个道]|它|this|it| this| it)?(?: one)?", re.I
    ),
    "why": re.compile(r"(?:为什么|为啥|解释一下|why(?: is that)?)[?？]?", re.I),
    "end": re.compile(
        r"(?:(?:我|先|就|想|要|那|这次|今天)*(?:结束|退出|停止|不做|不答|停)"
        r"(?:这[组个次])?(?:小测|测验|答题|复习|题)?(?:了|吧|啦)*)"
        r"|(?:please |let'?s |i want to )?(?:stop|quit|end|exit|finish)(?: the| this| my)?"
        r"(?: quiz| review| questions?)?(?: here| now| please)?|no more questions",
        re.I,
    ),
    "report": re.compile(
        r"(?:报错|这题有(?:问题|错)|题目(?:有问题|错了)|report(?: it| this)?|this is wrong)", re.I
    ),
}
_OF_ITEM = re.compile(
    r"选项|答案|题|正确|不对|错|[①-⑥]|\b(?:options?|answers?|wrong|correct)\b", re.I
)


def quiz_word(text: str) -> str | None:
    """The button that words such as 下一题, "skip this" or "a hint" mean during a series."""
    said = text.strip().rstrip(_ENDS)
    return next((name for name, words in _QUIZ_WORDS.items() if words.fullmatch(said)), None)


def speaks_of_item(text: str) -> bool:
    """Whether a remark is about a question's options or answer."""
    return _OF_ITEM.search(text) is not None
