"""Items that are called wrong: thanks to the learner, work for the operator, and corrections."""

from collections.abc import Sequence

from bot.cards.parts import card, lines, paragraphs
from bot.cards.quiz import right_answer
from bot.message import Button, Message, rows_of
from bot.texts import Texts
from learning.quiz.grading import Verdict
from tools.reports import ItemReported, Remarked, ReportsShown

# A list longer than a screen is worked off from its beginning.
MOST_LISTED = 8


@card.register
def _(reported: ItemReported, texts: Texts) -> Message:
    key = "suspended" if reported.is_suspended else "thanks" if reported.is_first else "again"
    if reported.note is not None and not reported.is_first:
        key = "noted"
    ask = None if reported.note else texts.say("reports.ask_note")
    return Message(
        paragraphs(texts.say(f"reports.{key}"), ask),
        ((Button(texts.label("button.next_question"), f"/next {reported.question.quiz}"),),),
    )


@card.register
def _(shown: ReportsShown, texts: Texts) -> Message:
    listed = shown.reports[:MOST_LISTED]
    entries = [
        lines(
            texts.say(
                "reports.item_suspended" if one.is_suspended else "reports.item",
                id=one.item,
                reports=one.reports,
            ),
            texts.words(item.stem) if item else None,
            *(texts.say("reports.note", note=note) for note in one.notes),
        )
        for one, item in listed
    ]
    buttons = [
        Button(texts.label("button.keep_item", id=one.item), f"/reports keep={one.item}")
        for one, _ in listed
    ]
    return Message(
        paragraphs(
            texts.say("reports.kept", id=shown.kept) if shown.kept else None,
            texts.say("reports.head", count=len(shown.reports))
            if entries
            else texts.say("reports.none"),
            *entries,
            texts.say("reports.how") if entries else None,
        ),
        rows_of(buttons, 1),
    )


def operator_note(reported: ItemReported, texts: Texts) -> Message:
    """What an operator is told the moment an item is reported."""
    item = reported.item
    key = "operator_suspended" if reported.is_suspended else "operator"
    return Message(
        paragraphs(
            texts.say(f"reports.{key}", id=item.id, reports=reported.reports),
            texts.words(item.stem),
            texts.say("reports.note", note=reported.note) if reported.note else None,
        ),
        ((Button(texts.label("button.reports"), "/reports"),),),
    )


def corrections_card(remarked: Sequence[Remarked], texts: Texts) -> Message:
    """What a learner is told whose answers count differently now."""
    entries = [
        lines(
            texts.words(one.item.stem),
            texts.say(
                "reports.now_right" if one.after is Verdict.RIGHT else "reports.now_wrong",
                answer=right_answer(one.item, one.question, texts),
            ),
        )
        for one in remarked[:MOST_LISTED]
    ]
    why = Button(texts.label("button.why"), f"/why {remarked[0].question.id}")
    head = texts.say("reports.corrected", count=len(remarked))
    return Message(paragraphs(head, *entries), ((why,),))
