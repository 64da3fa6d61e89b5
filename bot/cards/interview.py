"""Mock interviews: the question, what the interviewer says on the way, and the findings."""

from bot.cards.parts import NUMBERS, card, concept_button, filled, lines, paragraphs, resource_lines
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.interviews import MOST_PROBES, Frame
from learning.quiz.items import OpenItem
from store.interviews import Interview
from tools.interviews import (
    InterviewHeard,
    InterviewHinted,
    InterviewLeft,
    InterviewOver,
    InterviewProbed,
    InterviewPut,
    InterviewTicking,
)


@card.register
def _(put: InterviewPut, texts: Texts) -> Message:
    code = f"```\n{put.item.code.rstrip()}\n```" if put.item.code else None
    body = paragraphs(
        texts.say("interview.still_open") if put.is_again else None,
        texts.say("interview.off_topic", topic=put.off_topic) if put.off_topic else None,
        texts.say("interview.head", name=texts.words(put.frame.name)),
        texts.words(put.item.stem),
        code,
        texts.say("interview.how", how=texts.words(put.frame.how)),
        texts.say("interview.last_asked", words=put.last_asked)
        if put.last_asked
        else texts.say("interview.rules", most=MOST_PROBES),
    )
    switch: tuple[Button, ...] = ()
    if put.other is not None:
        label = texts.label("button.interview_switch", name=texts.plain(put.other.name))
        switch = (Button(label, f"/interview other {put.interview.id} {put.other.id}"),)
    wishes = _wishes(put.interview, ("hint", "other", "end"), texts)
    return Message(body, filled(wishes, switch), takes_number=True)


def _wishes(interview: Interview, names: tuple[str, ...], texts: Texts) -> tuple[Button, ...]:
    return tuple(
        Button(texts.label(f"button.interview_{wish}"), f"/interview {wish} {interview.id}")
        for wish in names
    )


def _while_listening(interview: Interview, markup: str, texts: Texts) -> Message:
    buttons = _wishes(interview, ("done", "hint", "end"), texts)
    return Message(markup, (buttons,), takes_number=True)


@card.register
def _(heard: InterviewHeard, texts: Texts) -> Message:
    words = texts.say(f"interview.heard_{heard.what}")
    return _while_listening(heard.interview, words, texts)


@card.register
def _(probed: InterviewProbed, texts: Texts) -> Message:
    key = "interview.probe_by_model" if probed.is_models else "interview.probe"
    words = paragraphs(
        texts.say("interview.never_mind") if probed.after_pass else None,
        texts.say(key, words=probed.words, place=probed.place, most=MOST_PROBES),
    )
    buttons = _wishes(probed.interview, ("hint", "pass", "end"), texts)
    return Message(words, (buttons,), takes_number=True)


@card.register
def _(hinted: InterviewHinted, texts: Texts) -> Message:
    words = texts.say("interview.no_more_hints")
    if hinted.step is not None:
        words = texts.say("interview.hint", words=texts.words(hinted.step.hint))
    return _while_listening(hinted.interview, words, texts)


@card.register
def _(left: InterviewLeft, texts: Texts) -> Message:
    return Message(texts.say("interview.left"), ((_again(left.frame, texts),),))


def _again(frame: Frame, texts: Texts) -> Button:
    label = texts.label("button.interview_again", name=texts.plain(frame.name))
    return Button(label, f"/interview {frame.id}")


@card.register
def _(ticking: InterviewTicking, texts: Texts) -> Message:
    id, item = ticking.interview.id, ticking.item
    head = "interview.tick_first" if ticking.is_first else "interview.tick_now"
    answer = texts.say("quiz.model_answer", words=texts.words(item.model_answer))
    body = paragraphs(
        texts.say(head),
        _rubric(item, ticking.met, texts, numbered=True),
        answer if ticking.is_first else None,
        texts.say("interview.tick_how"),
    )
    ticks = tuple(
        Button(f"{'☑' if is_met else '☐'} {NUMBERS[n]}", f"/interview tick {id} {n + 1}")
        for n, is_met in enumerate(ticking.met)
    )
    count = Button(texts.label("button.interview_count"), f"/interview count {id}")
    return Message(body, (*rows_of(ticks, 4), (count,)))


def _rubric(item: OpenItem, met: tuple[bool, ...], texts: Texts, *, numbered: bool = False) -> str:
    return lines(
        *(
            texts.say(
                "quiz.criterion_met" if is_met else "quiz.criterion",
                words=Markup(
                    f"{NUMBERS[n]} {texts.words(one.text)}" if numbered else texts.words(one.text)
                ),
            )
            for n, (one, is_met) in enumerate(zip(item.rubric, met, strict=True))
        )
    )


@card.register
def _(over: InterviewOver, texts: Texts) -> Message:
    item, id = over.item, over.interview.id
    head = "by_model" if over.is_judged else "by_learner"
    if not over.was_known:
        head = "unknown"
    rating = texts.label(f"button.open_{over.rating.name.lower()}")
    body = paragraphs(
        texts.say(f"interview.over_{head}"),
        _rubric(item, over.met, texts),
        texts.say("interview.counts", met=sum(over.met), of=len(over.met), rating=rating),
        lines(_strength(over, texts), *_to_practise(over, texts)),
        resource_lines((over.resource,) if over.resource else (), texts),
        texts.say("quiz.next_due", day=over.next_due) if over.next_due else None,
        # Who ticked has just seen it.
        texts.say("quiz.model_answer", words=texts.words(item.model_answer))
        if over.is_judged or not over.was_known
        else None,
    )
    after = (_again(over.frame, texts), concept_button(over.concept, texts))
    change = (
        Button(texts.label("button.interview_tick"), f"/interview tick {id}"),
        Button(texts.label("button.report_item"), f"/report {over.interview.question}"),
    )
    return Message(body, (after, change))


def _strength(over: InterviewOver, texts: Texts) -> Markup:
    found = over.findings
    if found.strong is not None:
        return texts.say("interview.strong_criterion", words=texts.words(found.strong.text))
    if found.strong_step is not None:
        return texts.say("interview.strong", words=texts.words(found.strong_step.strength))
    return texts.say("interview.strong_anyway" if over.was_known else "interview.strong_honest")


def _to_practise(over: InterviewOver, texts: Texts) -> tuple[Markup, ...]:
    """What this question still lacked, and the one thing to practise."""
    found = over.findings
    missed = found.missed
    step = found.practise
    said = (
        texts.say("interview.missed", words=texts.words(missed.text)) if missed else None,
        texts.say("interview.practise", words=texts.words(step.practise)) if step else None,
    )
    kept = tuple(one for one in said if one is not None)
    return kept or (texts.say("interview.nothing_missed"),)
