"""Code that is handed in: fetched, and read in a process of its own, before the turn goes on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from agent.phrases.codes import (
    LONGEST_CODE,
    finding_in,
    is_code,
    line_in,
    wants_more,
    wishes_review,
)
from bot.answering import Answered, Answering
from bot.code_review.process import Handed, largest_of
from bot.commands import Wish
from bot.formulas import readable
from bot.message import Message
from bot.platforms.port import SentFile
from bot.safe_words import safe_words
from bot.saying import Saying
from bot.work import Done, Means, Work
from learning.code_review.examined import Examined
from learning.code_review.findings import Remark, findings_in
from learning.code_review.source import is_of_a_kind_read
from learning.errors import MentorError
from learning.profile import without_keys
from store.outbox import latest_at
from store.script import Script
from store.submissions import latest_submission
from tools.code_review import TALKED_ABOUT
from tools.context import Context
from tools.registry import Call

REVIEW = Call("review_code")


@dataclass(frozen=True, slots=True)
class ReadingCode:
    """A paste or a file to be reviewed. `said` is what the learner wrote, for the window."""

    answering: Answering
    context: Context
    call: Call
    handed: Handed | SentFile
    said: str
    asks_model: bool = True

    async def done(self, means: Means) -> Done:
        try:
            files = await read_files(self.handed, means)
        except MentorError as error:
            return Done(partial(self.answering.refuse, error, (self._call,)), (self._call,))
        remarks = await self._remarks(files, means)
        context = replace(self.context, examined=files, remarks=remarks)
        return Done(partial(self._finish, context), (self._call,))

    async def _remarks(self, files: Sequence[Examined], means: Means) -> tuple[Remark, ...]:
        """What a model adds; nothing where none may be asked, or a learner stops it."""
        if not self.asks_model or means.full is not None or not any(one.code for one in files):
            return ()
        rules = self.context.catalogue.review_rules
        asked = means.conversation.remark(
            files, findings_in(files, rules), rules, self._words, self.context.learner.language
        )
        is_known = self.answering.house.is_known
        found = await means.stop.unless(asked) or ()
        return tuple(replace(one, words=safe_words(readable(one.words), is_known)) for one in found)

    @property
    def _words(self) -> str:
        return without_keys(self.said)

    @property
    def _call(self) -> Call:
        args = {name: without_keys(str(one)) for name, one in self.call.args.items()}
        return replace(self.call, args=args)

    def _finish(self, context: Context) -> Script[Answered | Work]:
        return (yield from self.answering.do(context, Wish(calls=(self._call,)), self._words))


async def read_files(handed: Handed | SentFile, means: Means) -> tuple[Examined, ...]:
    """What is in code that was handed in, without the keys in it.

    Raises:
        NotFetchedError: when a file cannot be had from the platform.
    """
    if isinstance(handed, SentFile):
        handed = Handed(await means.fetch(handed, largest_of(handed.name)), handed.name)
    read = await means.reviewer.examine([handed])
    # A key is found, and told of; it goes into no row and no prompt.
    return tuple(one.without_keys() for one in read)


def before_review(
    answering: Answering, context: Context, call: Call, said: str
) -> Script[ReadingCode | None]:
    """What is to be read before a review: code in the call; without any, the latest is told."""
    code = str(call.args.get("code") or "")
    yield from ()
    return _reading(answering, context, code, said, call) if code.strip() else None


def review_file(answering: Answering, context: Context, file: SentFile) -> Script[Answered | Work]:
    """Answer a file that was sent; its size is asked before it is fetched."""
    if not is_of_a_kind_read(file.name):
        return (yield from answering.say(context, Wish(say="code.file_kind")))
    most = largest_of(file.name)
    if file.size is not None and file.size > most:
        values = {"most": f"{most // 1_000_000} MB"}
        return (
            yield from answering.say(context, Wish(say="code.problem.too_large", values=values))
        )
    said = " ".join(part for part in (f"[{file.name}]", answering.event.text) if part)
    return ReadingCode(answering, context, REVIEW, file, said)


def handed_in(saying: Saying) -> Script[Answered | Work | None]:
    """A review of code in the words, or of what they answer to; None when they want none."""
    answering, context = saying.answering, saying.context
    if is_code(saying.text):
        call = Call("review_code", {"code": saying.text[:LONGEST_CODE]})
        return _reading(answering, context, saying.text, saying.text, call)
    event = answering.event
    is_in_answer = bool(event.replied or event.replied_file)
    if not saying.wishes_review and not (is_in_answer and wishes_review(saying.text)):
        return (yield from _asked_about(saying))
    if event.replied_file is not None:
        return (yield from review_file(answering, context, event.replied_file))
    if event.replied.strip():
        return _reading(answering, context, event.replied, saying.text, REVIEW)
    return None


def _asked_about(saying: Saying) -> Script[Answered | None]:
    """Words about a line or a finding of the latest code, or for those that are left."""
    context = saying.context
    line, number = line_in(saying.text), finding_in(saying.text)
    if wants_more(saying.text):
        return (yield from _go_on(saying))
    if (line is None and number is None) or saying.has_model:
        return None
    since = context.now - TALKED_ABOUT
    latest = yield from latest_submission(context.learner.id, context.address, since)
    if latest is None:
        return None
    if line is not None:
        return (yield from saying.call("show_findings", submission=latest.id, line=line))
    return (yield from saying.call("show_findings", submission=latest.id, skip=(number or 1) - 1))


def _go_on(saying: Saying) -> Script[Answered | None]:
    """Press the button for the rest, where the last message has one."""
    last = yield from latest_at(saying.context.address, saying.context.learner.id)
    buttons = Message.from_json(last.body).flat_buttons if last is not None else ()
    found = next((one.command for one in buttons if one.command.startswith("/code more ")), None)
    if found is None:
        return None
    _, _, submission, skip = found.split()
    return (yield from saying.call("show_findings", submission=int(submission), skip=int(skip)))


def _reading(
    answering: Answering, context: Context, code: str, said: str, call: Call
) -> ReadingCode:
    return ReadingCode(answering, context, call, Handed(code.encode(errors="replace")), said)
