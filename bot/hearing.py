"""The path of one event: who it is from, what it is, and who answers it."""

from agent.phrases.codes import is_code
from agent.phrases.crisis import is_crisis
from bot.answering import LONGEST_TEXT, Answered, Answering
from bot.awaited import answer_awaited
from bot.choosing import chosen, evening_command, is_strangers_vote, pressed
from bot.cohorts.hearing import hear_in_group
from bot.commands import Wish, is_command
from bot.interviewing import call_in_interview
from bot.message import Message
from bot.platforms.port import Did
from bot.quizzing import quiz_command, typed_answer
from bot.reading_code import handed_in, review_file
from bot.saying import Saying
from bot.talking import BEGIN, talk
from bot.texts import texts_in
from bot.wishes import carry_out, command
from bot.work import Work
from learning.profile import holds_key, without_keys
from store.inbox import close
from store.invitations import note_invited, use_invitation
from store.learners import expected, learner_of
from store.script import Script
from tools.context import Context
from tools.schedule import fall_silent

# Words of crisis are heard in a longer text too, though not in a whole book.
MOST_HEARD = 20_000
_HEARD = frozenset({Did.SAID, Did.PRESSED, Did.SENT_SOMETHING_ELSE})


def hear(answering: Answering) -> Script[Answered | Work]:
    """Answer an event, or give the work that has to be awaited for its answer."""
    event = answering.event
    if event.group:
        heard = yield from hear_in_group(answering)
        if heard is not None:
            return heard
    if event.did is Did.LEFT:
        return (yield from _left(answering))
    if event.did not in _HEARD or not event.is_addressed:
        return (yield from answering.ignore())
    if not (yield from _may_come_in(answering)):
        return (yield from answering.say_to_stranger("snippets.not_allowed", person=event.person))
    if event.did is Did.PRESSED:
        if (yield from is_strangers_vote(answering)):
            return (yield from answering.ignore())
        if (yield from learner_of(answering.platform, event.person)) is None:
            # A second tap on "delete" is no word that a stranger begins with.
            return (yield from answering.say_to_stranger("snippets.expired"))
    learner, is_new = yield from answering.learner()
    context = answering.context(learner)
    answered = yield from _heard(answering, context, is_new=is_new)
    if isinstance(answered, Answered) and not answered.has_forgotten and not is_new:
        return (yield from answering.with_undelivered(context, answered))
    return answered


def _heard(answering: Answering, context: Context, *, is_new: bool) -> Script[Answered | Work]:
    event = answering.event
    if event.did is Did.SENT_SOMETHING_ELSE:
        if is_crisis(event.text):
            return (yield from answering.care(context))
        if event.file is not None:
            return (yield from review_file(answering, context, event.file))
        return (yield from answering.say(context, Wish(say="snippets.not_text")))
    if event.did is Did.PRESSED:
        return (yield from pressed(answering, context))
    return (yield from _said(Saying(answering, context, event.text.strip()), is_new=is_new))


def _may_come_in(answering: Answering) -> Script[bool]:
    """Whether they are on the list or were invited, now or before."""
    if answering.house.admits(answering.person):
        return True
    known = yield from learner_of(answering.platform, answering.event.person)
    return answering.house.admits(answering.person, known) or (yield from _invited(answering))


def _invited(answering: Answering) -> Script[bool]:
    """Let somebody in who brings a code, as `/start CODE`, which a link on Telegram says too."""
    command = answering.event.text.split()
    if len(command) != 2 or command[0].partition("@")[0].lower() != "/start":
        return False
    if not answering.event.is_private or not (yield from use_invitation(command[1], answering.now)):
        return False
    learner, _ = yield from answering.learner()
    yield from note_invited(learner.id)
    return True


def _left(answering: Answering) -> Script[Answered]:
    """A learner who blocked us is left alone until they come back."""
    yield from close(answering.received.seq, answering.now)
    learner = yield from learner_of(answering.platform, answering.event.person)
    if learner is not None:
        yield from fall_silent(learner.id)
    return Answered(())


def _said(saying: Saying, *, is_new: bool) -> Script[Answered | Work]:
    """What comes before any question of ours: what must not be read on, commands, beginners."""
    answering, context, text = saying.answering, saying.context, saying.text
    if not text:
        return (yield from saying.say("snippets.empty"))
    if is_crisis(text[:MOST_HEARD]):
        return (yield from answering.care(context))
    if holds_key(text):
        reviewed = (yield from handed_in(saying)) if is_code(text) else None
        return reviewed or (yield from _keep_secret(saying))
    if len(text) > LONGEST_TEXT:
        wish = Wish(say="snippets.too_long", values={"length": len(text)})
        return (yield from answering.say(context, wish))
    if is_new and not is_command(text):
        if saying.asks_about_privacy:
            # Some want to know it before they say more.
            return (yield from saying.say("privacy"))
        return (yield from saying.do(Wish(calls=(BEGIN,))))
    if answering.event.is_forwarded:
        # Others' words answer no question of ours, and command nothing.
        return (yield from talk(saying))
    if is_command(text):
        return (yield from command(answering, context, text))
    return (yield from _addressed(saying))


def _addressed(saying: Saying) -> Script[Answered | Work]:
    """Give words to the first who can take them: what was asked last comes before the rest."""
    answering, context, text = saying.answering, saying.context, saying.text
    awaited = yield from expected(context.address, context.learner.id, answering.now)
    choice = yield from chosen(saying, awaited)
    if isinstance(choice, Wish):
        return (yield from answering.say(context, choice))
    if choice is not None:
        return (yield from command(answering, context, choice))
    if awaited is not None:
        answered = yield from answer_awaited(saying, awaited)
        if answered is not None:
            return answered
    call = yield from call_in_interview(saying)
    if call is not None:
        return (yield from carry_out(answering, context, Wish(calls=(call,)), text))
    steered = yield from quiz_command(saying)
    if steered is None and awaited is None:
        steered = yield from evening_command(saying)
    if steered is not None:
        return (yield from command(answering, context, steered))
    typed = yield from typed_answer(saying)
    if typed is not None:
        return typed
    reviewed = yield from handed_in(saying)
    if reviewed is not None:
        return reviewed
    if saying.asks_about_privacy:
        # What is kept and who sees it is told by whoever runs this, not by a model.
        return (yield from saying.say("privacy"))
    return (yield from talk(saying))


def _keep_secret(saying: Saying) -> Script[Answered]:
    """A key goes to no model and into no row; its owner is told to take it back."""
    context, text = saying.context, saying.text
    message = Message(texts_in(context.learner.language).say("snippets.key"))
    owed = yield from saying.answering.end(
        context, [message], without_keys(text), keep_expectation=True
    )
    return Answered(owed)
