"""The weekly check with its look back, and the assessment of a stage."""

from collections.abc import Mapping

from bot.cards.parts import bar, card, day_or_unknown, hours_of, lines, paragraphs
from bot.message import Button, Message, rows_of
from bot.texts import Markup, Texts
from learning.checks import Scale
from learning.retrospective import Advice
from tools.checks import AssessmentShown, Group, Item, ScaleAsked, WeekChecked


@card.register
def _(asked: ScaleAsked, texts: Texts) -> Message:
    known = "".join(f" {id}={answer}" for id, answer in asked.known.items())
    buttons = [
        Button(_answer(asked.scale, n, texts), f"/check{known} {asked.scale.id}={n}")
        for n in range(1, asked.scale.most + 1)
    ]
    head = texts.say(
        "check.question",
        title=texts.words(asked.check.title),
        number=asked.number,
        of=len(asked.check.scales),
        question=texts.words(asked.scale.question),
    )
    return Message(head, rows_of(buttons, 1 if asked.scale.levels else 5))


def _answer(scale: Scale, answer: int, texts: Texts) -> str:
    return texts.plain(scale.levels[answer - 1]) if scale.levels else str(answer)


@card.register
def _(checked: WeekChecked, texts: Texts) -> Message:
    week = checked.week
    answers = [
        texts.say(
            "check.answer_numbered" if scale.points else "check.answer",
            title=texts.words(scale.title),
            answer=_answer(scale, checked.answers[scale.id], texts),
            most=scale.most,
            before=_before(checked, scale, texts),
        )
        for scale in checked.check.scales
        if scale.id in checked.answers
    ]
    proposal = texts.say(
        f"check.advice_{checked.advice.value}",
        hours=hours_of(sum(checked.minutes)),
        now=hours_of(sum(checked.minutes_now)),
        finish=day_or_unknown(checked.finish_then, texts),
        finish_now=day_or_unknown(checked.finish_now, texts),
    )
    return Message(
        paragraphs(
            texts.say("check.head", monday=week.since),
            lines(*answers),
            texts.say(
                "check.week" if week.tasks else "check.week_without",
                tasks=week.tasks,
                days=week.days,
                minutes=week.minutes,
                planned=week.planned,
            ),
            proposal,
        ),
        _proposal_buttons(checked, texts),
    )


def _before(checked: WeekChecked, scale: Scale, texts: Texts) -> Markup:
    """Last time's answer, where it was another."""
    before = (checked.before or {}).get(scale.id)
    # An author may have shortened the scale since.
    if before is None or before > scale.most or before == checked.answers[scale.id]:
        return Markup("")
    return texts.say("check.before", before=_answer(scale, before, texts))


def _proposal_buttons(checked: WeekChecked, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    keep = Button(texts.label("button.keep_pace"), "/week next")
    assess = Button(texts.label("button.assess"), "/assess")
    if checked.advice is Advice.SAME or checked.minutes == checked.minutes_now:
        return ((Button(texts.label("button.next_week"), "/week next"), assess),)
    hours = hours_of(sum(checked.minutes))
    minutes = ",".join(str(one) for one in checked.minutes)
    take = Button(texts.label("button.take_pace", hours=hours), f"/minutes {minutes}")
    return ((take, keep), (assess,))


@card.register
def _(shown: AssessmentShown, texts: Texts) -> Message:
    whole = len(shown.items)
    undo: tuple[Button, ...] = ()
    if shown.ticked is not None and shown.ticked.met is not None:
        undo = (Button(texts.label("button.untick"), f"/unmet {shown.ticked.criterion.id}"),)
    numbered = {item.criterion.id: n for n, item in enumerate(shown.items, 1)}
    open_items = [item for item in shown.items if item.met is None]
    buttons = [
        Button(
            texts.label("button.met", number=numbered[item.criterion.id]),
            f"/met {item.criterion.id}",
        )
        for item in open_items
    ]
    return Message(
        paragraphs(
            texts.say(
                "assessment.head",
                title=texts.words(shown.title),
                bar=bar(shown.met, whole),
                met=shown.met,
                whole=whole,
            ),
            _ticked(shown.ticked, texts),
            *(_group(group, numbered, texts) for group in shown.groups),
            texts.say("path.milestone", words=texts.words(shown.milestone))
            if shown.milestone
            else None,
            texts.say("assessment.all_met" if not open_items else "assessment.how"),
        ),
        (*rows_of(buttons, 5), *((undo,) if undo else ())),
    )


def _ticked(item: Item | None, texts: Texts) -> Markup | None:
    if item is None:
        return None
    if item.met is None:
        return texts.say("assessment.unticked", words=texts.words(item.criterion))
    key = "assessment.ticked_with_evidence" if item.met.evidence else "assessment.ticked"
    return texts.say(key, words=texts.words(item.criterion), evidence=item.met.evidence or "")


def _group(group: Group, numbered: Mapping[str, int], texts: Texts) -> str:
    head = f"**{texts.words(group.title)}**" if group.title else None
    return lines(head, *(_item(item, numbered[item.criterion.id], texts) for item in group.items))


def _item(item: Item, number: int, texts: Texts) -> Markup:
    key, evidence = "open", ""
    if item.met is not None:
        evidence = item.met.evidence or ""
        key = "met_with_evidence" if evidence else "met"
    words = texts.words(item.criterion)
    return texts.say(f"assessment.{key}", number=number, words=words, evidence=evidence)
