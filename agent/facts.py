"""What a model is told of the learner's own facts: short lines, and not many letters."""

from collections.abc import Sequence

from learning.profile import FactKind
from learning.values import Language
from store.profile import Fact

MOST_LETTERS = 1200
_LABELS: dict[FactKind, tuple[str, str]] = {
    FactKind.NAME: ("称呼", "call them"),
    FactKind.GOAL: ("目标", "goal"),
    FactKind.BACKGROUND: ("背景", "background"),
    FactKind.HARDWARE: ("设备", "hardware"),
    FactKind.TIME: ("时间", "time"),
    FactKind.STYLE: ("喜欢的讲法", "prefers"),
    FactKind.OTHER: ("其他", "other"),
}


def facts_for_prompt(facts: Sequence[Fact], language: Language) -> str:
    """A line for each fact, by kind; where they are too many, the latest ones.

    The lines are data: each is on one line and opens nothing that could be read as a mark.
    """
    kept: list[Fact] = []
    letters = 0
    for fact in sorted(facts, key=lambda one: (one.noted_on, one.id), reverse=True):
        letters += len(_line(fact, language)) + 1
        if letters > MOST_LETTERS:
            break
        kept.append(fact)
    return "\n".join(_line(fact, language) for fact in facts if fact in kept)


def _line(fact: Fact, language: Language) -> str:
    zh, en = _LABELS[fact.kind]
    words = fact.words.replace("<", "‹").replace(">", "›")
    return f"- {zh if language == 'zh' else en} ({fact.noted_on.isoformat()}): {words}"
