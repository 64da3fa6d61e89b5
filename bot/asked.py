"""What a result asks of the learner: the question their next words answer, or the next question."""

import json
from collections.abc import Sequence

from store.learners import Expectation
from tools.answers import AnswerGraded, QuestionSkipped
from tools.checks import AssessmentShown, ScaleAsked
from tools.curricula import StartAsked
from tools.human_help import HelpWordsWanted
from tools.marking import Marked, evidence_wanted
from tools.profile import FactAsked
from tools.reports import ItemReported
from tools.resources import ResourcesFound


def question_in(result: object, results: Sequence[object] = ()) -> Expectation | None:
    """What a result asks the learner, so that their next words can answer it.

    Of several marks made together one question is asked: for the evidence that matters most, and
    without any for what blocks.
    """
    if isinstance(result, StartAsked):
        known = result.known.model_dump(mode="json", exclude_unset=True)
        for settled in ("language", "zone"):
            known.pop(settled, None)
        return Expectation("start", {"step": result.step.value, "known": json.dumps(known)})
    if isinstance(result, FactAsked):
        fact = result.fact
        return Expectation("fact", {"fact": str(fact.id), "kind": fact.kind.value})
    if isinstance(result, HelpWordsWanted):
        return Expectation("human", {})
    if isinstance(result, ItemReported) and result.note is None:
        return Expectation("report", {"question": str(result.question.id)})
    if isinstance(result, ResourcesFound) and result.resources:
        return Expectation("found", {"id": result.resources[0].id, "query": result.query})
    if isinstance(result, ScaleAsked):
        answers = json.dumps(dict(result.known))
        return Expectation("scale", {"scale": result.scale.id, "known": answers})
    if isinstance(result, AssessmentShown):
        ticked = result.ticked
        if ticked is None or ticked.met is None or ticked.met.evidence:
            return None
        return Expectation("criterion", {"criterion": ticked.criterion.id})
    if isinstance(result, Marked):
        marks = [one for one in results if isinstance(one, Marked)] or [result]
        wanted = evidence_wanted(marks)
        if wanted is not None:
            return Expectation("evidence", {"tasks": wanted.id})
        if len(marks) == 1 and result.outcome == "stuck" and not result.note:
            return Expectation("blocker", {"task": result.tasks[0].id})
    return None


def led_on_by(result: object) -> int | None:
    """The series whose next question follows: after a skip, or an answer that needs no reading."""
    if isinstance(result, AnswerGraded):
        is_new = result.kind == "placement" and not result.was_already
        return result.question.quiz if is_new else None
    if isinstance(result, QuestionSkipped):
        return None if result.was_already else result.question.quiz
    return None
