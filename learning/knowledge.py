"""What a learner already knows, by concept, from the tasks they finished in any curriculum."""

from collections import Counter
from collections.abc import Collection, Iterable

from learning.catalogue import Catalogue
from learning.concepts import Concept
from learning.curriculum import Curriculum, Kind, Task

# One task may only touch a concept; two that are about it have taught it.
TASKS_TO_KNOW = 2
_TEACHES = {Kind.THEORY, Kind.READING}


def known_concepts(finished: Iterable[Task]) -> frozenset[str]:
    """The concepts that at least two finished tasks are about."""
    counts = Counter(id for task in finished for id in set(task.concepts))
    return frozenset(id for id, count in counts.items() if count >= TASKS_TO_KNOW)


def already_known(
    curriculum: Curriculum, known: Collection[str], closed: Collection[str]
) -> tuple[Task, ...]:
    """The open reading and theory that teaches only what is known.

    Practice and projects stay: they are worth doing again elsewhere.
    """
    return tuple(
        task
        for task in curriculum.tasks
        if task.kind in _TEACHES
        and task.concepts
        and task.id not in closed
        and all(id in known for id in task.concepts)
    )


def before(catalogue: Catalogue, concept: Concept) -> tuple[Concept, ...]:
    """Everything that comes before a concept, what comes first at the front."""
    found: dict[str, Concept] = {}

    def visit(id: str) -> None:
        one = catalogue.concepts[id]
        for earlier in one.prerequisites:
            if earlier not in found:
                visit(earlier)
        found[id] = one

    for id in concept.prerequisites:
        if id not in found:
            visit(id)
    return tuple(found.values())
