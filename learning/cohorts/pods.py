"""Pods: three to five who are about as far, and of whom somebody knows what another does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from learning.quiz.mastery import STRONG

FEWEST, MOST = 3, 5
# What a pod's size costs, in progress: one of four is best, and one of three is soon too small.
COST_OF_SIZE: Mapping[int, float] = {3: 0.06, 4: 0.0, 5: 0.05}
# Whoever is no further apart than a tenth of the curriculum can study together.
NEAR = 0.1
# Each swap makes the whole better; this only bounds the time.
MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A learner to be put into a pod.

    `progress` is the share of the curriculum that is done, `mastery` the probability that a
    concept is known, by its id; both from 0 to 1. Concepts not measured are left out.
    """

    id: int
    progress: float
    mastery: Mapping[str, float]


@dataclass(frozen=True, slots=True, order=True)
class _Member:
    """A candidate with the concepts they are strong in as the bits of a number."""

    progress: float
    id: int
    strengths: int


def make_pods(candidates: Sequence[Candidate]) -> tuple[tuple[int, ...], ...]:
    """Put everybody into a pod of three to five, whatever their order; none for fewer than three.

    First come neighbours in progress. Then members of neighbouring pods change places as long as
    more is covered by somebody's strength, and no pod gets further apart than it was or than what
    is near. Pods and their members are ordered by progress.
    """
    if len(candidates) < FEWEST:
        return ()
    pods = _bands(_members(candidates))
    widest = [max(NEAR, _spread(pod)) for pod in pods]
    for _ in range(MOST_ROUNDS):
        swaps = 0
        for (one, widest_one), (two, widest_two) in pairwise(zip(pods, widest, strict=True)):
            while _swap(one, two, widest_one, widest_two):
                swaps += 1
        if not swaps:
            break
    return tuple(tuple(member.id for member in pod) for pod in pods)


def partners(pod: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Pairs of neighbours, the last three together when the number is odd; nobody is alone."""
    pairs = [tuple(pod[at : at + 2]) for at in range(0, len(pod) - 1, 2)]
    if len(pod) % 2 and pairs:
        pairs[-1] += (pod[-1],)
    return tuple(pairs)


def pairs_for(
    loose: Sequence[int], pairs: Mapping[int, int], pod_of: Mapping[int, int | None]
) -> Mapping[int, int]:
    """A pair for each of those who have nobody, by its number.

    `pairs` says how many each pair has, `pod_of` the pod of everybody; who came later has none.
    Two of them are brought together unless they share a pod, as those do who have just parted;
    whoever is left goes to the smallest pair.
    """
    sizes, found = dict(pairs), dict[int, int]()
    waiting = list(loose)
    while waiting:
        one = waiting.pop(0)
        other = next((two for two in waiting if not _share(pod_of, one, two)), None)
        if other is not None:
            waiting.remove(other)
            number = max(sizes, default=0) + 1
            found[one] = found[other] = number
            sizes[number] = 2
        elif sizes:
            number = min(sizes, key=lambda pair: (sizes[pair], pair))
            found[one] = number
            sizes[number] += 1
    return found


def _share(pod_of: Mapping[int, int | None], one: int, two: int) -> bool:
    return pod_of[one] is not None and pod_of[one] == pod_of[two]


def strength_covered(pod: Sequence[Candidate]) -> int:
    """The number of concepts that somebody in the pod is strong in."""
    return len({concept for one in pod for concept in _strengths(one)})


def _strengths(candidate: Candidate) -> list[str]:
    return [concept for concept, known in candidate.mastery.items() if known >= STRONG]


def _members(candidates: Sequence[Candidate]) -> list[_Member]:
    """The candidates by progress."""
    strengths = {one.id: _strengths(one) for one in candidates}
    bits: dict[str, int] = {}
    for concepts in strengths.values():
        for concept in concepts:
            bits.setdefault(concept, 1 << len(bits))
    return sorted(
        _Member(one.progress, one.id, sum(bits[concept] for concept in strengths[one.id]))
        for one in candidates
    )


def _bands(row: Sequence[_Member]) -> list[list[_Member]]:
    """Cut a row into pods where it costs least: their spreads and sizes added up."""
    # For each beginning of the row: the least cost, and the size of its last pod.
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(row) + 1):
        best.append(
            min(
                (
                    (best[end - size][0] + _spread(row[end - size : end]) + cost, size)
                    for size, cost in COST_OF_SIZE.items()
                    if size <= end
                ),
                default=(float("inf"), 0),
            )
        )
    pods: list[list[_Member]] = []
    end = len(row)
    while end:
        size = best[end][1]
        pods.insert(0, list(row[end - size : end]))
        end -= size
    return pods


def _spread(pod: Sequence[_Member]) -> float:
    """How far apart they are; a pod is ordered by progress."""
    return pod[-1].progress - pod[0].progress


def _covered(pod: Sequence[_Member]) -> int:
    covered = 0
    for member in pod:
        covered |= member.strengths
    return covered


def _swap(one: list[_Member], two: list[_Member], widest_one: float, widest_two: float) -> bool:
    """Make the best swap of a member of each; False when none of them covers more."""
    least = _covered(one).bit_count() + _covered(two).bit_count()
    rests_one = [_covered(one[:at] + one[at + 1 :]) for at in range(len(one))]
    rests_two = [_covered(two[:at] + two[at + 1 :]) for at in range(len(two))]
    best: tuple[int, float] | None = None
    found: tuple[list[_Member], list[_Member]] | None = None
    for at, (mine, rest_one) in enumerate(zip(one, rests_one, strict=True)):
        for to, (theirs, rest_two) in enumerate(zip(two, rests_two, strict=True)):
            covered = (rest_one | theirs.strengths).bit_count()
            covered += (rest_two | mine.strengths).bit_count()
            if covered <= least or (best is not None and covered < best[0]):
                continue
            new_one = sorted([*one[:at], *one[at + 1 :], theirs])
            new_two = sorted([*two[:to], *two[to + 1 :], mine])
            apart = _spread(new_one), _spread(new_two)
            if apart[0] > widest_one or apart[1] > widest_two:
                continue
            if best is None or (covered, -sum(apart)) > best:
                best, found = (covered, -sum(apart)), (new_one, new_two)
    if found is None:
        return False
    one[:], two[:] = found
    return True
