"""Buttons that are pressed, voted for, or meant by words, a number or a label."""

from agent.phrases.evenings import evening_reply
from agent.phrases.small_talk import AGREES
from agent.phrases.spelling import plain
from bot.answering import Answered, Answering
from bot.commands import Wish
from bot.message import LETTERS, Button, Message
from bot.platforms.port import read_press_token, read_vote_token
from bot.quizzing import waiting_question
from bot.saying import Saying
from bot.wishes import command
from bot.work import Work
from store.learners import Expectation, learner_of
from store.outbox import Owed, delivery_with, delivery_with_poll, latest_at
from store.script import Script
from tools.context import Context

# What the evening asks, to which "too busy" is an answer.
EVENING_KINDS = frozenset({"checkin", "rescue", "weekly"})


# What a mere yes does as well as its button: a press takes it back.
BY_A_WORD = "/dayoff "


def pressed(answering: Answering, context: Context) -> Script[Answered | Work]:
    """A button is its learner's own; pressing it is typing its command."""
    token_text = answering.event.text
    vote = read_vote_token(token_text)
    if vote is not None:
        return (yield from _voted(answering, context, *vote))
    token = read_press_token(token_text)
    delivery = (yield from delivery_with(token[0])) if token else None
    if delivery is None or token is None:
        return (yield from answering.say(context, Wish(say="snippets.expired")))
    if delivery.learner != context.learner.id or delivery.address != context.address:
        return (yield from answering.say(context, Wish(say="snippets.not_yours")))
    return (yield from _press(answering, context, delivery, token[1]))


def is_strangers_vote(answering: Answering) -> Script[bool]:
    """Whether a vote is somebody else's: a forwarded poll's voters are not spoken to."""
    vote = read_vote_token(answering.event.text)
    if vote is None:
        return False
    learner = yield from learner_of(answering.platform, answering.event.person)
    delivery = yield from delivery_with_poll(vote[0])
    return learner is None or (delivery is not None and delivery.learner != learner.id)


def _voted(
    answering: Answering, context: Context, receipt: str, place: int
) -> Script[Answered | Work]:
    """A vote names no chat: the answer goes where its poll is."""
    delivery = yield from delivery_with_poll(receipt)
    if delivery is None:
        return (yield from answering.say(context, Wish(say="snippets.expired")))
    there = answering.at(delivery.address)
    return (yield from _press(there, there.context(context.learner), delivery, place))


def _press(
    answering: Answering, context: Context, delivery: Owed, place: int
) -> Script[Answered | Work]:
    buttons = Message.from_json(delivery.body).flat_buttons
    if place >= len(buttons):
        return (yield from answering.say(context, Wish(say="snippets.expired")))
    return (yield from command(answering, context, buttons[place].command))


def chosen(saying: Saying, awaited: Expectation | None) -> Script[str | Wish | None]:
    """The command of the last message's choice that is named by its number or its label.

    Where choices are shown with numbers a number is a choice; elsewhere it first answers
    what was asked, such as the hours a week.
    """
    context, text, answering = saying.context, saying.text, saying.answering
    message = yield from _latest(context)
    buttons = message.flat_buttons
    said = _bare(text)
    by_label = next((one for one in buttons if said and _bare(one.label) == said), None)
    if by_label is not None:
        return by_label.command
    if AGREES.match(plain(text)):
        return next((one.command for one in buttons if one.command.startswith(BY_A_WORD)), None)
    shows_numbers = answering.platform in answering.house.numbers_choose
    if message.takes_number:
        place = LETTERS.find(text.lower()) if len(text) == 1 else -1
        is_choice = shows_numbers and 0 <= place < len(buttons)
        return buttons[place].command if is_choice else None
    if not (text.isdecimal() and len(text) <= 2) or (awaited is not None and not shows_numbers):
        return None
    if not shows_numbers and (yield from _awaits_words(context)):
        return None
    if 1 <= int(text) <= len(buttons):
        return buttons[int(text) - 1].command
    if buttons and shows_numbers and awaited is None:
        return Wish(say="snippets.no_button", values={"most": len(buttons)})
    return None


def _awaits_words(context: Context) -> Script[bool]:
    """Whether a question waits for a number or words, which no other message's button is."""
    question = yield from waiting_question(context)
    return question is not None and not question.frozen.order


def level_named(saying: Saying) -> Script[str | None]:
    """The command of the one level whose words were said, with others around them."""
    said = _bare(saying.text)

    def is_named(one: Button) -> bool:
        label = _bare(one.label)
        return len(label) > 1 and one.command.startswith("/check") and label in said

    message = yield from _latest(saying.context)
    named = [one.command for one in message.flat_buttons if is_named(one)]
    return named[0] if len(named) == 1 else None


def evening_command(saying: Saying) -> Script[str | None]:
    """What "too busy" or "half of it" answer to an evening's question; nothing is marked."""
    context = saying.context
    how = evening_reply(saying.text)
    latest = (yield from latest_at(context.address, context.learner.id)) if how else None
    if latest is None or latest.kind not in EVENING_KINDS:
        return None
    is_mark = any(call.tool in {"mark_task", "log_practice"} for call in saying.routed.calls)
    return None if is_mark else f"/{how}"


def _latest(context: Context) -> Script[Message]:
    """The last message at this address; an empty one where there is none."""
    latest = yield from latest_at(context.address, context.learner.id)
    return Message.from_json(latest.body) if latest else Message("")


def _bare(label: str) -> str:
    """A label as people type it: without pictures and outer spaces, in one case."""
    kept = "".join(char for char in label if char.isalnum() or char.isspace())
    return kept.strip().lower()
