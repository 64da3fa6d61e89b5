"""The plan: a pure function of curriculum, rhythm, what is done, and the date.

A unit's tasks wait in two queues, study and project. A day takes from the queue its weekday
prefers, in order, while tasks fit its minutes, and from the other only when the first is empty;
units follow one another. So every task's turn comes, and more minutes on any day never make the
end later: being further along, with at least the minutes, stays being further along.

Curricula followed together are woven into one row of units before any day is planned, each getting
the same minutes, so the same rules and laws hold for them.
"""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from learning.curriculum import Curriculum, Task
from learning.quiz.reviews import SHARE_OF_DAY
from learning.rhythm import Habit, Minutes, Rhythm, weekday
from learning.values import Words

MOST_TASKS_A_DAY = 3
MOST_SLACK = 20
# A habit may take this much of its day's minutes; the rest belongs to the curriculum.
HABIT_SHARE = 0.5
# On the first days there is no week yet to write up.
HABITS_AFTER_DAYS = 3
# No forecast looks further; at a minute a day even the longest curriculum is "years away".
FORECAST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Pace:
    """Minutes for Monday to Sunday, in force from a day on."""

    since: date
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class Pause:
    """Days without work, `until` the first day of work again, or open-ended."""

    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Completion:
    """A task the learner finished on a local day, with the evidence they gave.

    `title` and `wording` are the task's as it was then, kept for when its author changes it.
    """

    task: str
    day: date
    evidence: str | None = None
    title: Words | None = None
    wording: str | None = None


@dataclass(frozen=True, slots=True)
class Postponement:
    """A task put off on a local day; it is not offered again before `until`."""

    task: str
    day: date
    until: date


@dataclass(frozen=True, slots=True)
class Skip:
    """A task left out for good, from a local day on; `origin` is what may take it back."""

    task: str
    day: date
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """The options taken in a choice, from a local day on."""

    choice: str
    options: tuple[str, ...]
    day: date


@dataclass(frozen=True, slots=True)
class ReviewTime:
    """Minutes set aside for reviews: on days up to `known_until` as they were, later as usual."""

    minutes: Mapping[date, int] = field(default_factory=dict)
    known_until: date | None = None
    usual: int = 0

    def on(self, day: date) -> int:
        if self.known_until is None:
            return 0
        return self.minutes.get(day, 0) if day <= self.known_until else self.usual


@dataclass(frozen=True, slots=True)
class Record:
    """All that happened in one enrolment, every fact with its local day.

    A plan for a day reads only facts of that day and before, so past days never change.
    `returns` are the days on which a way on was chosen after an absence. `companions` are the
    curricula followed beside this one; the minutes and pauses of this one hold for all.
    """

    started_on: date
    paces: Sequence[Pace]
    pauses: Sequence[Pause] = ()
    completions: Mapping[str, Completion] = field(default_factory=dict)
    postponements: Sequence[Postponement] = ()
    skips: Sequence[Skip] = ()
    returns: Sequence[date] = ()
    picks: Sequence[Pick] = ()
    companions: "tuple[Companion, ...]" = ()
    review_time: ReviewTime = ReviewTime()

    def minutes_on(self, day: date) -> int:
        """Minutes the learner means to give to `day`; none before the start or in a pause."""
        if day < self.started_on or self.is_paused_on(day):
            return 0
        return self.pace_on(day)[day.weekday()]

    def review_minutes_on(self, day: date) -> int:
        """Minutes of a day that reviews take, a fifth of it at most."""
        # Asked for every day of a forecast.
        wanted = self.review_time.on(day)
        return min(wanted, int(self.minutes_on(day) * SHARE_OF_DAY)) if wanted else 0

    def pace_on(self, day: date) -> Minutes:
        for pace in reversed(self.paces):
            if pace.since <= day:
                return pace.minutes
        return self.paces[0].minutes

    def is_paused_on(self, day: date) -> bool:
        # Asked for every day of a forecast, and mostly there is none.
        return bool(self.pauses) and any(pause.covers(day) for pause in self.pauses)

    @property
    def all_completions(self) -> Mapping[str, Completion]:
        """This curriculum's and its companions'; no two curricula share a task's id."""
        if not self.companions:
            return self.completions
        return ChainMap(
            dict(self.completions), *(dict(one.record.completions) for one in self.companions)
        )

    @property
    def all_postponements(self) -> Sequence[Postponement]:
        return [
            *self.postponements,
            *(p for one in self.companions for p in one.record.postponements),
        ]

    def picked_on(self, day: date) -> dict[str, tuple[str, ...]]:
        """The options in force on `day`, by choice; choices still open are left out."""
        return {pick.choice: pick.options for pick in self.picks if pick.day <= day}

    def closed_before(self, day: date) -> set[str]:
        closed = {done.task for done in self.completions.values() if done.day < day}
        closed |= {skip.task for skip in self.skips if skip.day <= day}
        for companion in self.companions:
            closed |= companion.record.closed_before(day)
        return closed

    def last_active_day(self) -> date | None:
        """The latest day with a completion or a task put off: signs of real work on the plan."""
        return max(
            (
                *(done.day for done in self.all_completions.values()),
                *(later.day for later in self.all_postponements),
            ),
            default=None,
        )


