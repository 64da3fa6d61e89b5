"""The item behind a question: the bank's, or a draft of the learner's own."""

from learning.quiz.items import QuizItem
from store.drafts import draft_item
from store.quizzes import Question
from store.script import Script
from tools.context import Context


def item_of(context: Context, question: Question) -> Script[QuizItem | None]:
    """The item as it was asked; None when its author, or a draft's concept, is gone."""
    item = context.catalogue.bank.item(question.item, question.seed)
    if item is not None:
        return item
    draft = yield from draft_item(context.learner.id, question.item)
    is_whole = draft is not None and draft.concepts[0] in context.catalogue.concepts
    return draft if is_whole else None
