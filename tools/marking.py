"""Mark work as done, put off or blocked, with evidence; nothing is ticked on a guess."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from rapidfuzz import fuzz, process, utils

from learning.concepts import Concept
from learning.curriculum import Curriculum, Kind, Stage, Task, Unit
from learning.errors import Refused
from learning.evidence import shows_something
from learning.plan import DailyPlan, PlannedTask, Standing, plan_day
from learning.progress import Progress, progress_of
from learning.rhythm import Habit
from learning.values import Words
from store.checks import log_pass, take_back_passes_of
from store.enrolments import (
    add_evidence,
    complete,
    note_blocker,
    postpone,
    reopen,
)
from store.script import Script
from tools.concepts import concept_named_in
from tools.context import Context, Study, need_study
from tools.passed import DayFor, DayPassed, day_passed
from tools.plan import Arguments, Forecast, forecast, plans_as_expected

# partial_ratio of a said name with a title, 0 to 100; found by trying: clear names score 85 and
# more, other tasks of the same unit under 75.
SURE = 85.0
CANDIDATES = 3
# A name that fits a task of these coming days nearly as well as one of today is asked about.
DAYS_AHEAD = 7
MARGIN = 10.0

Evidence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class MarkTask(Arguments):
    outcome: Literal["done", "later", "stuck", "undo"]
    tasks: tuple[str, ...] = Field(
        (),
        description="Numbers in today's plan, task ids, titles, or 'all'. Empty when not said.",
    )
    evidence: Evidence | None = Field(
        None, description="The learner's own line that shows it: a sentence, a link, an output."
    )
    until: date | None = Field(None, description="The day to offer it again, for 'later'.")
    note: Evidence | None = Field(None, description="What blocks the learner, for 'stuck'.")


@dataclass(frozen=True, slots=True)
class MarkedTask:
    """`was_already` is true when nothing changed because the mark was there before."""

    id: str
    task: Task | Habit
    evidence: str | None
    was_already: bool


@dataclass(frozen=True, slots=True)
class Milestone:
    """A check point or the end of a stage that has just been reached."""

    curriculum: Curriculum
    stage: Stage
    number: int
    unit: Unit
    words: Words
    is_stage: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """What the database holds after the mark; `concepts` are what the tasks are about.

    `note` is what blocks, in the learner's words, and `named` the concept that they name.
    `may_ask_person` is true where an operator can be asked for help.
    """

    outcome: Literal["done", "later", "stuck", "undo"]
    tasks: tuple[MarkedTask, ...]
    until: date | None
    plan: DailyPlan
    progress: Progress
    forecast: Forecast
    leads_to: str | None
    concepts: tuple[Concept, ...]
    milestone: Milestone | None = None
    note: str | None = None
    named: Concept | None = None
    may_ask_person: bool = False


# Whose result shows most; a page that was read leaves little to show.
_SHOWS_MOST = (
    Kind.PROJECT,
    Kind.PRACTICE,
    Kind.WRITING,
    Kind.INTERVIEW,
    Kind.LEETCODE,
    Kind.THEORY,
    Kind.READING,
    Kind.COMMUNITY,
)


def evidence_weight(one: "MarkedTask | PlannedTask") -> tuple[int, int]:
    """Sorts tasks by how much their evidence matters, the most first; habits come last."""
    if isinstance(one.task, Habit):
        return len(_SHOWS_MOST), -one.task.minutes
    return _SHOWS_MOST.index(one.task.kind), -one.task.minutes


def evidence_wanted(marks: Sequence[Marked]) -> MarkedTask | None:
    """The one task, of all just done, that is asked for evidence."""
    unshown = [
        one
        for marked in marks
        if marked.outcome == "done"
        for one in marked.tasks
        if not one.evidence
    ]
    return min(unshown, key=evidence_weight, default=None)


@dataclass(frozen=True, slots=True)
class TaskUnclear:
    """More than one task could be meant, or none was: these are offered."""

    outcome: Literal["done", "later", "stuck", "undo"]
    said: str
    candidates: tuple[PlannedTask, ...]


@dataclass(frozen=True, slots=True)
class EvidenceKept:
    tasks: tuple[MarkedTask, ...]


def mark_task(context: Context, mark: MarkTask) -> Script[Marked | TaskUnclear | DayPassed]:
    study = yield from need_study(context)
    today = context.today
    plan = plan_day(study.curriculum, study.rhythm, study.enrolment.record, today)
    meant = _meant(mark, plan, study, today)
    if isinstance(meant, TaskUnclear):
        return meant
    if mark.outcome == "later" and mark.until is not None and mark.until <= today:
        return day_passed(mark.until, today, DayFor.LATER, tuple(entry.id for entry in meant))
    until = (mark.until or today + timedelta(days=1)) if mark.outcome == "later" else None
    if mark.outcome == "later":
        meant = tuple(entry for entry in meant if entry.standing is not Standing.DONE)
        if not meant:
            raise Refused("task.is_done")
    changed = {}
    for entry in meant:
        enrolment = study.of_task(entry.id).enrolment.id
        match mark.outcome:
            case "done":
                changed[entry.id] = yield from _finish(context, enrolment, entry)
                if mark.evidence and shows_something(mark.evidence):
                    yield from add_evidence(enrolment, entry.id, mark.evidence)
            case "later":
                changed[entry.id] = yield from postpone(
                    enrolment, entry.id, today, until or today + timedelta(days=1)
                )
            case "stuck":
                note = mark.note or ""
                yield from note_blocker(enrolment, entry.id, today, note, context.now)
                changed[entry.id] = True
            case _:
                problems = problems_of(entry.task)
                yield from take_back_passes_of(
                    context.learner.id, enrolment, entry.id, problems, today
                )
                changed[entry.id] = yield from reopen(enrolment, entry.id, today)
    return (yield from _marked(context, study, mark, meant, changed, until))


def _finish(context: Context, enrolment: int, entry: PlannedTask) -> Script[bool]:
    """Mark one task as done; its practice problems have had a pass by it."""
    task = entry.task
    is_new = yield from complete(
        enrolment,
        entry.id,
        task.title,
        task.wording if isinstance(task, Task) else "",
        context.today,
        context.now,
    )
    if is_new:
        for problem in problems_of(task):
            yield from log_pass(context.learner.id, problem, context.today, context.now)
    return is_new


def problems_of(task: Task | Habit) -> tuple[str, ...]:
    return task.problems if isinstance(task, Task) else ()


def _marked(
    context: Context,
    study: Study,
    mark: MarkTask,
    meant: tuple[PlannedTask, ...],
    changed: dict[str, bool],
    until: date | None,
) -> Script[Marked]:
    """Read back what was written; the confirmation says this and nothing else."""
    after = yield from need_study(context)
    record = after.enrolment.record
    finished = [entry.id for entry in meant if mark.outcome == "done" and changed[entry.id]]
    own = after.of_task(meant[0].id)
    progress = progress_of(own.curriculum, own.enrolment.record, context.today)
    kept = record.all_completions
    tasks = tuple(
        MarkedTask(
            entry.id,
            entry.task,
            kept[entry.id].evidence if entry.id in kept else None,
            was_already=not changed[entry.id],
        )
        for entry in meant
    )
    return Marked(
        mark.outcome,
        tasks,
        until,
        plan_day(study.curriculum, study.rhythm, record, context.today),
        progress,
        forecast(after, context.today),
        own.curriculum.leads_to if progress.is_finished else None,
        tuple(
            context.catalogue.concepts[id]
            for entry in meant
            if isinstance(entry.task, Task)
            for id in entry.task.concepts
        ),
        _milestone(after, finished, context.today),
        note=mark.note if mark.outcome == "stuck" else None,
        named=_named_in(context, mark, meant),
        may_ask_person=context.has_operators,
    )


def _named_in(context: Context, mark: MarkTask, meant: tuple[PlannedTask, ...]) -> Concept | None:
    """The concept that a blocker names: 卡在反向传播."""
    if mark.outcome != "stuck" or mark.note is None:
        return None
    near = [id for one in meant if isinstance(one.task, Task) for id in one.task.concepts]
    return concept_named_in(context.catalogue, mark.note, near)


def _milestone(study: Study, finished: Sequence[str], today: date) -> Milestone | None:
    """The milestone that the last of these tasks has reached, if it was the last of its part."""
    for id in reversed(finished):
        own = study.of_task(id)
        if id not in own.curriculum.place_of:
            continue
        stage, unit = own.curriculum.place_of[id]
        closed = own.enrolment.record.closed_before(today + timedelta(days=1))
        route = own.curriculum.route(own.enrolment.record.picked_on(today))
        is_unit_done = all(task.id in closed for task in unit.tasks)
        left = [one for one in route if one in stage.units and _has_open(one, closed)]
        number = own.curriculum.stages.index(stage) + 1
        if is_unit_done and not left:
            return Milestone(own.curriculum, stage, number, unit, stage.milestone, is_stage=True)
        if is_unit_done and unit.milestone is not None:
            return Milestone(own.curriculum, stage, number, unit, unit.milestone, is_stage=False)
    return None


def _has_open(unit: Unit, closed: Collection[str]) -> bool:
    return any(task.id not in closed for task in unit.tasks)


def keep_evidence(context: Context, tasks: tuple[str, ...], evidence: str) -> Script[EvidenceKept]:
    """Keep one line for tasks already marked as done."""
    study = yield from need_study(context)
    kept = []
    for id in tasks:
        if (yield from add_evidence(study.of_task(id).enrolment.id, id, evidence[:1000])):
            task = _task_with(id, study)
            if task is not None:
                kept.append(MarkedTask(id, task, evidence[:1000], was_already=False))
    return EvidenceKept(tuple(kept))


def _task_with(id: str, study: Study) -> Task | Habit | None:
    own = study.of_task(id)
    if id in own.curriculum.task_by_id:
        return own.curriculum.task_by_id[id]
    name = id.partition("@")[0]
    return next((habit for habit in study.rhythm.habits if habit.id == name), None)


def _meant(
    mark: MarkTask, plan: DailyPlan, study: Study, today: date
) -> tuple[PlannedTask, ...] | TaskUnclear:
    """Find the tasks a learner means; a name must be clear before anything is changed."""
    fitting = _fitting(mark, plan)
    if not mark.tasks:
        if len(fitting) == 1:
            return fitting
        return TaskUnclear(mark.outcome, "", fitting)
    if mark.tasks == ("all",):
        if not fitting:
            return TaskUnclear(mark.outcome, "all", ())
        return fitting
    found: dict[str, PlannedTask] = {}
    for said in mark.tasks:
        entry = _by_number(said, plan) or _by_id(said, plan, study, today) or _by_name(said, plan)
        if entry is None:
            return TaskUnclear(mark.outcome, said, _near(said, plan, study))
        is_named = entry.id != said and not said.isdecimal()
        rivals = _rivals(said, entry, plan, study, today) if is_named else ()
        if rivals and mark.outcome != "undo":
            return TaskUnclear(mark.outcome, said, (entry, *rivals)[:CANDIDATES])
        found[entry.id] = entry
    return tuple(found.values())


def _fitting(mark: MarkTask, plan: DailyPlan) -> tuple[PlannedTask, ...]:
    """The tasks of today that the outcome can apply to."""
    if mark.outcome == "undo":
        return tuple(entry for entry in plan.tasks if entry.standing is not Standing.OPEN)
    return plan.open_tasks


def _by_number(said: str, plan: DailyPlan) -> PlannedTask | None:
    if not said.isdecimal() or not plan.tasks:
        return None
    number = int(said)
    if not 1 <= number <= len(plan.tasks):
        raise Refused("task.no_such_number", number=number, most=len(plan.tasks))
    return plan.tasks[number - 1]


def _by_id(said: str, plan: DailyPlan, study: Study, today: date) -> PlannedTask | None:
    planned = next((entry for entry in plan.tasks if entry.id == said), None)
    if planned is not None:
        return planned
    task = study.of_task(said).curriculum.task_by_id.get(said)
    if task is not None:
        return _unplanned(task, study)
    name, _, day = said.partition("@")
    habit = next((habit for habit in study.rhythm.habits if habit.id == name), None)
    if habit is None or not _is_day(day) or not _is_recent(date.fromisoformat(day), today):
        return None
    return PlannedTask(said, habit, habit.minutes, Standing.OPEN)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_recent(day: date, today: date) -> bool:
    return today - timedelta(days=7) < day <= today


def _unplanned(task: Task, study: Study) -> PlannedTask:
    done = study.enrolment.record.all_completions.get(task.id)
    standing = Standing.DONE if done else Standing.OPEN
    return PlannedTask(task.id, task, task.minutes, standing, done.evidence if done else None)


def _score(said: str, task: Task | Habit) -> float:
    return max(
        fuzz.partial_ratio(said, title, processor=utils.default_process)
        for title in (task.title.zh, task.title.en)
    )


def _by_name(said: str, plan: DailyPlan) -> PlannedTask | None:
    """A task of today whose title is clearly meant: well matched, and no other as well."""
    if not any(char.isalpha() for char in said) or len(said) < 2:
        return None
    scored = sorted(plan.tasks, key=lambda entry: _score(said, entry.task), reverse=True)
    if not scored or _score(said, scored[0].task) < SURE:
        return None
    if len(scored) > 1 and _score(said, scored[1].task) >= SURE:
        return None
    return scored[0]


def _rivals(
    said: str, found: PlannedTask, plan: DailyPlan, study: Study, today: date
) -> tuple[PlannedTask, ...]:
    """Tasks of the coming days that a name fits about as well as the one of today it found."""
    least = max(SURE, _score(said, found.task) - MARGIN)
    known = {entry.id for entry in plan.tasks}
    days = tuple(today + timedelta(days=n) for n in range(1, DAYS_AHEAD + 1))
    rivals = {
        entry.id: entry
        for ahead in plans_as_expected(study, today, days)
        for entry in ahead.open_tasks
        if isinstance(entry.task, Task)
        and entry.id not in known
        and entry.task.title != found.task.title
        and _score(said, entry.task) >= least
    }
    return tuple(rivals.values())


def _near(said: str, plan: DailyPlan, study: Study) -> tuple[PlannedTask, ...]:
    """Today's tasks, and the curriculum's best matching open ones, to choose from."""
    record = study.enrolment.record
    titles = {
        (task.id, words): words
        for one in study.all
        for task in one.curriculum.tasks
        if task.id not in record.all_completions
        for words in (task.title.zh, task.title.en)
    }
    best = process.extract(
        said, titles, scorer=fuzz.partial_ratio, processor=utils.default_process, limit=6
    )
    near = [
        _unplanned(study.of_task(id).curriculum.task_by_id[id], study)
        for _, score, (id, _) in best
        if score >= SURE - 15
    ]
    unique = {entry.id: entry for entry in (*near, *plan.open_tasks)}
    return tuple(unique.values())[:CANDIDATES]
