"""Hints to an open question: a nudge first, then a first step; the answer itself is neither."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from learning.concepts import Concept
from learning.quiz.grading import Frozen
from learning.quiz.items import ChoiceItem, NumericItem, OpenItem, QuizItem, ShortItem
from learning.values import Language, Template

# After so many only the answer is left.
MOST_HINTS = 2
# From here on, by partial_ratio, a sentence says what the right option says.
TELLS = 88.0
# Authors round their numbers by so much.
ROUNDED = 0.006
# With so many figures a number is known again in another unit.
LONG_NUMBER = 3
_SENTENCE = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+(?=[A-Z])")
_PART = re.compile(r"(?<=[；;。])\s*|(?<=[.;])\s+")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
_SIGN_AT_THE_END = re.compile(r"\s*[=≈]\s*(?:约|about )?[−-]?$")
_END_OF_A_CLAUSE = re.compile(
    r",(?=\s)|，|\s(?:and|which|makes?|gives?|so|is|are|to|about)\s|得到?|共|约|合计?|剩|是|即"
)


class HintKind(StrEnum):
    """What a hint gives: words about the concept, or a first step of the item's kind."""

    NUDGE = "nudge"
    OPTION_OUT = "option_out"
    STEP = "step"
    RANGE = "range"
    LETTERS = "letters"
    CRITERION = "criterion"


@dataclass(frozen=True, slots=True)
class Hint:
    """`words` are an author's; `option` is the written place of an option that is wrong.

    `low` and `high` are numbers the answer lies between.
    """

    kind: HintKind
    words: Template | None = None
    option: int | None = None
    low: float = 0
    high: float = 0


def nudge(item: QuizItem, concept: Concept) -> Hint:
    """The first sentence about the concept that does not say the answer.

    Where every sentence names it, as with a concept asked for by its name, it is blanked out.
    """

    def words(language: Language) -> str:
        sentences = [
            *_SENTENCE.split(concept.explanation.in_language(language)),
            concept.misconception.in_language(language),
        ]
        sentences = [one.strip() for one in sentences if one.strip()]
        kept = next((one for one in sentences if not _tells(item, one, language)), None)
        return kept or _blanked(item, sentences[0])

    return Hint(HintKind.NUDGE, Template(zh=words("zh"), en=words("en")))


def first_step(item: QuizItem, frozen: Frozen) -> Hint:
    """One wrong option, the beginning of the computation, or how the word begins."""
    match item:
        case ChoiceItem():
            option = _option_out(item, frozen.order)
            why = item.options[option].why
            return Hint(HintKind.OPTION_OUT, Template(zh=why.zh, en=why.en), option)
        case NumericItem():
            zh, en = (_step_in(text, item.answer) for text in (item.why.zh, item.why.en))
            if zh and en:
                return Hint(HintKind.STEP, Template(zh=zh, en=en))
            low, high = sorted((item.answer * 0.6, item.answer * 1.7))
            return Hint(HintKind.RANGE, low=float(f"{low:.2g}"), high=float(f"{high:.2g}"))
        case ShortItem():
            return Hint(HintKind.LETTERS, Template(zh=item.word_in("zh"), en=item.word_in("en")))
        case OpenItem():
            text = item.rubric[0].text
            return Hint(HintKind.CRITERION, Template(zh=text.zh, en=text.en))


def _option_out(item: ChoiceItem, order: Sequence[int]) -> int:
    """A wrong option whose reason does not give the right one away; the last one shown first."""
    wrong = [n for n in reversed(order) if n != item.key]
    right = item.options[item.key].text

    def tells(n: int) -> float:
        why = item.options[n].why
        return max(fuzz.partial_ratio(right.zh, why.zh), fuzz.partial_ratio(right.en, why.en))

    return next((n for n in wrong if tells(n) < TELLS), min(wrong, key=tells))


def _tells(item: QuizItem, sentence: str, language: Language) -> bool:
    """Whether a sentence says what is asked for."""
    match item:
        case ChoiceItem():
            right = item.options[item.key].text.in_language(language)
            return len(right) > 1 and fuzz.partial_ratio(right.lower(), sentence.lower()) >= TELLS
        case NumericItem():
            return any(_is_answer(one, item.answer) for one in _NUMBER.finditer(sentence))
        case ShortItem():
            return any(_word(one).search(sentence) for one in item.accepts)
        case OpenItem():
            return False


def _word(accepted: str) -> re.Pattern[str]:
    """An accepted word as it may stand in a sentence, whole if it is written in Latin letters."""
    edge = r"\b" if re.fullmatch(r"[\w .+-]+", accepted, re.ASCII) else ""
    return re.compile(f"{edge}{re.escape(accepted)}{edge}", re.IGNORECASE | re.ASCII)


def _blanked(item: QuizItem, sentence: str) -> str:
    if isinstance(item, ShortItem):
        for accepted in sorted(item.accepts, key=len, reverse=True):
            sentence = _word(accepted).sub("＿＿", sentence)
    if isinstance(item, NumericItem):
        sentence = _NUMBER.sub("＿＿", sentence)
    return sentence


def _is_answer(found: re.Match[str], answer: float) -> bool:
    """Whether a number in a text is the answer, rounded or in another unit.

    0.62 and 62.25 % are alike, and so are 6.144 and 6,144,000; a short number, such as 32 beside
    3,200,000, is another one.
    """
    text = found.group().replace(",", "")
    number = float(text)
    if not number or not answer:
        return number == answer
    has_figures = len(text.replace(".", "").strip("0")) >= LONG_NUMBER
    scales = range(-12, 13) if has_figures else (0, 2, -2)
    return any(abs(number * 10**n / abs(answer) - 1) <= ROUNDED for n in scales)


def _step_in(why: str, answer: float) -> str | None:
    """The first part of a computation, cut off before the answer; None when nothing is left."""
    first = next((part for part in _PART.split(why) if part.strip()), "").strip()
    at = next((one.start() for one in _NUMBER.finditer(first) if _is_answer(one, answer)), None)
    if at is None:
        return first.rstrip("；;。.，, ")
    before = first[:at]
    sign = _SIGN_AT_THE_END.search(before)
    if sign is not None:
        return f"{before[: sign.start()].rstrip()} = ?"
    ends = [one.start() for one in _END_OF_A_CLAUSE.finditer(before)]
    return before[: ends[-1]].rstrip("；;。.，, ") or None if ends else None
