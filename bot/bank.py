"""The quiz bank as data for scripts and as text for people."""

from collections.abc import Iterator

from learning.catalogue import Catalogue
from learning.quiz.bank import Bank
from learning.quiz.generators import spelled
from learning.quiz.grading import freeze
from learning.quiz.items import ChoiceItem, NumericItem, OpenItem, QuizItem, ShortItem
from learning.values import Language, Words

# Generated items are shown with these numbers; another seed gives others.
SEED_SHOWN = 1


def live_items(catalogue: Catalogue, concept: str | None = None) -> Iterator[QuizItem]:
    """Every item that may be asked, one of each generator, in the order of the bank."""
    bank: Bank = catalogue.bank
    for id, one in bank.live.items():
        if concept in {None, *one.concepts}:
            item = bank.item(id, SEED_SHOWN if id in bank.recipes else None)
            if item is not None:
                yield item


def to_json(item: QuizItem) -> dict[str, object]:
    """An item with its options in the order of a shuffle by its id, as learners get them."""
    shown: dict[str, object] = {
        "id": item.id,
        "kind": item.kind,
        "concepts": list(item.concepts),
        "level": item.level,
        "bloom": item.bloom.value,
        "stem": _both(item.stem),
        "options": [],
        "key": [],
        "source": item.source.model_dump(mode="json", exclude_none=True),
        "checked": item.checked,
    }
    if item.code is not None:
        shown["code"] = item.code
    match item:
        case ChoiceItem():
            order = freeze(item, item.id).order
            options = [item.options[n] for n in order]
            shown["options"] = [{"text": _both(o.text), "why": _both(o.why)} for o in options]
            shown["key"] = [order.index(item.key)]
            shown["poll"] = item.poll
        case NumericItem():
            shown["key"] = item.answer
            shown |= {"tolerance": item.tolerance, "why": _both(item.why)}
            shown["unit"] = _both(item.unit) if item.unit else None
            shown["mistakes"] = [
                {"value": one.value, "why": _both(one.why)} for one in item.mistakes
            ]
        case ShortItem():
            shown |= {"accepts": list(item.accepts), "why": _both(item.why)}
        case OpenItem():
            shown["genre"] = item.genre
            shown["rubric"] = [_both(one.text) for one in item.rubric]
            shown["model_answer"] = {"zh": item.model_answer.zh, "en": item.model_answer.en}
    return shown


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def to_text(item: QuizItem, language: Language) -> str:
    """An item with its answer, for a terminal."""
    lines = [f"{item.id}  ({', '.join(item.concepts)})", item.stem.in_language(language)]
    if item.code is not None:
        lines.append(item.code.rstrip())
    match item:
        case ChoiceItem():
            for place, n in enumerate(freeze(item, item.id).order, 1):
                mark = "*" if n == item.key else " "
                lines.append(f" {mark}{place}. {item.options[n].text.in_language(language)}")
        case NumericItem():
            unit = f" {item.unit.in_language(language)}" if item.unit else ""
            lines.append(f" = {spelled(item.answer)}{unit}")
        case ShortItem():
            lines.append(f" = {item.accepts[0]}")
        case OpenItem():
            lines += [f" - {one.text.in_language(language)}" for one in item.rubric]
    return "\n".join(lines)
