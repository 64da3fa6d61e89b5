"""Grading: what was answered against the answer as it was when the question was asked."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from random import Random

from rapidfuzz.distance import OSA

from learning.quiz.items import ChoiceItem, Mistake, NumericItem, OpenItem, QuizItem, ShortItem
from learning.quiz.numbers import amount_in, readings

# Floating point: 0.1 + 0.2 is 0.3.
ROUNDING = 1e-9
# A slip of the finger, such as a letter too many, in a word of so many letters; what differs by
# more, or at its beginning as with "asynchronous", is another word.
LONG_WORD = 8
SAME_BEGINNING = 2
# Of the criteria of a free text: from half it is right, from four fifths it is right without gaps.
HALF = 0.5
NEARLY_ALL = 0.8


class Verdict(StrEnum):
    """UNKNOWN is 不会; UNGRADED waits for the learner to judge it by the rubric."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    UNGRADED = "ungraded"


@dataclass(frozen=True, slots=True)
class Frozen:
    """An item as it was asked: the order of its options, its answer, and a mark of its words.

    `order` has the written places of the options as shown; `answer` is JSON, see `answer_of`.
    """

    order: tuple[int, ...]
    answer: str
    wording: str


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: the written place of an option, or a text, or neither for 不会.

    `met` is what a model said of a free text, one for each criterion of its rubric; None when
    the learner is to judge it. It is kept, so that grading again gives the same.
    """

    option: int | None = None
    text: str | None = None
    met: tuple[bool, ...] | None = None


DONT_KNOW = Given()


@dataclass(frozen=True, slots=True)
class Graded:
    """`mistake` is the known one that leads to the number that was given.

    `has_gaps` is set for a free text that is right, but not by nearly all of its criteria.
    """

    verdict: Verdict
    mistake: Mistake | None = None
    has_gaps: bool = False


def freeze(item: QuizItem, seed: str) -> Frozen:
    """Shuffle the options by `seed` and keep the answer; the same seed gives the same order."""
    order: list[int] = []
    if isinstance(item, ChoiceItem):
        order = list(range(len(item.options)))
        # Not for secrets: the order only has to be the same again for the same seed.
        Random(seed).shuffle(order)  # noqa: S311
    return Frozen(tuple(order), answer_of(item), wording_of(item))


def answer_of(item: QuizItem) -> str:
    """The answer alone, as JSON, so that a corrected one can be told from the old."""
    match item:
        case ChoiceItem():
            return json.dumps(item.key)
        case NumericItem():
            return json.dumps([item.answer, item.tolerance])
        case ShortItem():
            return json.dumps(sorted({_plain(word) for word in item.accepts}), ensure_ascii=False)
        case OpenItem():
            return "null"


def wording_of(item: QuizItem) -> str:
    """A mark of the words a learner answered to; with other words it was another question."""
    words: list[str | None] = [item.stem.zh, item.stem.en, item.code]
    if isinstance(item, ChoiceItem):
        words += [text for one in item.options for text in (one.text.zh, one.text.en)]
    if isinstance(item, NumericItem) and item.unit is not None:
        words += [item.unit.zh, item.unit.en]
    return sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()[:16]


def grade(item: QuizItem, answer: str, given: Given) -> Graded:
    """Grade by `answer`, which may be older than the item's own; the same always gives the same."""
    if isinstance(item, OpenItem):
        return _graded_words(given)
    if given == DONT_KNOW:
        return Graded(Verdict.UNKNOWN)
    match item:
        case ChoiceItem():
            return Graded(_verdict(given.option == json.loads(answer)))
        case NumericItem():
            return _graded_number(item, answer, given.text or "")
        case ShortItem():
            return Graded(_verdict(matches(given.text or "", json.loads(answer))))


def _graded_words(given: Given) -> Graded:
    if not given.text:
        return Graded(Verdict.UNKNOWN)
    if not given.met:
        return Graded(Verdict.UNGRADED)
    share = sum(given.met) / len(given.met)
    return Graded(_verdict(share >= HALF), has_gaps=HALF <= share < NEARLY_ALL)


def _verdict(is_right: bool) -> Verdict:  # noqa: FBT001 -- its only argument
    return Verdict.RIGHT if is_right else Verdict.WRONG


def _graded_number(item: NumericItem, answer: str, text: str) -> Graded:
    amount = amount_in(text, units_of(item))
    right, tolerance = json.loads(answer)
    numbers = readings(amount, item.unit.en if item.unit else "") if amount else ()
    if any(_is_near(number, right, tolerance) for number in numbers):
        return Graded(Verdict.RIGHT)
    tolerance = max(tolerance, 0.01)
    for mistake in item.mistakes:
        if any(_is_near(number, mistake.value, tolerance) for number in numbers):
            return Graded(Verdict.WRONG, mistake)
    return Graded(Verdict.WRONG)


def units_of(item: NumericItem) -> tuple[str, ...]:
    """What may stand behind the number, as the item words it."""
    return (item.unit.zh, item.unit.en) if item.unit else ()


def _is_near(number: float, wanted: float, tolerance: float) -> bool:
    return abs(number - wanted) <= max(tolerance * abs(wanted), ROUNDING * max(1.0, abs(wanted)))


def matches(text: str, accepted: Sequence[str]) -> bool:
    """Whether a text is one of the accepted words, give or take a slip in a long one.

    What stands in brackets behind a word explains it: `TTFT（首 token 时间）` is TTFT.
    """
    bare = _BRACKETS.sub("", unicodedata.normalize("NFKC", text))
    ways = {_plain(text), _plain(bare), _plain(_ENDING.sub("", bare.strip()))}
    return any(_is_same(said, word) for said in ways if said for word in accepted)


def _is_same(said: str, word: str) -> bool:
    if said == word:
        return True
    if min(len(said), len(word)) < LONG_WORD or re.search(r"\d", said + word):
        return False
    begins_alike = said[:SAME_BEGINNING] == word[:SAME_BEGINNING]
    return begins_alike and OSA.distance(said, word, score_cutoff=1) <= 1


_BRACKETS = re.compile(r"\([^()]*\)\s*$")
_ENDING = re.compile(r"(?:吧|呢|啊|方法|算法|技术|机制|法)[。.!！]*$")
_FILLER = re.compile(
    r"^(?:(?:我[猜想觉得]*|应该|可能|大概)?(?:答案)?(?:就是|是|叫做?)|答案|我猜"
    r"|(?:it'?s called|it is|it'?s|the answer is|i think|an?|the)\s)\s*(?=\w)",
    re.I,
)


def _plain(text: str) -> str:
    """Small letters and digits only; `LoRA.` and `lo ra` are alike."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    while (shorter := _FILLER.sub("", text)) != text and shorter:
        text = shorter
    kept = "".join(char for char in text if char.isalnum() or char in "+#=<>√")
    return kept or text