@dataclass(frozen=True, slots=True)
class Companion:
    """A curriculum followed beside another, which lends it its minutes."""

    curriculum: Curriculum
    record: Record


class Standing(StrEnum):
    """How a planned task stands on its day."""

    OPEN = "open"
    DONE = "done"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One entry of a day; `minutes` is what it takes on this day."""

    id: str
    task: Task | Habit
    minutes: int
    standing: Standing
    evidence: str | None = None

    @property
    def is_habit(self) -> bool:
        return isinstance(self.task, Habit)


@dataclass(frozen=True, slots=True)
class DailyPlan:
    """At most three tasks of one local day; the first open one is the day's highlight."""

    day: date
    budget: int
    tasks: tuple[PlannedTask, ...]
    is_paused: bool
    review_minutes: int = 0

    @property
    def highlight(self) -> PlannedTask | None:
        return next((task for task in self.tasks if task.standing is Standing.OPEN), None)

    @property
    def minutes(self) -> int:
        return sum(task.minutes for task in self.tasks)

    @property
    def minutes_over(self) -> int:
        """How far the last, indivisible task goes beyond the day's minutes; 0 when all fits."""
        return max(0, self.minutes + self.review_minutes - self.budget)

    @property
    def open_tasks(self) -> tuple[PlannedTask, ...]:
        return tuple(task for task in self.tasks if task.standing is Standing.OPEN)


def plan_day(curriculum: Curriculum, rhythm: Rhythm, record: Record, day: date) -> DailyPlan:
    """Plan one day from the facts of the days before it; the day's own facts only mark it."""
    budget = record.minutes_on(day)
    waiting = {
        put_off.task
        for put_off in record.all_postponements
        if put_off.day < day and put_off.until > day
    }
    queues = _Queues(row_of_units(curriculum, record, day), record.closed_before(day), waiting)
    habits, budget_left, slots_left = _habits_on(rhythm, record, day, budget)
    entries: list[tuple[str, Task | Habit, int]] = [
        (task.id, task, task.minutes) for task in queues.take(rhythm, day, budget_left, slots_left)
    ]
    entries += [(habit_id(habit, day), habit, minutes) for habit, minutes in habits]
    put_off_today = {put_off.task for put_off in record.all_postponements if put_off.day == day}
    return DailyPlan(
        day,
        budget,
        tuple(_planned(*entry, record, day, put_off_today) for entry in entries),
        is_paused=record.is_paused_on(day),
        review_minutes=record.review_minutes_on(day),
    )


def habit_id(habit: Habit, day: date) -> str:
    """A habit's id on one day, such as `notes@2026-11-29`: each occurrence is done by itself."""
    return f"{habit.id}@{day.isoformat()}"


def _planned(
    id: str,
    task: Task | Habit,
    minutes: int,
    record: Record,
    day: date,
    put_off: Collection[str],
) -> PlannedTask:
    done = record.all_completions.get(id)
    if done is not None and done.day <= day:
        return PlannedTask(id, task, minutes, Standing.DONE, done.evidence)
    return PlannedTask(id, task, minutes, Standing.LATER if id in put_off else Standing.OPEN)


