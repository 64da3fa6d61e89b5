"""What was marked, and what is unclear."""

from bot.cards.parts import card, concept_button, finish_line, lines, paragraphs, task_name
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from tools.marking import EvidenceKept, Marked, Milestone, TaskUnclear


@card.register
def _(marked: Marked, texts: Texts) -> Message:
    head = lines(*(_marked_line(marked, n, texts) for n in range(len(marked.tasks))))
    if marked.outcome == "done":
        return _done_card(marked, head, texts)
    if marked.outcome == "stuck":
        return _stuck_card(marked, head, texts)
    buttons = (
        Button(texts.label("button.today"), "/today"),
        Button(texts.label("button.undo"), f"/undo {marked.tasks[0].id}"),
    )
    return Message(
        lines(head, finish_line(marked.forecast, texts)),
        (buttons if marked.outcome == "later" else buttons[:1],),
    )


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


def _done_card(marked: Marked, head: str, texts: Texts) -> Message:
    progress = marked.progress
    parts = [head]
    shown_all = all(one.evidence for one in marked.tasks)
    ids = " ".join(one.id for one in marked.tasks)
    buttons: list[tuple[Button, ...]] = []
    if progress.is_finished:
        parts.append(texts.say("marked.curriculum_finished", tasks=progress.tasks))
        if marked.leads_to:
            buttons.append((Button(texts.label("button.leads_to"), f"/switch {marked.leads_to}"),))
    else:
        left = len(marked.plan.open_tasks)
        parts.append(
            texts.say("marked.left_today", left=left) if left else texts.say("marked.day_complete")
        )
    if marked.milestone is not None:
        parts.append(_milestone_words(marked.milestone, texts))
        buttons.append((_milestone_button(marked.milestone, texts),))
    if not shown_all:
        asked = [texts.words(one.task.evidence) for one in marked.tasks if not one.evidence]
        parts.append(texts.say("marked.ask_evidence", words=asked[0]))
        buttons.append(
            (
                Button(texts.label("button.no_evidence"), "/noevidence"),
                Button(texts.label("button.undo"), f"/undo {ids}"),
            )
        )
    if marked.plan.open_tasks:
        buttons.append((Button(texts.label("button.today"), "/today"),))
    return Message(paragraphs(*parts), tuple(buttons))


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
    task = marked.tasks[0].task
    buttons = [concept_button(one, texts) for one in marked.concepts[:2]]
    return Message(
        paragraphs(head, texts.say("marked.stuck_ladder", words=texts.words(task.done_when))),
        (
            *rows_of(buttons, 1),
            (
                Button(texts.label("button.details"), f"/task {marked.tasks[0].id}"),
                Button(texts.label("button.later"), f"/later {marked.tasks[0].id}"),
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
