"""The names the authors gave: of concepts, problems and curricula."""

from agent.understanding.lexicon import Lexicon
from learning.catalogue import Catalogue

CONCEPT, PROBLEM = "C", "P"
_kept: list[tuple[Catalogue, Lexicon]] = []


def names_of(catalogue: Catalogue) -> Lexicon:
    """All names of a catalogue; those of the last one asked for are kept."""
    if not _kept or _kept[0][0] is not catalogue:
        concepts = [
            name
            for one in catalogue.concepts.values()
            for name in (one.name.zh, one.name.en, *one.aliases)
        ]
        problems = [
            name for one in catalogue.problems.values() for name in (one.title.zh, one.title.en)
        ]
        _kept[:] = [(catalogue, Lexicon.of({CONCEPT: concepts, PROBLEM: problems}))]
    return _kept[0][1]
