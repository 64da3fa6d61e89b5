"""Mock interviews: a question is asked, listened to, probed, and ends with findings."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal

from pydantic import Field

from learning.concepts import Concept
from learning.errors import Refused
from learning.interviews import (
    Findings,
    Frame,
    FrameStep,
    Said,
    findings,
    goes_on,
    learners_words,
    next_hint,
    next_probe,
)
from learning.quiz.cards import Rating
from learning.quiz.grading import Given, grade
from learning.quiz.items import OpenItem
from learning.resources import Resource
from store.cards import cards_of
from store.interviews import (
    Interview,
    add_said,
    begin_interview,
    interview_with,
    keep_interview,
    open_interview,
    unticked_interview,
)
from store.quizzes import Question, asked_since, begin_apart, leave_out
from store.reports import suspended
from store.script import Script
from tools.answers import (
    LONGEST_ANSWER,
    AnswerQuestion,
    RateAnswer,
    answer_question,
    criteria_shown,
    need_question,
    rate_answer,
    rating_of,
)
from tools.concepts import find_concept, resources_on
from tools.context import Context
from tools.plan import Arguments
from tools.quiz import LATELY, NothingToAsk, around, interest_of, put

Wanted = Literal["system-design", "behavioural", "coding", "concept", "any"]

# Typed words belong to an interview for so long; later it is taken up again by its command.
TYPED_WORDS_LAST = timedelta(hours=36)
LONGEST_PROBE = 300
# Nobody reads a question and types a thoughtful answer in less.
QUICK = timedelta(seconds=30)
_RATINGS: dict[Rating, Literal["again", "hard", "good", "easy"]] = {
    Rating.AGAIN: "again",
    Rating.HARD: "hard",
    Rating.GOOD: "good",
}


class StartInterview(Arguments):
    kind: Wanted | None = Field(
        None, description="What kind of interview; empty or any lets the mentor choose."
    )
    topic: str | None = Field(None, max_length=100, description="A concept by id or name.")


class TellInterview(Arguments):
    """Say something in the interview under way; `met` and `probe` are what a model made of it.

    `asks_back` marks a question about the question.
    """

    text: str = Field(min_length=1, max_length=4000)
    asks_back: bool = False
    met: tuple[bool, ...] | None = None
    probe: str | None = Field(None, max_length=LONGEST_PROBE)


class LeadInterview(Arguments):
    """Steer the interview under way; `interview` is set by a button, which belongs to one only.

    `done` says that there is no more to say just now, `pass` that nothing comes to mind.
    """

    interview: int | None = None
    wish: Literal["hint", "other", "pass", "done", "end"]
    kind: Wanted | None = None
    met: tuple[bool, ...] | None = None
    probe: str | None = Field(None, max_length=LONGEST_PROBE)


class JudgeInterview(Arguments):
    """Tick what was said in an interview that has ended: one criterion over, or a whole set.

    Places are from 1. `is_final` lets it count.
    """

    interview: int
    toggle: int | None = None
    ticks: tuple[int, ...] | None = None
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class InterviewPut:
    """An interview's question. `off_topic` is a topic that there is no question about.

    `is_again` when it was under way; `other` is the kind that was asked for instead of it.
    """

    interview: Interview
    item: OpenItem
    frame: Frame
    off_topic: str | None = None
    is_again: bool = False
    other: Frame | None = None

    @property
    def last_asked(self) -> str | None:
        """The probe that waits for an answer, in the words of then."""
        last = next((one for one in reversed(self.interview.said) if one.how == "probe"), None)
        return last.words if last else None


@dataclass(frozen=True, slots=True)
class InterviewHeard:
    """Words were taken down, and the learner may go on: `what` they were.

    `nothing` when there is nothing yet to go on from.
    """

    interview: Interview
    what: Literal["answer", "question", "nothing"]


@dataclass(frozen=True, slots=True)
class InterviewProbed:
    """The next question of an interview, `place` from 1; `is_models` when a model worded it.

    `after_pass` when nothing came to the learner's mind for the one before.
    """

    interview: Interview
    words: str
    place: int
    is_models: bool
    after_pass: bool


@dataclass(frozen=True, slots=True)
class InterviewHinted:
    """A hint for a step not come to; None when there are no more."""

    interview: Interview
    step: FrameStep | None


@dataclass(frozen=True, slots=True)
class InterviewLeft:
    """An interview that ended before anything was said; it counts nowhere."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class InterviewTicking:
    """The criteria for the learner to tick; `is_first` shows the answer to compare with too."""

    interview: Interview
    item: OpenItem
    is_first: bool = True

    @property
    def met(self) -> tuple[bool, ...]:
        return self.interview.met or (False,) * len(self.item.rubric)


