"""What all rounds share: they are open or over, and a line of what was done can be left below."""

from dataclasses import dataclass
from datetime import timedelta

from learning.errors import Refused
from learning.evidence import shows_something
from learning.rhythm import Habit
from store.enrolments import add_evidence
from store.learners import learner_with
from store.rounds import Round, contribute, round_with
from store.script import Script
from tools.cohorts.group import Group
from tools.cohorts.membership import need_member
from tools.context import Context, study_of
from tools.marking import evidence_weight
from tools.plan import day_shown

LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class LineKept:
    """One line of evidence; `is_evidence` is true where it also stands with a finished task."""

    words: str
    is_evidence: bool = False


def need_open(group: Group, id: int, kind: str) -> Script[Round]:
    """A round of this group that is open.

    Raises:
        Refused: when it is over, or another group's.
    """
    found = yield from round_with(id, is_held=True)
    if found is None or found.cohort != group.cohort.id or found.kind != kind or not found.is_open:
        raise Refused("group.over")
    return found


def keep_line(group: Group, learner: int | None, id: int, words: str) -> Script[LineKept]:
    """Keep a line of what was done; it also stands with a task finished today that has none.

    Raises:
        Refused: when they have not joined the group, or the round was not of today.
    """
    member = yield from need_member(group, learner)
    found = yield from round_with(id, is_held=True)
    # An evening's round may end, and be answered, after midnight.
    is_over = found is None or found.day < group.today - timedelta(days=1)
    if found is None or is_over or found.cohort != group.cohort.id:
        raise Refused("group.over")
    line = " ".join(words.split())[:LONGEST_LINE]
    yield from contribute(id, member, group.now, words=line)
    if not shows_something(line):
        return LineKept(line)
    return LineKept(line, is_evidence=(yield from _stand_with_task(group, member, line)))


def _stand_with_task(group: Group, learner_id: int, line: str) -> Script[bool]:
    learner = yield from learner_with(learner_id)
    context = Context(learner, group.catalogue, learner.home, group.now)
    study = yield from study_of(context)
    if study is None:
        return False
    record = study.enrolment.record
    unshown = [
        one
        for one in day_shown(study, context.today).plan.tasks
        if not isinstance(one.task, Habit)
        and not one.evidence
        and (done := record.all_completions.get(one.id)) is not None
        and done.day == context.today
    ]
    if not unshown:
        return False
    task = min(unshown, key=evidence_weight)
    return (yield from add_evidence(study.of_task(task.id).enrolment.id, task.id, line))
