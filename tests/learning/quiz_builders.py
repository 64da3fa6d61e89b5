"""Quiz items with defaults, so that a test shows only what matters to it."""

from collections.abc import Sequence

from learning.quiz.bank import Bank
from learning.quiz.items import (
    Bloom,
    ChoiceItem,
    Mistake,
    NumericItem,
    OpenItem,
    Option,
    QuizItem,
    RubricCriterion,
    ShortItem,
    Source,
    Status,
)
from learning.values import Template, Words
from tests.builders import words

SOURCE = Source(title="A book", locator="chapter 1")


def make_choice(
    id: str = "choice",
    *,
    concepts: Sequence[str] = ("lora",),
    key: int = 0,
    options: Sequence[str] = ("one", "two", "three", "four"),
    stem: str = "Which one?",
    level: int = 2,
    bloom: Bloom = Bloom.UNDERSTAND,
    status: Status = Status.LIVE,
    code: str | None = None,
    poll: bool = True,
) -> ChoiceItem:
    return ChoiceItem(
        id=id,
        concepts=tuple(concepts),
        level=level,
        bloom=bloom,
        stem=words(stem),
        code=code,
        source=SOURCE,
        checked="A book, chapter 1",
        status=status,
        options=tuple(Option(text=words(one), why=words(f"why {one}")) for one in options),
        key=key,
        poll=poll,
    )


def make_numeric(
    id: str = "numeric",
    answer: float = 42,
    *,
    tolerance: float = 0,
    unit: str | None = None,
    mistakes: Sequence[float] = (),
    concepts: Sequence[str] = ("lora",),
) -> NumericItem:
    return NumericItem(
        id=id,
        concepts=tuple(concepts),
        level=2,
        bloom=Bloom.APPLY,
        stem=words("How many?"),
        source=SOURCE,
        checked="computed",
        status=Status.LIVE,
        answer=answer,
        tolerance=tolerance,
        unit=words(unit) if unit else None,
        mistakes=tuple(Mistake(value=one, why=words(f"why {one:g}")) for one in mistakes),
        why=words("because"),
    )


def make_short(id: str = "short", accepts: Sequence[str] = ("softmax",)) -> ShortItem:
    return ShortItem(
        id=id,
        concepts=("lora",),
        level=2,
        bloom=Bloom.REMEMBER,
        stem=words("What is it called?"),
        source=SOURCE,
        checked="A book, chapter 1",
        status=Status.LIVE,
        accepts=tuple(accepts),
        why=words("because"),
    )


def make_open(id: str = "open", criteria: int = 3) -> OpenItem:
    return OpenItem(
        id=id,
        concepts=("lora",),
        level=3,
        bloom=Bloom.ANALYSE,
        stem=words("Design it."),
        source=SOURCE,
        checked="A book, chapter 1",
        status=Status.LIVE,
        genre="system-design",
        rubric=tuple(
            RubricCriterion(text=words(f"criterion {n}"), signs=(f"sign{n}",))
            for n in range(criteria)
        ),
        model_answer=Template(zh="参考", en="like so"),
    )


def make_bank(*items: QuizItem) -> Bank:
    return Bank({one.id: one for one in items})


def both(zh: str, en: str) -> Words:
    return Words(zh=zh, en=en)