@dataclass(frozen=True, slots=True)
class InterviewOver:
    """What came of an interview, and how its question counts.

    `is_judged` when a model found what was met, else the learner did; `was_known` is false when
    nothing but passes was said. `resource` is something to practise with.
    """

    interview: Interview
    item: OpenItem
    frame: Frame
    met: tuple[bool, ...]
    findings: Findings
    rating: Rating
    next_due: date | None
    concept: Concept
    resource: Resource | None
    is_judged: bool
    was_known: bool = True


Going = InterviewHeard | InterviewProbed | InterviewTicking | InterviewOver


@dataclass(frozen=True, slots=True)
class Told:
    """What a model is to read of an interview before its next step is taken."""

    item: OpenItem
    frame: Frame
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Live:
    """An interview under way with all that belongs to it."""

    interview: Interview
    question: Question
    item: OpenItem
    frame: Frame


def start_interview(
    context: Context, wanted: StartInterview
) -> Script[InterviewPut | InterviewTicking | NothingToAsk]:
    """Ask a question; an interview under way goes on instead.

    Another kind takes its place only before anything was said in it. Without a kind, one that
    waits to be judged comes first.
    """
    live = yield from under_way(context)
    if live is not None:
        kind = wanted.kind or "any"
        other = kind if kind not in {"any", live.item.genre} else None
        has_begun = any(one.is_learners for one in live.interview.said)
        if other is None or has_begun:
            interview = yield from keep_interview(live.interview, context.now)
            frame = context.catalogue.frames[other] if other else None
            return InterviewPut(interview, live.item, live.frame, is_again=True, other=frame)
        yield from _leave(context, live)
    elif wanted.kind is None and wanted.topic is None:
        waiting = yield from _waiting_for_ticks(context)
        if waiting is not None:
            return waiting
    return (yield from _ask_one(context, wanted.kind or "any", wanted.topic))


def under_way(context: Context) -> Script[Live | None]:
    """The open interview here; one whose question was taken away or changed is left."""
    interview = yield from open_interview(context.learner.id, context.address)
    if interview is None:
        return None
    try:
        question, item = yield from need_question(context, interview.question)
    except Refused:
        yield from keep_interview(replace(interview, state="left"), context.now)
        return None
    return Live(interview, question, *_open_item(context, item))


def _open_item(context: Context, item: object) -> tuple[OpenItem, Frame]:
    if not isinstance(item, OpenItem):
        raise TypeError(f"interviews: expected an item of free text, found {item!r:.80}")
    return item, context.catalogue.frames[item.genre]


def _need_live(context: Context) -> Script[Live]:
    live = yield from under_way(context)
    if live is None:
        raise Refused("interview.none")
    return live


def _waiting_for_ticks(context: Context) -> Script[InterviewTicking | None]:
    since = context.now - TYPED_WORDS_LAST
    waiting = yield from unticked_interview(context.learner.id, context.address, since)
    if waiting is None:
        return None
    try:
        _, item = yield from need_question(context, waiting.question)
    except Refused:
        return None
    return InterviewTicking(waiting, _open_item(context, item)[0])


def _ask_one(
    context: Context, kind: Wanted, topic: str | None
) -> Script[InterviewPut | NothingToAsk]:
    concept = find_concept(context.catalogue, topic)[0] if topic else None
    id = yield from _chosen(context, kind, concept)
    if id is None:
        return NothingToAsk("", ())
    quiz = yield from begin_apart(context.learner.id, context.address, {"items": [id]}, context.now)
    question, _ = yield from put(context, quiz, 1, id)
    interview = yield from begin_interview(
        question, kind, concept.id if concept else None, context.now
    )
    item, frame = _open_item(context, context.catalogue.bank.interview[id])
    about = set(around(context.catalogue, concept)) if concept else set()
    is_off = topic is not None and not about & set(item.concepts)
    return InterviewPut(interview, item, frame, off_topic=topic if is_off else None)


def _chosen(context: Context, kind: Wanted, topic: Concept | None) -> Script[str | None]:
    """A question of this kind: not asked lately, and as near to the topic as there are any."""
    interview = context.catalogue.bank.interview
    held = yield from suspended()
    ids = [id for id, one in interview.items() if kind in {"any", one.genre} and id not in held]
    near = set(around(context.catalogue, topic)) if topic else set()
    ids = [id for id in ids if near & set(interview[id].concepts)] or ids
    cards = yield from cards_of(context.learner.id, ids)
    lately = yield from asked_since(context.learner.id, ids, context.now - 4 * LATELY)
    level = (yield from interest_of(context, None)).level

    def order(id: str) -> tuple[object, ...]:
        concepts = interview[id].concepts
        place = concepts.index(topic.id) if topic and topic.id in concepts else len(concepts)
        seen = cards[id].last_review if id in cards else date.min
        digest = sha256(f"{context.learner.id}:{context.today}:{id}".encode()).hexdigest()
        return (
            id in lately,
            place if topic else 0,
            seen,
            abs(interview[id].level - level) > 1,
            digest,
        )

    return min(ids, key=order, default=None)


