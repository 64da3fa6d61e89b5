"""The conversation's words and the cards of its tools, put together as few messages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from agent.reply import Reply
from bot.cards.doubt import doubt_card
from bot.cards.marks import cards_of
from bot.formulas import readable
from bot.message import Message
from bot.safe_words import Known, safe_words
from bot.texts import Texts
from tools.curricula import LeaveAsked
from tools.forgetting import EraseAsked
from tools.registry import Call

# Cards that a model reads to ground its words; with words of some length they say it twice.
_GROUNDS = frozenset({"explain_concept", "answer_faq", "show_progress", "list_curricula"})
_LINKS = frozenset({"find_resources"})
# Above a question whose yes cannot be taken back nobody else has a word.
_YES_ASKED = (EraseAsked, LeaveAsked)
LONG_WORDS = 120
MOST_IN_ONE = 3500
MOST_ROWS = 10


def messages_of(
    calls: Sequence[Call],
    results: Sequence[object],
    reply: Reply,
    texts: Texts,
    day: date,
    is_known: Known,
) -> list[Message]:
    """What is sent for a reply: words, then the cards of what was done and shown.

    The words name no address but one that `is_known`. Sentences with several wordings change from
    day to day.
    """
    shown = [
        result
        for call, result in zip(calls, results, strict=True)
        if not _is_said(call, reply.words or "")
    ]
    cards = cards_of(shown, texts)
    # What was shown until it was stopped is readable already.
    said = None if any(isinstance(one, _YES_ASKED) for one in results) else reply.words
    written = said if reply.is_stopped else readable(said or "")
    words = safe_words(written, is_known) if written else None
    if reply.doubtful and not cards:
        cards = [doubt_card(reply.doubtful, texts)]
    if words is None and reply.say is not None and not cards:
        words = texts.say_anew(f"say.{reply.say}", day, **reply.values)
    if words and reply.words and reply.is_stopped:
        words = f"{words} …\n\n{texts.say('say.stopped')}"
    messages = [Message(words), *cards] if words else cards
    messages = joined(messages or [Message(texts.say("say.unclear"))])
    if reply.notice is not None:
        first = messages[0]
        notice = texts.say(reply.notice)
        messages[0] = replace(first, markup=f"{notice}\n\n{first.markup}")
    return messages


def _is_said(call: Call, words: str) -> bool:
    """Whether the model's words already give what a card would."""
    if len(words) < LONG_WORDS:
        return False
    return call.tool in _GROUNDS or (call.tool in _LINKS and "](http" in words)


def joined(messages: Sequence[Message]) -> list[Message]:
    """Neighbours in one message, as long as a phone can show them: a chat takes few sends."""
    found: list[Message] = []
    for one in messages:
        if found and _fits(found[-1], one):
            last = found[-1]
            buttons = (*last.buttons, *(row for row in one.buttons if row not in last.buttons))
            found[-1] = replace(
                last,
                markup=f"{last.markup}\n\n{one.markup}",
                buttons=buttons,
                form=last.form or one.form,
                picture=last.picture or one.picture,
            )
        else:
            found.append(one)
    return found


def _fits(first: Message, second: Message) -> bool:
    is_plain = all(
        one.poll is None and one.attachment is None and not one.takes_number
        for one in (first, second)
    )
    is_plain = is_plain and (first.picture is None or second.picture is None)
    rows = len(first.buttons) + len(second.buttons)
    return is_plain and rows <= MOST_ROWS and len(first.markup + second.markup) <= MOST_IN_ONE
