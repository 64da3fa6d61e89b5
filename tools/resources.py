"""Find resources by words of either language."""

from dataclasses import dataclass
from functools import lru_cache

from pydantic import Field
from rapidfuzz import fuzz, utils

from learning.catalogue import Catalogue
from learning.curriculum import Resource
from store.script import Script, nothing
from tools.context import Context
from tools.plan import Arguments

MOST_FOUND = 3
# token_set_ratio of the query with a resource's words, 0 to 100; below it, matches are chance.
WEAK = 55.0


class FindResources(Arguments):
    query: str = Field(min_length=1, max_length=200, description="What the learner looks for.")
    limit: int = Field(MOST_FOUND, ge=1, le=10)


@dataclass(frozen=True, slots=True)
class ResourcesFound:
    query: str
    resources: tuple[Resource, ...]


def find_resources(context: Context, wanted: FindResources) -> Script[ResourcesFound]:
    found = search(context.catalogue, wanted.query, wanted.limit)
    return (yield from nothing(ResourcesFound(wanted.query, found)))


def search(catalogue: Catalogue, query: str, limit: int) -> tuple[Resource, ...]:
    """The best matching resources, best first; none when all matches are weak."""
    words = utils.default_process(query)
    scored = [
        (max(fuzz.token_set_ratio(words, phrase), _contained(words, phrase)), -position, resource)
        for position, resource in enumerate(catalogue.resources.values())
        for phrase in _phrases(catalogue, resource)
    ]
    best: dict[str, tuple[float, int, Resource]] = {}
    for score, position, resource in scored:
        if score >= WEAK and score > best.get(resource.id, (0.0, 0, resource))[0]:
            best[resource.id] = (score, position, resource)
    ranked = sorted(best.values(), key=lambda one: one[:2], reverse=True)
    return tuple(resource for _, _, resource in ranked[:limit])


def _contained(query: str, phrase: str) -> float:
    """A tag that stands in the query whole is a sure hit, the surer the more of it it covers."""
    if len(phrase) >= 2 and phrase in query:
        return 80.0 + 20.0 * len(phrase) / len(query)
    return 0.0


@lru_cache(maxsize=4096)
def _words_of(title: str) -> str:
    return utils.default_process(title)


def _phrases(catalogue: Catalogue, resource: Resource) -> list[str]:
    """Title, tags, and the names of the resource's concepts, each on its own."""
    names = [
        name
        for id in resource.concepts
        if (concept := catalogue.concepts.get(id))
        for name in (concept.name.zh, concept.name.en, *concept.aliases)
    ]
    return [_words_of(phrase) for phrase in (resource.title, *resource.tags, *names)]
