"""Help by a person: what is sent, that it was sent, and what came back."""

from bot.cards.parts import card, lines, paragraphs
from bot.message import Button, Message
from bot.texts import Markup, Texts
from tools.human_help import (
    HelpAsked,
    HelpContext,
    HelpGiven,
    HelpListed,
    HelpPreviewed,
    HelpWordsWanted,
)


@card.register
def _(_: HelpWordsWanted, texts: Texts) -> Message:
    return Message(texts.say("human.what"))


@card.register
def _(shown: HelpPreviewed, texts: Texts) -> Message:
    """All that an operator would read; nothing has left yet."""
    buttons = (
        Button(texts.label("button.send_human"), f"/human yes {shown.words}"),
        Button(texts.label("button.not_human"), "/human no"),
    )
    return Message(
        paragraphs(
            texts.say("human.preview"),
            texts.say("human.words", words=shown.words),
            _about(shown.about, texts),
        ),
        (buttons,),
    )


@card.register
def _(asked: HelpAsked, texts: Texts) -> Message:
    return Message(texts.say("human.asked", request=asked.request.id))


@card.register
def _(listed: HelpListed, texts: Texts) -> Message:
    if not listed.requests:
        return Message(texts.say("human.none_open"))
    entries = [
        texts.say("human.open", request=one.id, at=one.asked_at.date(), words=one.words)
        for one in listed.requests
    ]
    return Message(paragraphs(*entries, texts.say("human.how")))


@card.register
def _(given: HelpGiven, texts: Texts) -> Message:
    return Message(texts.say("human.given", request=given.request.id))


def help_asked_note(asked: HelpAsked, texts: Texts) -> Message:
    """What an operator is told; the account it came from stays with the mentor."""
    return Message(
        paragraphs(
            texts.say("human.operator", request=asked.request.id),
            texts.say("human.words", words=asked.request.words),
            _about(asked.about, texts),
            texts.say("human.operator_how", request=asked.request.id),
        )
    )


def help_given_note(given: HelpGiven, texts: Texts) -> Message:
    """An operator's words to the learner who asked."""
    again = Button(texts.label("button.ask_human"), "/human")
    return Message(
        paragraphs(
            texts.say("human.answer"),
            texts.say("human.words", words=given.words),
            texts.say("human.answers_to", words=given.request.words),
        ),
        ((again,),),
    )


def _about(about: HelpContext, texts: Texts) -> Markup | str:
    if about.curriculum is None:
        return texts.say("human.no_curriculum")
    return lines(
        texts.say(
            "human.curriculum",
            title=texts.words(about.curriculum.title),
            day=about.day_number,
        ),
        *(texts.say("human.task", title=texts.words(one)) for one in about.tasks),
    )