def tell_interview(context: Context, told: TellInterview) -> Script[Going]:
    """Take down what the learner says, and ask on, listen on, or come to the end."""
    live = yield from _need_live(context)
    interview = _with_words(live.interview, told)
    if told.asks_back:
        yield from keep_interview(interview, context.now)
        return InterviewHeard(interview, "question")
    if _goes_on(context, interview):
        yield from keep_interview(interview, context.now)
        return InterviewHeard(interview, "answer")
    return (yield from _ask_on(context, replace(live, interview=interview), told))


def _with_words(interview: Interview, told: TellInterview | LeadInterview) -> Interview:
    """The interview with what the learner does now."""
    if isinstance(told, TellInterview):
        return add_said(interview, Said("question" if told.asks_back else "answer", told.text))
    is_silent = not interview.said or not interview.said[-1].is_learners
    if told.wish == "pass" or (told.wish == "done" and is_silent and interview.said):
        return add_said(interview, Said("pass"))
    return interview


def _goes_on(context: Context, interview: Interview) -> bool:
    is_quick = context.now - interview.last_at <= QUICK
    is_unfinished = goes_on(interview.said, is_quick=is_quick)
    return is_unfinished and len(learners_words(interview.said)) < LONGEST_ANSWER


def lead_interview(
    context: Context, told: LeadInterview
) -> Script[Going | InterviewHinted | InterviewLeft | InterviewPut | NothingToAsk]:
    live = yield from _need_live(context)
    if told.interview not in {None, live.interview.id}:
        raise Refused("interview.gone")
    match told.wish:
        case "hint":
            return (yield from _hinted(context, live))
        case "other":
            yield from _leave(context, live)
            topic = live.interview.topic if told.kind is None else None
            wanted = told.kind or _wanted(live.interview)
            return (yield from _ask_one(context, wanted, topic))
        case "end":
            return (yield from _ended(context, live, told))
        case "pass" | "done":
            interview = _with_words(live.interview, told)
            if not interview.said:
                return InterviewHeard(interview, "nothing")
            return (yield from _ask_on(context, replace(live, interview=interview), told))


def _wanted(interview: Interview) -> Wanted:
    return StartInterview.model_validate({"kind": interview.wanted}).kind or "any"


def _hinted(context: Context, live: Live) -> Script[InterviewHinted]:
    step = next_hint(live.frame, live.interview.said)
    if step is not None:
        words = step.hint.in_language(context.learner.language)
        interview = add_said(live.interview, Said("hint", words, step.id))
        yield from keep_interview(interview, context.now)
    return InterviewHinted(live.interview, step)


def _leave(context: Context, live: Live) -> Script[None]:
    yield from leave_out(live.question.id)
    yield from keep_interview(replace(live.interview, state="left"), context.now)


def _ended(
    context: Context, live: Live, told: LeadInterview
) -> Script[InterviewLeft | InterviewTicking | InterviewOver]:
    if not any(one.how in {"answer", "pass"} for one in live.interview.said):
        yield from _leave(context, live)
        return InterviewLeft(live.frame)
    return (yield from _find(context, _read(live, told)))


def _read(live: Live, told: TellInterview | LeadInterview) -> Live:
    """Take over what a model found; what does not fit the rubric is left aside."""
    if told.met is None or len(told.met) != len(live.item.rubric):
        return live
    interview = replace(live.interview, met=told.met, judged=len(live.interview.said))
    return replace(live, interview=interview)


def _ask_on(
    context: Context, live: Live, told: TellInterview | LeadInterview
) -> Script[InterviewProbed | InterviewTicking | InterviewOver]:
    """Ask the next question, or come to the findings when enough was asked."""
    live = _read(live, told)
    item, said = live.item, live.interview.said
    is_judged, text = live.interview.is_read, learners_words(said)
    met = live.interview.met if is_judged else None
    probe = next_probe(
        live.frame, item, said, met or criteria_shown(item, text), is_judged=is_judged
    )
    if probe is None or len(text) >= LONGEST_ANSWER:
        return (yield from _find(context, live))
    models = told.probe if is_judged else None
    words = models or probe.words.in_language(context.learner.language)
    place = None if models else probe.place
    asked = add_said(live.interview, Said("probe", words, probe.step.id, place))
    yield from keep_interview(asked, context.now)
    number = sum(one.how == "probe" for one in asked.said)
    after_pass = bool(said) and said[-1].how == "pass"
    return InterviewProbed(
        asked, words, number, is_models=models is not None, after_pass=after_pass
    )


