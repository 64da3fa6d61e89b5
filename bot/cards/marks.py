"""What was marked, and what is unclear."""

from collections.abc import Sequence

from bot.cards.parts import (
    NUMBERS,
    card,
    concept_button,
    filled,
    finish_line,
    lines,
    paragraphs,
    task_name,
)
from bot.message import Button, Message, rows_of
from bot.pictures.compose import milestone_picture
from bot.texts import Markup, Texts
from tools.evening import DayClosed
from tools.marking import (
    EvidenceKept,
    Marked,
    MarkedTask,
    Milestone,
    TaskUnclear,
    evidence_wanted,
)

SEVERAL = 2
# Minutes that nobody has too few of.
FIRST_STEP = 5


@card.register
def _(marked: Marked, texts: Texts) -> Message:
    return marks_card([marked], texts)


def marks_card(marks: Sequence[Marked], texts: Texts) -> Message:
    """Everything that one sentence reported, as one message with at most one question."""
    head = lines(*(_marked_line(one, n, texts) for one in marks for n in range(len(one.tasks))))
    outcomes = {one.outcome for one in marks}
    if len(marks) == 1 and outcomes == {"stuck"}:
        return _stuck_card(marks[0], head, texts)
    done = [one for one in marks if one.outcome == "done"]
    stuck = next((one for one in marks if one.outcome == "stuck"), None)
    if done:
        return _done_card(marks, head, texts)
    last = marks[-1]
    buttons = (
        Button(texts.label("button.today"), "/today"),
        Button(texts.label("button.undo"), f"/undo {last.tasks[0].id}"),
    )
    suggestion = _suggestion(stuck, texts) if stuck else None
    return Message(
        paragraphs(
            head,
            suggestion[0] if suggestion else None,
            None if stuck else finish_line(last.forecast, texts),
        ),
        filled(
            suggestion[1] if suggestion else (),
            buttons if "later" in outcomes else buttons[:1],
        ),
    )


def cards_of(results: Sequence[object], texts: Texts) -> list[Message]:
    """A card for each result; marks that were made together are one."""
    marks = [one for one in results if isinstance(one, Marked)]
    if len(marks) < SEVERAL:
        return [card(one, texts) for one in results]
    together = marks_card(marks, texts)
    first = next(n for n, one in enumerate(results) if isinstance(one, Marked))
    return [
        together if n == first else card(one, texts)
        for n, one in enumerate(results)
        if n == first or not isinstance(one, Marked)
    ]


def _marked_line(marked: Marked, place: int, texts: Texts) -> Markup:
    one = marked.tasks[place]
    key = f"marked.{marked.outcome}"
    if one.was_already and texts.has(f"{key}_already"):
        key = f"{key}_already"
    elif marked.outcome == "done" and one.evidence:
        key = f"{key}_with_evidence"
    return texts.say(
        key,
        title=task_name(one.task, texts),
        until=marked.until or marked.plan.day,
        evidence=one.evidence or "",
    )


def _done_card(marks: Sequence[Marked], head: str, texts: Texts) -> Message:
    """What was done, with what is stuck beside it; the last mark saw the day as it is now."""
    done = [one for one in marks if one.outcome == "done"]
    last, progress = marks[-1], done[-1].progress
    parts: list[str] = [head]
    buttons: list[tuple[Button, ...]] = []
    if progress.is_finished:
        parts.append(texts.say("marked.curriculum_finished", tasks=progress.tasks))
        leads_to = done[-1].leads_to
        if leads_to:
            buttons.append((Button(texts.label("button.leads_to"), f"/switch {leads_to}"),))
    else:
        left = len(last.plan.open_tasks)
        parts.append(
            texts.say("marked.left_today", left=left) if left else texts.say("marked.day_complete")
        )
    picture = None
    for one in done:
        if one.milestone is not None:
            parts.append(_milestone_words(one.milestone, texts))
            buttons.append((_milestone_button(one.milestone, texts),))
            picture = milestone_picture(one, one.milestone, texts)
    stuck = next((one for one in marks if one.outcome == "stuck"), None)
    if stuck is not None:
        words, row = _suggestion(stuck, texts)
        parts.append(words)
        buttons.append(row)
    wanted = evidence_wanted(marks)
    if wanted is not None:
        parts.append(_evidence_question(marks, wanted, texts))
        ids = " ".join(one.id for marked in done for one in marked.tasks)
        buttons.append(
            (
                Button(texts.label("button.no_evidence"), "/noevidence"),
                Button(texts.label("button.undo"), f"/undo {ids}"),
            )
        )
    if last.plan.open_tasks:
        buttons.append((Button(texts.label("button.today"), "/today"),))
    form = texts.label("button.evidence_form") if wanted is not None else ""
    return Message(paragraphs(*parts), tuple(buttons), form=form, picture=picture)


