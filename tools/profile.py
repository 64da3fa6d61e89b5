"""Remember what a learner tells of themselves; show it, change it and forget it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints
from rapidfuzz import fuzz

from learning.errors import Refused
from learning.profile import LONGEST_FACT, MOST_FACTS, SINGLE, FactKind, cleaned, holds_secret
from store.profile import Fact, drop_fact, drop_facts, fact_with, facts_of, note_fact, reword_fact
from store.script import Script
from tools.context import Context
from tools.plan import Arguments

# As many facts as their buttons fit below a message.
FACTS_ON_A_PAGE = 8

# partial_ratio, 0 to 100.
NEAR = 80
_KINDS = {
    kind: re.compile(rule, re.I)
    for kind, rule in (
        (
            FactKind.HARDWARE,
            r"显卡|显存|设备|电脑|机器|笔记本|硬件|gpu|card|laptop|computer|machine|hardware|\bpc|\bmac",
        ),
        (FactKind.GOAL, r"目标|goal|\baim"),
        (FactKind.NAME, r"名字|称呼|昵称|name"),
        (FactKind.BACKGROUND, r"背景|职业|工作|专业|学历|background|job|degree|studies"),
        (FactKind.TIME, r"时间|作息|\btime|schedule"),
        (FactKind.STYLE, r"喜好|偏好|习惯|讲法|style|preference"),
    )
}

FactWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class RememberFact(Arguments):
    kind: FactKind = Field(
        description="name: what to call them; time: when they can study; style: how they like "
        "things explained. Of name, goal, time and style there is one; a new one replaces it."
    )
    words: FactWords = Field(description="The fact itself, short, in the learner's own language.")
    said: str | None = Field(
        None, max_length=1000, description="The sentence in which the learner said it."
    )


class ShowProfile(Arguments):
    page: int = Field(1, ge=1, le=99)
    about: str | None = Field(
        None,
        max_length=100,
        description="What a fact is about that the learner wants deleted; they are asked first.",
    )


class EditFact(Arguments):
    """Without words the learner is asked for them."""

    fact: int = Field(ge=1)
    words: str | None = Field(None, max_length=1000)


class ForgetFact(Arguments):
    """One fact, or everything; everything wants a yes first."""

    fact: int | None = Field(None, ge=1)
    everything: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class FactKept:
    """The row as it was committed; `before` are the words it replaced."""

    fact: Fact
    before: str | None
    was_already: bool


@dataclass(frozen=True, slots=True)
class ProfileShown:
    """One page of the facts; `first` is the number of the first one on it."""

    facts: tuple[Fact, ...]
    first: int
    page: int
    pages: int
    count: int


@dataclass(frozen=True, slots=True)
class FactsFound:
    """The facts that may be meant by `about`; each is deleted only by its button."""

    facts: tuple[Fact, ...]
    about: str


@dataclass(frozen=True, slots=True)
class FactAsked:
    """The words are to come that replace this fact's."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class ForgetAsked:
    count: int


@dataclass(frozen=True, slots=True)
class FactsForgotten:
    """`fact` is the one that is gone, or None when all of them are; `left` counts the others."""

    fact: Fact | None
    left: int


def remember_fact(context: Context, wanted: RememberFact) -> Script[FactKept]:
    """Keep a fact; the same words a second time change nothing."""
    words = _allowed(wanted.words)
    sentence = cleaned(wanted.said or "")
    learner = context.learner.id
    facts = yield from facts_of(learner)
    same = _same(facts, wanted.kind, words)
    if same is not None:
        return FactKept(same, None, was_already=True)
    earlier = [one for one in facts if one.kind is wanted.kind and wanted.kind in SINGLE]
    if len(facts) - len(earlier) >= MOST_FACTS:
        raise Refused("profile.full", most=MOST_FACTS)
    for one in earlier:
        yield from drop_fact(learner, one.id)
    fact = yield from note_fact(
        learner,
        wanted.kind,
        words,
        "said" if sentence else "model",
        "" if holds_secret(sentence) else sentence,
        context.today,
        context.now,
    )
    return FactKept(fact, earlier[-1].words if earlier else None, was_already=False)