def _find(context: Context, live: Live) -> Script[InterviewTicking | InterviewOver]:
    """Answer the interview's question with all that was said.

    Without a model's judgement the learner ticks the criteria first; until then nothing counts.
    """
    interview, item = live.interview, live.item
    text = learners_words(interview.said)[:LONGEST_ANSWER].strip()
    met = interview.met if interview.is_read and text else None
    graded = yield from answer_question(
        context, AnswerQuestion(question=live.question.id, text=text or None, met=met)
    )
    if text and met is None:
        shown = criteria_shown(item, text)
        ticking = replace(interview, state="ticking", met=shown)
        return InterviewTicking((yield from keep_interview(ticking, context.now)), item)
    met = met or (False,) * len(item.rubric)
    over = yield from keep_interview(replace(interview, state="over", met=met), context.now)
    rating = graded.question.rating or Rating.AGAIN
    return _over(context, over, item, rating, graded.next_due, is_judged=bool(text))


def _over(
    context: Context,
    interview: Interview,
    item: OpenItem,
    rating: Rating,
    next_due: date | None,
    *,
    is_judged: bool,
) -> InterviewOver:
    catalogue = context.catalogue
    frame = catalogue.frames[item.genre]
    met = interview.met or (False,) * len(item.rubric)
    concept = catalogue.concepts[item.concepts[0]]
    of_frame = [catalogue.resources[id] for id in frame.resources]
    fitting = [one for one in of_frame if set(one.concepts) & set(item.concepts)]
    resources = [*fitting, *of_frame, *resources_on(catalogue, concept)]
    return InterviewOver(
        interview,
        item,
        frame,
        met,
        findings(frame, item, interview.said, met),
        rating,
        next_due,
        concept,
        resources[0] if resources else None,
        is_judged=is_judged,
        was_known=bool(learners_words(interview.said).strip()),
    )


def judge_interview(
    context: Context, judged: JudgeInterview
) -> Script[InterviewTicking | InterviewOver]:
    """Tick what was said; once final it counts as its question's answer does, and may change."""
    interview = yield from interview_with(judged.interview, context.learner.id)
    if interview is None or interview.state not in {"ticking", "over"}:
        raise Refused("interview.gone")
    question, found = yield from need_question(context, interview.question)
    item, _ = _open_item(context, found)
    if not judged.is_final:
        met = _ticked(interview.met or (False,) * len(item.rubric), judged)
        ticking = replace(interview, state="ticking", met=met)
        kept = yield from keep_interview(ticking, context.now)
        return InterviewTicking(kept, item, is_first=False)
    met = interview.met or (False,) * len(item.rubric)
    graded = grade(item, question.frozen.answer, Given(text="said", met=met))
    rating = rating_of(graded.verdict, has_gaps=graded.has_gaps) or Rating.AGAIN
    rated = yield from rate_answer(
        context, RateAnswer(question=question.id, rating=_RATINGS[rating])
    )
    over = yield from keep_interview(replace(interview, state="over"), context.now)
    return _over(context, over, item, rating, rated.next_due, is_judged=False)


def _ticked(met: tuple[bool, ...], judged: JudgeInterview) -> tuple[bool, ...]:
    places = range(1, len(met) + 1)
    named = {*(judged.ticks or ()), *((judged.toggle,) if judged.toggle is not None else ())}
    if not named <= set(places):
        raise Refused("interview.no_criterion", most=len(met))
    if judged.ticks is not None:
        return tuple(place in judged.ticks for place in places)
    return tuple(
        is_met != (place == judged.toggle) for place, is_met in zip(places, met, strict=True)
    )


def to_read(context: Context, told: TellInterview | LeadInterview) -> Script[Told | None]:
    """What a model should read before this is done; None when there is nothing new to read."""
    is_steering = isinstance(told, LeadInterview) and told.wish in {"hint", "other"}
    live = yield from under_way(context)
    if live is None or is_steering or (isinstance(told, TellInterview) and told.asks_back):
        return None
    if isinstance(told, LeadInterview) and told.interview not in {None, live.interview.id}:
        return None
    interview = _with_words(live.interview, told)
    is_open_ended = isinstance(told, TellInterview) and _goes_on(context, interview)
    if is_open_ended or interview.is_read or not learners_words(interview.said).strip():
        return None
    return Told(live.item, live.frame, interview.said)
