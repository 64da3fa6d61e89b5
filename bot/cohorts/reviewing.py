"""Code that is shown to the mentor in a group: reviewed there, in a thread, and kept nowhere."""

from dataclasses import dataclass, replace
from functools import partial

from agent.phrases.codes import is_code, wishes_review
from bot.answering import Answered, Answering, RefusedInGroupError
from bot.cards import card
from bot.code_review.process import Handed
from bot.platforms.port import SentFile
from bot.reading_code import read_files
from bot.texts import texts_in
from bot.work import Done, Means, Work
from learning.code_review.examined import Examined
from learning.code_review.source import is_of_a_kind_read
from learning.errors import MentorError
from store.inbox import close
from store.script import Script
from tools.code_review import look_over
from tools.context import Context


@dataclass(frozen=True, slots=True)
class GroupReview:
    """Code or a file that somebody showed to all."""

    answering: Answering
    context: Context
    handed: Handed | SentFile
    asks_model: bool = False

    async def done(self, means: Means) -> Done:
        try:
            files = await read_files(self.handed, means)
        except MentorError as error:
            texts = texts_in(self.context.learner.language)
            return Done(partial(self.answering.refuse, RefusedInGroupError(error, texts)))
        return Done(partial(self._finish, files))

    def _finish(self, files: tuple[Examined, ...]) -> Script[Answered | Work]:
        answering, texts = self.answering, texts_in(self.context.learner.language)
        shown = card(look_over(replace(self.context, examined=files)), texts)
        title = texts.label("group.code_thread")
        below = replace(shown, buttons=(), under=answering.event.message, thread=title)
        yield from close(answering.received.seq, answering.now)
        return Answered((yield from answering.owe_to_group([below])))


def shown_code(answering: Answering, context: Context, text: str) -> GroupReview | None:
    """The review of code in what was said, sent, or replied to; None when none was shown."""
    event = answering.event
    if event.file is not None and is_of_a_kind_read(event.file.name):
        return GroupReview(answering, context, event.file)
    if is_code(text):
        return GroupReview(answering, context, Handed(text.encode(errors="replace")))
    if not wishes_review(text):
        return None
    if event.replied_file is not None and is_of_a_kind_read(event.replied_file.name):
        return GroupReview(answering, context, event.replied_file)
    if is_code(event.replied):
        return GroupReview(answering, context, Handed(event.replied.encode(errors="replace")))
    return None
