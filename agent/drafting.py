"""A model drafts a question about a concept, and is asked itself whether the question holds."""

import asyncio
import logging
from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from agent.written import NoJsonError, json_in
from learning.concepts import Concept
from learning.quiz.drafts import (
    TRIALS,
    Draft,
    Flaw,
    Passed,
    Step,
    all_hit,
    choice_in,
    draft_in,
    flaw_in_trials,
    flaw_of,
    orders_of,
)
from learning.quiz.items import ChoiceItem
from learning.values import Language

log = logging.getLogger("mentor.drafting")

MOST_ATTEMPTS = 2
SECONDS = 60.0
LONGEST_DRAFT = 8000

WRITER = """\
You write one multiple-choice question for learners of large-model engineering, in Chinese (zh) \
and English (en), from an explanation you are given. The question asks for understanding of what \
the explanation says; its answer follows from the explanation alone.

- Four options, one right. The wrong ones are mistakes people really make, of the same kind and \
about the same length as the right one; none of them is "all of the above" or "none".
- No "not" in the stem. No words of the stem in the right option only. No words such as "always" \
or "never". No option named by its letter or number, since options are shuffled.
- `why` says why an option is right or wrong, in one sentence.
- No number that is not in the explanation. No addresses.
- Stem at most 250 characters, each option 80, each `why` 150, in either language.
- `quote`: a clause of the explanation, copied letter by letter, from which the answer follows.

Reply with this JSON alone:
{"stem": {"zh": "", "en": ""}, "options": [{"text": {"zh": "", "en": ""}, "why": {"zh": "", \
"en": ""}}, three more], "key": place of the right option from 0, "quote": ""}"""

SOLVER = """\
You answer a multiple-choice question from an explanation, and from nothing else. Reply with the \
number of the right option alone."""

GUESSER = """\
You see the options of a multiple-choice question whose stem is left out on purpose. Guess which \
is the right one. Reply with its number alone."""


async def drafted(
    model: BaseChatModel, concept: Concept, language: Language, seconds: float = SECONDS
) -> Passed | None:
    """Ask for a draft, at most twice, and give one that came through the gate; None without.

    What a model raises is raised; running out of time is not its failure.
    """
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            flaw: Flaw | None = None
            for _ in range(MOST_ATTEMPTS):
                found = await _attempt(model, concept, language, flaw)
                if isinstance(found, Passed):
                    return found
                log.info("a draft about %s was refused: %s", concept.id, found.step)
                flaw = found
    except TimeoutError:
        if not limit.expired():
            raise
        log.info("no draft about %s in %s s", concept.id, seconds)
    return None


async def _attempt(
    model: BaseChatModel, concept: Concept, language: Language, before: Flaw | None
) -> Passed | Flaw:
    """One draft through the whole gate, the cheap steps first."""
    reply = await _ask(model, WRITER, _wanted(concept, before))
    try:
        draft = draft_in(json_in(reply, LONGEST_DRAFT), concept)
    except NoJsonError as error:
        return Flaw(Step.SHAPE, str(error))
    if isinstance(draft, Flaw):
        return draft
    flaw = flaw_of(draft, concept)
    if flaw is not None:
        return flaw
    return await _tried(model, draft, concept, language)


def _wanted(concept: Concept, before: Flaw | None) -> str:
    refused = f"\nAn earlier draft was refused: {before.problem[:300]}" if before else ""
    return (
        f"Concept: {concept.name.zh} / {concept.name.en}\n"
        f"Explanation (zh): {concept.explanation.zh}\n"
        f"Explanation (en): {concept.explanation.en}{refused}"
    )


async def _tried(
    model: BaseChatModel, draft: Draft, concept: Concept, language: Language
) -> Passed | Flaw:
    """Have the draft answered: with the explanation in both languages, then without its stem."""
    other: Language = "en" if language == "zh" else "zh"
    item = draft.item

    def explained(read: Language) -> str:
        explanation = concept.explanation.in_language(read)
        return f"Explanation: {explanation}\n\nQuestion: {item.stem.in_language(read)}\n"

    blind = await _hits(
        model, SOLVER, item, [(explained(r), r) for r in (language, other, language)]
    )
    options_only: tuple[bool, ...] = ()
    if all_hit(blind):
        options_only = await _hits(model, GUESSER, item, [("", language)] * TRIALS)
    return flaw_in_trials(blind, options_only) or Passed(draft, blind, options_only)


async def _hits(
    model: BaseChatModel, system: str, item: ChoiceItem, trials: Sequence[tuple[str, Language]]
) -> tuple[bool, ...]:
    """Whether each trial hits the key, the options in another order each time; a miss ends them."""
    hits: list[bool] = []
    for order, (before, read) in zip(orders_of(item), trials, strict=True):
        reply = await _ask(model, system, before + _listed(item, order, read))
        hits.append(choice_in(reply, order) == item.key)
        if not hits[-1]:
            break
    return tuple(hits)


def _listed(item: ChoiceItem, order: Sequence[int], read: Language) -> str:
    texts = [item.options[n].text.in_language(read) for n in order]
    return "\n".join(f"{place}. {text}" for place, text in enumerate(texts, 1))


async def _ask(model: BaseChatModel, system: str, text: str) -> str:
    reply = await model.ainvoke([SystemMessage(system), HumanMessage(text)])
    return reply.text