def _habits_on(
    rhythm: Rhythm, record: Record, day: date, budget: int
) -> tuple[list[tuple[Habit, int]], int, int]:
    """Fit the day's habits into their share; give them, and the minutes and places left.

    Reviews come first. What is left depends on the day and its minutes alone, never on what fits,
    so more minutes always leave at least as much for the curriculum. One place is kept for it.
    """
    budget -= record.review_minutes_on(day)
    is_early = _is_early(record, day)
    due = [habit for habit in rhythm.habits if not is_early and habit.falls_on(day)]
    if not due:
        return [], budget, MOST_TASKS_A_DAY
    due.sort(key=lambda habit: habit.every == "week")
    due = due[: MOST_TASKS_A_DAY - 1]
    share = int(budget * HABIT_SHARE)
    wanted = sum(habit.minutes for habit in due)
    # In steps of five: "write for 31 minutes" is no plan.
    fitted = [
        (habit, min(habit.minutes, habit.minutes * share // wanted // 5 * 5)) for habit in due
    ]
    fitted = [(habit, minutes) for habit, minutes in fitted if minutes >= 5]
    return fitted, budget - share, MOST_TASKS_A_DAY - len(due)


def minutes_for_tasks(rhythm: Rhythm, record: Record, day: date) -> int:
    """What habits leave of a day for the curriculum."""
    return _habits_on(rhythm, record, day, record.minutes_on(day))[1]


def _last_put_off(record: Record, closed: Collection[str]) -> date | None:
    """The day on which the last task put off is offered again."""
    days = [one.until for one in record.all_postponements if one.task not in closed]
    return max(days, default=None)


def _is_early(record: Record, day: date) -> bool:
    return (day - record.started_on).days < HABITS_AFTER_DAYS


def row_of_units(curriculum: Curriculum, record: Record, day: date) -> list[tuple[Task, ...]]:
    """The tasks that are planned on `day`, done or not, in the order of their units.

    Units of options that were not chosen are left out. Companions that have begun by then are
    woven in.
    """
    units = [unit.tasks for unit in curriculum.route(record.picked_on(day))]
    beside = [one for one in record.companions if one.record.started_on <= day]
    if not beside or record.started_on > day:
        return units
    # The weave is made once, on the day the latest of them began, and holds from then on.
    since = max(record.started_on, *(one.record.started_on for one in beside))
    closed = record.closed_before(since)
    rows = [units] + [
        [unit.tasks for unit in one.curriculum.route(one.record.picked_on(day))] for one in beside
    ]
    return _woven([[_open(tasks, closed) for tasks in row] for row in rows])


def _open(tasks: Iterable[Task], closed: Collection[str]) -> tuple[Task, ...]:
    return tuple(task for task in tasks if task.id not in closed)


def _woven(rows: Sequence[Sequence[tuple[Task, ...]]]) -> list[tuple[Task, ...]]:
    """Weave rows of units into one, so that each row has had the same minutes at any point.

    A task stands where its row's minutes before it place it; a unit of the woven row reaches
    as far as one of the first row's, then of the second's, and so on for what is left.
    """
    placed: list[tuple[int, int, Task]] = []
    ends: list[int] = []
    for number, row in enumerate(rows):
        minutes = 0
        for tasks in row:
            for task in tasks:
                placed.append((minutes, number, task))
                minutes += task.minutes
            if minutes > (ends[-1] if ends else 0):
                ends.append(minutes)
    placed.sort(key=lambda one: one[:2])
    woven: list[list[Task]] = [[] for _ in ends]
    at = 0
    for minutes, _, task in placed:
        while minutes >= ends[at]:
            at += 1
        woven[at].append(task)
    return [tuple(tasks) for tasks in woven]


def slack(minutes: int) -> int:
    """How far a day's last task may run over: a fifth of the day's minutes, 20 at most.

    Without it a day of 100 minutes would hold one task of an hour, and a week of 15 hours would
    take as long as one of 10.
    """
    return min(MOST_SLACK, minutes // 5)


class _Queues:
    """The open tasks of a row of units, unit by unit, in a study and a project queue."""

    def __init__(
        self,
        units: Iterable[Sequence[Task]],
        closed: Collection[str],
        waiting: Collection[str] = (),
    ) -> None:
        self._units = iter(units)
        self._closed = closed
        self._waiting = waiting
        self._study: list[Task] = []
        self._project: list[Task] = []

    def take(self, rhythm: Rhythm, day: date, budget: int, places: int) -> list[Task]:
        """Remove and return the tasks of one day.

        At least one is taken on a day with minutes, even when it is longer than the day; the last
        one may run over by a little.
        """
        taken: list[Task] = []
        left = budget
        over = slack(budget)
        while left > 0 and len(taken) < places and self.has_tasks():
            queue = self._queue_for(rhythm, day)
            if taken and queue[-1].minutes > left + over:
                break
            task = queue.pop()
            taken.append(task)
            left -= task.minutes
        return taken

    def _queue_for(self, rhythm: Rhythm, day: date) -> list[Task]:
        if weekday(day) in rhythm.project_days:
            return self._project or self._study
        return self._study or self._project

    def has_tasks(self) -> bool:
        """Bring in the next unit when this one is used up; False at the curriculum's end."""
        while not (self._study or self._project):
            unit = next(self._units, None)
            if unit is None:
                return False
            still_open = [task for task in reversed(unit) if self._is_open(task)]
            self._study = [task for task in still_open if not task.is_for_project_days]
            self._project = [task for task in still_open if task.is_for_project_days]
        return True

    def _is_open(self, task: Task) -> bool:
        return task.id not in self._closed and task.id not in self._waiting


def finish_day(curriculum: Curriculum, rhythm: Rhythm, record: Record, today: date) -> date | None:
    """The day on which the last task is done, if every day from today on goes as planned.

    The later of two days: the one on which the plan gives the last task, and the one on which
    the days' minutes add up to the tasks'. The second matters when days are shorter than tasks.
    Each comes no later with more minutes, and so does the later of them. It is the last working
    day when all is done, and None when it lies beyond `FORECAST_DAYS`, as with an open-ended
    pause or a week without minutes.
    """
    plan = plan_day(curriculum, rhythm, record, today)
    to_do = {entry.id for entry in plan.open_tasks}
    closed = record.closed_before(today + timedelta(days=1))
    units = row_of_units(curriculum, record, today)
    queues = _Queues(units, closed | to_do)
    minutes_left = sum(task.minutes for unit in units for task in unit if task.id not in closed)
    minutes_left -= _minutes_today(rhythm, record, plan)
    last = today if to_do else record.last_active_day() or today
    last = max(last, _last_put_off(record, closed) or last)
    day = max(today, record.started_on - timedelta(days=1))
    # What habits leave of a day depends on these alone, and a forecast sees the same days often.
    rooms: dict[tuple[int, bool, bool, int, int], tuple[int, int]] = {}
    for _ in range(FORECAST_DAYS):
        if minutes_left <= 0 and not queues.has_tasks():
            return last
        day += timedelta(days=1)
        minutes = record.minutes_on(day)
        reviews = record.review_minutes_on(day)
        key = (day.weekday(), day.day <= 7, _is_early(record, day), minutes, reviews)
        if key not in rooms:
            _, budget, places = _habits_on(rhythm, record, day, minutes)
            rooms[key] = budget, places
        if queues.take(rhythm, day, *rooms[key]) or (minutes_left > 0 and rooms[key][0] > 0):
            last = max(last, day)
        minutes_left -= rooms[key][0]
    return None


def _minutes_today(rhythm: Rhythm, record: Record, plan: DailyPlan) -> int:
    """What today still has for open tasks."""
    _, budget, _ = _habits_on(rhythm, record, plan.day, plan.budget)
    done = sum(one.minutes for one in plan.tasks if one.standing is not Standing.OPEN)
    return max(0, budget - done) if plan.open_tasks else 0
