"""Answer the questions people often ask."""

from dataclasses import dataclass

from pydantic import Field
from rapidfuzz import fuzz, process, utils

from learning.catalogue import Catalogue
from learning.concepts import Faq
from learning.resources import Resource
from store.script import Script, nothing
from tools.context import Context
from tools.plan import Arguments

# Score of a said question with a way to ask it, 0 to 100; below it another question is meant.
SURE = 70.0
NEAR = 45.0


class AnswerFaq(Arguments):
    question: str = Field("", max_length=1000, description="Id or words; empty lists them all.")


@dataclass(frozen=True, slots=True)
class FaqAnswered:
    faq: Faq
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class FaqListed:
    """The questions there are, or those near what was said."""

    said: str
    questions: tuple[Faq, ...]


def answer_faq(context: Context, wanted: AnswerFaq) -> Script[FaqAnswered | FaqListed]:
    catalogue = context.catalogue
    found, near = find_faq(catalogue, wanted.question)
    if found is None:
        listed = near if wanted.question else tuple(catalogue.faq.values())
        return (yield from nothing(FaqListed(wanted.question, listed)))
    resources = tuple(catalogue.resources[id] for id in found.resources)
    return (yield from nothing(FaqAnswered(found, resources)))


def find_faq(catalogue: Catalogue, said: str) -> tuple[Faq | None, tuple[Faq, ...]]:
    """The question meant, or None and those that sound like it."""
    if said in catalogue.faq:
        return catalogue.faq[said], ()
    ways = {
        (faq.id, way): way
        for faq in catalogue.faq.values()
        for way in (faq.question.zh, faq.question.en, *faq.asked)
    }
    best = process.extract(
        said[:200], ways, scorer=_likeness, processor=utils.default_process, limit=12
    )
    ids = list(dict.fromkeys(id for _, score, (id, _) in best if score >= NEAR))
    if best and best[0][1] >= SURE:
        return catalogue.faq[best[0][2][0]], ()
    # What sounds like nothing is still nearer to some than to others.
    nearest = ids or list(dict.fromkeys(id for _, _, (id, _) in best))
    return None, tuple(catalogue.faq[id] for id in nearest[:4])


def _likeness(said: str, way: str, **_: object) -> float:
    """Words in any order count in English; Chinese has no spaces, so its order does."""
    return max(fuzz.ratio(said, way), fuzz.token_set_ratio(said, way) if " " in way else 0.0)