def _evidence_question(marks: Sequence[Marked], wanted: MarkedTask, texts: Texts) -> Markup:
    """One question; with several tasks done it says which of them it is about."""
    words = texts.words(wanted.task.evidence)
    done = [one for marked in marks if marked.outcome == "done" for one in marked.tasks]
    if len(done) == 1:
        return texts.say("marked.ask_evidence", words=words)
    title = task_name(wanted.task, texts)
    return texts.say("marked.ask_evidence_of", title=title, words=words)


def _suggestion(stuck: Marked, texts: Texts) -> tuple[Markup, tuple[Button, ...]]:
    """One small thing for what is stuck: the concept that was named, or the first step."""
    one = stuck.tasks[0]
    details = Button(texts.label("button.details"), f"/task {one.id}")
    if stuck.named is not None:
        words = texts.say("marked.stuck_concept", name=texts.words(stuck.named.name))
        return words, (concept_button(stuck.named, texts), details)
    return texts.say("marked.stuck_step", minutes=FIRST_STEP), (details,)


def _milestone_words(milestone: Milestone, texts: Texts) -> str:
    """The end of a stage or a check point: what can be shown now, and where to tick it off."""
    key = "milestone.stage" if milestone.is_stage else "milestone.unit"
    return texts.say(
        key,
        number=milestone.number,
        title=texts.words(milestone.stage.title if milestone.is_stage else milestone.unit.title),
        words=texts.words(milestone.words),
    )


def _milestone_button(milestone: Milestone, texts: Texts) -> Button:
    return Button(texts.label("button.assess"), f"/assess {milestone.number}")


def _stuck_card(marked: Marked, head: str, texts: Texts) -> Message:
    """What exactly blocks is asked first; once it is said, one thing to try."""
    one = marked.tasks[0]
    later = Button(texts.label("button.later"), f"/later {one.id}")
    details = Button(texts.label("button.details"), f"/task {one.id}")
    if marked.note:
        words, row = _suggestion(marked, texts)
        task = texts.words(one.task.done_when)
        return Message(
            paragraphs(head, words, texts.say("marked.stuck_then", words=task)),
            (row, (later, *_person(marked, texts))),
        )
    buttons = [concept_button(concept, texts) for concept in marked.concepts[:2]]
    return Message(
        paragraphs(head, texts.say("marked.stuck_ladder", words=texts.words(one.task.done_when))),
        (*rows_of(buttons, 1), (details, later, *_person(marked, texts))),
    )


def _person(marked: Marked, texts: Texts) -> tuple[Button, ...]:
    if not marked.may_ask_person:
        return ()
    # What was said of the blocker is what a person would be asked; it is shown before it is sent.
    words = f" {marked.note}" if marked.note else ""
    return (Button(texts.label("button.ask_human"), f"/human{words}"),)


@card.register
def _(closed: DayClosed, texts: Texts) -> Message:
    """Kind, with the shortest step or tomorrow to tap."""
    head = texts.say(f"checkin.{closed.how}")
    step = closed.step
    if step is None:
        return Message(head)
    done = [
        Button(texts.label("button.done_number", number=NUMBERS[n]), f"/done {one.id}")
        for n, one in enumerate(closed.plan.tasks)
        if closed.how == "half" and one in closed.plan.open_tasks
    ]
    return Message(
        paragraphs(
            head,
            texts.say("checkin.step", title=task_name(step.task, texts), minutes=FIRST_STEP),
        ),
        filled(
            tuple(done),
            (
                Button(texts.label("button.five_minutes"), f"/task {step.id}"),
                Button(texts.label("button.all_tomorrow"), "/later all"),
            ),
        ),
    )


@card.register
def _(unclear: TaskUnclear, texts: Texts) -> Message:
    if not unclear.candidates:
        return Message(
            texts.say(f"unclear.none_{unclear.outcome}"),
            ((Button(texts.label("button.today"), "/today"),),),
        )
    buttons = [
        Button(_short(texts.plain(entry.task.title)), f"/{unclear.outcome} {entry.id}")
        for entry in unclear.candidates
    ]
    key = "unclear.said" if unclear.said else f"unclear.{unclear.outcome}"
    return Message(texts.say(key, said=unclear.said), rows_of(buttons, 1))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


@card.register
def _(kept: EvidenceKept, texts: Texts) -> Message:
    if not kept.tasks:
        return Message(texts.say("evidence.nothing"))
    return Message(
        texts.say(
            "evidence.kept",
            title=task_name(kept.tasks[0].task, texts),
            evidence=kept.tasks[0].evidence or "",
        ),
        ((Button(texts.label("button.today"), "/today"),),),
    )
