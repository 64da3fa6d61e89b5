"""Code that was handed in."""

from bot.cards.parts import card, concept_button, paragraphs
from bot.message import Message, rows_of
from bot.texts import Texts
from tools.review import CodeReceived, CodeWanted


@card.register
def _(_: CodeWanted, texts: Texts) -> Message:
    return Message(texts.say("code.wanted"))


@card.register
def _(received: CodeReceived, texts: Texts) -> Message:
    key = "code.received_python" if received.is_python else "code.received"
    buttons = [concept_button(one, texts) for one in received.concepts]
    return Message(
        paragraphs(
            texts.say(key, lines=received.lines),
            texts.say("code.later"),
            texts.say("code.concepts") if buttons else None,
        ),
        rows_of(buttons, 2),
    )
