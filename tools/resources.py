"""Find resources by words of either language."""

from dataclasses import dataclass, replace

from pydantic import Field

from learning.catalogue import Catalogue
from learning.concepts import Concept
from learning.curriculum import Stage
from learning.progress import progress_of
from learning.resources import Resource
from learning.search import Hit, Wanted, model_in, wanted_in, without_repeats
from store.script import Script
from tools.context import Context, study_of
from tools.plan import Arguments

MOST_FOUND = 3
# Below this strength a match is chance, and no help even beside good ones.
CHANCE = 0.3
# Least strength of a find; 178 of 180 queries with an answer lie above, 18 of 20 without one below.
WEAK = 4.5


class FindResources(Arguments):
    query: str = Field(
        "",
        max_length=20_000,
        description="What the learner looks for, with wishes such as 'free', 'a video', "
        "'in Chinese', 'like:<id>'. Empty shows the stage's resources.",
    )
    limit: int = Field(MOST_FOUND, ge=1, le=10)


@dataclass(frozen=True, slots=True)
class ResourcesFound:
    """The best matches, best first.

    Where none is good, `stage` is the learner's and `of_stage` its list, offered instead; `near`
    are matches that are mostly chance. To whoever names nothing, `for_weak` are offered, on the
    concept `weak` that their answers say is not known yet.
    """

    query: str
    resources: tuple[Resource, ...]
    like: Resource | None = None
    near: tuple[Resource, ...] = ()
    stage: Stage | None = None
    of_stage: tuple[Resource, ...] = ()
    weak: Concept | None = None
    for_weak: tuple[Resource, ...] = ()


def find_resources(context: Context, wanted: FindResources) -> Script[ResourcesFound]:
    found = search(context.catalogue, wanted.query, wanted.limit)
    if found.resources:
        return found
    study = yield from study_of(context)
    if study is None:
        return found
    progress = progress_of(study.curriculum, study.enrolment.record, context.today)
    stage = progress.stage or study.curriculum.stages[-1]
    ids = dict.fromkeys((*stage.resources, *(id for unit in stage.units for id in unit.resources)))
    of_stage = tuple(context.catalogue.resources[id] for id in list(ids)[: wanted.limit + 2])
    found = replace(found, stage=stage, of_stage=of_stage)
    weak = next((id for id in study.shaky if study.shaky[id].id == id), None)
    if wanted.query.strip() or weak is None:
        return found
    about = (one for one in context.catalogue.resources.values() if weak in one.concepts)
    return replace(found, weak=study.shaky[weak], for_weak=tuple(about)[: wanted.limit])


def search(catalogue: Catalogue, query: str, limit: int) -> ResourcesFound:
    """The best matching resources, best first; none when all matches are weak."""
    asked = _understood(catalogue, query)
    query = without_repeats(query)
    like = catalogue.resources.get(asked.like or "")
    of_kind = _good_of_kind(catalogue, asked, limit) if like is None else ()
    hits = of_kind or catalogue.index.find(asked, limit)
    hits = tuple(hit for hit in hits if like is not None or hit.strength >= CHANCE)
    resources = tuple(catalogue.resources[hit.id] for hit in hits)
    if hits and like is None and hits[0].strength < WEAK:
        return ResourcesFound(query, (), near=resources)
    return ResourcesFound(query, resources, like)


def _good_of_kind(catalogue: Catalogue, asked: Wanted, limit: int) -> tuple[Hit, ...]:
    """The good matches of the kind asked for; where there are none, any kind is better."""
    if not asked.kinds:
        return ()
    found = catalogue.index.find(replace(asked, only_kinds=True), limit)
    return tuple(hit for hit in found if hit.strength >= WEAK)


def _understood(catalogue: Catalogue, query: str) -> Wanted:
    """The query, where it names something that more is wanted of, by that one's id."""
    asked = wanted_in(query)
    model = model_in(asked.text)
    if model is None or asked.like is not None:
        return asked
    named = catalogue.index.find(wanted_in(model), 1)
    if not named or named[0].strength < WEAK:
        return asked
    return replace(asked, like=named[0].id)
