"""Which items come next: what is studied, what is due, what is weak, and no two alike."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from learning.quiz.bank import Bank
from learning.quiz.cards import Card
from learning.quiz.mastery import Mastery, Standing

# How much each reason counts; only their order and rough distance matter.
ASKED_FOR = 8.0
NEAR_WHAT_WAS_ASKED = 4.0
STUDIED_NOW = 1.0
STUDIED_BEFORE = 0.6
WEAK = 1.0
STRONG = -0.4
DUE = 1.2
NOT_DUE = -1.5
JUST_ASKED = -6.0
SAME_CONCEPT = -1.1
SAME_BLOOM = -0.15
TOO_HARD = -0.25
SECOND_CONCEPT = 0.5
SPREAD = 0.3
MOST_CANDIDATES = 300


@dataclass(frozen=True, slots=True)
class Interest:
    """What a learner's items are chosen by.

    `asked` are concepts named by the learner, the nearest first; without any, `studied_now` and
    `studied_before` count. `level` is how far they are, from 1 to 5.
    """

    asked: Sequence[str] = ()
    studied_now: Collection[str] = ()
    studied_before: Collection[str] = ()
    mastery: Mapping[str, Mastery] = field(default_factory=dict)
    level: float = 2.0


def candidates(bank: Bank, interest: Interest) -> tuple[str, ...]:
    """Items worth a look, at most 300, the nearest concepts first."""
    concepts = interest.asked or (
        *interest.studied_now,
        *(id for id, one in interest.mastery.items() if one.standing is Standing.WEAK),
        *interest.studied_before,
    )
    found: dict[str, None] = {}
    for concept in concepts:
        found.update(dict.fromkeys(bank.by_concept.get(concept, ())))
        if len(found) >= MOST_CANDIDATES:
            break
    return tuple(found)[:MOST_CANDIDATES]


def choose(
    bank: Bank,
    interest: Interest,
    offered: Sequence[str],
    *,
    cards: Mapping[str, Card],
    just_asked: Collection[str],
    today: date,
    count: int,
    seed: str,
) -> tuple[str, ...]:
    """Take the best `count` of the items offered, one after the other, unlike each other.

    The same arguments give the same items; `seed` only decides between what is about as good.
    """
    scores = {
        id: _score(bank, interest, id, cards.get(id), today, seed)
        + (JUST_ASKED if id in just_asked else 0.0)
        for id in offered
    }
    chosen: list[str] = []
    while scores and len(chosen) < count:
        best = max(scores, key=lambda id: (scores[id], id))
        del scores[best]
        chosen.append(best)
        for id in scores:
            scores[id] += _likeness(bank, best, id)
    return tuple(chosen)


def _score(
    bank: Bank, interest: Interest, id: str, card: Card | None, today: date, seed: str
) -> float:
    item = bank.live[id]
    worth = list(_worth_of_concepts(interest, item.concepts))
    score = worth[0] + SECOND_CONCEPT * sum(worth[1:])
    if card is not None:
        score += DUE if card.due_on <= today else NOT_DUE
    score += TOO_HARD * max(0.0, item.level - interest.level - 1)
    digest = sha256(f"{seed}:{id}".encode()).digest()
    return score + SPREAD * digest[0] / 255


def _worth_of_concepts(interest: Interest, concepts: Sequence[str]) -> Iterator[float]:
    for concept in concepts:
        worth = 0.0
        if concept in interest.asked:
            # The first is what was named, those behind it are its neighbours.
            place = list(interest.asked).index(concept)
            worth += NEAR_WHAT_WAS_ASKED / (1 + 0.25 * place) if place else ASKED_FOR
        elif concept in interest.studied_now:
            worth += STUDIED_NOW
        elif concept in interest.studied_before:
            worth += STUDIED_BEFORE
        known = interest.mastery.get(concept)
        if known is not None and known.standing is Standing.WEAK:
            worth += WEAK
        if known is not None and known.standing is Standing.STRONG:
            worth += STRONG
        yield worth


def _likeness(bank: Bank, taken: str, other: str) -> float:
    one, two = bank.live[taken], bank.live[other]
    same_concept = SAME_CONCEPT if one.concepts[0] == two.concepts[0] else 0.0
    return same_concept + (SAME_BLOOM if one.bloom is two.bloom else 0.0)
