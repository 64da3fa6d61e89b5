"""Go on with whatever series of questions is under way."""

from store.quizzes import questions_of, quiz_under_way, quiz_with, take_up
from store.script import Script
from tools.context import Context
from tools.placement import PlacementAnswer, TakePlacement, take_placement
from tools.plan import Arguments
from tools.quiz import Asked, StartQuiz, go_on, result_of, start_quiz


class NextQuestion(Arguments):
    """`quiz` is the series to go on with; without it, the one under way."""

    quiz: int | None = None


def next_question(context: Context, wanted: NextQuestion) -> Script[Asked | PlacementAnswer]:
    """Put the next question; without a series begin a quiz, of a finished one show its result."""
    quiz = yield from quiz_under_way(context.learner.id)
    if wanted.quiz is not None and (quiz is None or quiz.id != wanted.quiz):
        named = yield from quiz_with(wanted.quiz)
        if named is not None and named.learner == context.learner.id:
            if named.kind != "placement" and (yield from is_finished(named.id, named.plan)):
                return (yield from result_of(context, named))
            quiz = yield from take_up(named, context.now)
    if quiz is None:
        return (yield from start_quiz(context, StartQuiz()))
    if quiz.kind == "placement":
        return (yield from take_placement(context, TakePlacement()))
    return (yield from go_on(context, quiz))


def is_finished(quiz: int, plan: object) -> Script[bool]:
    """Whether every question of a series has been put and none waits."""
    asked = yield from questions_of(quiz)
    items = plan.get("items", ()) if isinstance(plan, dict) else ()
    return len(asked) >= len(items) and all(one.state != "open" for one in asked)
