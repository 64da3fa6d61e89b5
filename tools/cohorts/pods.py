"""Pods of three to five who look after each other, and the weekly exchange of their pairs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from learning.cohorts.pods import Candidate, make_pods, pairs_for, partners
from store.cards import mastery_of
from store.cohorts import (
    Member,
    leave_pair,
    member_of,
    members_of,
    rest_from_pair,
    set_pair,
    set_pods,
)
from store.enrolments import active_enrolments
from store.rounds import contribute, contributions_to, open_round, rounds_since
from store.script import Script
from tools.cohorts.group import Group
from tools.cohorts.membership import need_member
from tools.cohorts.rounds import LONGEST_LINE, need_open

REST = timedelta(days=7)
LATELY = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Pod:
    """The names of a pod, and of its pairs."""

    names: tuple[str, ...]
    pairs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PodsFormed:
    """No pods where there are too few members for one; `members` is how many there are."""

    pods: tuple[Pod, ...]
    members: int


@dataclass(frozen=True, slots=True)
class ExchangeAsked:
    """The week's exchange; `quiet_pairs` counts those of whom nothing was heard last week."""

    group: Group
    round: int
    quiet_pairs: int


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a member says of their exchange: it was done, another partner, or a week's rest."""

    what: str


def form_pods(group: Group) -> Script[PodsFormed]:
    """Make pods anew. What each member knows is read to compare them, and told to nobody."""
    members = yield from members_of(group.cohort.id)
    candidates: list[Candidate] = []
    for one in members:
        candidates += [(yield from _candidate(group, one))]
    pods = make_pods(candidates)
    paired = [partners(pod) for pod in pods]
    yield from set_pods(group.cohort.id, paired)
    names = {one.learner: one.name for one in members}

    def named(learners: Sequence[int]) -> tuple[str, ...]:
        return tuple(names[one] for one in learners)

    return PodsFormed(
        tuple(
            Pod(named(pod), tuple(named(pair) for pair in pairs))
            for pod, pairs in zip(pods, paired, strict=True)
        ),
        len(members),
    )


def _candidate(group: Group, member: Member) -> Script[Candidate]:
    """How far a member is in the cohort's curriculum, and how well they know its concepts."""
    curriculum = group.curriculum
    progress = 0.0
    for one in (yield from active_enrolments(member.learner)):
        if curriculum is not None and one.curriculum == curriculum.id:
            progress = len(one.record.all_completions) / max(1, len(curriculum.tasks))
    known = yield from mastery_of(member.learner)
    mastery = {id: one.probability for id, one in known.items()}
    return Candidate(member.learner, min(progress, 1.0), mastery)


def ask_to_exchange(group: Group) -> Script[ExchangeAsked | None]:
    """Open the week's exchange; None while nobody has a partner.

    Whoever has come since, or has lost theirs, is given one first.
    """
    members = yield from members_of(group.cohort.id)
    paired = [one for one in members if one.pair is not None]
    if not paired:
        return None
    quiet = yield from _quiet_pairs(group, paired)
    yield from _pair_up(group, members)
    opened = yield from open_round(group.cohort.id, "exchange", group.today, {}, group.now)
    return ExchangeAsked(group, opened.id, quiet)


def _pair_up(group: Group, members: Sequence[Member]) -> Script[None]:
    sizes = Counter(one.pair for one in members if one.pair is not None)
    loose = [one.learner for one in members if one.pair is None or sizes[one.pair] == 1]
    whole = {pair: size for pair, size in sizes.items() if size > 1}
    pods = {one.learner: one.pod for one in members}
    for learner, pair in pairs_for(loose, whole, pods).items():
        yield from set_pair(group.cohort.id, learner, pair)


def _quiet_pairs(group: Group, members: Sequence[Member]) -> Script[int]:
    """How many pairs said nothing of last week's exchange; who rests is not meant."""
    past = yield from rounds_since(group.cohort.id, "exchange", group.today - LATELY)
    if not past:
        return 0
    spoke = {one.learner for one in (yield from contributions_to(past[-1].id))}
    pairs: dict[int, list[Member]] = {}
    for one in members:
        if one.pairless_until is None or one.pairless_until <= group.today:
            pairs.setdefault(one.pair or 0, []).append(one)
    return sum(all(one.learner not in spoke for one in pair) for pair in pairs.values())


def tell_exchange(
    group: Group, learner: int | None, id: int, what: str, words: str | None = None
) -> Script[Exchanged]:
    """Note that an exchange was done, that another partner is wished for, or a week's rest."""
    member = yield from need_member(group, learner)
    yield from need_open(group, id, "exchange")
    line = " ".join(words.split())[:LONGEST_LINE] if words else None
    yield from contribute(id, member, group.now, choice=what, words=line)
    if what == "other":
        yield from leave_pair(group.cohort.id, member)
    elif what == "rest":
        yield from rest_from_pair(group.cohort.id, member, group.today + REST)
    return Exchanged(what)


@dataclass(frozen=True, slots=True)
class PartnerShown:
    names: tuple[str, ...]


def show_partner(group: Group, learner: int) -> Script[PartnerShown]:
    """Who a member exchanges with."""
    own = yield from member_of(group.cohort.id, learner)
    members = yield from members_of(group.cohort.id)
    if own is None or own.pair is None:
        return PartnerShown(())
    return PartnerShown(
        tuple(one.name for one in members if one.pair == own.pair and one.learner != learner)
    )
