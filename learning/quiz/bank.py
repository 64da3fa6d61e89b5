"""The quiz bank: every item and generator, found by id and by concept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from learning.quiz.generators import CHOICE_EVERY, made
from learning.quiz.items import Item, OpenItem, QuizItem, Recipe, Status


@dataclass(frozen=True)
class Bank:
    """`items` are written out, `recipes` make one from a seed; ids are unique over both."""

    items: Mapping[str, QuizItem] = field(default_factory=dict)
    recipes: Mapping[str, Recipe] = field(default_factory=dict)

    @cached_property
    def live(self) -> Mapping[str, QuizItem | Recipe]:
        """What may be asked and counted, by id; interview questions are asked only by name."""
        every: Mapping[str, QuizItem | Recipe] = {**self.items, **self.recipes}
        return {id: one for id, one in every.items() if one.status is Status.LIVE}

    @cached_property
    def by_concept(self) -> Mapping[str, tuple[str, ...]]:
        """The live items of each concept, without those of free text."""
        return _by_concept(
            (id, one) for id, one in self.live.items() if not isinstance(one, OpenItem)
        )

    @cached_property
    def ever_by_concept(self) -> Mapping[str, tuple[str, ...]]:
        """Every item of each concept, whatever its status and kind: answers to it were given."""
        return _by_concept((*self.items.items(), *self.recipes.items()))

    @cached_property
    def interview(self) -> Mapping[str, OpenItem]:
        return {id: one for id, one in self.live.items() if isinstance(one, OpenItem)}

    def of(self, id: str) -> Item | None:
        """An item or a generator's words, live or not; None when its author took it away."""
        return self.items.get(id) or self.recipes.get(id)

    def item(self, id: str, seed: int | None) -> QuizItem | None:
        """The item as it is asked; a generator's needs its seed."""
        if seed is None:
            return self.items.get(id)
        recipe = self.recipes.get(id)
        return made(recipe, seed) if recipe else None

    def entry_seed(self, seed: int) -> int:
        """The next seed that asks for the number itself, which says more than a choice."""
        return seed if seed % CHOICE_EVERY else seed + 1


def _by_concept(items: Iterable[tuple[str, Item]]) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for id, one in items:
        for concept in one.concepts:
            found[concept].append(id)
    return {concept: tuple(ids) for concept, ids in found.items()}
