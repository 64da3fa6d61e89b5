"""Log practice problems, take them back, and show how far the lists and quotas are."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field
from rapidfuzz import fuzz, process, utils

from learning.catalogue import Catalogue
from learning.curriculum import Quota
from learning.errors import Refused
from learning.problems import Problem, ProblemList
from store.checks import log_pass, log_unnamed, passes_of, take_back_latest
from store.script import Script
from tools.context import Context, study_of
from tools.plan import Arguments

# ratio of a said title with a problem's, 0 to 100.
SURE = 86.0
NEAR = 3
MOST_NEXT = 10
_EASY_FIRST = ("easy", "medium", "hard")


class LogPractice(Arguments):
    """Without anything to log, the lists and quotas are shown."""

    problems: tuple[str, ...] = Field(
        (), max_length=20, description="LeetCode numbers, slugs or titles, in either language."
    )
    count: int = Field(0, ge=0, le=50, description="How many were solved, when not named.")
    list: str | None = Field(
        None,
        max_length=64,
        description="Id of a list, such as 'blind-75' or 'hot-100', to show what is left of it.",
    )
    undo: bool = Field(
        default=False,
        description="Take back what was logged last today; the marks of tasks stay.",
    )


@dataclass(frozen=True, slots=True)
class Solved:
    """A problem just logged; `passes` counts the days on which it was solved."""

    problem: Problem
    passes: int
    wanted: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class ListShown:
    list: ProblemList
    solved: int


@dataclass(frozen=True, slots=True)
class QuotaShown:
    """`key_done` of the key problems have had all the passes they need."""

    quota: Quota
    solved: int
    key_done: int


@dataclass(frozen=True, slots=True)
class PracticeShown:
    """What was logged, and where everything stands; `unnamed` problems count in the total.

    `next` are unsolved problems of the list that was `chosen`, easy ones first. `taken_back` is
    how many logged problems were taken back just now.
    """

    solved: tuple[Solved, ...]
    unnamed: int
    unknown: tuple[tuple[str, tuple[Problem, ...]], ...]
    total: int
    lists: tuple[ListShown, ...]
    quotas: tuple[QuotaShown, ...]
    next: tuple[Problem, ...] = ()
    chosen: ProblemList | None = None
    taken_back: int = 0


def log_practice(context: Context, wanted: LogPractice) -> Script[PracticeShown]:
    """Log, take back or only show.

    Raises:
        Refused: when nothing was logged today that could be taken back.
    """
    if wanted.undo:
        taken_back = yield from _take_back(context)
        return (yield from _shown(context, wanted, {}, taken_back=taken_back))
    named: dict[str, Problem] = {}
    unknown: list[tuple[str, tuple[Problem, ...]]] = []
    for said in wanted.problems:
        found, near = find_problem(context.catalogue, said)
        if found is None:
            unknown.append((said, near))
        else:
            named[found.id] = found
    new = {}
    for id in named:
        new[id] = yield from log_pass(context.learner.id, id, context.today, context.now)
    if wanted.count:
        yield from log_unnamed(context.learner.id, wanted.count, context.today, context.now)
    return (yield from _shown(context, wanted, new, tuple(unknown)))


def _take_back(context: Context) -> Script[int]:
    """Take back what was logged last today, but no pass that belongs to a task done today."""
    study = yield from study_of(context)
    by_tasks = {
        problem
        for one in (study.all if study else ())
        for id, completion in one.enrolment.record.completions.items()
        if completion.day == context.today and id in one.curriculum.task_by_id
        for problem in one.curriculum.task_by_id[id].problems
    }
    taken_back = yield from take_back_latest(context.learner.id, context.today, by_tasks)
    if not taken_back:
        raise Refused("unclear.none_undo")
    return len(taken_back)


def _shown(
    context: Context,
    wanted: LogPractice,
    new: Mapping[str, bool],
    unknown: tuple[tuple[str, tuple[Problem, ...]], ...] = (),
    *,
    taken_back: int = 0,
) -> Script[PracticeShown]:
    """Where everything stands; `new` says of each problem logged whether it is so only now."""
    problems = context.catalogue.problems
    passes = yield from passes_of(context.learner.id)
    study = yield from study_of(context)
    quotas = tuple(quota for one in (study.all if study else ()) for quota in one.curriculum.quotas)
    lists = tuple(
        dict.fromkeys(
            id for one in (study.all if study else ()) for id in one.curriculum.problem_lists
        )
    ) or tuple(context.catalogue.problem_lists)
    chosen = context.catalogue.problem_lists.get(wanted.list or "")
    return PracticeShown(
        tuple(
            Solved(problems[id], passes.get(id, 0), _wanted_passes(id, quotas), is_new)
            for id, is_new in new.items()
        ),
        0 if wanted.undo else wanted.count,
        unknown,
        len(passes),
        tuple(
            ListShown(
                context.catalogue.problem_lists[id],
                sum(id in one.lists and one.id in passes for one in problems.values()),
            )
            for id in lists
        ),
        tuple(_quota_shown(quota, problems, passes) for quota in quotas),
        _left_of(chosen, problems, passes),
        chosen,
        taken_back,
    )


def _left_of(
    chosen: ProblemList | None, problems: Mapping[str, Problem], passes: Mapping[str, int]
) -> tuple[Problem, ...]:
    if chosen is None:
        return ()
    left = [one for one in problems.values() if chosen.id in one.lists and one.id not in passes]
    left.sort(key=lambda one: (_EASY_FIRST.index(one.difficulty), one.number))
    return tuple(left[:MOST_NEXT])


def _wanted_passes(id: str, quotas: tuple[Quota, ...]) -> int:
    return next((quota.passes for quota in quotas if id in quota.key), 1)


def _quota_shown(
    quota: Quota, problems: Mapping[str, Problem], passes: Mapping[str, int]
) -> QuotaShown:
    return QuotaShown(
        quota,
        solved=sum(
            one.category == quota.category and one.id in passes for one in problems.values()
        ),
        key_done=sum(passes.get(id, 0) >= quota.passes for id in quota.key),
    )


def find_problem(catalogue: Catalogue, said: str) -> tuple[Problem | None, tuple[Problem, ...]]:
    """The problem meant, by number, slug or title, or None and those that sound alike."""
    text = said.strip()
    if text in catalogue.problems:
        return catalogue.problems[text], ()
    if text.isdecimal():
        number = int(text)
        by_number = (one for one in catalogue.problems.values() if one.number == number)
        return next(by_number, None), ()
    titles = {
        (one.id, title): title
        for one in catalogue.problems.values()
        for title in (one.title.zh, one.title.en)
    }
    best = process.extract(
        text, titles, scorer=fuzz.ratio, processor=utils.default_process, limit=NEAR * 2
    )
    if best and best[0][1] >= SURE:
        return catalogue.problems[best[0][2][0]], ()
    near = dict.fromkeys(id for _, score, (id, _) in best if score >= 60)
    return None, tuple(catalogue.problems[id] for id in list(near)[:NEAR])
