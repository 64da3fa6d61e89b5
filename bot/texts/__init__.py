"""Every word a learner sees that is not in curricula/, by key, in both languages."""

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from typing_extensions import override

from bot.markup import authored, escape
from learning.values import Explanation, Language, Template, Words

FOLDER = Path(__file__).parent


class Markup(str):
    """Text that is markup already, so that its signs keep their meaning."""

    __slots__ = ()


class Texts:
    """The sentences of one language, as templates with named gaps.

    In a gap, `{n:task|tasks}` chooses between one and many, `{m:minutes}` says a duration and
    `{d:short}` leaves the weekday out; plain values are escaped.
    """

    def __init__(self, language: Language, templates: Mapping[str, str]) -> None:
        self.language: Language = language
        self.templates = templates

    def say(self, key: str, **values: object) -> Markup:
        """A sentence as markup."""
        return Markup(_Sentence(self, is_markup=True).format(self.templates[key], **values))

    def say_anew(self, key: str, day: date, **values: object) -> Markup:
        """One of the wordings `key`, `key_2`, `key_3` …, another one each day."""
        wordings = [key, *(one for n in range(2, 10) if self.has(one := f"{key}_{n}"))]
        return self.say(wordings[day.toordinal() % len(wordings)], **values)

    def label(self, key: str, **values: object) -> str:
        """A sentence as plain text, for a button or a menu."""
        return _Sentence(self, is_markup=False).format(self.templates[key], **values)

    def words(self, words: Words | Explanation | Template) -> Markup:
        """An author's words as markup."""
        return Markup(authored(self.plain(words)))

    def plain(self, words: Words | Explanation | Template) -> str:
        return words.zh if self.language == "zh" else words.en

    def listed(self, words: Iterable[str]) -> str:
        """Names one after the other, as the language sets them apart."""
        return ("、" if self.language == "zh" else ", ").join(words)

    def joined(self, *sentences: str) -> Markup:
        """Sentences one after the other; Chinese ones stand without a space between them."""
        return Markup(("" if self.language == "zh" else " ").join(sentences))

    def has(self, key: str) -> bool:
        return key in self.templates

    def day(self, day: date, spec: str = "") -> str:
        if self.language == "zh":
            text = f"{day.month}月{day.day}日"
            if spec == "long":
                text = f"{day.year}年{text}"
            return text if spec else f"{text} {self.weekday(day)}"
        text = f"{day.day} {_MONTHS[day.month - 1]}"
        if spec == "long":
            text = f"{text} {day.year}"
        return text if spec else f"{self.weekday(day)} {text}"

    def month(self, day: date) -> str:
        return f"{day.month}月" if self.language == "zh" else _MONTHS[day.month - 1]

    def weekday(self, day: date) -> str:
        if self.language == "zh":
            return f"周{'一二三四五六日'[day.weekday()]}"
        return _WEEKDAYS[day.weekday()]

    def minutes(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if self.language == "zh":
            return (f"{hours} 小时" if hours else "") + (
                f"{' ' if hours else ''}{rest} 分钟" if rest or not hours else ""
            )
        return " ".join(
            part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part
        ) or ("0 min")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class _Sentence(string.Formatter):
    def __init__(self, texts: Texts, *, is_markup: bool) -> None:
        self._texts = texts
        self._is_markup = is_markup

    @override
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Markup):
            return value
        if "|" in format_spec:
            one, _, many = format_spec.partition("|")
            return f"{value} {one if value == 1 else many}"
        if format_spec == "minutes":
            return self._texts.minutes(value)
        if isinstance(value, date):
            return self._texts.day(value, format_spec)
        if isinstance(value, time):
            return value.strftime("%H:%M")
        text = format(value, format_spec)
        return escape(text) if self._is_markup else text


@lru_cache(maxsize=2)
def texts_in(language: Language) -> Texts:
    content = yaml.load((FOLDER / f"{language}.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 -- BaseLoader builds only text, lists and maps
    return Texts(language, dict(_flat(content)))


def _flat(content: Mapping[str, Any], above: str = "") -> Sequence[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, value in content.items():
        name = f"{above}{key}"
        flat += [(name, value.strip("\n"))] if isinstance(value, str) else _flat(value, f"{name}.")
    return flat


def gaps(template: str) -> set[str]:
    """The names of a template's gaps."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


LANGUAGE_TAGS = re.compile(r"^zh\b|^zh[-_]", re.IGNORECASE)


def language_of(tag: str | None, otherwise: Language) -> Language:
    """Our language for a client's language tag."""
    if not tag:
        return otherwise
    return "zh" if LANGUAGE_TAGS.match(tag) else "en"
