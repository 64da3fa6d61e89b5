"""Asking after somebody who is silent: the draft an operator sees, and what the learner reads."""

from bot.cards.parts import card, lines, paragraphs
from bot.message import Button, Message
from bot.texts import Texts, texts_in
from tools.looking_after import ReachedOut, Silent, SilentShown


@card.register
def _(shown: SilentShown, texts: Texts) -> Message:
    if not shown.silent:
        return Message(texts.say("silent.none"))
    entries = [
        lines(
            texts.say(
                "silent.one",
                code=one.code,
                days=one.days,
                title=texts.words(one.curriculum.title),
                day=one.day_number,
            ),
            texts.say("human.words", words=_draft(one)),
        )
        for one in shown.silent
    ]
    buttons = tuple(
        (Button(texts.label("button.reach", code=one.code), f"/reach {one.code}"),)
        for one in shown.silent
    )
    return Message(paragraphs(texts.say("silent.head"), *entries, texts.say("silent.how")), buttons)


@card.register
def _(reached: ReachedOut, texts: Texts) -> Message:
    return Message(texts.say("silent.sent", code=reached.silent.code))


def reached_note(reached: ReachedOut) -> Message:
    """What the learner reads, with the way to end it."""
    texts = texts_in(reached.silent.learner.language)
    buttons = (
        Button(texts.label("button.today"), "/today"),
        Button(texts.label("button.no_reach"), "/lookafter off"),
    )
    words = reached.words or _draft(reached.silent)
    return Message(
        paragraphs(texts.say("human.from"), texts.say("human.words", words=words)), (buttons,)
    )


def _draft(one: Silent) -> str:
    """In the learner's language, to be sent as it is or rewritten."""
    texts = texts_in(one.learner.language)
    return texts.label("silent.draft", title=texts.plain(one.curriculum.title), days=one.days)
