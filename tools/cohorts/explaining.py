"""The weekly explain round: one concept told to a beginner, and the best one kept."""

from dataclasses import dataclass
from datetime import timedelta

from learning.cohorts.explaining import Criterion, best, explained, gives_up, is_beside
from learning.concepts import Concept
from learning.errors import Refused
from store.cohorts import members_of
from store.rounds import (
    Round,
    allow_keeping,
    close_round,
    contribute,
    contributions_to,
    keep_note,
    notes_of,
    open_round,
    open_round_of,
    rounds_since,
)
from store.script import Script
from tools.cohorts.group import Group
from tools.cohorts.membership import need_member
from tools.cohorts.rounds import need_open

LONGEST_EXPLANATION = 1500
NOTES_SHOWN = 5
# So long a concept is not asked for again.
LATELY = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class ExplainAsked:
    group: Group
    round: Round
    concept: Concept


@dataclass(frozen=True, slots=True)
class ExplanationHeard:
    """`met` says of each criterion whether the words meet it."""

    round: int
    learner: int
    concept: Concept
    met: dict[Criterion, bool]


@dataclass(frozen=True, slots=True)
class KeepingAllowed:
    was_already: bool


@dataclass(frozen=True, slots=True)
class Note:
    """An explanation that its author left to the group."""

    concept: Concept
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class NotesShown:
    notes: tuple[Note, ...]


def ask_to_explain(group: Group) -> Script[ExplainAsked | None]:
    """Open the week's explain round; None when the week's concepts have all been explained."""
    past = yield from rounds_since(group.cohort.id, "explain", group.today - LATELY)
    had = {str(one.plan.get("concept")) for one in past}
    known = group.catalogue.concepts
    fresh = [id for id in group.concepts_in(group.week) if id in known and id not in had]
    if not fresh:
        return None
    concept = known[fresh[0]]
    opened = yield from open_round(
        group.cohort.id, "explain", group.today, {"concept": concept.id}, group.now
    )
    return ExplainAsked(group, opened, concept)


def hear_explanation(
    group: Group, learner: int | None, id: int, words: str
) -> Script[ExplanationHeard]:
    """Take an explanation, in the place of an earlier one, and say what it has and lacks.

    Raises:
        Refused: when it explains nothing, or something else; then nothing is kept of it.
    """
    member = yield from need_member(group, learner)
    opened = yield from need_open(group, id, "explain")
    concept = group.catalogue.concepts[str(opened.plan["concept"])]
    said = words.strip()[:LONGEST_EXPLANATION]
    names = (concept.name.zh, concept.name.en, *concept.aliases)
    known = concept.explanation.in_language(group.cohort.language)
    named = concept.name.in_language(group.cohort.language)
    if gives_up(said):
        raise Refused("group.explain_try", name=named)
    if is_beside(said, names, known):
        raise Refused("group.explain_beside", name=named)
    others = [
        name
        for one in group.catalogue.concepts.values()
        if one.id != concept.id
        for name in (one.name.zh, one.name.en)
    ]
    met = dict(
        explained(
            said,
            names,
            known,
            others,
        )
    )
    points = [one.value for one, is_met in met.items() if is_met]
    yield from contribute(id, member, group.now, words=said, points=points)
    return ExplanationHeard(id, member, concept, met)


def allow_note(group: Group, learner: int | None, id: int) -> Script[KeepingAllowed]:
    """Let one's explanation be kept as the group's, if it is the best."""
    member = yield from need_member(group, learner)
    yield from need_open(group, id, "explain")
    is_new = yield from allow_keeping(id, member)
    return KeepingAllowed(was_already=not is_new)


def end_explaining(group: Group) -> Script[Note | None]:
    """Close the round, and keep the best of the explanations that may be kept."""
    opened = yield from open_round_of(group.cohort.id, "explain")
    if opened is None:
        return None
    yield from close_round(opened.id, group.now)
    given = [one for one in (yield from contributions_to(opened.id)) if one.words and one.may_keep]
    place = best([{point: point.value in one.points for point in Criterion} for one in given])
    concept = group.catalogue.concepts.get(str(opened.plan.get("concept")))
    if place is None or concept is None:
        return None
    chosen = given[place]
    words = chosen.words or ""
    yield from keep_note(group.cohort.id, chosen.learner, concept.id, words, group.now)
    names = {one.learner: one.name for one in (yield from members_of(group.cohort.id))}
    return Note(concept, names.get(chosen.learner, ""), words)


def show_notes(group: Group) -> Script[NotesShown]:
    kept = yield from notes_of(group.cohort.id, NOTES_SHOWN)
    names = {one.learner: one.name for one in (yield from members_of(group.cohort.id))}
    known = group.catalogue.concepts
    return NotesShown(
        tuple(
            Note(known[one.concept], names[one.learner], one.words)
            for one in kept
            if one.concept in known and one.learner in names
        )
    )
