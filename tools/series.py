"""Go on with whatever series of questions is under way."""

from dataclasses import dataclass

from learning.errors import Refused
from store.quizzes import Quiz, end_quiz, quiz_under_way, quiz_with, take_up
from store.script import Script
from tools.context import Context
from tools.placement import PlacementAnswer, TakePlacement, take_placement
from tools.plan import Arguments
from tools.quiz import Asked, QuizOver, StartQuiz, go_on, start_quiz


class NextQuestion(Arguments):
    """`quiz` is the series to go on with; without it, the one under way."""

    quiz: int | None = None


class EndSeries(Arguments):
    """`quiz` is the series to end; without it, the one under way."""

    quiz: int | None = None


@dataclass(frozen=True, slots=True)
class SeriesEnded:
    """A series left before its end; its open question stays open and nothing is graded."""

    quiz: Quiz


def end_series(context: Context, wanted: EndSeries) -> Script[SeriesEnded]:
    quiz = yield from _meant(context, wanted.quiz)
    if quiz is None:
        raise Refused("quiz.no_question")
    yield from end_quiz(quiz.id, context.now)
    return SeriesEnded(quiz)


def next_question(context: Context, wanted: NextQuestion) -> Script[Asked | PlacementAnswer]:
    """Put the next question; without a series begin a quiz, of a finished one show its result."""
    quiz = yield from _meant(context, wanted.quiz)
    if quiz is None:
        return (yield from start_quiz(context, StartQuiz()))
    if quiz.kind == "placement":
        return (yield from take_placement(context, TakePlacement()))
    following = yield from go_on(context, quiz)
    if not isinstance(following, QuizOver):
        yield from take_up(quiz, context.now)
    return following


def _meant(context: Context, id: int | None) -> Script[Quiz | None]:
    """The learner's own series with that id, else the one under way."""
    named = (yield from quiz_with(id)) if id is not None else None
    if named is not None and named.learner == context.learner.id:
        return named
    return (yield from quiz_under_way(context.learner.id))
