"""Mock interviews: the frame of each kind, what was said of it, and what to ask next."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from learning.quiz.items import OpenItem, RubricCriterion
from learning.values import Id, Line, Value, Words

Kind = Literal["system-design", "behavioural", "coding", "concept"]

MOST_PROBES = 3
# One Chinese character counts as one, a word of another script as two. What is shorter than this
# may go on in the next message.
ENOUGH_TO_ASK = 24
# A message of less than this that comes right behind the last one is a piece of an answer.
PIECE = 34
_ENDS_OPEN = re.compile(r"(?:…|\.\.\.|[,，、:：;；]|——|--|\b(?:and|then|because|so))\s*$", re.I)
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_\u3400-\u9fff]+")


class FrameStep(Value):
    """One step of a frame.

    `cues` are words by which an answer often shows that it came here, in either language. The
    first of the `probes` is for who has not come here yet, the others go deeper. `hint` helps
    without giving anything away; `strength` and `practise` are said at the end, when the step was
    there and when it was missing.
    """

    id: Id
    name: Words
    cues: Annotated[tuple[Line, ...], Field(min_length=3)]
    probes: Annotated[tuple[Words, ...], Field(min_length=2, max_length=4)]
    hint: Words
    strength: Words
    practise: Words


class Frame(Value):
    """How an interview of one kind goes: its steps in order, and what to practise it with."""

    id: Kind
    name: Words
    how: Words
    steps: Annotated[tuple[FrameStep, ...], Field(min_length=3, max_length=6)]
    resources: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _steps_have_ids_of_their_own(self) -> Self:
        ids = [step.id for step in self.steps]
        if len(set(ids)) < len(ids):
            raise ValueError(f"steps: expected ids of their own, found {', '.join(ids)}")
        return self

    def step(self, id: str) -> FrameStep | None:
        return next((one for one in self.steps if one.id == id), None)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said, `words` as they were shown.

    The learner gives answers, asks back, or passes; the mentor probes or hints about a step.
    `place` is the probe's place in its step, None for a model's own.
    """

    how: Literal["answer", "question", "pass", "probe", "hint"]
    words: str = ""
    step: str | None = None
    place: int | None = None

    @property
    def is_learners(self) -> bool:
        return self.how in {"answer", "question", "pass"}


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a model found: the criteria met so far, and a question of its own to ask next."""

    met: tuple[bool, ...]
    probe: str | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    step: FrameStep
    place: int

    @property
    def words(self) -> Words:
        return self.step.probes[self.place]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the end of an interview says.

    `strong` is a criterion that was met, else `strong_step` a step that was there; `missed` is a
    criterion that was not met, and `practise` the step to work on. All of them may be None.
    """

    strong: RubricCriterion | None
    strong_step: FrameStep | None
    missed: RubricCriterion | None
    practise: FrameStep | None


def learners_words(said: Iterable[Said]) -> str:
    """All that the learner said, one message below the other."""
    return "\n".join(one.words for one in said if one.is_learners and one.words)


def length_of(text: str) -> int:
    """How much a text says: characters of Chinese, and twice the words of other scripts."""
    return len(_HAN.findall(text)) + 2 * len(_WORD.findall(text))


def goes_on(said: Sequence[Said], *, is_quick: bool = False) -> bool:
    """Whether the learner seems to be still speaking: too little since they were last asked.

    `is_quick` when their last message came right behind what was said before it: then a short one
    is a piece of what they are typing, and asking on would spend a question on half an answer.
    """
    if is_quick and said and said[-1].how == "answer" and length_of(said[-1].words) < PIECE:
        return True
    since: list[str] = []
    for one in reversed(said):
        if not one.is_learners:
            break
        if one.how == "pass":
            return False
        since.insert(0, one.words)
    spoken = "\n".join(since)
    return length_of(spoken) < ENOUGH_TO_ASK or _ENDS_OPEN.search(spoken) is not None


def touched(frame: Frame, text: str) -> frozenset[str]:
    """The steps of a frame that a text shows a cue of."""
    lowered = text.lower()
    return frozenset(
        step.id for step in frame.steps if any(_cue(one).search(lowered) for one in step.cues)
    )


@lru_cache(maxsize=4096)
def _cue(cue: str) -> re.Pattern[str]:
    """A cue as a pattern; one of Latin letters begins where a word begins: qps is not in faqps."""
    plain = re.escape(cue.lower())
    return re.compile(rf"(?<![a-z]){plain}" if cue[:1].isascii() and cue[:1].isalpha() else plain)


def next_probe(
    frame: Frame, item: OpenItem, said: Sequence[Said], met: Sequence[bool], *, is_judged: bool
) -> Probe | None:
    """The next question to ask; None when enough was asked, or nothing is left to ask.

    `met` says which criteria are met so far: a model found it, or, unless `is_judged`, words seem
    to show it. Steps not asked about come first, and of those the ones that something is missing
    of; when nothing is, the later steps, which go deeper.
    """
    asked = [one for one in said if one.how == "probe"]
    if len(asked) >= MOST_PROBES or (is_judged and all(met)):
        return None
    there = touched(frame, learners_words(said))
    unmet = _steps_of_unmet(frame, item, met)

    def order(step: FrameStep) -> tuple[int, int, int]:
        is_bare, is_wanted = step.id not in there, step.id in unmet
        missing = 2 * is_wanted + is_bare if is_judged else 2 * is_bare + is_wanted
        place = frame.steps.index(step)
        times = sum(one.step == step.id for one in asked)
        return times, -missing, place if missing else -place

    known = {(one.step, one.place) for one in asked}
    for step in sorted(frame.steps, key=order):
        for place in range(step.id in there, len(step.probes)):
            if (step.id, place) not in known:
                return Probe(step, place)
    return None


def _steps_of_unmet(frame: Frame, item: OpenItem, met: Sequence[bool]) -> list[str]:
    """The steps in which the criteria that are not met would be, the first criterion's first."""
    found = (
        step.id
        for criterion, is_met in zip(item.rubric, met, strict=True)
        if not is_met
        for step in frame.steps
        if step.id in steps_of(frame, criterion)
    )
    return list(dict.fromkeys(found))


def steps_of(frame: Frame, criterion: RubricCriterion) -> frozenset[str]:
    """The steps in which a criterion is usually met, by its words."""
    return touched(frame, "\n".join((criterion.text.zh, criterion.text.en, *criterion.signs)))


def next_hint(frame: Frame, said: Sequence[Said]) -> FrameStep | None:
    """The first step that was neither come to nor hinted at."""
    there = touched(frame, learners_words(said))
    hinted = {one.step for one in said if one.how == "hint"}
    return next((one for one in frame.steps if one.id not in there and one.id not in hinted), None)


def findings(frame: Frame, item: OpenItem, said: Sequence[Said], met: Sequence[bool]) -> Findings:
    """One strength and one thing to practise."""
    there = touched(frame, learners_words(said))
    reached = [criterion for criterion, is_met in zip(item.rubric, met, strict=True) if is_met]
    missed = [criterion for criterion, is_met in zip(item.rubric, met, strict=True) if not is_met]
    bare = [step for step in frame.steps if step.id not in there]
    unmet = [step for id in _steps_of_unmet(frame, item, met) if (step := frame.step(id))]
    both = [step for step in unmet if step in bare]
    practised = [*both, *bare, *unmet] if missed else bare
    present = [step for step in frame.steps if step.id in there]
    return Findings(
        strong=reached[0] if reached else None,
        strong_step=present[0] if present and not reached else None,
        missed=missed[0] if missed else None,
        practise=practised[0] if practised else None,
    )
