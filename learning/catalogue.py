"""Everything the authors wrote, as one value with its cross-references checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from learning.curriculum import Concept, Curriculum, Resource
from learning.errors import MentorError
from learning.rhythm import Rhythm


class CurriculumError(MentorError):
    """A file under curricula/ has a mistake.

    `problems` are whole sentences, each with its place, what was expected and what was found.
    """

    key = "error.curriculum"

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Catalogue:
    curricula: Mapping[str, Curriculum]
    rhythms: Mapping[str, Rhythm]
    concepts: Mapping[str, Concept]
    resources: Mapping[str, Resource]

    def rhythm_of(self, curriculum: Curriculum) -> Rhythm:
        return self.rhythms[curriculum.rhythm]

    def broken_references(self, files: Mapping[str, str]) -> Iterator[str]:
        """Name every id that points at nothing, with the place that uses it.

        `files` says where a thing stands, by `curriculum`, `curriculum/stage`, `concepts/id` or
        `resources/id`.
        """
        for curriculum in self.curricula.values():
            at = files[curriculum.id]
            if curriculum.rhythm not in self.rhythms:
                yield (
                    f"{at}: rhythm: expected one of {_some(self.rhythms)}, "
                    f"found {curriculum.rhythm!r}"
                )
            if curriculum.leads_to and curriculum.leads_to not in self.curricula:
                yield (
                    f"{at}: leads_to: expected one of {_some(self.curricula)}, "
                    f"found {curriculum.leads_to!r}"
                )
            for section in curriculum.sections:
                yield from self._unknown(f"{at}: section {section.id}", (), section.resources)
            for stage in curriculum.stages:
                at = files[f"{curriculum.id}/{stage.id}"]
                yield from self._unknown(at, (), stage.resources)
                for topic in stage.topics:
                    yield from self._unknown(f"{at}: topics", topic.concepts, ())
                for unit in stage.units:
                    for task in unit.tasks:
                        place = f"{at}: task {task.id}"
                        yield from self._unknown(place, task.concepts, task.resources)
        for resource in self.resources.values():
            at = files[f"resources/{resource.id}"]
            yield from self._unknown(f"{at}: {resource.id}", resource.concepts, ())
        for concept in self.concepts.values():
            at = files[f"concepts/{concept.id}"]
            yield from self._unknown(f"{at}: {concept.id}", concept.prerequisites, ())

    def _unknown(
        self, at: str, concepts: tuple[str, ...], resources: tuple[str, ...]
    ) -> Iterator[str]:
        for id in concepts:
            if id not in self.concepts:
                yield f"{at}: concepts: expected an id from curricula/concepts, found {id!r}"
        for id in resources:
            if id not in self.resources:
                yield f"{at}: resources: expected an id from curricula/resources, found {id!r}"


def _some(ids: Mapping[str, object]) -> str:
    return ", ".join(sorted(ids)) or "none"