def _allowed(words: str) -> str:
    """The words as they may be kept.

    Raises:
        Refused: when nothing is left of them, or they hold a key or a password.
    """
    # Looked at first as they are: a key in a link is a key.
    if holds_secret(words):
        raise Refused("profile.secret")
    words = cleaned(words)
    if not any(char.isalnum() for char in words):
        raise Refused("profile.empty")
    return words


def _same(facts: Sequence[Fact], kind: FactKind, words: str) -> Fact | None:
    return next(
        (one for one in facts if one.kind is kind and one.words.casefold() == words.casefold()),
        None,
    )


def show_profile(context: Context, wanted: ShowProfile) -> Script[ProfileShown | FactsFound]:
    _only_in_private(context)
    facts = yield from facts_of(context.learner.id)
    meant = _meant(facts, wanted.about) if wanted.about else ()
    if wanted.about and meant:
        return FactsFound(meant, wanted.about)
    pages = max(1, -(-len(facts) // FACTS_ON_A_PAGE))
    page = min(wanted.page, pages)
    first = (page - 1) * FACTS_ON_A_PAGE
    shown = tuple(facts[first : first + FACTS_ON_A_PAGE])
    return ProfileShown(shown, first + 1, page, pages, len(facts))


def name_of(learner: int) -> Script[str | None]:
    """What the learner wants to be called, if they have said so."""
    facts = yield from facts_of(learner)
    return next((one.words for one in facts if one.kind is FactKind.NAME), None)


def _meant(facts: Sequence[Fact], about: str) -> tuple[Fact, ...]:
    """The facts that say it, else those that come near it, else those of its kind."""
    said = about.casefold().strip()
    kind = next((kind for kind, rule in _KINDS.items() if rule.search(said)), None)
    told = [one for one in facts if said in f"{one.words}\n{one.sentence}".casefold()]
    if not told and kind is None:
        scored = ((fuzz.partial_ratio(said, one.words.casefold()), one) for one in facts)
        told = [one for score, one in scored if score >= NEAR and len(said) > 1]
    return tuple(told or [one for one in facts if one.kind is kind])[:FACTS_ON_A_PAGE]


def edit_fact(context: Context, wanted: EditFact) -> Script[FactAsked | FactKept]:
    """Reword a fact, in the learner's own hand."""
    _only_in_private(context)
    learner = context.learner.id
    fact = yield from _need_fact(context, wanted.fact)
    if wanted.words is None:
        return FactAsked(fact)
    if len(wanted.words) > LONGEST_FACT:
        raise Refused("profile.too_long", most=LONGEST_FACT)
    words = _allowed(wanted.words)
    facts = yield from facts_of(learner)
    same = _same(facts, fact.kind, words)
    if same is not None and same.id != fact.id:
        yield from drop_fact(learner, fact.id)
        return FactKept(same, fact.words, was_already=False)
    if words == fact.words:
        return FactKept(fact, None, was_already=True)
    yield from reword_fact(learner, fact.id, words, context.today, context.now)
    kept = yield from _need_fact(context, fact.id)
    return FactKept(kept, fact.words, was_already=False)


def forget_fact(context: Context, wanted: ForgetFact) -> Script[ForgetAsked | FactsForgotten]:
    """Delete one fact at once, and all of them after a yes."""
    _only_in_private(context)
    learner = context.learner.id
    if wanted.fact is not None:
        fact = yield from _need_fact(context, wanted.fact)
        yield from drop_fact(learner, fact.id)
        left = yield from facts_of(learner)
        return FactsForgotten(fact, len(left))
    facts = yield from facts_of(learner)
    if not facts:
        raise Refused("profile.nothing")
    if not (wanted.everything and wanted.confirmed):
        return ForgetAsked(len(facts))
    yield from drop_facts(learner)
    return FactsForgotten(None, 0)


def _need_fact(context: Context, id: int) -> Script[Fact]:
    fact = yield from fact_with(context.learner.id, id)
    if fact is None:
        raise Refused("profile.gone")
    return fact


def _only_in_private(context: Context) -> None:
    """What the mentor remembers of one person is not read out in a group."""
    if not context.is_private:
        raise Refused("profile.private")
