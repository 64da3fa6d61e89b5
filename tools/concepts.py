"""Explain a concept, compare two, or say what comes before one, from the authors' own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field
from rapidfuzz import fuzz, process, utils

from learning.catalogue import Catalogue
from learning.concepts import Comparison, Concept
from learning.knowledge import before, known_concepts
from learning.profile import holds_key
from learning.quiz.mastery import Mastery
from learning.resources import Resource
from store.cards import mastery_of
from store.enrolments import past_tasks
from store.gaps import note_gap
from store.learners import NOBODY
from store.script import Script, nothing
from tools.context import Context, finished_tasks
from tools.plan import Arguments
from tools.resources import search

SURE = 82.0
RESOURCES = 2
# A chat card holds no more; the nearest ones matter most.
MOST_BEFORE = 8


class ExplainConcept(Arguments):
    concept: str = Field(min_length=1, max_length=100, description="Id or name, either language.")
    compare_with: str | None = Field(
        None, max_length=100, description="A second concept, when the difference is asked for."
    )
    aspect: Literal["explanation", "prerequisites"] = Field(
        "explanation", description="'prerequisites' for what to know or learn before it."
    )


@dataclass(frozen=True, slots=True)
class ConceptExplained:
    """A concept in its author's words; `mastery` is what the learner's answers say of it."""

    concept: Concept
    prerequisites: tuple[Concept, ...]
    resources: tuple[Resource, ...]
    mastery: Mastery | None = None
    has_items: bool = False


@dataclass(frozen=True, slots=True)
class ConceptsCompared:
    """Two concepts beside each other; `comparison` is None where no author wrote one."""

    first: Concept
    second: Concept
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class PrerequisitesShown:
    """What comes before a concept, in the order to learn it; `known` are the ids known."""

    concept: Concept
    before: tuple[Concept, ...]
    known: frozenset[str]
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class ConceptUnknown:
    said: str
    near: tuple[Concept, ...]


ConceptAnswer = ConceptExplained | ConceptsCompared | PrerequisitesShown | ConceptUnknown


def _note_gap(context: Context, said: str) -> Script[None]:
    if context.is_private and context.learner.id != NOBODY and not holds_key(said):
        yield from note_gap(context.learner.id, said, context.today)


def explain_concept(context: Context, wanted: ExplainConcept) -> Script[ConceptAnswer]:
    catalogue = context.catalogue
    concept, near = find_concept(catalogue, wanted.concept)
    if concept is None:
        yield from _note_gap(context, wanted.concept)
        return (yield from nothing(ConceptUnknown(wanted.concept, near)))
    if wanted.compare_with is not None:
        second, near = find_concept(catalogue, wanted.compare_with)
        if second is None:
            return (yield from nothing(ConceptUnknown(wanted.compare_with, near)))
        if second is not concept:
            return (yield from nothing(_compared(catalogue, concept, second)))
    if wanted.aspect == "prerequisites":
        return (yield from _prerequisites(context, concept))
    direct = tuple(catalogue.concepts[id] for id in concept.prerequisites)
    resources = resources_on(catalogue, concept)
    mastery = yield from mastery_of(context.learner.id)
    has_items = concept.id in catalogue.bank.by_concept
    return ConceptExplained(concept, direct, resources, mastery.get(concept.id), has_items)


def _compared(catalogue: Catalogue, first: Concept, second: Concept) -> ConceptsCompared:
    pair = {first.id, second.id}
    comparison = next(
        (one for one in catalogue.comparisons.values() if set(one.concepts) == pair), None
    )
    return ConceptsCompared(first, second, comparison)


def _prerequisites(context: Context, concept: Concept) -> Script[PrerequisitesShown]:
    catalogue = context.catalogue
    past = yield from past_tasks(context.learner.id)
    known = known_concepts(finished_tasks(context, past))
    return PrerequisitesShown(
        concept,
        before(catalogue, concept)[-MOST_BEFORE:],
        known,
        resources_on(catalogue, concept),
    )


def resources_on(catalogue: Catalogue, concept: Concept) -> tuple[Resource, ...]:
    """The resources nearest to a concept: those about little else first, then the easier."""
    about = [one for one in catalogue.resources.values() if concept.id in one.concepts]
    about.sort(key=lambda one: (one.concepts.index(concept.id), one.level))
    return tuple(about[:RESOURCES]) or search(catalogue, concept.name.en, RESOURCES).resources


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


# Shorter Latin names, such as AI, turn up inside other words of a sentence.
SHORTEST_NAME = 3


def concept_named_in(catalogue: Catalogue, words: str, near: Sequence[str] = ()) -> Concept | None:
    """The concept that words name, by its longest name; of those alike one that is `near`."""
    said = words.lower()
    best: tuple[int, bool, Concept] | None = None
    for concept in catalogue.concepts.values():
        for name in (concept.name.zh, concept.name.en, *concept.aliases):
            found = (len(name), concept.id in near, concept)
            if (best is None or found[:2] > best[:2]) and _is_named(name.lower(), said):
                best = found
    return best[2] if best else None


def _is_named(name: str, said: str) -> bool:
    if name not in said:
        return False
    if not name.isascii():
        return len(name) > 1
    return len(name) >= SHORTEST_NAME and bool(
        re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", said)
    )
