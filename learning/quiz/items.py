"""Quiz items as their authors write them: four kinds, each with its answer and its reasons."""

import re
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from learning.values import Id, Language, Level, Line, Template, Url, Value, Words

_HAN = re.compile("[\u3400-\u9fff]")
Code = Annotated[str, Field(min_length=1, max_length=1500)]


class Bloom(StrEnum):
    """What an item asks for, after Bloom's revised taxonomy; its two highest kinds are left out."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"


class Status(StrEnum):
    """A draft is not asked unless the learner wants drafts; a retired item keeps its answers."""

    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


class Source(Value):
    """Where the answer can be looked up; `locator` is a section, page, equation or heading."""

    title: Line
    locator: Line
    url: Url | None = None


class Item(Value):
    """One question as data. `code` stands below the stem and is the same in both languages.

    `checked` names the source against which a second reader, who had answered it blind, held the
    answer; a live item has one.
    """

    id: Id
    concepts: Annotated[tuple[Id, ...], Field(min_length=1, max_length=3)]
    level: Level
    bloom: Bloom
    stem: Words
    code: Code | None = None
    source: Source
    checked: Line | None = None
    status: Status = Status.DRAFT

    @model_validator(mode="after")
    def _live_items_are_checked(self) -> Self:
        if self.status is Status.LIVE and self.checked is None:
            raise ValueError("checked: expected the source a second reader used, found none")
        return self


class Option(Value):
    """`why` says why it is right or wrong, not only that it is."""

    text: Words
    why: Words


class ChoiceItem(Item):
    """One of the options is right; `key` is its place as written, from 0.

    `poll` is false when not all of it fits a platform's own quiz poll.
    """

    kind: Literal["mc"] = "mc"
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=6)]
    key: Annotated[int, Field(ge=0)]
    poll: bool = True

    @model_validator(mode="after")
    def _key_is_an_option(self) -> Self:
        if self.key >= len(self.options):
            most = len(self.options) - 1
            raise ValueError(f"key: expected a place from 0 to {most}, found {self.key}")
        return self


class Mistake(Value):
    """A wrong number that people arrive at, and what they did to get it."""

    value: float
    why: Words


class NumericItem(Item):
    """The answer is a number. `tolerance` is a share of it: 0.02 takes two percent more or less.

    `unit` is what the answer counts, such as `GiB`; the learner may write it or leave it out.
    """

    kind: Literal["numeric"] = "numeric"
    answer: float
    tolerance: Annotated[float, Field(ge=0, le=0.2)] = 0
    unit: Words | None = None
    mistakes: tuple[Mistake, ...] = ()
    why: Words

    @model_validator(mode="after")
    def _mistakes_are_wrong(self) -> Self:
        for mistake in self.mistakes:
            if abs(mistake.value - self.answer) <= self.tolerance * abs(self.answer):
                raise ValueError(f"mistakes: expected wrong numbers, found {mistake.value:g}")
        return self


class ShortItem(Item):
    """The answer is a word or two; any of `accepts` is right, whatever its case and spaces."""

    kind: Literal["short"] = "short"
    accepts: Annotated[tuple[Line, ...], Field(min_length=1)]
    why: Words

    def word_in(self, language: Language) -> str:
        """The accepted word to show: in English the first without Chinese, where there is one."""
        plain = (one for one in self.accepts if _HAN.search(one) is None)
        return self.accepts[0] if language == "zh" else next(plain, self.accepts[0])


class RubricCriterion(Value):
    """One thing a good answer has. `signs` are words by which it often shows, in any language."""

    text: Words
    signs: tuple[Line, ...] = ()


class OpenItem(Item):
    """The answer is free text, judged by a rubric; interview questions are of this kind."""

    kind: Literal["open"] = "open"
    genre: Literal["system-design", "behavioural", "coding", "concept"]
    rubric: Annotated[tuple[RubricCriterion, ...], Field(min_length=3, max_length=8)]
    model_answer: Template


class RecipeMistake(Value):
    """Words for a named mistake of a generator; `{wrong}` is the number it leads to."""

    name: Id
    why: Words


class Recipe(Item):
    """The words of a generator, with gaps for what it draws and `{answer}` in `why`."""

    tolerance: Annotated[float, Field(ge=0, le=0.2)] = 0
    unit: Words | None = None
    mistakes: Annotated[tuple[RecipeMistake, ...], Field(min_length=1)]
    why: Words


QuizItem = ChoiceItem | NumericItem | ShortItem | OpenItem
