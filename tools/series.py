"""Go on with whatever series of questions is under way."""

from store.quizzes import latest_quiz
from store.script import Script
from tools.context import Context
from tools.placement import PlacementAnswer, TakePlacement, take_placement
from tools.plan import Arguments
from tools.quiz import Asked, StartQuiz, go_on, start_quiz


class NextQuestion(Arguments):
    pass


def next_question(context: Context, _: NextQuestion) -> Script[Asked | PlacementAnswer]:
    """Put the next question of the series under way; without one, begin a quiz."""
    quiz = yield from latest_quiz(context.learner.id)
    if quiz is None or quiz.is_over:
        return (yield from start_quiz(context, StartQuiz()))
    if quiz.kind == "placement":
        return (yield from take_placement(context, TakePlacement()))
    return (yield from go_on(context, quiz))
