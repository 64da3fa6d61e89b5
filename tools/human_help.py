"""A learner asks a person: what is sent is shown first, and an operator answers from the chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from learning.curriculum import Curriculum
from learning.errors import Refused
from learning.values import Words
from store.help_requests import (
    HelpRequest,
    ask_for_help,
    count_open_help,
    help_request_with,
    note_help_given,
    open_help_requests,
)
from store.learners import Learner, learner_with
from store.script import Script
from tools.context import Context, study_of
from tools.export import only_in_private
from tools.plan import Arguments, day_shown

LONGEST_WORDS = 1000
MOST_OPEN = 3
MOST_LISTED = 10


class AskHuman(Arguments):
    """Without words they are asked for; without a yes it is shown what would be sent."""

    words: str = Field("", max_length=LONGEST_WORDS)
    confirmed: bool = False


class AnswerHelp(Arguments):
    request: int | None = None
    words: str = Field("", max_length=LONGEST_WORDS * 3)


@dataclass(frozen=True, slots=True)
class HelpContext:
    """What an operator is told beside the words: where the learner stands, and what is open."""

    curriculum: Curriculum | None = None
    day_number: int = 0
    tasks: Sequence[Words] = ()


@dataclass(frozen=True, slots=True)
class HelpWordsWanted:
    """The learner is asked what it is about."""


@dataclass(frozen=True, slots=True)
class HelpPreviewed:
    words: str
    about: HelpContext


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """`request` is to be shown to the operators."""

    request: HelpRequest
    learner: Learner
    about: HelpContext


@dataclass(frozen=True, slots=True)
class HelpListed:
    """Open requests, for an operator."""

    requests: Sequence[HelpRequest]


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """An operator's words for `learner`, to be delivered where they are spoken to first."""

    request: HelpRequest
    learner: Learner
    words: str


def ask_human(
    context: Context, wanted: AskHuman
) -> Script[HelpWordsWanted | HelpPreviewed | HelpAsked]:
    """Ask the operators for help, with the learner's consent to what they are told.

    Raises:
        Refused: in a group, when nobody runs this mentor in the chat, or when enough is open.
    """
    only_in_private(context)
    if not context.has_operators:
        raise Refused("human.nobody")
    if (yield from count_open_help(context.learner.id)) >= MOST_OPEN:
        raise Refused("human.enough", count=MOST_OPEN)
    words = wanted.words.strip()
    if not words:
        return HelpWordsWanted()
    about = yield from _about(context)
    if not wanted.confirmed:
        return HelpPreviewed(words, about)
    id = yield from ask_for_help(context.learner.id, words, context.now)
    request = HelpRequest(id, context.learner.id, words, context.now, is_answered=False)
    return HelpAsked(request, context.learner, about)


def _about(context: Context) -> Script[HelpContext]:
    study = yield from study_of(context)
    if study is None:
        return HelpContext()
    shown = day_shown(study, context.today)
    titles = [one.task.title for one in shown.plan.open_tasks]
    return HelpContext(study.curriculum, shown.day_number, titles)


def answer_help(context: Context, answer: AnswerHelp) -> Script[HelpListed | HelpGiven]:
    """Answer a request as an operator; without words the open ones are listed.

    Raises:
        Refused: for anybody else, and when there is no such request.
    """
    if not context.is_operator:
        raise Refused("operator.only")
    if answer.request is None or not answer.words.strip():
        return HelpListed((yield from open_help_requests(MOST_LISTED)))
    request = yield from help_request_with(answer.request)
    if request is None:
        raise Refused("human.no_such", request=answer.request)
    yield from note_help_given(request.id, context.now)
    learner = yield from learner_with(request.learner)
    return HelpGiven(request, learner, answer.words.strip())
