"""Explain a concept from the authors' own words."""

from dataclasses import dataclass

from pydantic import Field
from rapidfuzz import fuzz, process, utils

from learning.catalogue import Catalogue
from learning.curriculum import Concept, Resource
from store.script import Script, nothing
from tools.context import Context
from tools.plan import Arguments
from tools.resources import search

SURE = 82.0


class ExplainConcept(Arguments):
    concept: str = Field(min_length=1, max_length=100, description="Id or name, either language.")


@dataclass(frozen=True, slots=True)
class ConceptExplained:
    concept: Concept
    prerequisites: tuple[Concept, ...]
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class ConceptUnknown:
    said: str
    near: tuple[Concept, ...]


def explain_concept(
    context: Context, wanted: ExplainConcept
) -> Script[ConceptExplained | ConceptUnknown]:
    concept, near = find_concept(context.catalogue, wanted.concept)
    if concept is None:
        return (yield from nothing(ConceptUnknown(wanted.concept, near)))
    resources = search(context.catalogue, concept.name.en, 2)
    before = tuple(context.catalogue.concepts[id] for id in concept.prerequisites)
    return (yield from nothing(ConceptExplained(concept, before, resources)))


def find_concept(catalogue: Catalogue, said: str) -> tuple[Concept | None, tuple[Concept, ...]]:
    """The concept meant, or None and up to three that sound alike."""
    if said in catalogue.concepts:
        return catalogue.concepts[said], ()
    names = {
        (concept.id, name): name
        for concept in catalogue.concepts.values()
        for name in (concept.name.zh, concept.name.en, concept.id, *concept.aliases)
    }
    best = process.extract(said, names, scorer=fuzz.ratio, processor=utils.default_process, limit=8)
    ids = list(dict.fromkeys(id for _, score, (id, _) in best if score >= 50))
    if best and best[0][1] >= SURE:
        return catalogue.concepts[best[0][2][0]], ()
    return None, tuple(catalogue.concepts[id] for id in ids[:3])
