"""How well a concept is known, from answers alone.

Bayesian knowledge tracing (Corbett and Anderson 1994) with fixed parameters: after each answer
the probability that the concept is known, given how often such an answer is guessed or slipped.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from learning.quiz.items import ChoiceItem, QuizItem

UNKNOWN = 0.3
SLIP = 0.1
# An explanation follows each answer, so some of those who did not know do afterwards.
LEARNED_BY_ANSWERING = 0.1
GUESSED_ENTRY = 0.03
# One of so many picks is right by chance; who does not know can say so, and half of them do.
GUESS_SHARE = 0.75
# Code is often taken over from a tutorial that does it right.
RIGHT_IN_CODE = 0.5
STRONG = 0.85
WEAK = 0.5
# A single answer says too little to call something known.
FEWEST_FOR_STRONG = 2


class Standing(StrEnum):
    """How a concept stands. UNMEASURED is no weakness: nothing was asked about it yet."""

    UNMEASURED = "unmeasured"
    WEAK = "weak"
    LEARNING = "learning"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Mastery:
    """The probability from 0 to 1 that a concept is known, as of `day`, from so many answers."""

    concept: str
    probability: float
    answers: int
    right: int
    day: date

    @property
    def standing(self) -> Standing:
        if self.probability >= STRONG and self.answers >= FEWEST_FOR_STRONG:
            return Standing.STRONG
        return Standing.WEAK if self.probability < WEAK else Standing.LEARNING


def guess_of(item: QuizItem) -> float:
    """How likely somebody who does not know answers this right."""
    if isinstance(item, ChoiceItem):
        return GUESS_SHARE / len(item.options)
    return GUESSED_ENTRY


def after_code(before: Mastery | None, concept: str, day: date, *, is_right: bool) -> Mastery:
    """What a code review shows of a concept: evidence, but no answer."""
    given = _given(before.probability if before else UNKNOWN, RIGHT_IN_CODE, is_right=is_right)
    answers, right = (before.answers, before.right) if before else (0, 0)
    return Mastery(concept, given, answers, right, day)


def _given(known: float, guess: float, *, is_right: bool) -> float:
    """The probability that it is known, once it was seen done right or wrong."""
    if is_right:
        return known * (1 - SLIP) / (known * (1 - SLIP) + (1 - known) * guess)
    return known * SLIP / (known * SLIP + (1 - known) * (1 - guess))


def after_answer(
    before: Mastery | None, concept: str, guess: float, day: date, *, is_right: bool
) -> Mastery:
    given = _given(before.probability if before else UNKNOWN, guess, is_right=is_right)
    learned = given + (1 - given) * LEARNED_BY_ANSWERING
    return Mastery(
        concept,
        learned,
        (before.answers if before else 0) + 1,
        (before.right if before else 0) + is_right,
        day,
    )
