"""What is a learner's as a file to take along: everything, or the review cards."""

from collections.abc import Sequence

from bot.cards.parts import card
from bot.message import Attachment, Message
from bot.texts import Texts
from learning.quiz.cards import Card
from learning.quiz.generators import spelled
from learning.quiz.items import ChoiceItem, NumericItem, OpenItem, QuizItem, ShortItem
from tools.export import CardsExported, EverythingExported

CSV_COLUMNS = (
    "id", "concepts", "level", "question", "options", "answer", "why", "source",
    "reviews", "lapses", "stability_days", "last_review", "due_on",
)  # fmt: skip


@card.register
def _(exported: EverythingExported, texts: Texts) -> Message:
    at = int(exported.at.timestamp())
    beside = (_table(exported.cards, at, texts), _deck(exported.cards, at, texts))
    inside = beside if exported.cards else ()
    file = Attachment(f"mentor-{exported.at:%Y%m%d}.zip", "everything", (), at, inside)
    said = texts.say("export.all", rows=exported.rows, tables=len(exported.counts))
    return Message(said, attachment=file)


@card.register
def _(exported: CardsExported, texts: Texts) -> Message:
    make = _deck if exported.format == "anki" else _table
    file = make(exported.cards, int(exported.at.timestamp()), texts)
    said = texts.say(f"export.{exported.format}", cards=len(exported.cards))
    return Message(said, attachment=file)


def _deck(cards: Sequence[tuple[QuizItem, Card]], at: int, texts: Texts) -> Attachment:
    return Attachment("mentor.apkg", "anki", tuple(_note(item, texts) for item, _ in cards), at)


def _table(cards: Sequence[tuple[QuizItem, Card]], at: int, texts: Texts) -> Attachment:
    rows = (CSV_COLUMNS, *(_line(item, one, texts) for item, one in cards))
    return Attachment("mentor-cards.csv", "csv", rows, at)


def _note(item: QuizItem, texts: Texts) -> tuple[str, ...]:
    """Id, front, code, options, back, source and tags, in plain text."""
    return (
        item.id,
        texts.plain(item.stem),
        item.code or "",
        _options(item, texts),
        _answer(item, texts),
        _why(item, texts),
        f"{item.source.title}, {item.source.locator}",
        " ".join(item.concepts),
    )


def _line(item: QuizItem, one: Card, texts: Texts) -> tuple[str, ...]:
    return (
        item.id,
        " ".join(item.concepts),
        str(item.level),
        texts.plain(item.stem) + (f"\n{item.code}" if item.code else ""),
        _options(item, texts),
        _answer(item, texts),
        _why(item, texts),
        f"{item.source.title}, {item.source.locator}",
        str(one.reviews),
        str(one.lapses),
        f"{one.stability:.1f}",
        one.last_review.isoformat(),
        one.due_on.isoformat(),
    )


def _options(item: QuizItem, texts: Texts) -> str:
    if not isinstance(item, ChoiceItem):
        return ""
    return "\n".join(
        f"{'ABCDEF'[n]}. {texts.plain(one.text)}" for n, one in enumerate(item.options)
    )


def _answer(item: QuizItem, texts: Texts) -> str:
    match item:
        case ChoiceItem():
            return f"{'ABCDEF'[item.key]}. {texts.plain(item.options[item.key].text)}"
        case NumericItem():
            unit = f" {texts.plain(item.unit)}" if item.unit else ""
            return f"{spelled(item.answer)}{unit}"
        case ShortItem():
            return " / ".join(item.accepts)
        case OpenItem():
            return texts.plain(item.model_answer)


def _why(item: QuizItem, texts: Texts) -> str:
    match item:
        case ChoiceItem():
            return "\n".join(
                f"{'ABCDEF'[n]}. {texts.plain(one.why)}" for n, one in enumerate(item.options)
            )
        case NumericItem() | ShortItem():
            return texts.plain(item.why)
        case OpenItem():
            return "\n".join(f"• {texts.plain(one.text)}" for one in item.rubric)
