"""What can be told to be wrong with quiz items without knowing the field.

The rules are those of Haladyna, Downing and Rodriguez 2002 (31 guidelines for writing
multiple-choice items) that a program can see, and the limits of Telegram's quiz polls.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from rapidfuzz import fuzz, process

from learning.quiz.items import ChoiceItem, QuizItem
from learning.values import Language, Words

# Telegram Bot API, sendPoll: https://core.telegram.org/bots/api#sendpoll
POLL_STEM = 300
POLL_OPTION = 100
POLL_EXPLANATION = 200
POLL_EXPLANATION_BREAKS = 2
# A counter such as "10/10 " stands in front of the stem.
ROOM_FOR_COUNTER = 8

LONGEST_SHARE = 0.3
NEAR_STEM = 90
NEAR_OPTION = 95

_LANGUAGES: tuple[Language, Language] = ("zh", "en")
_ALL_OF_THEM = re.compile(
    r"以上(都|皆|全|均|选项)|(都|全部|全)(对|不对|正确|错误?|不是)$|以上.{0,4}(不对|不是|错)|"
    r"\b(all|none|both|neither)\b.{0,12}\b(above|these|of them|the others)\b|\bboth [A-D]\b",
    re.I,
)
_ABSOLUTE = re.compile(
    r"永远|一定|绝对|从不|任何情况|完全没有|必然|总是|\b(always|never|every single|under no|"
    r"impossible|guarantees?|guaranteed|completely|entirely)\b",
    re.I,
)
_NEGATION = re.compile(
    r"(哪|下列|以下|下面).{0,16}(不是|不属于|不能|不会|不应|不正确|错误|不符|没有)|"
    r"(不正确|错误)的(是|说法)|"
    r"(?:^|[.?!]\s)(?:[A-Z][a-z]* )?[Ww]hich\b[^.?!]{0,60}\b(?:not|incorrect|false|except|never)\b"
)
_MARKED = re.compile(r"「不」|「没有」|「错误」|\*\*|\bNOT\b|\bEXCEPT\b")
_LATIN = re.compile(r"[a-z][a-z-]{4,}")
_HAN = re.compile("[\u3400-\u9fff]{4}")
_SMALL_WORDS = frozenset(
    [
        "about",
        "after",
        "their",
        "there",
        "these",
        "those",
        "which",
        "while",
        "would",
        "could",
        "should",
        "where",
        "when",
        "with",
        "what",
        "model",
        "models",
        "value",
        "values",
        "token",
        "tokens",
        "data",
        "does",
        "than",
        "same",
        "each",
        "other",
        "more",
        "most",
        "before",
        "number",
        "between",
        "using",
        "input",
        "output",
        "answer",
    ]
)


def item_problems(item: QuizItem) -> Iterator[str]:
    """Flaws of one item, each as a sentence that begins with its place."""
    if isinstance(item, ChoiceItem):
        for language in _LANGUAGES:
            yield from _choice_problems(item, language)
        yield from _poll_problems(item)
    for language in _LANGUAGES:
        stem = item.stem.in_language(language)
        if _NEGATION.search(stem) and not _MARKED.search(stem):
            yield f"stem.{language}: expected a question without a bare 'not', found {stem!r}"


def _choice_problems(item: ChoiceItem, language: Language) -> Iterator[str]:
    texts = [one.text.in_language(language) for one in item.options]
    key = texts[item.key]
    others = [text for n, text in enumerate(texts) if n != item.key]
    if len({_plain(text) for text in texts}) < len(texts):
        yield f"options.{language}: expected different ones, found two alike"
    widths = sorted(map(width, others))
    median = widths[len(widths) // 2]
    if width(key) > 1.5 * median and width(key) - max(widths) >= 6:
        yield (
            f"options.{language}: expected a key about as long as the others ({median} columns), "
            f"found {width(key)}"
        )
    for text in texts:
        if _ALL_OF_THEM.search(text):
            yield f"options.{language}: expected an answer by itself, found {text!r}"
    absolute = [text for text in others if _ABSOLUTE.search(text)]
    if len(absolute) > 1 and not _ABSOLUTE.search(key):
        yield (
            f"options.{language}: expected no word such as 'always' in wrong options only, "
            f"found {absolute[0]!r} and {absolute[1]!r}"
        )
    stem_words = _content_words(item.stem.in_language(language))
    shared = (_content_words(key) & stem_words) - set().union(*map(_content_words, others))
    if len(shared) > 1:
        yield (
            f"options.{language}: expected a key that does not echo the stem, "
            f"found {', '.join(sorted(shared))}"
        )
    for one, two in combinations(texts, 2):
        is_long = min(width(one), width(two)) > 24 and not re.search(r"\d", one + two)
        if is_long and fuzz.ratio(_plain(one), _plain(two)) >= NEAR_OPTION:
            yield f"options.{language}: expected different ones, found nearly alike {one!r}"


def fits_poll(item: ChoiceItem) -> bool:
    """Whether all of it, in both languages, fits a Telegram quiz poll without code."""
    return item.code is None and not any(_too_long(item))


def _poll_problems(item: ChoiceItem) -> Iterator[str]:
    if item.poll and item.code is not None:
        yield "poll: expected 'no' for an item with code, found yes"
    if item.poll:
        yield from _too_long(item)
    elif fits_poll(item):
        yield "poll: expected yes, as all of it fits, found no"


def _too_long(item: ChoiceItem) -> Iterator[str]:
    for language in _LANGUAGES:
        limits: list[tuple[str, Words, int]] = [("stem", item.stem, POLL_STEM - ROOM_FOR_COUNTER)]
        limits += [
            (f"options[{n}].text", one.text, POLL_OPTION) for n, one in enumerate(item.options)
        ]
        limits.append((f"options[{item.key}].why", item.options[item.key].why, POLL_EXPLANATION))
        for place, words, most in limits:
            text = words.in_language(language)
            found = utf16_length(text)
            if found > most:
                yield (
                    f"{place}.{language}: expected at most {most} characters or 'poll: no', "
                    f"found {found}"
                )
            if text.count("\n") > POLL_EXPLANATION_BREAKS:
                yield f"{place}.{language}: expected at most two line breaks or 'poll: no'"


def bank_problems(items: Mapping[str, QuizItem]) -> Iterator[str]:
    """Flaws that only show over the whole bank."""
    yield from _longest_is_key([one for one in items.values() if isinstance(one, ChoiceItem)])
    yield from near_stems(items)


def _longest_is_key(items: Sequence[ChoiceItem]) -> Iterator[str]:
    for language in _LANGUAGES:
        count = sum(key_is_longest(item, language) for item in items)
        if len(items) >= 24 and count > LONGEST_SHARE * len(items):
            yield (
                f"options.{language}: expected the key to be the longest option in at most "
                f"{LONGEST_SHARE:.0%} of items, found {count} of {len(items)}"
            )


def key_is_longest(item: ChoiceItem, language: Language) -> bool:
    """Whether the key alone is the widest option."""
    widths = [width(one.text.in_language(language)) for one in item.options]
    return all(widths[item.key] > one for n, one in enumerate(widths) if n != item.key)


def near_stems(items: Mapping[str, QuizItem]) -> Iterator[str]:
    """Stems that ask almost the same; two with different code may."""
    plain = {
        language: [
            _plain(f"{one.stem.in_language(language)} {one.code or ''}") for one in items.values()
        ]
        for language in _LANGUAGES
    }
    ids = list(items)
    for language in _LANGUAGES:
        stems = plain[language]
        for n, stem in enumerate(stems):
            near = process.extractOne(
                stem, stems[n + 1 :], scorer=fuzz.ratio, score_cutoff=NEAR_STEM
            )
            if near is not None:
                other = ids[n + 1 + near[2]]
                yield f"{ids[n]}: stem.{language}: expected its own, found nearly that of {other}"


def width(text: str) -> int:
    """Columns on a terminal: wide characters, such as Chinese ones, take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def utf16_length(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _content_words(text: str) -> set[str]:
    """Words of five letters and runs of four Chinese characters, without the commonest."""
    lowered = text.lower()
    runs = {
        lowered[n : n + 4] for n in range(len(lowered) - 3) if _HAN.fullmatch(lowered[n : n + 4])
    }
    return {word for word in _LATIN.findall(lowered) if word not in _SMALL_WORDS} | runs
