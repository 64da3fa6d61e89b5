"""Items that a model drafts, and what one has to survive before its learner is asked.

A draft stays one until a person has passed it: it makes no card and says nothing of mastery.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import Annotated

from pydantic import Field, ValidationError

from learning.concepts import Concept
from learning.quiz.grading import wording_of
from learning.quiz.items import Bloom, ChoiceItem, Option, Source, Status
from learning.quiz.lint import item_problems, width
from learning.values import Line, Value, Words

OPTIONS = 4
TRIALS = 3
# A shorter quote could stand in any explanation.
SHORTEST_QUOTE = 12
# The item has no id of its own before it is kept.
UNKEPT = "draft"


class Step(StrEnum):
    """The gate's steps, the cheap ones first."""

    SHAPE = "shape"
    LINT = "lint"
    QUOTE = "quote"
    NUMBERS = "numbers"
    BLIND = "blind"
    OPTIONS_ONLY = "options only"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a draft is refused: the step, and a sentence with its place."""

    step: Step
    problem: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as a model wrote it, with the words of the explanation that it rests on."""

    item: ChoiceItem
    quote: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A draft that came through the gate. `blind` and `options_only` say which trials hit the key.

    Trials end with the first miss, so there are at most three of each.
    """

    draft: Draft
    blind: tuple[bool, ...]
    options_only: tuple[bool, ...]


class Written(Value):
    """What a model is asked to write, and nothing besides."""

    stem: Words
    options: Annotated[tuple[Option, ...], Field(min_length=OPTIONS, max_length=OPTIONS)]
    key: Annotated[int, Field(ge=0, lt=OPTIONS)]
    quote: Line


def draft_in(written: object, concept: Concept) -> Draft | Flaw:
    """The draft that a model's JSON holds, in both languages and without addresses."""
    try:
        read = Written.model_validate(written)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "item"
        return Flaw(Step.SHAPE, f"{place}: {first['msg']}")
    for place, words in _words_of(read):
        is_label = place.endswith(".text")
        if not is_label and (not _HAN.search(words.zh) or _HAN.search(words.en)):
            return Flaw(Step.SHAPE, f"{place}: expected Chinese in zh and English in en")
        if _ADDRESS.search(words.zh + " " + words.en):
            return Flaw(Step.SHAPE, f"{place}: expected no address, found one")
    item = ChoiceItem(
        id=UNKEPT,
        concepts=(concept.id,),
        level=concept.level,
        bloom=Bloom.UNDERSTAND,
        stem=read.stem,
        source=Source(title=f"{concept.name.zh} / {concept.name.en}", locator=read.quote),
        status=Status.DRAFT,
        options=read.options,
        key=read.key,
    )
    return Draft(item, read.quote)


def flaw_of(draft: Draft, concept: Concept) -> Flaw | None:
    """What can be told to be wrong without asking anybody: lint, the quote, and the numbers."""
    problem = next(item_problems(draft.item), None)
    if problem is not None:
        return Flaw(Step.LINT, problem)
    explanation = concept.explanation
    quote = draft.quote.strip()
    if width(quote) < SHORTEST_QUOTE:
        return Flaw(Step.QUOTE, f"quote: expected a clause, found {quote!r}")
    if quote not in explanation.zh and quote not in explanation.en:
        return Flaw(Step.QUOTE, f"quote: expected words of the explanation, found {quote!r}")
    known = numbers_in(explanation.zh) | numbers_in(explanation.en)
    for place, words in _words_of(draft.item):
        unknown = (numbers_in(words.zh) | numbers_in(words.en)) - known
        if unknown:
            found = ", ".join(sorted(unknown))
            return Flaw(
                Step.NUMBERS, f"{place}: expected numbers of the explanation, found {found}"
            )
    return None


def _words_of(item: Written | ChoiceItem) -> Iterator[tuple[str, Words]]:
    yield "stem", item.stem
    for n, option in enumerate(item.options):
        yield f"options[{n}].text", option.text
        yield f"options[{n}].why", option.why


def orders_of(item: ChoiceItem) -> tuple[tuple[int, ...], ...]:
    """The options in an order for each trial, the key in another place each time.

    Who always takes the same place hits it once at most. The same item has the same orders.
    """
    # Not for secrets: the orders only have to be the same again.
    random = Random(wording_of(item))  # noqa: S311
    orders = []
    for place in random.sample(range(len(item.options)), TRIALS):
        order = [n for n in range(len(item.options)) if n != item.key]
        random.shuffle(order)
        order.insert(place, item.key)
        orders.append(tuple(order))
    return tuple(orders)


_CHOICE = re.compile(r"\D{0,20}?(\d+)(?!\d|\.\d)")


def choice_in(reply: str, order: Sequence[int]) -> int | None:
    """The written place of the option that a reply names by its number as shown, from 1."""
    found = _CHOICE.match(reply.strip())
    place = int(found[1][:3]) if found else 0
    return order[place - 1] if 1 <= place <= len(order) else None


def flaw_in_trials(blind: Sequence[bool], options_only: Sequence[bool]) -> Flaw | None:
    """The verdict on the trials.

    With the explanation every one must hit the key. Without the stem not every one may: then the
    options alone give the answer away.
    """
    if not all_hit(blind):
        return Flaw(Step.BLIND, "key: expected what the explanation says, found another answer")
    if all_hit(options_only):
        return Flaw(Step.OPTIONS_ONLY, "options: expected to need the stem, found that they do not")
    return None


def all_hit(trials: Sequence[bool]) -> bool:
    return len(trials) >= TRIALS and all(trials)


_HAN = re.compile("[\u3400-\u9fff]")
_ADDRESS = re.compile(r"https?:|www\.|\]\(", re.I)
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?")
_SMALL_DIGITS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[₀₁₂₃₄₅₆₇₈₉]+|[¼½¾⅐-⅞]")
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
# One and two are too common in speech to be claims: 两者, "one of them".
_NUMERALS = dict(zip("三四五六七八九十", range(3, 11), strict=True))
_SPELLED = re.compile(
    r"百分之(?P<share>[一二两三四五六七八九十百]+)"
    r"|(?P<count>[一二两三四五六七八九十百千万亿]+)"
    r"(?=个|张|层|次|步|种|倍|份|位|块|条|组|类|台|轮|维|成|分之)"
)
_WORDS = {
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "twenty": 20,
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
}
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})s?\b", re.I)


def numbers_in(text: str) -> frozenset[str]:
    """Every number of a text in one spelling: digits, powers, and words from three up."""
    found = {_spelled(one.replace(",", "")) for one in _DIGITS.findall(text)}
    found |= {_spelled(one.translate(_PLAIN_DIGITS)) for one in _SMALL_DIGITS.findall(text)}
    found |= {_spelled(_WORDS[one.lower()]) for one in _WORD.findall(text)}
    for one in _SPELLED.finditer(text):
        numeral = one["share"] or one["count"]
        if numeral not in {"一", "二", "两"} or one["share"]:
            found.add(_spelled(_NUMERALS.get(numeral, numeral)))
    return frozenset(found)


def _spelled(number: str | int) -> str:
    text = str(number)
    return f"{Decimal(text).normalize():f}" if text[0].isdecimal() else text
