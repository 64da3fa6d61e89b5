"""Items with fresh numbers: an author's words with what was drawn in their gaps.

The same seed gives the same item, so that an answer can be graded again.
"""

from collections.abc import Iterator, Mapping
from random import Random

from learning.quiz.draws import GENERATORS, Drawn
from learning.quiz.items import (
    ChoiceItem,
    Mistake,
    NumericItem,
    Option,
    Recipe,
)
from learning.quiz.lint import item_problems
from learning.values import Words

# With fewer different wrong numbers the right one stands out.
FEWEST_DISTRACTORS = 3
# One instance in so many offers numbers to choose from; entering the number tells more.
CHOICE_EVERY = 3


def made(recipe: Recipe, seed: int) -> NumericItem | ChoiceItem:
    """The item a seed gives.

    Raises:
        KeyError: when no generator has the recipe's id, or a gap names nothing that is drawn.
    """
    drawn = GENERATORS[recipe.id](Random(f"{recipe.id}:{seed}"))  # noqa: S311 -- no secret
    mistakes = _mistakes(recipe, drawn)
    gaps = {**drawn.values, "answer": spelled(drawn.answer)}
    common = {
        "id": recipe.id,
        "concepts": recipe.concepts,
        "level": recipe.level,
        "bloom": recipe.bloom,
        "stem": _filled(recipe.stem, gaps),
        "code": recipe.code.format(**gaps) if recipe.code else None,
        "source": recipe.source,
        "checked": recipe.checked,
        "status": recipe.status,
    }
    why = _filled(recipe.why, gaps)
    if seed % CHOICE_EVERY == 0 and len(mistakes) >= FEWEST_DISTRACTORS:
        return ChoiceItem.model_validate(
            common
            | {
                "options": (
                    Option(text=_amount(drawn.answer, recipe.unit), why=why),
                    *(
                        Option(text=_amount(one.value, recipe.unit), why=one.why)
                        for one in mistakes[:FEWEST_DISTRACTORS]
                    ),
                ),
                "key": 0,
                "poll": recipe.code is None,
            }
        )
    return NumericItem.model_validate(
        common
        | {
            "answer": drawn.answer,
            "tolerance": recipe.tolerance,
            "unit": recipe.unit,
            "mistakes": mistakes,
            "why": why,
        }
    )


def _mistakes(recipe: Recipe, drawn: Drawn) -> tuple[Mistake, ...]:
    """The named mistakes that lead to numbers of their own here, in the recipe's order."""
    mistakes: list[Mistake] = []
    taken = [drawn.answer]
    for one in recipe.mistakes:
        value = drawn.mistakes[one.name]
        if all(abs(value - other) > max(recipe.tolerance, 0.01) * abs(other) for other in taken):
            gaps = {**drawn.values, "wrong": spelled(value), "answer": spelled(drawn.answer)}
            mistakes.append(Mistake(value=value, why=_filled(one.why, gaps)))
            taken.append(value)
    return tuple(mistakes)


def _filled(words: Words, gaps: Mapping[str, object]) -> Words:
    return Words(zh=words.zh.format(**gaps), en=words.en.format(**gaps))


def _amount(value: float, unit: Words | None) -> Words:
    number = spelled(value)
    if unit is None:
        return Words(zh=number, en=number)
    return Words(zh=f"{number} {unit.zh}", en=f"{number} {unit.en}")


def spelled(value: float) -> str:
    """A number for people: whole ones in full, others to four significant digits."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 1000:
        return f"{value:,.1f}"
    return f"{value:.4g}"


# Enough seeds to meet both forms and most combinations.
SEEDS_TRIED = 24


def recipe_faults(recipe: Recipe) -> Iterator[str]:
    """What would keep a generator from making an item: an unknown name of a mistake or a gap."""
    drawn = GENERATORS[recipe.id](Random(f"{recipe.id}:0"))  # noqa: S311 -- no secret
    for one in recipe.mistakes:
        if one.name not in drawn.mistakes:
            known = ", ".join(drawn.mistakes)
            yield f"mistakes: expected names of {known}, found {one.name!r}"
            return
    for seed in (0, 1):
        try:
            made(recipe, seed)
        except (KeyError, ValueError, IndexError) as error:
            yield f"gaps: expected names of {', '.join(drawn.values)}, found {error}"
            return


def recipe_problems(recipe: Recipe) -> Iterator[str]:
    """What is badly asked in some of the items that a generator makes."""
    for seed in range(SEEDS_TRIED):
        item = made(recipe, seed)
        if isinstance(item, ChoiceItem):
            yield from (f"seed {seed}: {problem}" for problem in item_problems(item))
